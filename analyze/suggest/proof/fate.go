package proof

import (
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// settle finds for every record of an event whether it is still written under the new rules and, where it is not, which change took it. It
// reports whether anything is to be counted.
func (r *Replay) settle(row *analyze.Row, call *event.Call, f match.Forecast) bool {
	r.taker = slices.Grow(r.taker[:0], len(f.Records))[:len(f.Records)]
	r.maybe, r.unnamed = NoOne, false
	goes := false
	for i, fate := range f.Records {
		r.taker[i] = NoOne
		goes = goes || fate != match.Yes
	}
	if !goes {
		return false
	}
	by := r.decider(row, f)
	for i, fate := range f.Records {
		switch fate {
		case match.None:
			r.taker[i] = r.takes(row, call, f, by, i)
		case match.Unknown:
			r.mayTake(row, call, f, i)
		}
	}
	return true
}

// decider is the change that decides on the event's system call where that is not recorded, NoOne where that is none's doing. A rule that has
// become narrower is no longer there to be found: it is told by the old decision.
func (r *Replay) decider(row *analyze.Row, f match.Forecast) int {
	if f.Recorded != match.None {
		return NoOne
	}
	if f.Answer == match.Yes && r.o.Owner[f.Rule] != NoOne {
		return r.o.Owner[f.Rule]
	}
	return r.narrow(row)
}

// narrow is the change that made the rule narrower which recorded the event, or may have, NoOne where there is none.
func (r *Replay) narrow(row *analyze.Row) int {
	if len(r.narrowed) == 0 {
		return NoOne
	}
	if row.Origin == analyze.Rules {
		return r.narrowedBy(row.Rule)
	}
	for _, rule := range row.Candidates {
		if by := r.narrowedBy(rule); by != NoOne {
			return by
		}
	}
	return NoOne
}

func (r *Replay) narrowedBy(rule int) int {
	if by, ok := r.narrowed[rule]; ok {
		return by
	}
	return NoOne
}

// takes finds who takes record i, which is no longer written.
func (r *Replay) takes(row *analyze.Row, call *event.Call, f match.Forecast, by, i int) int {
	if by != NoOne {
		return by
	}
	list := r.silencers[row.Records[i].Type]
	if f.Recorded != match.None && len(list) == 1 {
		return list[0]
	}
	for change := range r.o.Changes {
		if kind := r.o.Changes[change].Kind; kind == suggest.Exit || kind == suggest.Narrow {
			continue
		}
		if r.judgeAlone(change).Foretell(call).Records[i] == match.None && r.then.Foretell(call).Records[i] == match.Yes {
			return change
		}
	}
	// what the old rules would not have had written either is no change's doing: the log is of other rules there
	r.unnamed = r.unnamed || r.then.Foretell(call).Records[i] == match.Yes
	return NoOne
}

// judgeAlone asks the old rules with one change and no other. The same rules are in New, which is compiled; should they not compile here, the
// replay fails.
func (r *Replay) judgeAlone(change int) *match.Judge {
	if r.alone[change] == nil {
		m, err := r.o.alone(change)
		if err != nil {
			r.failed, m = fmt.Errorf("compile the rules with one change alone: %w", err), r.o.New
		}
		r.alone[change] = m.Judge(nil)
	}
	return r.alone[change]
}

// mayTake notes which change may take record i, of which the log does not say whether it would be written.
func (r *Replay) mayTake(row *analyze.Row, call *event.Call, f match.Forecast, i int) {
	for _, rule := range f.Candidates {
		if rule >= 0 && r.o.Owner[rule] != NoOne && r.o.Was[rule] == NoOne {
			r.maybe = r.o.Owner[rule]
			return
		}
	}
	if by := r.narrow(row); by != NoOne {
		r.maybe = by
	} else if list := r.silencers[row.Records[i].Type]; len(list) > 0 && f.Recorded == match.Yes {
		r.maybe = list[0]
	} else if change := r.fileSystem(call, i); change != NoOne {
		r.maybe = change
	}
}

// fileSystem is the change of the list filesystem that makes it open whether record i is written, NoOne where none does.
func (r *Replay) fileSystem(call *event.Call, i int) int {
	for change := range r.o.Changes {
		if r.o.Changes[change].Kind == suggest.Filesystem && r.then.Foretell(call).Records[i] == match.Yes && r.judgeAlone(change).Foretell(call).Records[i] == match.Unknown {
			return change
		}
	}
	return NoOne
}
