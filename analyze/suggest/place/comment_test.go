package place

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

func TestComment(t *testing.T) {
	for text, want := range map[string]string{
		"why":             "# auditprof P1: why",
		"a\n-D":           `# auditprof P1: a\x0a-D`,
		"a\r\x00\x1b[2Jä": `# auditprof P1: a\x0d\x00\x1b[2J\xc3\xa4`,
		"":                "# auditprof P1:",
	} {
		if got := comment("P1", text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A comment is one line that auditctl passes over, whatever is in it.
func FuzzComment(f *testing.F) {
	f.Add("P1", "a\n-a never,task")
	f.Add("P\r\n-D", strings.Repeat("\x01", 10_000))
	f.Fuzz(func(t *testing.T, id, text string) {
		line := comment(id, text)
		set, err := rule.ParseFile("x", strings.NewReader(line+"\n-w /x\n"))
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if len(set.Order) != 1 || len(set.Files[0].Lines) != 2 || set.Files[0].Lines[0].Kind != rule.KindComment {
			t.Fatalf("%q is more than a comment", line)
		}
		if strings.IndexFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) >= 0 {
			t.Fatalf("%q is not printable ASCII", line)
		}
	})
}

// A line of the greatest length stays one line as a comment: auditctl would take what is beyond for a rule.
func TestRetiredLineStaysOne(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		long := "-a always,exit -F arch=b64 -S open -F dir=/" + strings.Repeat("a/", 1000) + strings.Repeat(" ", 4000) + "-k x"
		long += strings.Repeat(" ", rule.MaxLine-len(long)-len(end)+1)
		set, err := rule.ParseFile("x", strings.NewReader(retired("P1", &rule.Line{Text: long})+end+"-w /x\n"))
		if err != nil || len(set.Order) != 1 {
			t.Errorf("%v", err)
		}
	}
}
