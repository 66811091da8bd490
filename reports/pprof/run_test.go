package pprof

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/testrun"
	"github.com/google/pprof/profile"
)

func sampleRun(events uint64) *result.Run {
	rules := []result.Rule{{File: "/etc/audit/rules.d/40-files.rules", Line: 12, Text: "-a always,exit -S openat -F key=files"}, {File: "50-net.rules", Line: 3, Text: `-a always,exit -S connect -k "net"`}}
	return &result.Run{
		Started: time.Unix(1_700_000_000, 0), Finished: time.Unix(1_700_000_060, 0),
		Arms: []result.Arm{{Name: "site.rules", Kind: result.ArmCandidate, Rules: rules}},
		Attribution: []result.Attribution{{Scenario: "db-churn", Arm: "site.rules",
			Rules: []result.RuleShare{{Rule: 0, ByType: []result.TypeCount{{Type: "SYSCALL", Records: events, CPUNs: 9000 * float64(events)}, {Type: "PATH", Records: 2 * events, CPUNs: 8000 * float64(events)}}}},
			Rows: []result.Row{
				{Rule: 0, Type: "SYSCALL", Exe: "/usr/bin/x", Syscall: "openat", Events: events, Records: events, Bytes: 300 * events},
				{Rule: 0, Type: "PATH", Exe: "/usr/bin/x", Syscall: "openat", Events: events, Records: 2 * events, Bytes: 240 * events},
				{Rule: 1, Type: "SYSCALL", Exe: "/usr/bin/y", Syscall: "connect", Events: 5, Records: 5, Bytes: 1500},
				{Rule: -1, Type: "LOGIN", Events: 1, Records: 1, Bytes: 90},
			}}},
	}
}

func TestWriteRun(t *testing.T) {
	var b bytes.Buffer
	if err := WriteRun(&b, sampleRun(100)); err != nil {
		t.Fatal(err)
	}
	got, err := profile.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	var sums [4]int64
	for _, s := range got.Sample {
		for i, v := range s.Value {
			sums[i] += v
		}
	}
	if want := [4]int64{106, 306, 55590, 1_700_000}; sums != want {
		t.Errorf("samples add up to %v, want %v", sums, want)
	}
	var stack []string
	for _, l := range got.Sample[1].Location {
		stack = append(stack, l.Line[0].Function.Name)
	}
	if want := `PATH|/usr/bin/x|openat|40-files.rules:12 -a always,exit -S openat -F key=files|files|site.rules`; strings.Join(stack, "|") != want {
		t.Errorf("stack %q, want %q", stack, want)
	}
	if at := got.Sample[1].Location[3].Line[0]; at.Line != 12 || at.Function.Filename != "/etc/audit/rules.d/40-files.rules" {
		t.Errorf("%+v", at)
	}
	if label := got.Sample[0].Label["scenario"]; len(label) != 1 || label[0] != "db-churn" || got.DurationNanos != 60e9 {
		t.Errorf("%v", got)
	}
}

func TestWriteRunRefusesNothingToShow(t *testing.T) {
	if err := WriteRun(&bytes.Buffer{}, &result.Run{}); err == nil || !strings.Contains(err.Error(), "no attribution") {
		t.Error(err)
	}
}

func TestKeyOf(t *testing.T) {
	for text, want := range map[string]string{"-w /a -p wa -k a": "a", "-w /a": "", "-a always,exit -F key=x -F key=y": "x,y", "-a always,exit -k": "",
		`-w /key=z -k "q"`: "q"} {
		if got := keyOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// go tool pprof shows where the volume of a run is, and what a second run has more of.
func TestGoToolPprofReadsRuns(t *testing.T) {
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go tool to read the profile with: install Go")
	}
	dir := t.TempDir()
	for name, events := range map[string]uint64{"before": 100, "after": 300} {
		var b bytes.Buffer
		if err := WriteRun(&b, sampleRun(events)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	show := func(args ...string) string {
		out, err := exec.Command(tool, append([]string{"tool", "pprof", "-top", "-cum"}, args...)...).CombinedOutput()
		if err != nil {
			t.Skipf("go tool pprof does not run here: %v\n%s", err, out)
		}
		return string(out)
	}
	before, after := filepath.Join(dir, "before"), filepath.Join(dir, "after")
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"-sample_index=bytes", before}, []string{"40-files.rules:12 -a always,exit", "97.14%", "site.rules", "50-net.rules:3"}},
		{[]string{"-sample_index=cpu", before}, []string{"1700us", "PATH"}},
		{[]string{"-sample_index=bytes", "-tagfocus=scenario=db-churn", before}, []string{"97.14%"}},
		{[]string{"-sample_index=events", "-diff_base", before, after}, []string{"200", "openat"}},
	} {
		out := show(c.args...)
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%v: no %q in\n%s", c.args, want, out)
			}
		}
	}
	if out := show("-sample_index=events", "-diff_base", before, after); strings.Contains(out, "connect") {
		t.Errorf("what is the same in both runs is shown as a difference:\n%s", out)
	}
}

// A name that somebody chose is one line of text in whatever field it stands.
func TestHostileNames(t *testing.T) {
	for _, n := range testrun.Hostile() {
		var b bytes.Buffer
		if err := WriteRun(&b, testrun.HostileRun(n.Text)); err != nil {
			t.Fatal(err)
		}
		got, err := profile.Parse(&b)
		if err != nil {
			t.Errorf("%s: %v", n.What, err)
			continue
		}
		for _, f := range got.Function {
			if f.Name != escape.Line(f.Name) || f.Filename != escape.Line(f.Filename) {
				t.Errorf("%s: %q", n.What, f.Name)
			}
		}
	}
}
