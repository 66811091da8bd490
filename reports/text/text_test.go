package text

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/escape"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden")

// golden holds a text against testdata/name.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update rewrites it); got:\n%s", path, got)
	}
}

var runs = map[string]func() *result.Run{
	"full": full, "quick": quick, "lost": lost, "ended-slots": endedSlots, "interrupted": interrupted, "one-arm": oneArm, "left-out": leftOut, "hostile": hostile,
}

func write(t *testing.T, run *result.Run, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, run, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, run := range runs {
		for _, width := range []int{80, 160} {
			got := write(t, run(), Options{Width: width, OutDir: "runs/1122-1402", Rates: map[string]float64{"db-churn": 40}})
			golden(t, fmt.Sprintf("%s-%d", name, width), got)
		}
	}
}

// checkLines holds any report to its width and to printable characters.
func checkLines(t *testing.T, text string, width int, commands []string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		pasted := false
		for _, c := range commands {
			pasted = pasted || line == "  "+escape.Line(c)
		}
		if !pasted && escape.Columns(line) > width {
			t.Errorf("%d columns, not %d: %q", escape.Columns(line), width, line)
		}
		if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) || strings.ToValidUTF8(line, "") != line {
			t.Errorf("raw bytes in %q", line)
		}
	}
}

func TestWidthAndBytes(t *testing.T) {
	for name, run := range runs {
		for width := 80; width <= 200; width += 7 {
			t.Run(fmt.Sprint(name, width), func(t *testing.T) {
				checkLines(t, write(t, run(), Options{Width: width, At: 40}), width, run().Restored.Commands)
			})
		}
	}
	checkLines(t, write(t, full(), Options{}), 80, nil)
	checkLines(t, write(t, &result.Run{}, Options{}), 80, nil)
}

func TestQuickHasNoVerdictWords(t *testing.T) {
	verdict := regexp.MustCompile(`(?i)\b(fail|pass|slower|faster|noise|dearer|cheaper)\b|95 % CI`)
	for name, run := range map[string]func() *result.Run{"quick": quick, "interrupted": interrupted} {
		text := write(t, run(), Options{})
		if found := verdict.FindString(text); found != "" {
			t.Errorf("%s says %q", name, found)
		}
		if !strings.Contains(text, "RANGE") || !strings.Contains(text, "[range]") {
			t.Errorf("%s gives no range", name)
		}
	}
	stopped := endedSlots()
	stopped.Quick = true
	if found := verdict.FindString(write(t, stopped, Options{})); found != "" {
		t.Errorf("a quick run with stopped slots says %q", found)
	}
}

func TestLossHidesSpeed(t *testing.T) {
	text := write(t, lost(), Options{Width: 160})
	if strings.Contains(text, "0.80 [") || strings.Contains(text, "FASTER") {
		t.Errorf("a speed figure of an arm that lost records:\n%s", text)
	}
	if first, speed := strings.Index(text, "LOST "), strings.Index(text, "times the wall"); first < 0 || speed >= 0 && speed < first {
		t.Errorf("loss does not come first:\n%s", text)
	}
	for name, breakIt := range map[string]func(*result.Result){
		"LOST 77 events":     func(r *result.Result) { r.Metrics[result.EventsMissing] = metricOf(result.EventsMissing, 77, 77, 77) },
		"LOST parts of 5":    func(r *result.Result) { r.Metrics[result.PartialEvents] = metricOf(result.PartialEvents, 5, 5, 5) },
		"LOST, see below":    func(r *result.Result) { r.Findings = []string{"auditd was another process"} },
		"another process; c": func(r *result.Result) { r.Findings = []string{"auditd was another process"} },
	} {
		run := full()
		run.Results[3].Complete, run.Results[3].Invalid = false, 0
		breakIt(&run.Results[3])
		if text := write(t, run, Options{Width: 160}); !strings.Contains(text, name) || strings.Contains(text, "1.24 [") {
			t.Errorf("%q: got\n%s", name, text)
		}
	}
}

// A slot that was rejected is out of the figures: it takes no speed figure away.
func TestInvalidSlotIsNoLoss(t *testing.T) {
	run := full()
	run.Results[3].Complete, run.Results[3].Invalid = false, 1
	if text := write(t, run, Options{}); strings.Contains(text, "LOST") || !strings.Contains(text, "1.24 [1.20 1.29]") {
		t.Errorf("got\n%s", text)
	}
}

