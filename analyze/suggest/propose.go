package suggest

import (
	"cmp"
	"slices"
	"strconv"
)

// Propose finds the fewest, tightest changes that remove the most noise. The Grader and the Guard are asked of each change that would save
// enough; no Guard is one that never objects. The result is the same for the same noise, whatever the order of its behaviours.
func Propose(n *Noise, g Grader, guard Guard, o Options) Result {
	sorted := *n
	if !slices.IsSortedFunc(n.Behaviours, compareBehaviours) {
		sorted.Behaviours = slices.Clone(n.Behaviours)
		slices.SortFunc(sorted.Behaviours, compareBehaviours)
	}
	s := newSearch(&sorted, g, guard, o)
	s.candidates()

	all, removable := s.removable()
	chosen := s.chooseAndMerge(uint64(s.o.Target * float64(removable.Learnt.Bytes)))
	for _, x := range chosen {
		removable.join(all.apply(x)) // what was merged may take more than its parts
	}
	out := Result{Total: n.Total, Removable: removable, Doubts: n.doubts()}
	slices.SortStableFunc(chosen, func(a, b *candidate) int {
		return cmp.Or(compareBool(a.leavesEvents(), b.leavesEvents()), cmp.Compare(b.bytes, a.bytes))
	})
	r := newRemoval(s)
	for i, x := range chosen {
		p := s.proposal(x, r)
		p.ID = "P" + strconv.Itoa(i+1)
		out.Saved.join(Parts{p.Learnt, p.Tested})
		out.Proposals = append(out.Proposals, p)
	}
	out.Refusals = s.refusals(r)
	return out
}

// A log of less than a day, or of one host, says little of what is usual.
const daySec = 24 * 60 * 60

func (n *Noise) doubts() (list []string) {
	if n.Split.CoveredSec < daySec {
		list = append(list, "the log covers less than 24 hours")
	}
	if n.Split.Hosts < 2 {
		list = append(list, "the log is of one host")
	}
	if n.Total.Tested.Events == 0 {
		list = append(list, "nothing of the log was left to test on")
	}
	return list
}
