package ruleprice

import (
	"math"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Anchors say how much of its foretold price a whole set really takes on this host: the parts of a walk overlap in the processor, which makes
// them cheaper together than one by one, and what a call does besides empties the caches, which makes them dearer. The second is of the call
// itself and not of the workload: the close behind an open finds the rules where the open's walk has left them.
type Anchors struct {
	Nothing float64 // of a call that looks up nothing
	Name    float64 // of one that looks up a name
}

// SetCosts are what the steps through one set cost.
type SetCosts struct {
	Costs   Costs
	Anchors Anchors
}

// sum is what those steps of a census cost that of picks from each of its parts.
func (k SetCosts) sum(c Census, of func(Part) Counts) float64 {
	return k.Anchors.Nothing*k.Costs.Of(of(c.parts[plain])) + k.Anchors.Name*k.Costs.Of(of(c.parts[named]))
}

// Unanchored is the costs as the steps have them one by one.
func Unanchored(k Costs) SetCosts { return SetCosts{Costs: k, Anchors: Anchors{Nothing: 1, Name: 1}} }

// Whole is a set as it is timed for an anchor.
func Whole(name string, mute []rule.Wire, loop string) Setting {
	return Setting{Name: name + " whole", Loop: loop, Rules: mute, Steps: newCounts()}
}

// Bounds of an anchor: beyond them it is a disturbance. A foretold tax below the least, in nanoseconds, cannot be told from none.
const (
	leastAnchor = 0.6
	mostAnchor  = 1.7
	leastTax    = 20
)

// AnchorOf is measured over foretold tax of a loop's call, within the bounds, and 1 where too little was foretold to tell. bounded tells that the
// measure was beyond what is believed, by more than a load differs from another, and that the bound stands in its place. What was measured may be
// as little as it is: a small set would else keep the price of its steps only where that is too high.
func AnchorOf(measuredNs, foretoldNs float64) (anchor float64, bounded bool) {
	if foretoldNs < leastTax {
		return 1, false
	}
	seen := measuredNs / foretoldNs
	anchor = min(mostAnchor, max(leastAnchor, seen))
	return anchor, anchor != seen && math.Abs(measuredNs-foretoldNs) > leastTax
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
