package markdown

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/redact"
	"github.com/auditprof/auditprof/reports/testrun"
	"github.com/auditprof/auditprof/reports/text"
)

func written(t *testing.T, run *result.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteRun(&b, run, text.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func writtenProfile(t *testing.T, p *analyze.Profile) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteProfile(&b, p, text.ProfileOptions{Logs: "audit.log"}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestVerdictComesFirst(t *testing.T) {
	run, _ := testrun.Small()
	run.Arms[3].LeftOut = []result.LeftOut{{File: "40-files.rules", Line: 70, Col: 3, Text: "-w /none|of/it", Why: "no such directory"}}
	got := written(t, run)
	order := []string{"### auditprof bench\n- **DEARER** site.rules on ", "- **cause** ", "**LEFT OUT** site.rules: 1 line did not load", "- **bench** site.rules (60 rules)", "**next** ", "<details>",
		"| `db-churn` | `stig.rules` | 1.63 \\[1.58 1.70\\]", "`40-files.rules:70:3` | `-w /none\\|of/it` | no such directory |", "**trust** ", "Rules: <code>site.rules</code> on <code>db-churn</code>", "`-w /opt/app5 -p wa`", "Record types"}
	at := 0
	for _, want := range order {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("no %q behind what comes before it in\n%s", want, got)
		}
		at += i
	}
}

func TestLossHasNoSpeed(t *testing.T) {
	run, _ := testrun.Small()
	run.Results[3].Complete = false
	run.Results[3].Metrics[result.Lost] = result.Metric{Value: 1234, N: 12}
	if got := written(t, run); !strings.Contains(got, "| `db-churn` | `site.rules` | - | - | - | - | - | at least 1000 B | **LOST 1,234** |") {
		t.Error(got)
	}
}

// However much there is to say, it is less than a comment may hold, and says how much is missing.
func TestLimit(t *testing.T) {
	run, _ := testrun.Large()
	long := strings.Repeat("|`@x ", 5000)
	many := testrun.Filled[*analyze.Profile](long)
	for range 300 {
		many.Rules = append(many.Rules, analyze.RuleCount{RuleID: analyze.RuleID{File: "a", Line: 1, Text: long}, Count: analyze.Count{Events: 1}})
		many.Types.Rows = append(many.Types.Rows, analyze.Named{Name: long})
		many.Unexplained = append(many.Unexplained, long)
	}
	for name, got := range map[string]string{"large run": written(t, run), "long names": written(t, testrun.HostileRun(long)), "large profile": writtenProfile(t, many)} {
		if len(got) > Limit || strings.Count(got, "<details>") != strings.Count(got, "</details>") {
			t.Errorf("%s: %d bytes", name, len(got))
		}
		if name != "long names" && !strings.Contains(got, "left out here") {
			t.Errorf("%s: nothing is said to be left out of %d bytes", name, len(got))
		}
	}
}

// span is a code span: as many backticks at its end as at its beginning.
var span = regexp.MustCompile("(?:^|[^`\\\\])(`{3}[^`](?:.*?[^`])??`{3}|`{2}[^`](?:.*?[^`])??`{2}|`[^`]+`)(?:[^`]|$)")

// escaped are signs behind a backslash. Within a code span it is a sign itself, but taking it out there hides nothing outside.
var escaped = regexp.MustCompile("\\\\[\\\\`*_\\[\\]|~$]")

var own = regexp.MustCompile(`</?(details|summary|code)>`)

// cells splits a table row as GFM does: at pipes that have no backslash in front, where two backslashes are none.
func cells(row string) int {
	n := 0
	for i := 0; i < len(row); i++ {
		switch row[i] {
		case '\\':
			i++
		case '|':
			n++
		}
	}
	return n
}

// A name that somebody chose is text: no markup, no mention, no link, no further cell, no line of its own.
func TestHostileNames(t *testing.T) {
	for _, n := range testrun.Hostile() {
		for what, got := range map[string]string{"run": written(t, testrun.HostileRun(n.Text)), "profile": writtenProfile(t, testrun.Filled[*analyze.Profile](n.Text))} {
			columns := 0
			for line := range strings.SplitSeq(got, "\n") {
				if err := harmless(line, &columns); err != nil {
					t.Errorf("%s in a %s: %v:\n%s", n.What, what, err, line)
				}
			}
		}
	}
}

func harmless(line string, columns *int) error {
	known := line == ""
	for _, begin := range []string{"- ", "| ", "### auditprof ", "**next** ", "<details><summary>", "</details>"} {
		known = known || strings.HasPrefix(line, begin)
	}
	if !known && !strings.Contains(line, " left out here.") && !strings.Contains(line, "more lines have no room") {
		return fmt.Errorf("a line of its own")
	}
	if !strings.HasPrefix(line, "| ") {
		*columns = 0
	} else if n := cells(line); *columns != 0 && n != *columns {
		return fmt.Errorf("%d cell borders, not %d", n, *columns)
	} else {
		*columns = n
	}
	rest := own.ReplaceAllString(line, "")
	if !strings.HasPrefix(line, "<details>") { // there nothing is Markdown
		rest = escaped.ReplaceAllString(rest, "")
		for span.MatchString(rest) {
			at := span.FindStringSubmatchIndex(rest)
			rest = rest[:at[2]] + " " + rest[at[3]:]
		}
		for _, bad := range []string{"@", "://", "www.", "](", "![", "#1"} {
			if strings.Contains(rest, bad) {
				return fmt.Errorf("%q outside of code in %q", bad, rest)
			}
		}
	}
	if strings.ContainsAny(rest, "<\x1b\r\x00\u202e\u2028") {
		return fmt.Errorf("markup or control characters in %q", rest)
	}
	return nil
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{
		"a":          "`a`",
		"a`b":        "``a`b``",
		"``a":        "``` ``a ```",
		"`":          "`` ` ``",
		"a|b":        "`a\\|b`",
		`a\|b`:       "`a\\\\\\|b`",
		"":           "(none)",
		"a\nb":       `\x0a`,
		"@everyone":  "`@everyone`",
		" a ":        "`  a  `",
		"<b>x</b>#1": "`<b>x</b>#1`",
	} {
		if in == "a\nb" {
			want = "`a" + want + "b`"
		}
		if got := code(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func FuzzCode(f *testing.F) {
	f.Add("a`|\\")
	f.Fuzz(func(t *testing.T, name string) {
		if got := code(name); cells("| "+got+" |") != 2 || strings.ContainsAny(got, "\n\r") {
			t.Errorf("%q: %q", name, got)
		}
	})
}

// Nothing that was redacted comes back by another way.
func TestRedactedStaysRedacted(t *testing.T) {
	const secret = "/home/zaphod42/betelgeuse77"
	r := redact.New(redact.Options{})
	for what, got := range map[string]string{"run": written(t, r.Run(testrun.HostileRun(secret))), "profile": writtenProfile(t, r.Profile(testrun.Filled[*analyze.Profile](secret)))} {
		if strings.Contains(got, "zaphod42") || strings.Contains(got, "betelgeuse77") || !strings.Contains(got, "path-1") {
			t.Errorf("%s: %s", what, got)
		}
	}
}

// However many backslashes a name has in front of a pipe, the pipe ends no cell: neither where two backslashes are none, nor where one in front is enough.
func TestPipesBehindBackslashesEndNoCell(t *testing.T) {
	for n := range 9 {
		name := "a" + strings.Repeat(`\`, n) + "| @b"
		if got := code(name); cells(got) != 0 || strings.Contains(strings.ReplaceAll(got, `\|`, ""), "|") {
			t.Errorf("%s becomes %s", name, got)
		}
	}
}
