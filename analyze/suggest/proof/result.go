package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
)

// Result is what a replay has found.
type Result struct {
	Events  uint64
	Before  suggest.Parts  // all of the log
	Saved   suggest.Parts  // by all changes together; Events are those of which nothing is left
	Changes []Saving       // by index of the change
	Unknown suggest.Volume // events of which the log does not say whether the changes take them: not among what is saved
	Unnamed Unnamed
}

// Saving is what one change takes.
type Saving struct {
	Saved      suggest.Parts
	Unknown    suggest.Volume
	Hosts      int                // at most maxHosts
	Collateral []suggest.RuleLoss // of rules that it is not meant for, the heaviest first; rule NoRule for what no single rule recorded
	Behaviours uint64             // distinct program × directory × user of events that are gone
	AtLeast    bool               // there were more behaviours than memory for them
	Rarest     []suggest.Lost     // the five rarest, Path being a directory
	NewTested  uint64             // behaviours that came in the tested part only
}

// Unnamed are events that are gone though no change says so.
type Unnamed struct {
	suggest.Volume
	Examples []string // the first few, as the log has them
	Suspects []int    // changes whose fault it may be, ascending
}

const (
	maxExamples  = 5
	exampleBytes = 300
)

func (u *Unnamed) add(row *analyze.Row, o *Options) {
	u.Volume.Add(volumeOf(row))
	if len(u.Examples) < maxExamples {
		u.Examples = append(u.Examples, fmt.Sprintf("%s:%d: %.*s", row.Input, row.Line, exampleBytes, strings.ToValidUTF8(string(row.First.Raw), "?")))
	}
	if len(u.Suspects) == len(o.Changes) {
		return
	}
	for _, i := range suspects(row, o.Changes) {
		if !slices.Contains(u.Suspects, i) {
			u.Suspects = append(u.Suspects, i)
		}
	}
	slices.Sort(u.Suspects)
}

// suspects are the changes about the rule that had recorded the event, or all where none is.
func suspects(row *analyze.Row, changes []suggest.Change) (about []int) {
	var all []int
	for i := range changes {
		all = append(all, i)
		if row.Origin == analyze.Rules && slices.Contains(changes[i].Quiets, row.Rule) {
			about = append(about, i)
		}
	}
	if len(about) == 0 {
		return all
	}
	return about
}

// Result is what was found so far.
func (r *Replay) Result() *Result {
	out := r.result
	out.Unnamed.Examples, out.Unnamed.Suspects = slices.Clone(out.Unnamed.Examples), slices.Clone(out.Unnamed.Suspects)
	for _, t := range r.changes {
		out.Changes = append(out.Changes, Saving{
			Saved: t.saved, Unknown: t.unknown, Hosts: len(t.hosts), Collateral: t.losses(),
			Behaviours: uint64(len(t.behaviours.seen)), AtLeast: t.behaviours.full, Rarest: t.behaviours.rarest(), NewTested: t.behaviours.newTested(),
		})
	}
	return &out
}
