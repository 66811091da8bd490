package probe

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/livetest"
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/features"
)

// requireProbes skips where this machine or this process may not use raw tracepoints, and fails there where live tests are required; where it may,
// nothing else may go wrong.
func requireProbes(t *testing.T) {
	t.Helper()
	if err := features.HaveProgramType(ebpf.RawTracepoint); err != nil {
		livetest.Missing(t, "raw tracepoints: "+err.Error())
	}
	if os.Geteuid() != 0 {
		livetest.Missing(t, "root, to attach to raw tracepoints")
	}
}

func start(t *testing.T, targets Targets) *Session {
	t.Helper()
	requireProbes(t)
	s, err := Start(targets)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(s.levels, Syscalls) || !slices.Contains(s.levels, Scheduler) {
		_, err := s.Stop()
		t.Fatalf("levels %q, notes %q, %v", s.levels, s.notes, err)
	}
	return s
}

func stop(t *testing.T, s *Session) *Seen {
	t.Helper()
	seen, err := s.Stop()
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestLiveCountsAreExact(t *testing.T) {
	a, other := startActor(t), startActor(t)
	s := start(t, Targets{Workload: []int{a.pid()}})
	a.do("getppid 4321")
	other.do("getppid 1000")
	a.do("fork 17")
	a.do("child 77")
	seen := stop(t, s)
	a.do("getppid 99") // after the end
	for call, want := range map[int]uint64{syscall.SYS_GETPPID: 4321 + 77, syscall.SYS_GETSID: 17, syscall.SYS_EXECVE: 1} {
		if got := seen.Calls[call].Count; got != want {
			t.Errorf("system call %d: %d counted, %d made", call, got, want)
		}
	}
	c := seen.Calls[syscall.SYS_GETPPID]
	if n := c.Steps.Count(); n > c.Count || n < c.Count*9/10 {
		t.Errorf("%d of %d calls of getppid are in the histogram, which leave no CPU by themselves", n, c.Count)
	}
	if m := c.Steps.Quantile(0.5); m < 20 || m > 50000 {
		t.Errorf("median of getppid: %v ns", m)
	}
}

func TestLiveSleepIsApart(t *testing.T) {
	a := startActor(t)
	s := start(t, Targets{Workload: []int{a.pid()}})
	a.do("sleep 20")
	c := stop(t, s).Calls[syscall.SYS_CLOCK_NANOSLEEP]
	if c.Count != 20 || c.Steps.Count() != 0 {
		t.Errorf("%d calls, %d of them in the histogram; want 20, none: each of them slept", c.Count, c.Steps.Count())
	}
	// The timer starts before the thread leaves its CPU: what it waits or computes after that is not slept, so only the three together last 5 ms a call.
	if whole := c.Asleep + c.Waiting + c.OnCPU; whole < 20*5e6 {
		t.Errorf("asleep %v, waiting %v, on a CPU %v: less than 20 sleeps of 5 ms", time.Duration(c.Asleep), time.Duration(c.Waiting), time.Duration(c.OnCPU))
	}
	if c.OnCPU == 0 || c.OnCPU > c.Asleep/2 {
		t.Errorf("on a CPU %v, asleep %v", time.Duration(c.OnCPU), time.Duration(c.Asleep))
	}
}

// The kernel's own account of the same thread, /proc/PID/schedstat, is the measure.
func TestLiveTurnsAreTheSchedulers(t *testing.T) {
	a := startActor(t)
	asleep(t, a.pid())
	s := start(t, Targets{Auditd: []int{a.pid()}})
	onCPU, waited := schedstat(t, a.pid())
	a.do("sleep 5")
	a.do("spin 150")
	a.do("getppid 10")
	asleep(t, a.pid())
	onCPU2, waited2 := schedstat(t, a.pid())
	seen := stop(t, s)
	if seen.Auditd.Switches < 5 {
		t.Errorf("%d switches with 5 sleeps", seen.Auditd.Switches)
	}
	near(t, "on a CPU", seen.Auditd.OnCPU, onCPU2-onCPU)
	near(t, "waiting", seen.Auditd.Waiting, waited2-waited)
	if len(seen.Calls) != 0 || seen.Workload.OnCPU != 0 {
		t.Errorf("calls of auditd are nobody's workload: %v, %+v", seen.Calls, seen.Workload)
	}
}

// near allows for what the two accounts begin and end at different moments: 10 ms, or a tenth.
func near(t *testing.T, what string, got, want uint64) {
	t.Helper()
	if diff := math.Abs(float64(got) - float64(want)); diff > max(10e6, 0.1*float64(want)) {
		t.Errorf("%s: %v, the kernel says %v", what, time.Duration(got), time.Duration(want))
	}
}

func TestLiveManyChildrenLeaveNothing(t *testing.T) {
	a := startActor(t)
	s := start(t, Targets{Workload: []int{a.pid()}})
	a.do("fork 10000")
	a.do("getppid 5")
	threads, err := threadsOf(a.pid(), true)
	if err != nil {
		t.Fatal(err)
	}
	watched := 0
	for each, k, v := s.loaded.maps.Maps[watchMapThreads].Iterate(), uint32(0), (watchThread{}); each.Next(&k, &v); {
		watched++
	}
	seen := stop(t, s)
	if watched > len(threads) {
		t.Errorf("%d threads are watched, the process has %d", watched, len(threads))
	}
	if got := seen.Calls[syscall.SYS_GETSID].Count; got != 10000 {
		t.Errorf("%d calls of 10000 children", got)
	}
	if got := seen.Calls[syscall.SYS_GETPPID].Count; got != 5 {
		t.Errorf("%d calls after the children, want 5", got)
	}
	if len(seen.Notes) > 0 {
		t.Errorf("notes: %q", seen.Notes)
	}
}

func TestLiveSamples(t *testing.T) {
	a := startActor(t)
	s := start(t, Targets{Workload: []int{a.pid()}})
	if !slices.Contains(s.levels, Samples) {
		stop(t, s)
		livetest.Missing(t, fmt.Sprintf("software events of perf for samples: %q", s.notes))
	}
	a.do("spin 300")
	seen := stop(t, s)
	n := uint64(0)
	for _, c := range seen.WorkloadSamples {
		n += c
	}
	want := float64(seen.Workload.OnCPU) / 1e9 * ticksPerSecond
	if float64(n) < want/2 || float64(n) > want*1.5+10 {
		t.Errorf("%d samples in %v on a CPU, want about %.0f", n, time.Duration(seen.Workload.OnCPU), want)
	}
}

func TestLiveNothingIsLeft(t *testing.T) {
	a := startActor(t)
	s := start(t, Targets{Workload: []int{a.pid()}})
	maps, programs := s.inKernel(t)
	if len(maps) < 6 || len(programs) < 7 {
		t.Fatalf("%d maps, %d programs: the test sees too little", len(maps), len(programs))
	}
	clocks := len(s.clocks)
	stop(t, s)
	if clocks > 0 && s.clocks != nil {
		t.Error("clocks are still open")
	}
	// The kernel frees what nobody holds a moment later (RCU).
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		left := 0
		for _, id := range maps {
			if m, err := ebpf.NewMapFromID(id); err == nil {
				left++
				m.Close()
			}
		}
		for _, id := range programs {
			if p, err := ebpf.NewProgramFromID(id); err == nil {
				left++
				p.Close()
			}
		}
		if left == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d maps and programs are left in the kernel", left)
		}
	}
}

