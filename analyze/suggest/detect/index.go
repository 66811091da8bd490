package detect

import (
	"bytes"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// index finds the hard conditions that an event could be one of, by its system call, its access and the names in it.
type index struct {
	sight   *sight
	conds   []*Condition
	of      []int // detection by condition
	always  []int // conditions that may be true of any event: no call, no name
	byCall  [2][]callConds
	byType  map[uint32][]int // conditions that ask for a record type, and for no call
	paths   nameTree
	loose   []lead // patterns that begin anywhere
	found   []lead
	tried   []uint64 // by condition: the event it was asked about last
	counted []uint64 // by detection: the event that was counted last
	event   uint64
}

// callConds are the conditions of one call.
type callConds struct {
	conds   []int  // without a path
	pathful Access // that one of the conditions with a path is about
}

// anyUse stands for calls of which a condition wants every use.
const anyUse = ^Access(0)

func (s *Set) newIndex() *index {
	x := &index{sight: newSight(s.tables.on, s.tables.via), byType: map[uint32][]int{}}
	for i := range x.byCall {
		x.byCall[i] = make([]callConds, maskBits)
	}
	for d := range s.detections {
		if !s.detections[d].Hard() {
			continue
		}
		for c := range s.detections[d].conds {
			x.add(s, d, &s.detections[d].conds[c])
		}
	}
	x.tried, x.counted = make([]uint64, len(x.conds)), make([]uint64, len(s.detections))
	return x
}

func (x *index) add(s *Set, detection int, c *Condition) {
	n := len(x.conds)
	x.conds, x.of = append(x.conds, c), append(x.of, detection)
	where, use := everyCall(), anyUse
	var at, typed *test
	called := false
	for i := range c.tests {
		switch t := &c.tests[i]; {
		case t.not:
		case t.field == ofCalls:
			where = where.intersect(t.calls)
			called = true
			if t.access != 0 {
				use = t.access
			}
		case t.field == ofPath:
			at = t
		case t.field == ofType:
			typed = t
		}
	}
	switch {
	case at != nil:
		x.addPath(n, at)
		x.each(s, &where, func(arch int, nr uint32) { x.byCall[arch][nr].pathful |= use })
	case called:
		x.each(s, &where, func(arch int, nr uint32) { x.byCall[arch][nr].conds = append(x.byCall[arch][nr].conds, n) })
	case typed != nil:
		x.addTypes(n, typed)
	default:
		x.always = append(x.always, n)
	}
}

func (x *index) addTypes(cond int, t *test) {
	for _, span := range t.nums {
		for nr := uint64(span.lo); nr <= min(uint64(span.hi), names.MaxRecordType); nr++ {
			x.byType[uint32(nr)] = append(x.byType[uint32(nr)], cond)
		}
	}
}

func (x *index) each(s *Set, c *calls, do func(arch int, nr uint32)) {
	for arch := range c.by {
		for nr := range maskBits {
			if s.tables.on.arch[arch] != 0 && c.has(arch, nr) {
				do(arch, nr)
			}
		}
	}
}

func (x *index) addPath(cond int, t *test) {
	for i := range t.texts {
		if p := &t.texts[i]; p.anchored() && !p.fold {
			x.paths.add(lead{p, cond})
		} else {
			x.loose = append(x.loose, lead{p, cond})
		}
	}
}

// Wanted tells whether an event is one of a keep or of a built-in detection: surely, not maybe. It counts it in Seen.
func (s *Set) Wanted(r *analyze.Row) bool {
	x := s.index
	x.event++
	x.sight.look(r.Event, r.Call)
	wanted := false
	for _, n := range x.always {
		wanted = s.ask(n) || wanted
	}
	for i := range r.Records {
		for _, n := range x.byType[uint32(r.Records[i].Type)] {
			wanted = s.ask(n) || wanted
		}
	}
	if r.Call == nil || !x.sight.known || uint64(x.sight.nr) >= uint64(len(x.byCall[x.sight.arch])) {
		return wanted
	}
	of := &x.byCall[x.sight.arch][x.sight.nr]
	for _, n := range of.conds {
		wanted = s.ask(n) || wanted
	}
	if of.pathful == anyUse || x.sight.access&of.pathful != 0 {
		wanted = s.askPaths() || wanted
	}
	return wanted
}

// ask asks a condition about the event.
func (s *Set) ask(n int) bool {
	x := s.index
	if x.tried[n] == x.event {
		return false
	}
	x.tried[n] = x.event
	if x.conds[n].matches(x.sight) != Yes {
		return false
	}
	if d := x.of[n]; x.counted[d] != x.event {
		x.counted[d] = x.event
		s.seen[d]++
	}
	return true
}

// askPaths asks the conditions with a path that a name of the event is one of.
func (s *Set) askPaths() bool {
	x := s.index
	wanted := false
	files := x.sight.names()
	for i := range files {
		f := &files[i]
		if f.told != toldAll {
			for _, l := range x.loose { // a pattern that begins anywhere may know it by its end
				wanted = s.ask(l.cond) || wanted
			}
			continue
		}
		wanted = s.askName(f.typed) || wanted
		if !bytes.Equal(f.typed, f.real) {
			wanted = s.askName(f.real) || wanted
		}
	}
	return wanted
}

func (s *Set) askName(name []byte) bool {
	x := s.index
	wanted := false
	for _, l := range x.loose {
		if l.pattern.match(name) {
			wanted = s.ask(l.cond) || wanted
		}
	}
	x.found = x.paths.find(x.found[:0], name)
	for _, l := range x.found {
		if l.pattern.match(name) {
			wanted = s.ask(l.cond) || wanted
		}
	}
	return wanted
}
