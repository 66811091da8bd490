package detect

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestPathPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"/etc/passwd", "/etc/passwd", true},
		{"/etc/passwd", "/etc/passwd-", false},
		{"/etc/cron.d/**", "/etc/cron.d/x", true},
		{"/etc/cron.d/**", "/etc/cron.d/x/y", true},
		{"/etc/cron.d/**", "/etc/cron.d", false},
		{"/etc/cron*/**", "/etc/cron.daily/a/b", true},
		{"/etc/cron*", "/etc/cron.d/x", false},
		{"/home/*/.ssh/**", "/home/a/.ssh/id", true},
		{"/home/*/.ssh/**", "/home/a/b/.ssh/id", false},
		{"**/authorized_keys", "/root/.ssh/authorized_keys", true},
		{"**/authorized_keys", "/root/.ssh/xauthorized_keys", false},
		{"/etc/rc?.d/**", "/etc/rc3.d/S1", true},
		{"/etc/rc?.d/**", "/etc/rc/.d/S1", false},
		{`/a\*b`, "/a*b", true},
		{`/a\*b`, "/axb", false},
		{"/a*b*c/d", "/aXbYbZc/d", true},
		{"**/x/*/y", "/x/x/q/y", true},
		{"/**", "/", true},
		{"**", "", true},
	} {
		g, err := parsePath(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.match([]byte(c.name)); got != c.want {
			t.Errorf("%s matches %s: %v", c.pattern, c.name, got)
		}
	}
}

func TestBelow(t *testing.T) {
	for _, c := range []struct {
		pattern, dir string
		want         bool
	}{
		{"/etc/passwd", "/etc", true},
		{"/etc/passwd", "/etc/passwd", true},
		{"/etc/passwd", "/etc/pass", false},
		{"/etc/passwd", "/etc/passwd/x", false},
		{"/etc/passwd", "", true},
		{"/etc/cron.d/**", "/etc/cron.d/x/y", true},
		{"/home/*/.ssh/**", "/home/a", true},
		{"/home/*/.ssh/**", "/home/a/b", false},
		{"/home/*/.ssh/**", "/home/a/.ssh/b/c", true},
		{"/var/lib/*/.ssh/**", "/var/lib/postgresql/16/main", false},
		{"/var/lib/*/.ssh/**", "/var/lib/postgresql", true},
		{"**/.ssh/**", "/var/lib/postgresql/16/main", true},
		{"**/y", "/x", true},
	} {
		g, err := parsePath(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.below(c.dir); got != c.want {
			t.Errorf("%s below %s: %v", c.pattern, c.dir, got)
		}
	}
}

// TestGlobAgainstStates holds match against the plain way, all tokens that may come next at once, and below against names made of the directory.
func TestGlobAgainstStates(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const alphabet = "ab/"
	random := func(from string, most int) string {
		var b strings.Builder
		for range rng.IntN(most + 1) {
			b.WriteByte(from[rng.IntN(len(from))])
		}
		return b.String()
	}
	hits := 0
	for range 200_000 {
		pattern, name := random("aab//**?", 9), random(alphabet, 10)
		g, err := parsePath(pattern)
		if rng.IntN(3) == 0 {
			g = parseText(pattern, rng.IntN(2) == 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		want := g.plainly(name)
		if got := g.match([]byte(name)); got != want {
			t.Fatalf("%q matches %q: %v, the plain way says %v", pattern, name, got, want)
		}
		if want {
			hits++
		}
		if dir := random(alphabet, 5); g.plainly(dir+"/"+name) && !g.below(dir) {
			t.Fatalf("%q is not below %q and matches %q", pattern, dir, dir+"/"+name)
		}
	}
	if hits < 1000 {
		t.Errorf("only %d matches: the test sees nothing", hits)
	}
}

// plainly matches by all states at once.
func (g *glob) plainly(name string) bool {
	state := g.closure(make([]bool, len(g.toks)+1), 0)
	for i := range len(name) {
		state = g.step(state, make([]bool, len(state)), name[i])
	}
	return state[len(g.toks)]
}
