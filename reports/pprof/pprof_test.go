package pprof

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/testrun"
	"github.com/google/pprof/profile"
)

func sample() *analyze.Profile {
	count := func(events, records, bytes uint64) analyze.Count {
		return analyze.Count{Events: events, Records: records, Bytes: bytes}
	}
	user := analyze.User{AUID: "unset", UID: "0"}
	return &analyze.Profile{
		Total:  count(12, 32, 3100),
		Window: analyze.Window{FirstSec: 1_700_000_000, LastSec: 1_700_000_060},
		Rules:  []analyze.RuleCount{{RuleID: analyze.RuleID{File: "10-a.rules", Line: 3, Text: "-w /etc -p wa -k etc"}, Count: count(10, 30, 3000)}},
		Cells: []analyze.Cell{
			{Origin: analyze.Rules, Rule: 0, Type: "PATH", Exe: "/usr/bin/x\x1b[2J", Syscall: "openat", User: user, Count: count(10, 20, 2000)},
			{Origin: analyze.Rules, Rule: 0, Type: "SYSCALL", Exe: "/usr/bin/x\x1b[2J", Syscall: "openat", User: user, Count: count(10, 10, 1000)},
			{Origin: analyze.UserMessages, Rule: analyze.NoRule, Type: "USER_LOGIN", Exe: "/usr/sbin/sshd", Count: count(2, 2, 100)},
		},
	}
}

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	got, err := profile.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	var sums [3]int64
	for _, s := range got.Sample {
		for i, v := range s.Value {
			sums[i] += v
		}
	}
	if sums != [3]int64{12, 32, 3100} {
		t.Errorf("samples add up to %v", sums)
	}
	var stack []string
	for _, l := range got.Sample[0].Location {
		stack = append(stack, l.Line[0].Function.Name)
	}
	if want := `PATH|openat|/usr/bin/x\x1b[2J|10-a.rules:3 -w /etc -p wa -k etc`; strings.Join(stack, "|") != want {
		t.Errorf("stack %q, want %q", stack, want)
	}
	if got.DurationNanos != 60e9 || got.DefaultSampleType != "bytes" || len(got.Location) != 9 {
		t.Errorf("%v", got)
	}
}

// go tool pprof reads it and shows the rule with all that is in it.
func TestGoToolPprofReadsIt(t *testing.T) {
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go tool to read the profile with: install Go")
	}
	var b bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "p.pb.gz")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "tool", "pprof", "-top", "-cum", "-sample_index=bytes", path).CombinedOutput()
	if err != nil {
		t.Skipf("go tool pprof does not run here: %v\n%s", err, out)
	}
	for _, want := range []string{"10-a.rules:3 -w /etc -p wa -k etc", "96.77%", "PATH", "(user messages)", `/usr/bin/x\x1b[2J`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// Whatever names a profile has, what is written can be parsed again.
func FuzzWrite(f *testing.F) {
	f.Add("/bin/x", "openat", "-w /etc", 3, int64(5))
	f.Add("\xff\x00", "", "", -1, int64(-5))
	f.Fuzz(func(t *testing.T, exe, call, text string, line int, sec int64) {
		p := sample()
		p.Cells[0].Exe, p.Cells[1].Syscall, p.Rules[0].Text, p.Rules[0].Line = exe, call, text, line
		p.Window.LastSec = sec
		var b bytes.Buffer
		if err := Write(&b, p); err != nil {
			t.Fatal(err)
		}
		if _, err := profile.Parse(&b); err != nil {
			t.Fatal(err)
		}
	})
}

// Counts of a log that somebody made are as large as 64 bits hold; in a profile no value and no sum is below 0.
func TestLargeCountsStayPositive(t *testing.T) {
	p := sample()
	for i := range p.Cells {
		p.Cells[i].Events, p.Cells[i].Records, p.Cells[i].Bytes = math.MaxUint64, 1<<63, 1<<63+1
	}
	run, _ := testrun.Small()
	for i := range run.Attribution {
		for j := range run.Attribution[i].Rows {
			r := &run.Attribution[i].Rows[j]
			r.Events, r.Records, r.Bytes = math.MaxUint64, 1<<63, 1<<63+1
		}
	}
	for what, got := range map[string]*profile.Profile{"profile": build(p), "run": buildRun(run)} {
		sums := make([]int64, len(got.SampleType))
		for _, s := range got.Sample {
			for i, v := range s.Value {
				if sums[i] += v; v < 0 || sums[i] < 0 {
					t.Fatalf("%s: %s is %d, the sum %d", what, got.SampleType[i].Type, v, sums[i])
				}
			}
		}
		if sums[2] < math.MaxInt64/2 {
			t.Errorf("%s: %d bytes together", what, sums[2])
		}
	}
}
