package redact

import (
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/bench/result"
)

// Options say what is known besides what the results themselves tell.
type Options struct {
	// Homes are directories of people besides /root and those below /home, as the host's user database has them.
	Homes []string
	// People are names of users and Hosts names of machines that are to go wherever they stand.
	People, Hosts []string
	// Keep are words that stay where they are the whole of a text: names of workloads.
	Keep []string
}

// Redactor gives every name one placeholder. Numbers are in the order in which names were met, so the same parts in the same order give the
// same placeholders. It remembers what it has met: one for all parts of a report. Not safe for concurrent use.
type Redactor struct {
	keep  map[string]bool
	homes []string          // the longest first
	names map[string]string // placeholder by name, in lower case
	paths map[step]int      // number of each name below a home
	users int
	hosts int
	boots int
}

// New returns a Redactor that knows what the options say.
func New(o Options) *Redactor {
	r := &Redactor{keep: vocabulary(), names: map[string]string{}, paths: map[step]int{}}
	for _, word := range o.Keep {
		r.keep[word] = true
	}
	for _, home := range o.Homes {
		if home = strings.TrimRight(home, "/"); strings.Count(home, "/") > 1 && !strings.HasPrefix(home, "/home/") {
			r.homes = append(r.homes, home)
		}
	}
	slices.SortFunc(r.homes, func(a, b string) int { return len(b) - len(a) })
	for _, name := range o.Hosts {
		r.host(name)
	}
	for _, name := range o.People {
		r.user(name)
	}
	return r
}

// Run is the run without names.
func (r *Redactor) Run(run *result.Run) *result.Run { return twice(r, run) }

// Slots are the slots without names.
func (r *Redactor) Slots(slots []result.Slot) []result.Slot { return twice(r, slots) }

// Profile is the profile without names.
func (r *Redactor) Profile(p *analyze.Profile) *analyze.Profile {
	p = twice(r, p)
	if p != nil {
		inOrder(p)
	}
	return p
}

// Advice is the advice without names.
func (r *Redactor) Advice(a *advice.Advice) *advice.Advice { return twice(r, a) }

// Run is the run without names, by itself: where it has other parts, their placeholders are to be those of one Redactor.
func Run(run *result.Run) *result.Run { return New(Options{}).Run(run) }

// Profile is the profile without names, by itself.
func Profile(p *analyze.Profile) *analyze.Profile { return New(Options{}).Profile(p) }

// twice copies a value, the second time with what the first has learnt: a name may be told after the text in which it stands.
func twice[T any](r *Redactor, v T) T {
	copied(r, v)
	return copied(r, v)
}

// inOrder puts back the order that a profile promises: by name.
func inOrder(p *analyze.Profile) {
	slices.SortStableFunc(p.Paths.Rows, func(a, b analyze.PathCount) int { return strings.Compare(a.Path, b.Path) })
	slices.SortStableFunc(p.Window.Hosts, func(a, b analyze.Host) int { return strings.Compare(a.Name, b.Name) })
}
