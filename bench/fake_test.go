package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/scenarios"
)

// fakeMachine is kernel, auditd, workloads and sampler in one. It writes down what is asked of it, in order, and "records" one event for
// every operation done while rules are loaded.
type fakeMachine struct {
	t    *testing.T
	mu   sync.Mutex
	path string
	log  []string // what was asked for

	rules     []rule.Wire
	limits    kernel.Limits
	serial    int
	lost      uint32
	dead      error
	disturbed error
	dropMarks bool
	deafMarks bool // a mark is neither written nor refused: a stalled auditd
	slow      time.Duration
	// onRun is called as a workload runs; it may break something.
	onRun func(m *fakeMachine, kind string) error
	// nsPerOp is the wall time of an operation under n rules.
	nsPerOp func(rules int) int64
	// rate is the wall time of a workload that was started at a rate, 0 for that of nsPerOp; it may lose records.
	rate    func(l Launch, ops uint64) int64
	steal   bool              // a tenth of all CPU time is stolen
	seconds float64           // of CPU time so far
	planted []scenarios.Plant // of each workload started
	skip    int               // serials that never reach the log, per workload
	disk    int64             // bytes that the log may have, 0 for no limit: what is beyond is not written, nor reported
}

func newFakeMachine(t *testing.T) *fakeMachine {
	t.Helper()
	m := &fakeMachine{t: t, path: filepath.Join(t.TempDir(), "audit.log"), serial: 100,
		nsPerOp: func(rules int) int64 { return int64(1000 + 100*rules) }}
	if err := os.WriteFile(m.path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *fakeMachine) note(format string, args ...any) {
	m.log = append(m.log, fmt.Sprintf(format, args...))
}

func (m *fakeMachine) write(line string) {
	f, err := os.OpenFile(m.path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		m.t.Error(err)
		return
	}
	defer f.Close()
	if room := m.room(); room < int64(len(line)) {
		line = line[:room]
	}
	f.WriteString(line)
}

// room is what the disk of the log has left, in bytes.
func (m *fakeMachine) room() int64 {
	st, err := os.Stat(m.path)
	if err != nil {
		m.t.Error(err)
		return 0
	}
	if m.disk == 0 {
		return 1 << 40
	}
	return max(0, m.disk-st.Size())
}

func (m *fakeMachine) event(key string) {
	m.serial++
	id := fmt.Sprintf("msg=audit(1700000000.000:%d): ", m.serial)
	m.write("type=SYSCALL " + id + `arch=c000003e syscall=257 success=yes exit=3 items=0 ppid=1 pid=7 comm="w" exe="/w" key=` + key + "\n" +
		"type=PROCTITLE " + id + "proctitle=\"w\"\n")
}

func (m *fakeMachine) Apply(rules []rule.Wire, lim kernel.Limits) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.note("apply %d", len(rules))
	m.rules, m.limits = rules, lim
	return nil
}

func (m *fakeMachine) Check() error { return m.disturbed }

func (m *fakeMachine) Status() (kernel.Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return kernel.Status{Lost: m.lost}, nil
}

func (m *fakeMachine) Mark(text string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.deafMarks {
		return nil
	}
	m.serial++
	if !m.dropMarks {
		m.write(fmt.Sprintf("type=USER msg=audit(1700000000.000:%d): pid=1 uid=0 msg='%s'\n", m.serial, text))
	}
	return nil
}

func (m *fakeMachine) PID() int        { return 42 }
func (m *fakeMachine) LogPath() string { return m.path }
func (m *fakeMachine) Alive() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}
func (m *fakeMachine) Truncate() error { return os.Truncate(m.path, 0) }

func (m *fakeMachine) Start(_ context.Context, l Launch) (Workload, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.note("start %s marked=%t rules=%d", l.Scenario.Name, l.Marked, len(m.rules))
	m.planted = append(m.planted, l.Plant)
	return &fakeWorkload{m: m, l: l}, nil
}

func (m *fakeMachine) Probe(_ context.Context, marked bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !marked && !m.dropMarks {
		m.event(`"` + probeKey + `"`)
	}
	return nil
}

func (m *fakeMachine) Begin() error { return nil }
func (m *fakeMachine) Read() (Counters, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.steal {
		m.seconds++
	}
	return Counters{CPUTotalSec: m.seconds, CPUStealSec: m.seconds / 10}, nil
}

// Gauge is of an auditd that uses 1 ms of CPU from one reading to the next and grows by a page.
func (m *fakeMachine) Gauge() (Gauge, error) { return &fakeGauge{}, nil }

type fakeGauge struct{ n int64 }

func (g *fakeGauge) Read() (int64, int64, error) {
	g.n++
	return g.n * 1e6, g.n * 4096, nil
}
func (g *fakeGauge) Close() error { return nil }

