package match

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// TestRulesOnOneFile is that two rules on one file keep their order until the log shows that the file was replaced more than once, and
// that of two spellings of a path only the later follows the file.
func TestRulesOnOneFile(t *testing.T) {
	open := call{nr: nrOpenat, names: []string{found("/t/f", 5, "NORMAL")}}
	replaced := func(old, inode int) call {
		return call{nr: nrRename, names: []string{
			found("/t/", 1, "PARENT"), found("/t/", 1, "PARENT"), found("/t/new", inode, "DELETE"), found("/t/f", old, "DELETE"), found("/t/f", inode, "CREATE"),
		}}
	}
	after := func(inode int) call { return call{nr: nrOpenat, names: []string{found("/t/f", inode, "NORMAL")}} }
	two := []string{"-a always,exit -F path=/t/f -F perm=r", "-a always,exit -F path=/t/f -F perm=rw", "-a always,exit -S all"}
	spelt := []string{"-a always,exit -F path=/t/f -F perm=r", "-a always,exit -F path=/t//f -F perm=w", "-a always,exit -S all"}
	for _, c := range []struct {
		what  string
		rules []string
		log   []call
		want  string // of the last call
	}{
		{"as loaded", two, []call{open}, "0"},
		{"once replaced, as loaded", two, []call{open, replaced(5, 6), after(6)}, "0"},
		{"twice replaced, nobody knows", two, []call{open, replaced(5, 6), replaced(6, 7), after(7)}, "[0 1]"},
		{"two spellings, as loaded", spelt, []call{open}, "0"},
		{"the earlier is left behind", spelt, []call{open, replaced(5, 6), after(6)}, "[0 2]"},
		{"one spelling follows", spelt[:1:1], []call{open, replaced(5, 6), after(6)}, "0"},
	} {
		rules := c.rules
		if len(rules) == 1 {
			rules = append(rules, "-a always,exit -S all")
		}
		m := matcherOf(t, recent, rules...)
		f := NewFacts(m)
		j := m.Judge(f)
		var lines strings.Builder
		for i, c := range c.log {
			lines.WriteString(c.lines(i + 1))
		}
		got := ""
		eachCall([]byte(lines.String()), func(c *event.Call) {
			f.Learn(c)
			got = who(j.Decide(c))
		})
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}
