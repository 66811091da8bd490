package markdown

import (
	"bytes"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/compare"
	"github.com/auditprof/auditprof/reports/testrun"
	"github.com/auditprof/auditprof/reports/text"
)

// What changed stands in one code block that no name can end, and has an end itself.
func TestComparisonStaysInItsBlock(t *testing.T) {
	names := append(testrun.Hostile(), testrun.Name{What: "a fence", Text: "x\n```\n````\n# y"}, testrun.Name{What: "long", Text: strings.Repeat("```` ", 20000)})
	for _, n := range names {
		var b bytes.Buffer
		if err := WriteComparison(&b, testrun.Filled[*compare.Comparison](n.Text), text.ComparisonOptions{All: true}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")
		fence := strings.TrimSuffix(lines[2], "text")
		if lines[0] != "### auditprof compare" || strings.Trim(fence, "`") != "" || len(fence) < 3 || len(b.String()) > Limit {
			t.Fatalf("%s: %q, %d bytes", n.What, lines[:3], b.Len())
		}
		ends := 0
		for _, line := range lines[3:] {
			if strings.Contains(line, fence) {
				ends++
			}
			if strings.ContainsAny(line, "\x1b\r\x00\u202e") {
				t.Errorf("%s: %q", n.What, line)
			}
		}
		if ends != 1 {
			t.Errorf("%s: the fence %q stands %d times behind its beginning", n.What, fence, ends)
		}
	}
}
