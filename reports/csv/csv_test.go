package csv

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/auditprof/auditprof/analyze"
)

func sample() *analyze.Profile {
	count := func(n uint64) analyze.Count { return analyze.Count{Events: n, Records: 2 * n, Bytes: 100 * n} }
	return &analyze.Profile{
		Rules: []analyze.RuleCount{
			{RuleID: analyze.RuleID{File: "10-a.rules", Line: 3, Text: `-a always,exit -F dir=/etc -k "x"`}, Count: count(5)},
			{RuleID: analyze.RuleID{File: "10-a.rules", Line: 4, Text: "-w /never -k n"}},
		},
		Cells: []analyze.Cell{
			{Origin: analyze.Rules, Rule: 0, Type: "PATH", Exe: `=HYPERLINK("http://x","y")`, Syscall: "openat", User: analyze.User{AUID: "unset", UID: "0"}, Count: count(5)},
			{Origin: analyze.UserMessages, Rule: analyze.NoRule, Type: "USER_LOGIN", Exe: "/bin/a,b\n\x1b[2J", Count: count(1)},
		},
	}
}

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	want := `origin,file,line,rule,type,exe,syscall,auid,uid,events,records,bytes
rules,10-a.rules,3,"'-a always,exit -F dir=/etc -k ""x""",PATH,"'=HYPERLINK(""http://x"",""y"")",openat,unset,0,5,10,500
user messages,,,,USER_LOGIN,"/bin/a,b\x0a\x1b[2J",,,,1,2,100
rules,10-a.rules,4,'-w /never -k n,,,,,,0,0,0
`
	if b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
}

func TestCellsAreNoFormulas(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "|calc", "%0"} {
		if got := cell(s); got != "'"+s {
			t.Errorf("%q: %q", s, got)
		}
	}
	for in, want := range map[string]string{"\t=1": `\x09=1`, "\r=1": `\x0d=1`, "\u3000=1": `\u3000=1`, "/usr/bin/x": "/usr/bin/x", "": ""} {
		if got := cell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// What is written can be read back, with no cell that begins with a sign and no control character.
func FuzzWrite(f *testing.F) {
	f.Add("=1", "/bin/x\n", "-a always")
	f.Add("\xff\x00", `"`, "'")
	f.Fuzz(func(t *testing.T, exe, call, text string) {
		p := sample()
		p.Cells[0].Exe, p.Cells[0].Syscall, p.Rules[0].Text = exe, call, text
		var b bytes.Buffer
		if err := Write(&b, p); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) != 4 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, cell := range slices.Concat(rows...) {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") || strings.ContainsFunc(cell, unicode.IsControl) {
				t.Errorf("cell %q", cell)
			}
		}
	})
}
