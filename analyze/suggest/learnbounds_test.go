package suggest

import (
	"fmt"
	"strings"
	"testing"
)

func TestHostsAreBounded(t *testing.T) {
	l := NewLearner(LearnerOptions{})
	row := *oneRow(t, openat, "", `"/"`, `name="/x/f"`+inode)
	for i := range 2000 {
		row.Node = fmt.Sprintf("host%d", i)
		if i == 0 {
			row.Node = strings.Repeat("x", 60_000)
		}
		if err := l.Write(&row); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(l.hosts.rows); n != maxHosts {
		t.Errorf("%d hosts have a row", n)
	}
	if got := l.Noise().Behaviours[0].Hosts; got != maxHosts+1 {
		t.Errorf("a behaviour of %d hosts", got)
	}
}

// A name may have two thousand folders, and each name others: what lies deep is counted higher up.
func TestDeepNames(t *testing.T) {
	l := NewLearner(LearnerOptions{MaxBehaviours: 100})
	row := *oneRow(t, openat, "", `"/"`, `name="/x/f"`+inode)
	for i := range 3000 {
		row.Path = fmt.Appendf(nil, "/flood%d%s/f", i, strings.Repeat("/d", 2000))
		if err := l.Write(&row); err != nil {
			t.Fatal(err)
		}
		if len(l.dirs.texts) > 1000 || l.dirs.bytes > 100_000 {
			t.Fatalf("after %d events: %d folders of %d bytes", i, len(l.dirs.texts), l.dirs.bytes)
		}
	}
	n := l.Noise()
	var sum Parts
	for i := range n.Behaviours {
		b := &n.Behaviours[i]
		sum.join(Parts{b.Learnt, b.Tested})
		if strings.Count(b.Dir, "/") > maxDepth || b.Dir != "" && !b.Deeper || b.File != "" {
			t.Errorf("%q deeper=%v file=%q", b.Dir, b.Deeper, b.File)
		}
	}
	if sum != n.Total || len(n.Behaviours) < 2 {
		t.Errorf("%d behaviours hold %v of %v", len(n.Behaviours), sum, n.Total)
	}
}