func (s *Session) inKernel(t *testing.T) (maps []ebpf.MapID, programs []ebpf.ProgramID) {
	t.Helper()
	for _, m := range s.loaded.maps.Maps {
		info, err := m.Info()
		if err != nil {
			t.Fatal(err)
		}
		id, _ := info.ID()
		maps = append(maps, id)
	}
	for _, part := range s.loaded.parts {
		for _, p := range part.Programs {
			info, err := p.Info()
			if err != nil {
				t.Fatal(err)
			}
			id, _ := info.ID()
			programs = append(programs, id)
		}
	}
	return maps, programs
}

func TestLiveAProcessThatIsNotThere(t *testing.T) {
	requireProbes(t)
	a := startActor(t)
	a.in.Close()
	a.cmd.Wait()
	if _, err := Start(Targets{Workload: []int{a.pid()}}); !errors.Is(err, ErrTargets) {
		t.Errorf("got %v, want ErrTargets", err)
	}
}

func TestLiveCost(t *testing.T) {
	requireProbes(t)
	c, err := Calibrate()
	if err != nil {
		t.Fatal(err)
	}
	if c.BareNs <= 0 || c.AddedNs != c.ProbedNs-c.BareNs || c.SeenNs <= 0 || c.SeenNs > c.ProbedNs*1.2 {
		t.Errorf("%+v: the window of a call cannot be longer than the call", c)
	}
	t.Logf("%+v", c)
}

// asleep returns once no thread of a process runs or waits, ten looks in a row: then no turn is open in one account and not in the other.
func asleep(t *testing.T, pid int) {
	t.Helper()
	for n, looks := 0, 0; n < 10; n, looks = n+1, looks+1 {
		if looks > 5000 {
			t.Fatal("the actor does not come to rest")
		}
		tids, err := threadsOf(pid, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, tid := range tids {
			// Its state is that of a sleeper before it is off its CPU, and stays so while it waits to go: only what is on no queue of the scheduler
			// has a place where it sleeps (kernel/sched/core.c: get_wchan).
			b, err := os.ReadFile(taskFile(pid, tid, "wchan"))
			if err != nil || string(b) == "0" {
				n = 0
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// schedstat is the time on a CPU and the time waiting for one of all threads of a process, ns (proc(5), Documentation/scheduler/sched-stats).
func schedstat(t *testing.T, pid int) (onCPU, waited uint64) {
	t.Helper()
	tids, err := threadsOf(pid, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, tid := range tids {
		var cpu, wait uint64
		b, err := os.ReadFile(taskFile(pid, tid, "schedstat"))
		if err != nil {
			t.Fatal(err)
		}
		scan(t, string(b), &cpu, &wait)
		onCPU, waited = onCPU+cpu, waited+wait
	}
	return onCPU, waited
}
