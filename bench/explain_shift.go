package bench

import (
	"math"
	"slices"

	"github.com/auditprof/auditprof/bench/probe"
	"github.com/auditprof/auditprof/bench/result"
)

// shifts compares the explain slots with each other: each with the arm without audit for the filter tax, each set with its mute copy for the
// record cost. Where the scheduler could not be watched there is neither: the times of calls that slept are among the others then, and which system
// calls can be compared is not known.
func (x *explainer) shifts(r *Runner) {
	base := r.Plan.Arms[r.Plan.baseline()].Info.Name
	for i := range x.all {
		e := &x.all[i]
		if !e.Mute {
			recorded(e, r.attributionOf(e.Scenario, e.Arm))
		}
		if b := x.find(e.Scenario, base, false); b != nil && b != e && undisturbedKnown(b, e) {
			e.Tax = taxShift(e.Syscalls, b.Syscalls)
		}
		if m := x.find(e.Scenario, e.Arm, true); m != nil && !e.Mute && undisturbedKnown(m, e) {
			e.Record = recordShift(e.Syscalls, m.Syscalls)
		}
	}
}

// undisturbedKnown tells whether calls that left their CPU were set apart in both.
func undisturbedKnown(a, b *result.Explained) bool {
	return slices.Contains(a.Levels, probe.Scheduler) && slices.Contains(b.Levels, probe.Scheduler)
}

func (x *explainer) find(scenario, arm string, mute bool) *result.Explained {
	for i := range x.all {
		if e := &x.all[i]; e.Scenario == scenario && e.Arm == arm && e.Mute == mute {
			return e
		}
	}
	return nil
}

// attributionOf is empty where there was no such slot.
func (r *Runner) attributionOf(scenario, arm string) result.Attribution {
	for _, at := range r.attr {
		if at.Scenario == scenario && at.Arm == arm {
			return at
		}
	}
	return result.Attribution{}
}

// recorded writes into each system call how many of its calls were recorded, as the attribution slot tells it per operation.
func recorded(e *result.Explained, at result.Attribution) {
	if at.Ops == 0 {
		return
	}
	events := map[string]uint64{}
	for _, row := range at.Rows {
		if row.Rule >= 0 && row.Type == "SYSCALL" {
			events[row.Syscall] += row.Events
		}
	}
	for i := range e.Syscalls {
		c := &e.Syscalls[i]
		perOp := float64(events[c.Name]) / float64(at.Ops)
		c.Recorded = min(c.Count, uint64(math.Round(perOp*float64(e.Ops))))
	}
}

// fewCalls is too few for a median that can be compared.
const fewCalls = 200

// comparable tells whether a system call's own time can be compared: it is made often, and seldom leaves its CPU. What waits for something by
// its nature, as futex and epoll_pwait do, says nothing of audit.
func comparable(c result.SyscallTimes) bool {
	n := undisturbedCalls(c)
	return n >= fewCalls && 4*n >= 3*c.Count
}

func undisturbedCalls(c result.SyscallTimes) (n uint64) {
	for _, k := range c.Log2 {
		n += k
	}
	return n
}

// taxShift compares the system calls of which none was recorded with those of the arm without audit; nil where nothing can be compared.
func taxShift(calls, base []result.SyscallTimes) *result.Shift {
	sum := shiftSum{}
	of := byName(base)
	for _, c := range calls {
		if b, ok := of[c.Name]; ok && c.Recorded == 0 && comparable(c) && comparable(b) {
			sum.add(c.MedianNs-b.MedianNs, asleepPerCall(c)-asleepPerCall(b), c.Count)
		}
	}
	return sum.shift()
}

// recordShift compares the system calls that were recorded with the same under the mute copy. Where most of the calls are recorded their median
// is a recorded call's; where few are, only the mean tells.
func recordShift(calls, mute []result.SyscallTimes) *result.Shift {
	sum := shiftSum{}
	of := byName(mute)
	for _, c := range calls {
		m, ok := of[c.Name]
		if !ok || c.Recorded < fewCalls || !comparable(m) || undisturbedCalls(c) < fewCalls {
			continue
		}
		share := float64(c.Recorded) / float64(c.Count)
		ns := c.MedianNs - m.MedianNs
		if share < 0.5 {
			ns = (c.MeanNs - m.MeanNs) / share
		}
		sum.add(ns, (asleepPerCall(c)-asleepPerCall(m))/share, c.Recorded)
	}
	return sum.shift()
}

func byName(calls []result.SyscallTimes) map[string]result.SyscallTimes {
	m := map[string]result.SyscallTimes{}
	for _, c := range calls {
		m[c.Name] = c
	}
	return m
}

func asleepPerCall(c result.SyscallTimes) float64 {
	return float64(c.AsleepNs) / float64(max(c.Count, 1))
}

// shiftSum weights the shifts of system calls by their calls.
type shiftSum struct {
	out        result.Shift
	ns, asleep float64
}

func (s *shiftSum) add(ns, asleepNs float64, calls uint64) {
	if s.out.Syscalls == 0 || ns < s.out.Low {
		s.out.Low = ns
	}
	if s.out.Syscalls == 0 || ns > s.out.High {
		s.out.High = ns
	}
	s.out.Syscalls++
	s.out.Calls += calls
	s.ns += ns * float64(calls)
	s.asleep += asleepNs * float64(calls)
}

func (s *shiftSum) shift() *result.Shift {
	if s.out.Calls == 0 {
		return nil
	}
	s.out.Ns, s.out.AsleepNs = s.ns/float64(s.out.Calls), s.asleep/float64(s.out.Calls)
	return &s.out
}
