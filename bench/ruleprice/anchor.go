package ruleprice

import (
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Anchors say how much of its foretold price a whole set really takes on this host: the parts of a walk overlap in the processor, which makes
// them cheaper together than one by one, and what a call does besides empties the caches, which makes them dearer.
type Anchors struct {
	Nothing float64 // in a loop of a call that looks up nothing
	Name    float64 // in a loop of one that looks up a name
}

// Whole is a set as it is timed for an anchor.
func Whole(name string, mute []rule.Wire, loop string) Setting {
	return Setting{Name: name + " whole", Loop: loop, Rules: mute, Steps: newCounts()}
}

// Bounds of an anchor: beyond them it is a disturbance, and below the least tax, in nanoseconds, nothing can be told.
const (
	leastAnchor = 0.6
	mostAnchor  = 1.7
	leastTax    = 20
)

// AnchorOf is measured over foretold tax of a loop's call, 1 where it cannot be told.
func AnchorOf(measuredNs, foretoldNs float64) float64 {
	if foretoldNs < leastTax || measuredNs < leastTax {
		return 1
	}
	return min(mostAnchor, max(leastAnchor, measuredNs/foretoldNs))
}

// For is the anchor for the calls of a workload: most that look up names share the caches with what the kernel does for files.
func (a Anchors) For(c Census) float64 {
	if c.Calls > 0 && c.Shared[Name]/c.Calls >= namesFrom {
		return a.Name
	}
	return a.Nothing
}

// namesFrom is the number of names per system call from which a workload is one of files.
const namesFrom = 0.1

// Scaled is the costs times a factor.
func (k Costs) Scaled(by float64) Costs {
	out := append(Costs(nil), k...)
	for i := range out {
		out[i] *= by
	}
	return out
}

// LoopCall is the system call of a loop, made by root without a login, as a log would have it; inode is that of the file of LoopName.
func LoopCall(loop string, machine uint32, inode uint64) *event.Call {
	word, exit := "getppid", int64(1)
	if loop == LoopName {
		word, exit = "newfstatat", 0
		if _, ok := names.SyscallNumber(machine, word); !ok {
			word = "fstatat"
		}
	}
	nr, _ := names.SyscallNumber(machine, word)
	const unset = ^uint32(0)
	c := &event.Call{Event: &event.Event{}, Has: ^event.Has(0), Arch: machine, Syscall: uint32(nr), Success: true, Exit: exit, PPID: 1, PID: 2,
		AUID: unset, Ses: unset, Family: -1, Openat2Flags: -1}
	if loop == LoopName {
		c.Items = 1
		c.Names = []event.Name{{HasInode: true, Inode: inode, Mode: 0o100600, Type: event.NameNormal}}
	}
	return c
}
