package suggest

import (
	"cmp"
	"hash/fnv"
	"slices"

	"github.com/auditprof/auditprof/analyze"
)

// Split parts a log in what is learnt from and what that is tested on: the last third of each host's covered time is tested, and of three
// hosts and more a third of the hosts as a whole, those with the lowest hashes of their names.
type Split struct {
	CoveredSec int64 // of the host whose log covers most
	Hosts      int   // in the log
	HeldOut    []string

	moments map[string]int64 // last second that is learnt from; 0 for hosts that are held out
	rest    int64            // the same of hosts that have no row
}

// minSplitHosts is from how many hosts on some are held out.
const minSplitHosts = 3

// NewSplit makes a split of the time that a first reading found covered.
func NewSplit(w *analyze.Window) Split {
	s := Split{moments: map[string]int64{}, Hosts: len(w.Hosts), rest: w.LastSec - (w.LastSec-w.FirstSec)/3}
	for i := range w.Hosts {
		h := &w.Hosts[i]
		s.CoveredSec = max(s.CoveredSec, h.CoveredSec)
		s.moments[h.Name] = lastThird(h, w.Holes)
	}
	for _, name := range heldOut(w.Hosts) {
		s.moments[name] = 0
		s.HeldOut = append(s.HeldOut, name)
	}
	return s
}

// Tested tells whether an event of a host is in the part that is tested.
func (s *Split) Tested(node string, sec int64) bool {
	return sec > s.moment(node)
}

func (s *Split) moment(node string) int64 {
	if moment, ok := s.moments[node]; ok {
		return moment
	}
	return s.rest
}

// lastThird is the second after which a third of what the host's log covers is left. Of the holes only the longest are known; where one lies
// in the last third, the moment is earlier by its length.
func lastThird(h *analyze.Host, holes []analyze.Hole) int64 {
	left := h.CoveredSec / 3
	at := h.LastSec - left
	mine := slices.DeleteFunc(slices.Clone(holes), func(x analyze.Hole) bool { return x.Host != h.Name })
	slices.SortFunc(mine, func(a, b analyze.Hole) int { return cmp.Compare(b.ToSec, a.ToSec) }) // the last first
	for _, hole := range mine {
		if hole.ToSec > at {
			at = max(at-hole.Sec(), h.FirstSec)
		}
	}
	return at
}

// heldOut are the hosts of which nothing is learnt: a third of them, those with the lowest hashes.
func heldOut(hosts []analyze.Host) []string {
	if len(hosts) < minSplitHosts {
		return nil
	}
	list := make([]string, 0, len(hosts))
	for i := range hosts {
		list = append(list, hosts[i].Name)
	}
	slices.SortFunc(list, func(a, b string) int {
		if x, y := hashOf(a), hashOf(b); x != y {
			if x < y {
				return -1
			}
			return 1
		}
		if a < b {
			return -1
		}
		return 1
	})
	list = list[:len(list)/3]
	slices.Sort(list)
	return list
}

func hashOf(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}
