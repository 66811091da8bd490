package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/testrun"
)

// Every picture of a run in which everything occurs is 600 pixels wide and names its axes, in both forms.
func TestDraw(t *testing.T) {
	run, slots := testrun.Small()
	for name, says := range map[string][]string{
		"slowdown": {"db-churn", "stig.rules", "ratio"},
		"latency":  {"null-syscall", "no audit", "stig.rules", "percentile of operations", "99 %", "100 us"},
		"backlog":  {"exec-storm", "loaded now", "backlog (records)", "time since the slot began (s)"},
		"cpu":      {"exec-storm", "stig.rules", "auditd (% of a CPU)", "time since the slot began (s)"},
		"memory":   {"exec-storm", "stig.rules", "auditd, resident (MiB)"},
		"volume":   {"site.rules on db-churn", "60-site.rules:6", "share of the bytes (%)", "50.0 %"},
		"tax":      {"db-churn", "rules loaded", "filter tax per operation"},
	} {
		var picture, drawing bytes.Buffer
		if err := Draw(&picture, name, run, slots, "png"); err != nil {
			t.Fatal(err)
		}
		if *keep != "" {
			if err := os.WriteFile(filepath.Join(filepath.Dir(*keep), name+".png"), picture.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		image, err := png.Decode(&picture)
		if err != nil || image.Bounds().Dx() < 595 || image.Bounds().Dx() > 605 {
			t.Errorf("%s: %v, %v", name, image.Bounds(), err)
		}
		if err := Draw(&drawing, name, run, slots, "svg"); err != nil {
			t.Fatal(err)
		}
		for _, want := range append(says, "#0072b2") {
			if !strings.Contains(strings.ToLower(drawing.String()), strings.ToLower(want)) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
	}
}

// An arm that lost records has no latency, and is named.
// A run of one set has its number of rules on the axis, though no round number lies there.
func TestTaxOfOneSetHasATick(t *testing.T) {
	for _, c := range []struct {
		least, most float64
		want        []string
	}{
		{352, 352, []string{"352"}},
		{33, 41, []string{"33", "41"}},
		{10, 160, []string{"10", "20", "50", "100", "200"}},
	} {
		var got []string
		for _, tick := range ruleTicks(c.least, c.most) {
			got = append(got, tick.Label)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v to %v rules: %q, want %q", c.least, c.most, got, c.want)
		}
	}
}

func TestLossHasNoLatency(t *testing.T) {
	run, slots := testrun.Small()
	for i := range run.Results {
		if run.Results[i].Arm != "no audit" {
			run.Results[i].Complete = false
			run.Results[i].Metrics[result.Lost] = result.Metric{Value: 7}
		}
	}
	var b bytes.Buffer
	if err := Draw(&b, "latency", run, slots, "svg"); err != nil {
		t.Fatal(err)
	}
	line := "stroke:#d55e00"
	if !strings.Contains(strings.ToLower(b.String()), "without no rules, loaded now") || strings.Count(strings.ToLower(b.String()), line) > 3 {
		t.Errorf("%d strokes in the colour of an arm that lost records", strings.Count(strings.ToLower(b.String()), line))
	}
}

func TestDrawRefuses(t *testing.T) {
	run, slots := testrun.Small()
	for _, k := range Kinds {
		if err := Draw(io.Discard, k.Name, &result.Run{}, nil, "png"); err == nil {
			t.Errorf("%s of an empty run is drawn", k.Name)
		}
	}
	if err := Draw(io.Discard, "pie", run, slots, "png"); err == nil || !strings.Contains(err.Error(), "slowdown, latency, backlog, cpu, memory, volume, tax") {
		t.Error(err)
	}
	if err := Draw(io.Discard, "tax", run, slots, "gif"); err == nil || !strings.Contains(err.Error(), "png or svg") {
		t.Error(err)
	}
}

// A slot that does not count is not drawn, nor is a histogram or a series that is none.
func TestWhatDoesNotCountIsNotDrawn(t *testing.T) {
	run, slots := testrun.Small()
	for i := range slots {
		switch i % 3 {
		case 0:
			slots[i].Valid = false
		case 1:
			slots[i].Latency, slots[i].BacklogSeries = "HISTFAAAxx", &result.Series{StepNs: 1, Values: []int64{-1}}
			slots[i].AuditdCPUNsSeries, slots[i].AuditdRSSBytesSeries = slots[i].BacklogSeries, slots[i].BacklogSeries
		case 2:
			slots[i].Kind = result.SlotMute
		}
	}
	for _, name := range []string{"latency", "backlog", "cpu", "memory"} {
		if err := Draw(io.Discard, name, run, slots, "svg"); err == nil {
			t.Errorf("%s is drawn of nothing", name)
		}
	}
}

// Whatever a run directory holds, a picture is text and lines, or an error.
func TestHostileRuns(t *testing.T) {
	for _, n := range testrun.Hostile() {
		run := testrun.HostileRun(n.Text)
		_, slots := testrun.Small()
		for i := range slots {
			slots[i].Scenario, slots[i].Arm = n.Text, n.Text
		}
		for _, k := range Kinds {
			var b bytes.Buffer
			if err := Draw(&b, k.Name, run, slots, "svg"); err != nil {
				continue
			}
			for d := xml.NewDecoder(&b); ; {
				token, err := d.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatalf("%s, %s: %v", n.What, k.Name, err)
				}
				if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "img") {
					t.Errorf("%s, %s: a name became <%s>", n.What, k.Name, e.Name.Local)
				}
			}
		}
	}
}

func TestHostileFigures(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 0, 1e308, 5e-324} {
		run, slots := testrun.Small()
		for _, r := range run.Results {
			for name, m := range r.Metrics {
				m.Value, m.Low, m.High = v, v, v
				r.Metrics[name] = m
			}
		}
		for _, k := range Kinds {
			_ = Draw(io.Discard, k.Name, run, slots, "png") // it may refuse; it must not panic or never end
		}
	}
}
