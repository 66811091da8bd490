package markdown

import (
	"bytes"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/testrun"
)

func TestVerdictOfHostileNames(t *testing.T) {
	for _, name := range testrun.Hostile() {
		v := testrun.Filled[gate.Verdict](name.Text)
		for i := range v.Checks {
			v.Checks[i].Status = gate.Fail
		}
		var out bytes.Buffer
		if err := WriteVerdict(&out, &v); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if out.Len() > Limit || strings.ContainsAny(text, "\x1b\u202e\r\x00") || strings.Contains(outsideCode(text), "<script") || strings.Contains(outsideCode(text), "<img") {
			t.Errorf("%s: %d bytes\n%s", name.What, out.Len(), text)
		}
	}
}

// outsideCode is a text without its code spans, in which nothing is markup.
func outsideCode(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if i%2 == 0 {
			b.WriteString(part)
		}
	}
	return b.String()
}
