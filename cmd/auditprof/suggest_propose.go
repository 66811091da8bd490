package main

import (
	"fmt"
	"time"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/analyze/suggest/place"
	"github.com/auditprof/auditprof/reports/unit"
)

// base is the rule set that proposals are put into.
func (s *studied) base(mandated []int) place.Base {
	return place.Base{Source: s.rules.source, Options: s.settled.set.options, Set: s.settled.set.set, Mandated: mandated}
}

// numbered are proposals with what is said of them in the rule files.
func (s *studied) numbered(proposals []suggest.Proposal) []place.Numbered {
	list := make([]place.Numbered, 0, len(proposals))
	for i := range proposals {
		p := &proposals[i]
		list = append(list, place.Numbered{ID: p.ID, Change: p.Change, Comment: s.comment(p)})
	}
	return list
}

// comment are lines above a proposal in the rule file: the reason, the saving, from when, and what to mind. Dates are those of the log, so that
// the same log gives the same text.
func (s *studied) comment(p *suggest.Proposal) []string {
	saved := p.Learnt
	saved.Add(p.Tested)
	w := &s.profile.Window
	day := func(sec int64) string { return time.Unix(sec, 0).UTC().Format("2006-01-02") }
	return []string{
		"no longer seen: " + advice.BlindTo(&p.Change),
		fmt.Sprintf("saves %s of the bytes of a log of %s to %s; risk %s", unit.Percent(float64(saved.Bytes)/float64(max(s.profile.Total.Bytes, 1))), day(w.FirstSec), day(w.LastSec), p.Grade.Risk),
		"to hide here: " + p.Grade.Hide,
	}
}

// restate gives proposals what the replay says of them: its saving counts, not the search's.
func (p *proven) restate() []suggest.Proposal {
	list := make([]suggest.Proposal, 0, len(p.proposals))
	for i, x := range p.proposals {
		r := p.replay.Changes[i]
		x.ID = fmt.Sprintf("P%d", i+1)
		x.Learnt, x.Tested, x.Hosts = r.Saved.Learnt, r.Saved.Tested, r.Hosts
		x.Collateral, x.Behaviours, x.Rarest, x.NewTested = r.Collateral, r.Behaviours, r.Rarest, r.NewTested
		list = append(list, x)
	}
	return list
}