type fakeWorkload struct {
	m *fakeMachine
	l Launch
}

func (w *fakeWorkload) Run(ctx context.Context, ops uint64) (scenarios.Outcome, error) {
	w.m.mu.Lock()
	defer w.m.mu.Unlock()
	w.m.note("run %s %d", w.l.Scenario.Name, ops)
	if w.m.onRun != nil {
		if err := w.m.onRun(w.m, w.l.Scenario.Name); err != nil {
			return scenarios.Outcome{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return scenarios.Outcome{}, err
	}
	records := false
	for _, r := range w.m.rules {
		records = records || r.Action == rule.ActionAlways && !mutedWire(r)
	}
	if records && len(w.m.rules) > 0 && w.m.rules[0].List == rule.ListExit {
		w.m.event("(null)")
	}
	w.m.serial += w.m.skip
	ns := w.m.nsPerOp(len(w.m.rules)) * int64(ops)
	if w.m.rate != nil {
		ns = max(ns, w.m.rate(w.l, ops))
	}
	return scenarios.Outcome{Ops: ops, WallNs: ns, CPUNs: ns}, nil
}

func (w *fakeWorkload) PIDs() []int  { return []int{7} }
func (w *fakeWorkload) Close() error { return nil }

func mutedWire(w rule.Wire) bool {
	for _, f := range w.Fields {
		if f.Type == rule.FieldPers && f.Value == muteValue {
			return true
		}
	}
	return false
}

// fakeAttributor closes every book.
type fakeAttributor struct {
	unexplained uint64
	agreement   result.Agreement
}

func (a fakeAttributor) Attribute(log io.Reader, in AttributionInput) (result.Attribution, result.Books, error) {
	n, err := io.Copy(io.Discard, log)
	return result.Attribution{Scenario: in.Scenario, Arm: in.Arm, Ops: in.Ops, Agreement: a.agreement},
		result.Books{Scenario: in.Scenario, Arm: in.Arm, LogBytes: uint64(n), UnexplainedBytes: a.unexplained}, err
}

// memory keeps what a Recorder would write.
type memory struct {
	slots []result.Slot
	runs  int
	fail  error
}

func (r *memory) Slot(s result.Slot) error { r.slots = append(r.slots, s); return r.fail }
func (r *memory) Run(*result.Run) error    { r.runs++; return nil }

type silent struct{}

func (silent) Planned(Forecast)      {}
func (silent) Step(int, int, string) {}

func anyWire(key string) rule.Wire {
	w := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways}
	w.Mask[0] = 4
	w, _ = w.WithExtraKey(key)
	return w
}

// fakeRunner is a run of two candidates' worth of arms over two scenarios on a fake machine.
func fakeRunner(t *testing.T, rounds int) (*Runner, *fakeMachine, *memory) {
	t.Helper()
	m, rec := newFakeMachine(t), &memory{}
	candidate := Arm{Info: result.Arm{Name: "a", Kind: result.ArmCandidate, Rules: []result.Rule{{Text: "x"}}}, Rules: []rule.Wire{anyWire("k")}}
	twin := candidate
	twin.Info.Name, twin.Info.TwinOf = "a again", "a"
	r := &Runner{
		Plan: Plan{
			Arms: []Arm{
				{Info: result.Arm{Name: "no audit", Kind: result.ArmNoAudit}, Rules: noAuditRules()},
				{Info: result.Arm{Name: "no rules", Kind: result.ArmNoRules}},
				candidate, twin,
			},
			Scenarios: []scenarios.Info{{Name: "s1", PilotOps: 100000, MaxOps: 1 << 40}, {Name: "s2", PilotOps: 100000, MaxOps: 1 << 40}},
			Rounds:    rounds, Seed: 7, HZ: 250,
		},
		Kernel: m, Daemon: m, Workloads: m, Sampler: m, Status: m.Status, Attributor: fakeAttributor{}, Recorder: rec, Observer: silent{},
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Room:  func() (int64, error) { return m.room(), nil },
	}
	return r, m, rec
}

var errBroken = errors.New("broken on purpose")

// timedSlots are the slots of the rounds, as "round kind arm scenario".
func timedSlots(rec *memory) []string {
	var out []string
	for _, s := range rec.slots {
		if s.Kind == result.SlotTimed || s.Kind == result.SlotMute {
			out = append(out, fmt.Sprintf("%d %s %s %s", s.Round, s.Kind, s.Arm, s.Scenario))
		}
	}
	return out
}

func contains(lines []string, part string) bool {
	for _, l := range lines {
		if strings.Contains(l, part) {
			return true
		}
	}
	return false
}
