package place

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// target is the host of the tests.
var target = ruleset.Target{Auditctl: rule.Dialect3_0, Kernel: match.Version{Major: 6, Minor: 1}, Machine: names.ArchX86_64}

// baseOf is a directory of rule files, or one file where its name has no slash.
func baseOf(t testing.TB, files map[string]string) Base {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return open(t, []string{dir}, "")
}

func open(t testing.TB, paths []string, stdin string) Base {
	t.Helper()
	src, err := ruleset.Open(paths, strings.NewReader(stdin), ruleset.ListingDetect)
	if err != nil {
		t.Fatal(err)
	}
	b := Base{Source: src, Options: ruleset.Options{Target: target}}
	if b.Set, err = src.Compile(b.Options); err != nil {
		t.Fatal(err)
	}
	return b
}

// apply applies and fails on an error.
func apply(t testing.TB, b Base, list ...Numbered) *Edited {
	t.Helper()
	e, err := Apply(b, list)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// afters are the edited files by their base names.
func afters(e *Edited) map[string]string {
	out := map[string]string{}
	for _, f := range e.files {
		out[filepath.Base(f.name)] = f.after
	}
	return out
}

// opens is a change that quiets some rules of open.
func opens(quiets ...int) suggest.Change {
	return suggest.Change{
		Kind: suggest.Exit, Calls: []suggest.Calls{{Arch: "b64", Names: []string{"open", "openat"}}}, Quiets: quiets,
		Conds: []suggest.Cond{{Field: "uid", Op: "=", Value: "26"}, {Field: "success", Op: "=", Value: "1"},
			{Field: "exe", Op: "=", Value: "/usr/bin/postgres"}, {Field: "dir", Op: "=", Value: "/srv/a b"}},
	}
}

const openLine = `-a never,exit -F arch=b64 -S open,openat -F uid=26 -F success=1 -F exe=/usr/bin/postgres -F dir=/srv/a\ b`

func cwd() suggest.Change { return suggest.Change{Kind: suggest.Exclude, MsgType: "CWD"} }

func narrowTo(q int, lines ...string) suggest.Change {
	return suggest.Change{Kind: suggest.Narrow, Quiets: []int{q}, Text: lines}
}

func said(c suggest.Change) Numbered { return Numbered{ID: "P1", Change: c, Comment: []string{"why"}} }

var placed = []struct {
	name   string
	files  map[string]string
	change suggest.Change
	want   map[string]string // of the files that change
	refuse string            // or a part of why not
}{
	{
		name:   "above the first line that it quiets, between comments and blank lines",
		files:  map[string]string{"10.rules": "-D\n-b 8192\n\n# files\n-a always,exit -F arch=b64 -S open -k files\n\n-w /etc -p wa -k etc\n"},
		change: opens(0),
		want:   map[string]string{"10.rules": "-D\n-b 8192\n\n# files\n# auditprof P1: why\n" + openLine + "\n-a always,exit -F arch=b64 -S open -k files\n\n-w /etc -p wa -k etc\n"},
	}, {
		name:   "in the file of the first line, in the order in which augenrules reads the files",
		files:  map[string]string{"9-a.rules": "-w /etc -p wa -k etc\n-a always,exit -F arch=b64 -S open -k files\n", "10-b.rules": "-a always,exit -F arch=b64 -S openat -k more"},
		change: opens(2, 1),
		want:   map[string]string{"9-a.rules": "-w /etc -p wa -k etc\n# auditprof P1: why\n" + openLine + "\n-a always,exit -F arch=b64 -S open -k files\n"},
	}, {
		name:   "before a last line without an end",
		files:  map[string]string{"a.rules": "-w /etc -p wa -k etc\n-a always,exit -F arch=b64 -S open -k files"},
		change: opens(1),
		want:   map[string]string{"a.rules": "-w /etc -p wa -k etc\n# auditprof P1: why\n" + openLine + "\n-a always,exit -F arch=b64 -S open -k files"},
	}, {
		name:   "CR LF stays, and what is added has none",
		files:  map[string]string{"a.rules": "# x\r\n-a always,exit -F arch=b64 -S open -k files\r\n"},
		change: opens(0),
		want:   map[string]string{"a.rules": "# x\r\n# auditprof P1: why\n" + openLine + "\n-a always,exit -F arch=b64 -S open -k files\r\n"},
	}, {
		name:   "an exclude rule goes above all rules, behind the control lines",
		files:  map[string]string{"a.rules": "# head\n-D\n-b 8192\n-f 1\n\n# first\n-w /etc -p wa -k etc\n-a always,exit -F arch=b64 -S open -k files\n-e 1\n"},
		change: cwd(),
		want:   map[string]string{"a.rules": "# head\n-D\n-b 8192\n-f 1\n\n# first\n# auditprof P1: why\n-a never,exclude -F msgtype=CWD\n-w /etc -p wa -k etc\n-a always,exit -F arch=b64 -S open -k files\n-e 1\n"},
	}, {
		name:   "behind a -D in mid-file, which deletes what is above it",
		files:  map[string]string{"a.rules": "-w /a -p w\n-D -k x\n-w /b -p w -k x\n", "b.rules": "-w /c -p w\n"},
		change: cwd(),
		want:   map[string]string{"a.rules": "# auditprof P1: why\n-a never,exclude -F msgtype=CWD\n-w /a -p w\n-D -k x\n-w /b -p w -k x\n"},
	}, {
		name:   "a rule that -d deletes is none to be placed above",
		files:  map[string]string{"a.rules": "-w /a -p w\n-W /a -p w\n-a always,exit -F arch=b64 -S open -k files\n-a always,exit -F arch=b64 -S open -k files\n"},
		change: opens(0),
		want:   map[string]string{"a.rules": "-w /a -p w\n-W /a -p w\n# auditprof P1: why\n" + openLine + "\n-a always,exit -F arch=b64 -S open -k files\n-a always,exit -F arch=b64 -S open -k files\n"},
	}, {
		name:   "a rule that is there already is not written again",
		files:  map[string]string{"a.rules": "-a exit,never -F arch=b64   -S openat -S open -F uid=26 -F success=1 -F exe=/usr/bin/postgres -F dir=/srv/a\\ b\n-a always,exit -F arch=b64 -S open -k files\n"},
		change: opens(1),
		want:   map[string]string{},
	}, {
		name:   "a rule that is there too late moves up",
		files:  map[string]string{"a.rules": "-a always,exit -F arch=b64 -S open -k files\n" + openLine + "\n-w /etc -p wa\n"},
		change: opens(0),
		want: map[string]string{"a.rules": "# auditprof P1: why\n" + openLine + "\n-a always,exit -F arch=b64 -S open -k files\n# auditprof P1 was: " +
			openLine + "\n-w /etc -p wa\n"},
	}, {
		name:   "-A in front of everything",
		files:  map[string]string{"a.rules": "-w /etc -p wa\n-A always,exit -F arch=b64 -S open -k files\n"},
		change: opens(0),
		refuse: "put in front of all rules with -A",
	}, {
		name:   "a -d further down that deletes the added rule",
		files:  map[string]string{"a.rules": "-a always,exit -F arch=b64 -S open -k files\n" + strings.Replace(openLine, "-a", "-d", 1) + "\n"},
		change: opens(0),
		refuse: "another line of the rules deletes it",
	}, {
		name:   "an exclude rule that is there anywhere",
		files:  map[string]string{"a.rules": "-w /etc -p wa\n-a always,exclude -F msgtype=PATH\n-a never,exclude -F msgtype=1307\n"},
		change: cwd(),
		want:   map[string]string{},
	}, {
		name:   "above a rule that ends the walk of the user list",
		files:  map[string]string{"a.rules": "-w /etc -p wa\n-a always,user -F uid=0\n-a never,user -F msgtype=USER_ACCT\n"},
		change: ofType(suggest.User, "USER_ACCT"),
		want: map[string]string{"a.rules": "# auditprof P1: why\n-a never,user -F msgtype=USER_ACCT\n-w /etc -p wa\n-a always,user -F uid=0\n" +
			"# auditprof P1 was: -a never,user -F msgtype=USER_ACCT\n"},
	}, {
		name:   "behind a rule that ends the walk of the user list, and is put in front",
		files:  map[string]string{"a.rules": "-w /etc -p wa\n-A always,user -F uid=0\n"},
		change: ofType(suggest.User, "USER_ACCT"),
		refuse: "does not come before",
	}, {
		name:   "a narrower form takes the line's place",
		files:  map[string]string{"a.rules": "# etc\n-w /etc -p rwxa -k etc\n-w /b -p w\n"},
		change: narrowTo(0, "-w /etc -p wa -k etc"),
		want:   map[string]string{"a.rules": "# etc\n# auditprof P1: why\n# auditprof P1 was: -w /etc -p rwxa -k etc\n-w /etc -p wa -k etc\n-w /b -p w\n"},
	}, {
		name:   "in two lines, at the end of a file without a line end; what says the same again would be loaded now",
		files:  map[string]string{"a.rules": "-a always,exit -F arch=b64 -S open,openat -k o\n-a always,exit -F arch=b64 -S openat,open -F key=o"},
		change: narrowTo(0, "-a always,exit -F arch=b64 -S open,openat -F success=0 -k o", "-a always,exit -F arch=b64 -S open,openat -F auid>=1000 -k o"),
		want: map[string]string{"a.rules": "# auditprof P1: why\n# auditprof P1 was: -a always,exit -F arch=b64 -S open,openat -k o\n" +
			"-a always,exit -F arch=b64 -S open,openat -F success=0 -k o\n-a always,exit -F arch=b64 -S open,openat -F auid>=1000 -k o\n" +
			"# auditprof P1 was: -a always,exit -F arch=b64 -S openat,open -F key=o"},
	}, {
		name:   "a wider form",
		files:  map[string]string{"a.rules": "-w /etc -p wa -k etc\n"},
		change: narrowTo(0, "-w /etc -p rwa -k etc"),
		refuse: "no narrower form",
	}, {
		name:   "another key",
		files:  map[string]string{"a.rules": "-w /etc -p wa -k etc\n"},
		change: narrowTo(0, "-w /etc -p w -k other"),
		refuse: "another key",
	}, {
		name:   "a narrower form in a file of CR LF",
		files:  map[string]string{"a.rules": "-w /etc -p rwxa -k etc\r\n"},
		change: narrowTo(0, "-w /etc -p wa -k etc"),
		refuse: "CR LF",
	}, {
		name:   "of another rule set",
		files:  map[string]string{"a.rules": "-w /etc -p wa -k etc\n"},
		change: opens(3),
		refuse: "another rule set",
	},
}

func TestApply(t *testing.T) {
	for _, c := range placed {
		t.Run(c.name, func(t *testing.T) {
			b := baseOf(t, c.files)
			e := apply(t, b, said(c.change))
			if c.refuse != "" {
				if len(e.Refused) != 1 || !strings.Contains(e.Refused[0].Why, c.refuse) || !maps.Equal(afters(e), c.files) {
					t.Fatalf("refused: %v, files %q", e.Refused, afters(e))
				}
				return
			}
			want := maps.Clone(c.files)
			maps.Copy(want, c.want)
			if got := afters(e); len(e.Refused) > 0 || !maps.Equal(got, want) {
				t.Fatalf("refused: %v\ngot  %q\nwant %q", e.Refused, got, want)
			}
			checkOrder(t, b, e, said(c.change))
			again := apply(t, baseOf(t, want), renumbered(e, said(c.change)))
			if c.change.Kind != suggest.Narrow && (len(again.Refused) > 0 || !maps.Equal(afters(again), want)) {
				t.Errorf("applied again: %v, %q", again.Refused, afters(again))
			}
		})
	}
}

// renumbered is a change whose indexes are of the edited set.
func renumbered(e *Edited, n Numbered) Numbered {
	var quiets []int
	for _, q := range n.Change.Quiets {
		quiets = append(quiets, slices.Index(e.Was, q))
	}
	n.Change.Quiets = quiets
	return n
}

// checkOrder: all old rules are there in their order, those of the change before what they quiet.
func checkOrder(t *testing.T, b Base, e *Edited, n Numbered) {
	t.Helper()
	var old []int
	for i, q := range e.Was {
		if q >= 0 && e.Set.Rules[i].Text != b.Set.Rules[q].Text && n.Change.Kind != suggest.Narrow {
			t.Errorf("rule %d is %q, was %q", i, e.Set.Rules[i].Text, b.Set.Rules[q].Text)
		}
		if q >= 0 {
			old = append(old, q)
		}
		if e.By[i] == "" && slices.Contains(n.Change.Quiets, q) && slices.Contains(e.By[i:], n.ID) {
			t.Errorf("rule %d is quieted by one behind it: %q", i, e.By)
		}
	}
	if !slices.IsSorted(old) {
		t.Errorf("order of the old rules: %v", old)
	}
}
