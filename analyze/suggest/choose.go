package suggest

import (
	"container/heap"
	"math"
	"slices"
)

// removal is what is already gone: whole behaviours, and record types of those that stay.
type removal struct {
	s    *search
	gone []bool
	thin []uint8 // bits by index into ThinTypes
	done map[*candidate]bool
}

func newRemoval(s *search) *removal {
	return &removal{s: s, gone: make([]bool, len(s.Behaviours)), thin: make([]uint8, len(s.Behaviours)), done: map[*candidate]bool{}}
}

// left is what of a behaviour a candidate would still remove.
func (r *removal) left(x *candidate, i int) (p Parts) {
	b := &r.s.Behaviours[i]
	switch {
	case r.gone[i]:
	case x.thin >= 0:
		if r.thin[i]&(1<<x.thin) == 0 {
			p = b.Thin[x.thin]
			p.Learnt.Events, p.Tested.Events = 0, 0 // they stay
		}
	default:
		p = Parts{b.Learnt, b.Tested}
		for n := range ThinTypes {
			if r.thin[i]&(1<<n) != 0 {
				p.Learnt.take(b.Thin[n].Learnt)
				p.Tested.take(b.Thin[n].Tested)
			}
		}
	}
	return p
}

// leavesEvents tells whether a candidate takes single records and no event.
func (x *candidate) leavesEvents() bool { return x.thin >= 0 || x.change.Kind == Filesystem }

// take takes the records and bytes of o from v.
func (v *Volume) take(o Volume) { v.Records, v.Bytes = v.Records-o.Records, v.Bytes-o.Bytes }

// of is what a candidate would still remove.
func (r *removal) of(x *candidate) (p Parts) {
	if !r.done[x] {
		p = x.alone
	}
	for _, i := range x.of {
		p.join(r.left(x, i))
	}
	return p
}

// apply removes what a candidate removes, and says how much that was.
func (r *removal) apply(x *candidate) Parts {
	p := r.of(x)
	r.done[x] = true
	for _, i := range x.of {
		if x.thin >= 0 {
			r.thin[i] |= 1 << x.thin
		} else {
			r.gone[i] = true
		}
	}
	return p
}

// cost is what is given up for a candidate: what it says of risk, and a little for each doubling of the behaviours that can no longer be seen.
// Bytes are divided by it.
func (s *search) cost(x *candidate) float64 {
	cost := riskCost[min(x.grade.Risk, High)] * (1 + 0.01*math.Log2(float64(1+len(x.of))))
	if x.change.Cond("path") != "" {
		cost *= pathCost
	}
	return cost
}

// pathCost makes an exclusion by path= lose against one by dir= that saves as much: files come and go, and the kernel looks at each that is made
// in the folder of a path= (kernel/audit_watch.c: audit_watch_handle_event). It is for folders where others must stay visible.
const pathCost = 1.05

// riskCost makes a riskier candidate lose against less risky ones that save a quarter, a sixteenth of its bytes.
var riskCost = [...]float64{Low: 1, Medium: 4, High: 16}

// queued is a candidate with what it was worth when last asked, or its bytes. What others remove only makes it less: one that is asked anew and
// is still the highest is the best (lazy greedy).
type queued struct {
	*candidate
	worth float64
}

type queue []queued

func (q queue) Len() int { return len(q) }
func (q queue) Less(a, b int) bool {
	if q[a].worth != q[b].worth {
		return q[a].worth > q[b].worth
	}
	return q[a].text < q[b].text
}
func (q queue) Swap(a, b int) { q[a], q[b] = q[b], q[a] }
func (q *queue) Push(x any)   { *q = append(*q, x.(queued)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// removable is what all candidates remove together that may be proposed. Those that would add nothing are not judged.
func (s *search) removable() (r *removal, sum Parts) {
	r = newRemoval(s)
	for _, x := range s.found {
		if p := r.of(x); p.bytes() == 0 {
			continue
		}
		if s.judge(x); x.why == "" {
			sum.join(r.apply(x))
		}
	}
	return r, sum
}

// chooseAndMerge chooses, merges what can be one, and chooses again as long as that has made room.
func (s *search) chooseAndMerge(target uint64) (chosen []*candidate) {
	for {
		more := s.choose(target, chosen)
		fewer := s.withoutIdle(s.merged(slices.Clone(more)))
		if len(fewer) == len(more) || len(fewer) <= len(chosen) {
			return fewer
		}
		chosen = fewer
	}
}

// choose adds candidates to those chosen until target bytes learnt are gone, or there are as many as allowed: those that remove whole events
// first.
func (s *search) choose(target uint64, chosen []*candidate) []*candidate {
	r := newRemoval(s)
	saved := uint64(0)
	for _, x := range chosen {
		saved += r.apply(x).Learnt.Bytes
	}
	for _, thin := range [...]bool{false, true} {
		q := s.queue(thin)
		for q.Len() > 0 && len(chosen) < s.o.Max && saved < target {
			x := s.best(&q, r)
			if x == nil {
				break
			}
			p := r.apply(x)
			saved += p.Learnt.Bytes
			chosen = append(chosen, x)
		}
	}
	return chosen
}

func (s *search) queue(thin bool) queue {
	var q queue
	for _, x := range s.found {
		if x.leavesEvents() == thin {
			q = append(q, queued{candidate: x, worth: float64(x.bytes)})
		}
	}
	heap.Init(&q)
	return q
}

// best takes the candidate out of the queue that is worth most beside what is removed, nil where none saves enough.
func (s *search) best(q *queue, r *removal) *candidate {
	for q.Len() > 0 {
		top := heap.Pop(q).(queued)
		if s.judge(top.candidate); top.why != "" {
			continue
		}
		bytes := r.of(top.candidate).Learnt.Bytes
		if bytes < s.least {
			continue
		}
		worth := float64(bytes) / s.cost(top.candidate)
		if q.Len() == 0 || worth > (*q)[0].worth || worth == (*q)[0].worth && top.text < (*q)[0].text {
			return top.candidate
		}
		top.worth = worth
		heap.Push(q, top)
	}
	return nil
}

// withoutIdle drops what the others remove as well.
func (s *search) withoutIdle(chosen []*candidate) []*candidate {
	for n := len(chosen) - 1; n >= 0; n-- {
		others := slices.Delete(slices.Clone(chosen), n, n+1)
		r := newRemoval(s)
		for _, x := range others {
			r.apply(x)
		}
		if r.of(chosen[n]).Learnt.Bytes < s.least {
			chosen = others
		}
	}
	return chosen
}
