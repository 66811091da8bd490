package html

import (
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/testrun"
)

// The page shows the file that people know, not the rules that were made of it.
func TestListingIsTheFileItself(t *testing.T) {
	run, _ := testrun.Small()
	a := &run.Arms[3]
	file, shift := a.Rules[0].File, 3
	source := result.Source{File: file, Lines: []string{"# Opens\tof <everyone>", "", "-b 8192"}}
	a.Controls = []result.Control{{File: file, Line: 3, Text: "-b 8192", Measured: "-b 8192"}}
	for i := range a.Rules {
		if a.Rules[i].File == file {
			a.Rules[i].Line = shift + i + 1
			for len(source.Lines) < shift+i {
				source.Lines = append(source.Lines, "# an app")
			}
			source.Lines = append(source.Lines, a.Rules[i].Text)
		}
	}
	source.Lines = append(source.Lines, "", "")
	a.Sources = []result.Source{source}
	got := page(t, run, RunOptions{})
	at := strings.Index(got, "site.rules: "+file)
	if at < 0 {
		t.Fatal("no listing")
	}
	for _, want := range []string{"# Opens    of &lt;everyone&gt;", ">2</th>", "-b 8192", "/srv/part0", "# an app", "/srv/part3"} {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("no %q behind what comes before it", want)
		}
		at += i
	}
}

// One endless comment is no endless page, and comments do not take the room of rules.
func TestCommentsAreBounded(t *testing.T) {
	run, _ := testrun.Small()
	a := &run.Arms[3]
	file := a.Rules[0].File
	lines := []string{"# " + strings.Repeat("&", 1<<18)}
	for range 3 * maxListed {
		lines = append(lines, "# more")
	}
	a.Sources = []result.Source{{File: file, Lines: lines}}
	for i := range a.Rules {
		a.Rules[i].Line += len(lines)
	}
	got := page(t, run, RunOptions{})
	if strings.Contains(got, strings.Repeat("&amp;", maxRemarkColumns+1)) || !strings.Contains(got, strings.Repeat("&amp;", 100)) {
		t.Error("a comment is not cut, or not there")
	}
	if n := strings.Count(got, "# more"); n > maxRemarks {
		t.Errorf("%d comments", n)
	}
	if last := a.Rules[len(a.Rules)-1]; !strings.Contains(got, ">"+strconv.Itoa(last.Line)+"</th>") {
		t.Errorf("rule %d has no line", last.Line)
	}
}

func TestListingSaysWhatWasMeasuredWithout(t *testing.T) {
	run, _ := testrun.Small()
	a := &run.Arms[3]
	a.Sources = []result.Source{{File: "39-early.rules", Lines: []string{"-w /gone -p wa", "-D"}}}
	a.Controls = []result.Control{{File: "39-early.rules", Line: 2, Text: "-D", Measured: "-D"}}
	if got := page(t, run, RunOptions{}); !strings.Contains(got, "-w /gone -p wa") || !strings.Contains(got, "not among the rules that were measured") {
		t.Error("the line above -D is not told")
	}
}
