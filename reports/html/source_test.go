package html

import (
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

func TestListingSaysWhatWasMeasuredWithout(t *testing.T) {
	run, _ := testrun.Small()
	a := &run.Arms[3]
	a.Sources = []result.Source{{File: "39-early.rules", Lines: []string{"-w /gone -p wa", "-D"}}}
	a.Controls = []result.Control{{File: "39-early.rules", Line: 2, Text: "-D", Measured: "-D"}}
	if got := page(t, run, RunOptions{}); !strings.Contains(got, "-w /gone -p wa") || !strings.Contains(got, "not among the rules that were measured") {
		t.Error("the line above -D is not told")
	}
}
