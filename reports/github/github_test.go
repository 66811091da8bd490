package github

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/testrun"
)

func written(t *testing.T, v *gate.Verdict) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, v); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAnnotations(t *testing.T) {
	got := written(t, &gate.Verdict{Outcome: gate.Fail, Of: "rules.d", Problems: []gate.Problem{{ID: "not-loaded", File: "rules.d/a,b:c.rules", Line: 3, Col: 7, Level: "error", Text: "100% odd"}},
		Checks: []gate.Check{
			{Subject: "w", Limit: "lost <= 0", Status: gate.Fail, Reason: "lost 3", Place: "budget.yaml:4:7"},
			{Subject: "w", Limit: "slowdown <= 5%", Status: gate.Warn, Reason: "slow"},
			{Subject: "w", Limit: "rules <= 5", Status: gate.Pass},
		}})
	want := "::error file=rules.d/a%2Cb%3Ac.rules,line=3,col=7,title=auditprof not-loaded::100%25 odd\n" +
		"::error file=budget.yaml,line=4,col=7,title=auditprof gate%3A fail::lost <= 0 of w: no figure. lost 3\n" +
		"::warning title=auditprof gate%3A warn::slowdown <= 5%25 of w: no figure. slow\n" +
		"auditprof gate: fail: rules.d\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestTenOfAKind: the runner drops what is more, so that is said.
func TestTenOfAKind(t *testing.T) {
	v := &gate.Verdict{}
	for i := range 25 {
		v.Problems = append(v.Problems, gate.Problem{ID: "unseen", File: "a", Line: i + 1, Level: "error", Text: "x"})
	}
	got := written(t, v)
	if n := strings.Count(got, "::error "); n != maxOfAKind || !strings.Contains(got, "15 more of the kind error") {
		t.Errorf("%d errors\n%s", n, got)
	}
}

var command = regexp.MustCompile(`^::(error|warning|notice) [^\n]*::[^\n]*$`)

// TestNoNameMakesACommand: text that is no command of ours must not become one.
func TestNoNameMakesACommand(t *testing.T) {
	names := append(testrun.Hostile(), testrun.Name{What: "a command", Text: "x\n::set-output name=a::b\r\n::add-mask::c"})
	for _, name := range names {
		v := new(testrun.Filled[gate.Verdict](name.Text))
		for line := range strings.Lines(written(t, v)) {
			line = strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(line, "::") && !command.MatchString(line) || strings.ContainsAny(line, "\x1b\u202e\r") {
				t.Errorf("%s: %q", name.What, line)
			}
		}
	}
}

// TestNoOldCommand: ##[name] is a command anywhere in a line that is not one of ours.
func TestNoOldCommand(t *testing.T) {
	for line := range strings.Lines(written(t, &gate.Verdict{Outcome: gate.Fail, Of: "x ##[add-mask]y"})) {
		if !strings.HasPrefix(line, "::") && strings.Contains(line, "##[") {
			t.Errorf("got %q", line)
		}
	}
}

func TestSummaryFits(t *testing.T) {
	v := &gate.Verdict{Outcome: gate.Fail}
	for i := range 20_000 {
		v.Checks = append(v.Checks, gate.Check{Subject: fmt.Sprint("workload", i), Limit: strings.Repeat("x", 200), Status: gate.Fail, Reason: strings.Repeat("y", 500)})
	}
	var out bytes.Buffer
	if err := WriteSummary(&out, v); err != nil || out.Len() > 1<<20 || !strings.HasPrefix(out.String(), "### auditprof gate: FAIL") {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}
