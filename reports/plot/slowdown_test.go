package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/testrun"
)

var keep = flag.String("keep", "", "write the picture of the sample run to this file")

func sample() *result.Run {
	m := func(value, low, high float64) result.Metric {
		return result.Metric{Unit: "ratio", Value: value, Low: low, High: high, N: 12}
	}
	r := func(scenario, arm string, slowdown result.Metric) result.Result {
		return result.Result{Scenario: scenario, Arm: arm, Complete: true, Slots: 12, Metrics: map[string]result.Metric{result.Slowdown: slowdown}}
	}
	run := &result.Run{
		Arms: []result.Arm{{Name: "no audit", Kind: result.ArmNoAudit}, {Name: "loaded now", Kind: result.ArmLoaded},
			{Name: "site.rules", Kind: result.ArmCandidate}, {Name: "stig.rules", Kind: result.ArmCandidate}, {Name: "again", TwinOf: "site.rules"}},
		Scenarios: []result.Scenario{{Name: "db-churn"}, {Name: "exec-storm"}, {Name: "null-syscall"}},
		Results: []result.Result{
			r("db-churn", "no audit", m(1, 1, 1)), r("db-churn", "loaded now", m(1.03, 1.01, 1.05)), r("db-churn", "site.rules", m(1.24, 1.2, 1.29)),
			r("db-churn", "stig.rules", m(1.6, 1.5, 1.8)), r("db-churn", "again", m(9, 9, 9)),
			r("exec-storm", "loaded now", m(1.1, 1.05, 1.2)), r("exec-storm", "site.rules", m(0.8, 0.8, 0.8)), r("exec-storm", "stig.rules", m(0, 0, 0)),
			r("null-syscall", "loaded now", m(1.2, 1.15, 1.25)), r("null-syscall", "site.rules", m(1.9, 1.8, 2)), r("null-syscall", "stig.rules", m(2.6, 2.3, 2.9)),
		},
	}
	run.Results[6].Metrics[result.Lost] = result.Metric{Value: 12345}
	run.Results[6].Complete = false
	run.Results[7].Metrics = map[string]result.Metric{result.AtLeastSlowdown: m(12.3, 12.3, 12.3)}
	return run
}

func TestSlowdownPNG(t *testing.T) {
	var b bytes.Buffer
	if err := Slowdown(&b, sample(), "png"); err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		if err := os.WriteFile(*keep, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	picture, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got := picture.Bounds().Dx(); got < 595 || got > 605 {
		t.Errorf("%d pixels wide, not 600", got)
	}
}

func TestSlowdownSVG(t *testing.T) {
	var b bytes.Buffer
	if err := Slowdown(&b, sample(), "svg"); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{"db-churn", "stig.rules", "LOST 12,345 records", "ratio", "#0072b2", "#d55e00"} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("the picture does not say %q", want)
		}
	}
	if strings.Contains(text, "again") {
		t.Error("the A/A twin is drawn")
	}
}

func TestHostileNamesStayText(t *testing.T) {
	run := sample()
	run.Scenarios[0].Name, run.Results[2].Scenario = `</text><script>alert(1)</script>`, `</text><script>alert(1)</script>`
	run.Arms[2].Name, run.Results[2].Arm = "\x1b[2J\xff&", "\x1b[2J\xff&"
	var b bytes.Buffer
	if err := Slowdown(&b, run, "svg"); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(&b); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "script" {
			t.Fatal("a name became an element")
		}
	}
}

func TestSlowdownRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		run    *result.Run
		format string
		want   string
	}{
		"format":      {sample(), "gif", "png or svg"},
		"empty run":   {&result.Run{}, "png", "no arm has a slowdown"},
		"all hostile": {func() *result.Run { r := sample(); r.Results = r.Results[6:7]; return r }(), "svg", "no arm has a slowdown"},
		"huge numbers": {func() *result.Run {
			r := sample()
			r.Results = r.Results[1:2]
			r.Results[0].Metrics[result.Slowdown] = result.Metric{Value: 1e300, Low: -1, High: 1e308}
			return r
		}(), "png", "no arm"},
	} {
		if err := Slowdown(io.Discard, c.run, c.format); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A run directory may list thousands of sets: a picture has an end, and says what it leaves out.
func TestPicturesHaveAnEnd(t *testing.T) {
	run := sample()
	for i := range 3000 {
		name := fmt.Sprintf("set-%d", i)
		run.Arms = append(run.Arms, result.Arm{Name: name, Kind: result.ArmCandidate})
		run.Results = append(run.Results, result.Result{Scenario: "db-churn", Arm: name, Complete: true, Slots: 12, Metrics: run.Results[1].Metrics})
	}
	_, slots := testrun.Small()
	for _, kind := range []string{"slowdown", "latency", "backlog"} {
		var b bytes.Buffer
		if err := Draw(&b, kind, run, slots, "svg"); err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		high := 0.0
		for _, a := range svgRoot(t, b.Bytes()).Attr {
			if a.Name.Local == "height" {
				if _, err := fmt.Sscan(strings.TrimSuffix(a.Value, "pt"), &high); err != nil {
					t.Fatal(err)
				}
			}
		}
		if high < 50 || high > 6000 || !strings.Contains(b.String(), " more ") {
			t.Errorf("%s is %g points high", kind, high)
		}
	}
}

func svgRoot(t *testing.T, picture []byte) xml.StartElement {
	for d := xml.NewDecoder(bytes.NewReader(picture)); ; {
		token, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			return e
		}
	}
}