func TestFindingWithoutTimeOrCPU(t *testing.T) {
	run := full()
	delete(run.Results[3].Metrics, result.Slowdown)
	if text := write(t, run, Options{}); !strings.Contains(text, "DEARER site.rules on db-churn: 1.27 [1.23 1.31] times the CPU per transaction of\n       no audit\n") {
		t.Errorf("fixed length:\n%s", text)
	}
	run = full()
	delete(run.Results[3].Metrics, result.CPURatio)
	if text := write(t, run, Options{}); !strings.Contains(text, "SLOWER site.rules on db-churn: 1.24 [1.20 1.29] times the wall time") {
		t.Errorf("no CPU:\n%s", text)
	}
}

func TestKilledRunSaysSo(t *testing.T) {
	run := full()
	run.Ended = running
	if text := write(t, run, Options{}); !strings.Contains(text, "ENDED EARLY the run was killed, or still goes on") {
		t.Errorf("got\n%s", text)
	}
}

func TestWord(t *testing.T) {
	for _, c := range []struct {
		low, high, aaLow, aaHigh float64
		n                        int
		want                     string
	}{
		{1.20, 1.29, .98, 1.02, 12, "SLOWER"},
		{1.01, 1.29, .98, 1.02, 12, "NOISE"},
		{.99, 1.01, .98, 1.02, 12, "NOISE"},
		{.90, .95, .98, 1.02, 12, "FASTER"},
		{1.01, 1.02, 1, 1, 6, "SLOWER"},
		{1.01, 1.02, 1, 1, 5, "RANGE"},
	} {
		run := full()
		run.Trust.AA["db-churn"] = metricOf(result.Slowdown, 1, c.aaLow, c.aaHigh)
		v := newView(run, Options{})
		r := result.Result{Scenario: "db-churn", Arm: "site.rules", Metrics: map[string]result.Metric{
			result.Slowdown: {Value: c.low, Low: c.low, High: c.high, N: c.n}}}
		if got := v.word(r, result.Slowdown, "SLOWER", "FASTER"); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestPerDayOnlyAtStatedRate(t *testing.T) {
	if text := write(t, full(), Options{}); strings.Contains(text, "a day") {
		t.Error("volume per day without a rate")
	}
	text := write(t, full(), Options{At: 40, Width: 160})
	if !strings.Contains(text, "log a day at 40.0 transaction/s: no rules 0 B, loaded now 1.29 GiB, site.rules 42.2 GiB") {
		t.Errorf("got\n%s", text)
	}
	if text := write(t, lost(), Options{At: 40, Width: 160}); !strings.Contains(text, "site.rules more than 42.2 GiB") {
		t.Errorf("got\n%s", text)
	}
}

func TestColorOnlyAdds(t *testing.T) {
	sequence := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for name, run := range runs {
		plain, coloured := write(t, run(), Options{}), write(t, run(), Options{Color: true})
		if plain == coloured || sequence.ReplaceAllString(coloured, "") != plain {
			t.Errorf("%s: colour changes the text", name)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWriteError(t *testing.T) {
	if err := Write(brokenPipe{}, full(), Options{}); err == nil {
		t.Error("the error of the writer is gone")
	}
}

func FuzzHostileStrings(f *testing.F) {
	f.Add("\x1b[2J", "\xff", "a b c", 12.5, 80)
	f.Add(strings.Repeat("x", 300), strings.Repeat("名", 90), "\u202e", 1e300, 160)
	f.Fuzz(func(t *testing.T, a, b, c string, number float64, width int) {
		run := leftOut()
		run.Environment.Host, run.Ended, run.Arms[3].Name, run.Scenarios[0].Name = a, b, c, a
		for i := range run.Results {
			r := &run.Results[i]
			if r.Arm == "site.rules" {
				r.Arm, r.Findings = c, []string{b}
			}
			if r.Scenario == "db-churn" {
				r.Scenario = a
			}
			for name := range r.Metrics {
				if len(name)%2 == 0 {
					r.Metrics[name] = result.Metric{Value: number, Low: -number, High: number, N: 7}
				}
			}
		}
		at := &run.Attribution[0]
		at.Scenario, at.Arm, at.Rules[0].File, at.Rules[1].Text, at.Rows[0].Exe, at.Types[0].Type = a, c, a, b, c, b
		run.Books[0].Scenario, run.Books[0].Arm, run.Books[0].Unexplained[0] = a, c, b
		run.Scenarios[0].Op, run.Trust.ContextProof, run.Arms[3].LeftOut[0].Text = c, a, b
		run.Restored = result.Restored{Commands: []string{c}}
		checkLines(t, write(t, run, Options{Width: width % 300, At: number, OutDir: b}), max(width%300, 80), run.Restored.Commands)
	})
}
