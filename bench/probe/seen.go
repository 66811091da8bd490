package probe

import (
	"fmt"

	"github.com/cilium/ebpf"
)

// Seen is what a session saw between Start and Stop.
type Seen struct {
	Levels []string // Syscalls, Scheduler, Samples
	// Notes say in one line each what is missing or short.
	Notes []string
	// Calls are the workload's, by system call number. Calls that never return, as exit_group, are not among them.
	Calls                     map[int]Calls
	Workload, Auditd, Kauditd Turns
	// Samples of each count clock ticks by place.
	WorkloadSamples, AuditdSamples, KauditdSamples map[Place]uint64
}

// Calls is one system call, over all CPUs and watched threads. Times are ns.
type Calls struct {
	Count   uint64
	OnCPU   uint64 // sum over all calls
	Asleep  uint64 // sum of the time asleep within calls: not runnable
	Waiting uint64 // sum of the time runnable without a CPU within calls
	Steps   Steps  // calls that never left their CPU, by their time
}

// Turns is the time of all threads of a target, in ns.
type Turns struct {
	OnCPU, Waiting uint64
	Switches       uint64 // onto a CPU
}

// otherCalls is the row of all numbers from there on.
const otherCalls = 511

// readCalls sums the rows of all CPUs.
func readCalls(m *ebpf.Map) (map[int]Calls, error) {
	calls := map[int]Calls{}
	var rows []watchCalls
	for nr := range uint32(otherCalls + 1) {
		if err := m.Lookup(nr, &rows); err != nil {
			return nil, fmt.Errorf("read the times of system call %d: %w", nr, err)
		}
		var c Calls
		for i := range rows {
			c.add(&rows[i])
		}
		if c.Count > 0 {
			calls[int(nr)] = c
		}
	}
	return calls, nil
}

func (c *Calls) add(row *watchCalls) {
	c.Count, c.OnCPU, c.Asleep, c.Waiting = c.Count+row.Count, c.OnCPU+row.OnCpu, c.Asleep+row.Asleep, c.Waiting+row.Waiting
	for i, n := range row.Steps {
		c.Steps[i] += uint64(n)
	}
}

// readTurns sums each kind over all CPUs, and adds the turns that have not ended at now (ns of CLOCK_MONOTONIC).
func readTurns(turns, threads *ebpf.Map, now uint64) ([kindCount]Turns, error) {
	var all [kindCount]Turns
	var cpus []watchTurns
	for kind := range uint32(kindCount) {
		if err := turns.Lookup(kind, &cpus); err != nil {
			return all, fmt.Errorf("read the times of the scheduler: %w", err)
		}
		for _, c := range cpus {
			t := &all[kind]
			t.OnCPU, t.Waiting, t.Switches = t.OnCPU+c.OnCpu, t.Waiting+c.Waiting, t.Switches+c.Switches
		}
	}
	return all, addOpenTurns(&all, threads, now)
}

// states of a thread, as in bpf/watch.bpf.c.
const (
	stateRunning = 1
	stateWaiting = 2
)

func addOpenTurns(all *[kindCount]Turns, threads *ebpf.Map, now uint64) error {
	var pid uint32
	var t watchThread
	each := threads.Iterate()
	for each.Next(&pid, &t) {
		if t.Kind >= kindCount || t.Since > now {
			continue
		}
		switch t.State {
		case stateRunning:
			all[t.Kind].OnCPU += now - t.Since
		case stateWaiting:
			all[t.Kind].Waiting += now - t.Since
		}
	}
	if err := each.Err(); err != nil {
		return fmt.Errorf("read the threads: %w", err)
	}
	return nil
}

// readTicks classes the stacks that clock ticks found, by kind of thread.
func readTicks(ticks *ebpf.Map, names symbols) (places [kindCount]map[Place]uint64, err error) {
	for kind := range places {
		places[kind] = map[Place]uint64{}
	}
	var at watchPlace
	var n uint64
	each := ticks.Iterate()
	for each.Next(&at, &n) {
		if at.Kind >= kindCount {
			continue
		}
		places[at.Kind][placeOf(at.Stack[:], names)] += n
	}
	if err := each.Err(); err != nil {
		return places, fmt.Errorf("read the samples: %w", err)
	}
	return places, nil
}
