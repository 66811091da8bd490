package suggest

import (
	"cmp"
	"slices"
	"strings"
)

// candidate is a change that would save enough to be looked at.
type candidate struct {
	change Change
	text   string // of the change: ties are settled by it
	of     []int  // behaviours that go, as indexes
	thin   int    // index into ThinTypes of the only records that go, -1 where whole events do
	alone  Parts  // records that go and that no other candidate is about
	wanted string // what must be seen and may be among it, "" where nothing is
	bytes  uint64 // learnt, of all that goes

	judged bool
	grade  Grade
	blinds []Blinded // soft ones
	why    string    // it may not be proposed, "" where it may
	needs  Risk      // Refusal.Risk, where it may not
}

// search is the noise with what is asked of it again and again.
type search struct {
	*Noise
	o     Options
	grade Grader
	guard Guard
	least uint64 // bytes learnt that a change must save

	cells   map[cellKey][]int
	order   []cellKey
	classes classes
	found   []*candidate
	seen    map[string]bool
}

// cellKey is a program run by a user.
type cellKey struct {
	exe string
	uid uint32
}

// maxCandidates bounds the search. Each candidate holds a hundredth of the log, so only their variants are many.
const maxCandidates = 5000

func newSearch(n *Noise, g Grader, guard Guard, o Options) *search {
	s := &search{Noise: n, o: o.withDefaults(), grade: g, guard: guard, cells: map[cellKey][]int{}, seen: map[string]bool{}}
	s.least = max(uint64(s.o.MinShare*float64(n.Total.Learnt.Bytes)), 1)
	mass := map[cellKey]uint64{}
	for i := range n.Behaviours {
		b := &n.Behaviours[i]
		k := cellKey{b.Exe, b.UID}
		s.cells[k] = append(s.cells[k], i)
		mass[k] += b.Learnt.Bytes
	}
	for k, m := range mass {
		if m >= s.least {
			s.order = append(s.order, k)
		}
	}
	slices.SortFunc(s.order, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(mass[b], mass[a]), strings.Compare(a.exe, b.exe), cmp.Compare(a.uid, b.uid))
	})
	return s
}

// candidates finds all changes that are worth a look.
func (s *search) candidates() {
	for _, k := range s.order {
		s.exits(k)
	}
	s.messages()
	s.narrower()
	slices.SortFunc(s.found, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.bytes, a.bytes), strings.Compare(a.text, b.text))
	})
}

// offer enters a change with what it takes from the behaviours of one list, where that is enough.
func (s *search) offer(c Change, among []int) {
	if len(s.found) >= maxCandidates {
		return
	}
	text := c.key()
	if s.seen[text] {
		return
	}
	s.seen[text] = true
	if x := s.weigh(c, among); x != nil {
		s.keep(x)
	}
}

// weigh finds what a change takes from some behaviours, nil where they do not tell.
func (s *search) weigh(c Change, among []int) *candidate {
	t, ok := newTaker(&c, s.Rules, s.o.Machine)
	if !ok {
		return nil
	}
	x := &candidate{change: c, text: c.key(), thin: -1}
	for _, i := range among {
		b := &s.Behaviours[i]
		if t.takes(b) {
			x.of = append(x.of, i)
			x.bytes += b.Learnt.Bytes
		}
		if b.Wanted && x.wanted == "" && t.mayTake(b) {
			x.wanted = b.describe()
		}
	}
	return x
}

func (s *search) keep(x *candidate) {
	if x.bytes >= s.least && s.events(x) >= s.o.MinEvents && len(s.found) < maxCandidates {
		s.found = append(s.found, x)
	}
}

// events is how many events learnt from a candidate is about; of one that takes single records how many of these.
func (s *search) events(x *candidate) (n uint64) {
	n = x.alone.Learnt.Records
	for _, i := range x.of {
		if x.thin >= 0 {
			n += s.Behaviours[i].Thin[x.thin].Learnt.Records
		} else {
			n += s.Behaviours[i].Learnt.Events
		}
	}
	return n
}

// sum is the volume learnt of some behaviours.
func (s *search) sum(of []int) (bytes uint64) {
	for _, i := range of {
		bytes += s.Behaviours[i].Learnt.Bytes
	}
	return bytes
}

// only are the behaviours for which a question is answered with yes.
func (s *search) only(of []int, yes func(*Behaviour) bool) []int {
	var out []int
	for _, i := range of {
		if yes(&s.Behaviours[i]) {
			out = append(out, i)
		}
	}
	return out
}
