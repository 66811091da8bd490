package suggest

import (
	"errors"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// LearnerOptions are what a Learner needs to know. The zero value of a number means its default.
type LearnerOptions struct {
	Rules  []match.Rule // those that Row.Rule is an index of
	Split  Split
	Wanted func(*analyze.Row) bool // whether an event must still be seen; may be nil
	Mounts []match.SnapshotMount   // of the host, where they are known

	MaxBehaviours int // default 50,000, about 40 MiB
	MaxTextBytes  int // of the names of programs and folders together; default 8 MiB
}

// Learner puts the events of a log together to behaviours. It is an analyze.Ledger for a reading in which decisions stand: one of the
// readings after the first. Its memory is bounded: see fold.
type Learner struct {
	o       LearnerOptions
	entries []entry
	index   map[key]int32
	lastKey key
	last    int32 // index of the entry of lastKey, negative for none

	exes, dirs *interner
	exeOwners  []Ownership // by id
	dirOwners  []owners    // by id
	hosts      hostTable
	classes    classes
	undecided  maybes
	mounts     mounts

	beyond, total Parts
	folded        uint64
	doubted       bool   // or at its end
	follows       int    // entries whose files are followed
	text, side    []byte // memory for names
	base          []byte // name in its folder of the file that the event is about, empty where that is a folder
}

// entry is one behaviour as it is learnt.
type entry struct {
	key
	volume Parts
	thin   [len(ThinTypes)]Parts
	file   Ownership
	files  *files // nil where they are not followed
	hosts  hostSet
}

// owners is what is known of a folder, and, where others were folded into it, of those.
type owners struct{ own, below Ownership }

// NewLearner returns a Learner that has seen nothing.
func NewLearner(o LearnerOptions) *Learner {
	if o.MaxBehaviours <= 0 {
		o.MaxBehaviours = 50_000
	}
	if o.MaxTextBytes <= 0 {
		o.MaxTextBytes = 8 << 20
	}
	return &Learner{o: o, index: map[key]int32{}, last: -1, exes: newInterner(), dirs: newInterner(),
		exeOwners: make([]Ownership, 1), dirOwners: make([]owners, 1)}
}

// Doubt ends what is learnt: decisions that may come again must not be counted yet.
func (l *Learner) Doubt() { l.doubted = true }

// Again is for readings that take decisions back, which is none for a Learner.
func (l *Learner) Again() error { return errDoubted }

var errDoubted = errors.New("the learner has ended, or was given decisions that may change: read the log once without it, and give it the reading after that")

// Write takes in one event.
func (l *Learner) Write(r *analyze.Row) error {
	if l.doubted {
		return errDoubted
	}
	v := Volume{Events: 1, Records: uint64(len(r.Records)), Bytes: r.LogBytes}
	host := l.hosts.of(r.Node, &l.o.Split)
	tested := r.Sec > host.moment
	l.total.add(tested, v)
	switch r.Origin {
	case analyze.Rules, analyze.UserMessages, analyze.KernelMade:
		l.base = l.base[:0]
		e := l.entry(l.keyOf(r))
		thin := thinOf(r)
		e.volume.add(tested, v)
		for n := range thin {
			e.thin[n].add(tested, thin[n])
		}
		l.follow(e, tested, v, &thin)
		e.hosts.add(host.id)
		l.see(e, r, tested)
	case analyze.Undecided:
		l.undecided.add(r.Candidates, tested, v)
	default:
		l.beyond.add(tested, v)
	}
	return nil
}

func (p *Parts) add(tested bool, v Volume) {
	if tested {
		p.Tested.Add(v)
	} else {
		p.Learnt.Add(v)
	}
}

func (p *Parts) join(o Parts) {
	p.Learnt.Add(o.Learnt)
	p.Tested.Add(o.Tested)
}

// bytes are those of both parts.
func (p *Parts) bytes() uint64 { return p.Learnt.Bytes + p.Tested.Bytes }

// entry is the behaviour of a key. It is valid until the next call.
func (l *Learner) entry(k key) *entry {
	if l.last >= 0 && k == l.lastKey {
		return &l.entries[l.last]
	}
	at, ok := l.index[k]
	if !ok {
		if len(l.entries) >= l.o.MaxBehaviours || l.exes.bytes+l.dirs.bytes > l.o.MaxTextBytes {
			k = l.makeRoom(k)
			if at, ok = l.index[k]; ok {
				l.last, l.lastKey = at, k
				return &l.entries[at]
			}
		}
		at = int32(len(l.entries))
		l.entries = append(l.entries, entry{key: k})
		l.index[k] = at
	}
	l.last, l.lastKey = at, k
	return &l.entries[at]
}

// thinOf is the records of an event that a rule set may go without.
func thinOf(r *analyze.Row) (sums [len(ThinTypes)]Volume) {
	for i := range r.Records {
		for n, typ := range thinNumbers {
			if r.Records[i].Type == typ {
				sums[n].Events = 1
				sums[n].Records++
				sums[n].Bytes += uint64(r.Records[i].Bytes)
			}
		}
	}
	return sums
}

// thinNumbers are the numbers of ThinTypes (include/uapi/linux/audit.h).
var thinNumbers = [len(ThinTypes)]uint16{1327, 1307}
