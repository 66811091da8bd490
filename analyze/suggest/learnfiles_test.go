package suggest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Of a folder with a thousand files and two that make most of it, the two are told apart, and never said to hold more than they do.
func TestHeavyFilesAreFollowed(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	l := NewLearner(LearnerOptions{Split: Split{rest: 1_700_000_000}})
	rows := map[string]int{}
	base := *oneRow(t, openat, "", `"/"`, `name="/data/x"`+inode)
	const events = 20_000
	for i := range events {
		name := fmt.Sprintf("/data/%d", rng.IntN(1000))
		switch rng.IntN(5) {
		case 0, 1:
			name = "/data/big"
		case 2:
			name = "/data/other"
		}
		rows[name]++
		row := base
		row.Path, row.Sec = []byte(name), 1_700_000_000+int64(i%2)
		if err := l.Write(&row); err != nil {
			t.Fatal(err)
		}
	}
	n := l.Noise()
	var sum Parts
	found := map[string]uint64{}
	for i := range n.Behaviours {
		b := &n.Behaviours[i]
		sum.join(Parts{b.Learnt, b.Tested})
		for n := range b.Thin {
			if b.Thin[n].Learnt.Bytes > b.Learnt.Bytes || b.Thin[n].Tested.Events > b.Tested.Events {
				t.Errorf("%s: thin %v of %v", b.File, b.Thin[n], b.Learnt)
			}
		}
		if b.File == "" {
			continue
		}
		found[b.File] = b.Learnt.Events + b.Tested.Events
		if int(found[b.File]) > rows[b.File] || !strings.HasPrefix(b.File, "/data/") || b.Dir != "/data" || b.Tested.Events == 0 {
			t.Errorf("%s in %s: %d events, there were %d", b.File, b.Dir, found[b.File], rows[b.File])
		}
	}
	if sum != n.Total {
		t.Errorf("all parts are %v, the log %v", sum, n.Total)
	}
	for _, name := range []string{"/data/big", "/data/other"} {
		if int(found[name]) < rows[name]*9/10 {
			t.Errorf("%s: %d of %d events were followed", name, found[name], rows[name])
		}
	}
}

func TestFilesOfFoldedBehavioursAreForgotten(t *testing.T) {
	l := NewLearner(LearnerOptions{MaxBehaviours: 30})
	row := *oneRow(t, openat, "", `"/"`, `name="/data/x"`+inode)
	for i := range 40_000 {
		row.Path = fmt.Appendf(nil, "/srv/%d/f", i/400%100)
		if err := l.Write(&row); err != nil {
			t.Fatal(err)
		}
	}
	follows := 0
	for i := range l.entries {
		if e := &l.entries[i]; e.files != nil {
			follows++
			if e.keyFlags&keyDeeper != 0 {
				t.Errorf("the files of folders below %s are followed", l.dirs.texts[e.dir])
			}
		}
	}
	if l.folded == 0 || follows == 0 || follows != l.follows {
		t.Errorf("%d were folded, the files of %d are followed, counted as %d", l.folded, follows, l.follows)
	}
}
