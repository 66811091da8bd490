package place

import (
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
)

const hostRules = `-D
-b 8192
-a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -F auid!=unset -F key=perm_mod
-w /etc/passwd -p wa -k identity
-a always,exit -F arch=b64 -S open -k files
-a always,exit -F path=/etc/shadow -F perm=wa -k identity
-a always,exit -F arch=b64 -S mount -F uid=alice -k m
-w /etc/audit/ -p wa -k c
`

var mandates = []struct {
	line string
	rule int // index, -1 where the set has it not
}{
	{"-a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -F auid!=unset -F key=perm_mod", 0},
	{"-a   exit,always -F  arch=b64 -S fchmod -S chmod -F auid!=4294967295 -F auid>=1000 -k another", 0},
	{"-a always,exit -F arch=b64 -S chmod -F auid>=1000 -F auid!=unset -k perm_mod", -1},
	{"-a always,exit -F arch=b32 -S chmod,fchmod -F auid>=1000 -F auid!=unset -k perm_mod", -1},
	{"-a always,exit -F path=/etc/passwd -F perm=wa -k identity", 1},
	{"-w /etc/passwd -p aw", 1},
	{"-w /etc/passwd -p rwa", -1},
	{"-w /etc/shadow -p wa", 3},
	{"-a always,exit -F arch=b64 -S mount -F uid=alice", 4},
	{"-a always,exit -F arch=b64 -S mount -F uid=bob", -1},
	{"-a always,exit -F dir=/etc/audit -F perm=wa -k x", 5},
}

func TestMandated(t *testing.T) {
	b := open(t, []string{"-"}, hostRules)
	for _, c := range mandates {
		m, err := ReadMandated("stig", strings.NewReader("# profile\n-e 2\n"+c.line+"\n"), b.Set, target)
		if err != nil {
			t.Fatal(err)
		}
		var want []int
		if c.rule >= 0 {
			want = []int{c.rule}
		}
		if !slices.Equal(m.Rules, want) || m.Lines != 1 || len(m.Missing) != 1-len(want) {
			t.Errorf("%s: %+v, want %v", c.line, m, want)
		}
		if len(m.Missing) == 1 && m.Missing[0].String() != "stig:3:1" {
			t.Errorf("missing at %v", m.Missing[0])
		}
	}
}

func TestMandatedErrors(t *testing.T) {
	b := open(t, []string{"-"}, hostRules)
	for text, why := range map[string]string{
		"# nothing\n-e 2\n":            "stig: no rule in it",
		"-w /x\n-a always,exit -S x y": "stig:2:",
		"\x00":                         "stig:1:1",
	} {
		if _, err := ReadMandated("stig", strings.NewReader(text), b.Set, target); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q", text, err, why)
		}
	}
}

// A mandated line is never narrowed and never moved; what goes above it is placed.
func TestMandatedStays(t *testing.T) {
	b := open(t, []string{"-"}, "# rules\n-w /etc/passwd -p rwa -k identity\n-a always,exit -F arch=b64 -S open -k files\n"+openLine+"\n")
	b.Mandated = []int{0, 2}
	e := apply(t, b,
		Numbered{ID: "P1", Change: narrowTo(0, "-w /etc/passwd -p wa -k identity")},
		Numbered{ID: "P2", Change: opens(1)},
		Numbered{ID: "P3", Change: func() suggest.Change { c := opens(0); c.Conds[0].Value = "27"; return c }()})
	if len(e.Refused) != 2 || !strings.Contains(e.Refused[0].Why, "mandated line") || !strings.Contains(e.Refused[1].Why, "mandated line") {
		t.Fatalf("refused: %v", e.Refused)
	}
	narrow, err := Narrow(b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := narrow(0, suggest.Narrowing{Perms: "wa"}); err == nil || !strings.Contains(err.Error(), "mandated line") {
		t.Errorf("narrow: %v", err)
	}
}
