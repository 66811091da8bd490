package proof

import (
	"fmt"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// NoOne is who a rule is of that no change wrote, and the old rule that a new one never was.
const NoOne = -1

// Options are what a replay is about.
type Options struct {
	Changes []suggest.Change // Quiets are indexes into Old's rules
	Old     *match.Matcher   // that the log was recorded under
	New     *match.Matcher
	Host    match.Host // of both
	Owner   []int      // by rule of New: index of the change that wrote it, or NoOne
	Was     []int      // by rule of New: the rule of Old that it was, also in a narrower form, or NoOne
	// Tested tells whether an event is of the part that was not learnt from; nil: none is.
	Tested func(*analyze.Row) bool
}

// check refuses what does not fit together: an index that is wrong would name the wrong change.
func (o *Options) check() error {
	news, olds := o.New.Rules(), o.Old.Rules()
	if len(o.Owner) != len(news) || len(o.Was) != len(news) {
		return fmt.Errorf("%d new rules, owners of %d, old forms of %d: give one of each for every rule", len(news), len(o.Owner), len(o.Was))
	}
	for i := range news {
		if o.Owner[i] < NoOne || o.Owner[i] >= len(o.Changes) || o.Was[i] < NoOne || o.Was[i] >= len(olds) {
			return fmt.Errorf("%s: of change %d of %d, was rule %d of %d", news[i].Pos, o.Owner[i], len(o.Changes), o.Was[i], len(olds))
		}
	}
	return nil
}

// narrowed are the changes that rewrite an old rule, by that rule's index.
func (o *Options) narrowed() map[int]int {
	out := map[int]int{}
	for i := range o.Changes {
		if c := &o.Changes[i]; c.Kind == suggest.Narrow {
			for _, rule := range c.Quiets {
				out[rule] = i
			}
		}
	}
	return out
}

// silencers are the changes that drop records of one type, by its number.
func (o *Options) silencers() map[uint16][]int {
	out := map[uint16][]int{}
	for i := range o.Changes {
		c := &o.Changes[i]
		if c.Kind != suggest.Exclude && c.Kind != suggest.User {
			continue
		}
		if nr, ok := names.RecordTypeNumber(c.MsgType); ok && nr >= 0 && nr <= names.MaxRecordType {
			out[uint16(nr)] = append(out[uint16(nr)], i)
		}
	}
	return out
}

// alone is the old rule set with one change and no other.
func (o *Options) alone(change int) (*match.Matcher, error) {
	var rules []match.Rule
	for i, r := range o.New.Rules() {
		switch {
		case o.Owner[i] == NoOne || o.Owner[i] == change:
			rules = append(rules, r)
		case o.Was[i] != NoOne:
			rules = append(rules, o.Old.Rules()[o.Was[i]])
		}
	}
	return match.New(rules, o.Host)
}
