package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestEveryWorldIsThoughtOf is that whatever the answers to the open questions are, the rule that they lead to is among the candidates.
func TestEveryWorldIsThoughtOf(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	unknown := 0
	for range 300 {
		m, err := New(randomRules(t, rnd), recent)
		if err != nil {
			t.Fatal(err)
		}
		j := m.Judge(nil)
		c := call{nr: nrOpenat, fields: "a0=5", names: []string{found("x/f", 3, "NORMAL"), found("y", 4, "NORMAL")}}.read(t)
		d := j.Decide(c)
		may := append(slices.Clone(d.Candidates), d.Rule)
		unknown += boolInt(d.Answer == Unknown)
		for range 40 {
			asked := newOracle(m, rnd)
			j.start(c)
			j.readKey()
			j.worlds.begin(0)
			j.worlds.trail = append(j.worlds.trail, asked...)
			o := j.walk()
			if j.explains(o) && !slices.Contains(may, j.ruleOf(o)) {
				t.Fatalf("a world has rule %d, decided %+v\n%v", j.ruleOf(o), d, asked)
			}
		}
	}
	if unknown < 100 {
		t.Errorf("only %d of 300 were unknown: the test tries too little", unknown)
	}
}

// randomRules are rules that ask about groups and places, of which the log says nothing.
func randomRules(t *testing.T, rnd *rand.Rand) []Rule {
	var lines []string
	for range 2 + rnd.IntN(8) {
		action := [...]string{"always", "always", "never"}[rnd.IntN(3)]
		field := [...]string{"-F gid=%d0", "-F egid!=%d0", "-F dir=/a/x%d -F perm=r", "-F dir=/a -F perm=r -F gid=%d0", "-F path=/a/x%d/f -F perm=r", "-F path=/b%d/y -F perm=r"}[rnd.IntN(6)]
		lines = append(lines, "-a "+action+",exit "+fmt.Sprintf(field, 1+rnd.IntN(3)))
	}
	return rulesOf(t, append(lines, "-a always,exit -S all")...)
}

// newOracle is a world: groups by chance, and one place for each name.
func newOracle(m *Matcher, rnd *rand.Rand) []answer {
	var out []answer
	add := func(a atom, value bool) { out = append(out, answer{atom: a, value: value, turned: true}) }
	for g := range uint32(4) {
		add(atom{kind: atomGroup, with: 10 * g}, rnd.IntN(2) == 0)
	}
	for i := range int32(2) {
		is := [...]string{"/a/x1/f", "/a/x2/f", "/a/x3/y", "/b1/y", "/b2/y", "/elsewhere"}[rnd.IntN(6)]
		for _, ref := range m.paths.refs {
			switch ref.kind {
			case pathDir:
				add(atom{kind: atomBelow, name: i, of: int32(ref.id)}, isUnder(is, ref.path))
			case pathWatch:
				add(atom{kind: atomAt, name: i, of: int32(ref.id)}, is == ref.path)
			}
		}
	}
	return out
}
