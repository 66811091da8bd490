package match

// A world gives every open question one answer. Judge.walk decides an event in one world: where it meets a question that is open, it
// takes the answer that the world has already given, or the likelier one, and notes it. next turns the last answer that has not been
// turned yet, so that walking again and again tries every world that matters, and none twice.

// atom is one question, the same wherever a rule asks it.
type atom struct {
	kind atomKind
	name int32  // index of a name, or 0
	of   int32  // what it is asked about: a path, a field, a rule
	with uint32 // a number that it is compared with
}

type atomKind uint8

const (
	atomBelow atomKind = iota
	atomAt
	atomGone // atomAt while the name goes away
	atomExe
	atomGroup
	atomID
	atomForm
	atomDir
	atomField
	atomPerm
	atomOrder
	atomReturn
	atomFilesystem
	atomGoes
	atomRemade
)

// answer is what a world says to an atom.
type answer struct {
	atom   atom
	value  bool
	turned bool // the other answer has been tried
	bent   bool // the reading was not open: it was taken for granted
	why    Why
	rests  Assumption
}

// Bounds of one decision.
const (
	maxWalks   = 4096    // worlds that are tried
	maxAnswers = 256     // open questions in one world
	maxBends   = 256     // worlds that are tried against what is taken for granted
	maxSteps   = 1 << 19 // rules asked and answers looked through, all worlds together: about a millisecond
	bentSteps  = 1 << 16 // the same against what is taken for granted: under rules that are not those of the log every event gets there
)

// worlds is the world that is being walked, and how to come to the next.
type worlds struct {
	trail []answer
	bends int // how many things taken for granted a world may deny; 0 where none is doubted
	bent  int // how many it does
	walks int
	full  bool // a question was too many: the likelier answer was taken and not noted
	why   Why  // of all open questions met
	rests Assumption
	steps int

	bars   func() bool // tells whether the rule that is being asked cannot be the one that recorded the event; nil: none is
	barred bool        // such a rule met an open question: it is taken not to match, whatever the answer
	keyed  bool        // that happened in any of the worlds
}

// begin is the first world.
func (w *worlds) begin(bends int) {
	*w = worlds{trail: w.trail[:0], bends: bends, bars: w.bars}
}

// ask answers a question in the world that is being walked.
func (w *worlds) ask(a atom, r reading) bool {
	if !r.open && (w.bends == 0 || r.rests == 0) {
		w.rests |= r.rests
		return r.value
	}
	return w.answer(a, r)
}

func (w *worlds) answer(a atom, r reading) bool {
	if (r.open || !r.value) && w.bars != nil && w.bars() {
		w.barred, w.keyed = w.barred || r.open, w.keyed || r.open
		return r.value
	}
	w.steps += len(w.trail)
	for i := range w.trail {
		if w.trail[i].atom == a {
			w.rests |= w.trail[i].restsNow()
			return w.trail[i].value
		}
	}
	w.why |= r.why
	if len(w.trail) == maxAnswers && r.open {
		w.full = true
		return r.value
	}
	w.trail = append(w.trail, answer{atom: a, value: r.value, bent: !r.open, why: r.why, rests: r.rests})
	if !r.open {
		w.rests |= r.rests
	}
	return r.value
}

// restsNow is what an answer takes for granted: nothing once it is turned.
func (n *answer) restsNow() Assumption {
	if n.turned {
		return 0
	}
	return n.rests
}

// next is the next world. It reports false where all have been tried.
func (w *worlds) next() bool {
	w.walks++
	w.rests = 0
	for n := len(w.trail) - 1; n >= 0; n-- {
		a := &w.trail[n]
		if a.turned || a.bent && w.bent == w.bends {
			if a.turned && a.bent {
				w.bent--
			}
			continue
		}
		a.turned, a.value = true, !a.value
		if a.bent {
			w.bent++
		}
		w.trail = w.trail[:n+1]
		return true
	}
	w.trail = w.trail[:0]
	return false
}

// most is how many worlds may be walked.
func (w *worlds) most() int {
	if w.bends > 0 {
		return maxBends
	}
	return maxWalks
}

// mostSteps is how much may be asked in all of them.
func (w *worlds) mostSteps() int {
	if w.bends > 0 {
		return bentSteps
	}
	return maxSteps
}
