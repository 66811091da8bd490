package main

import (
	"fmt"
	"math"
	"path"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/analyze/suggest/detect"
	"github.com/auditprof/auditprof/analyze/suggest/place"
	"github.com/auditprof/auditprof/analyze/suggest/proof"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/reports/unit"
)

// answer puts together what was found. p is nil where nothing was proposed.
func (s *studied) answer(found *suggest.Result, guard *detect.Set, p *proven) *advice.Advice {
	a := &advice.Advice{
		Schema: advice.Schema, Rules: s.rules.name, Target: targetText(s.settled.set.target), Window: s.profile.Window,
		Split: advice.Split{Hosts: s.split.Hosts, HeldOut: append([]string{}, s.split.HeldOut...)}, Fit: fitOf(s.profile),
		Before: advice.PartsOf(found.Total), Removable: advice.PartsOf(found.Removable), Doubts: append([]string{}, found.Doubts...),
		Proposals: []advice.Proposal{}, Refused: []advice.Refused{}, Wrote: []string{}, Remarks: []string{},
		Proof: advice.Proof{Dropped: []advice.Dropped{}},
	}
	if day, hosts, ok := s.profile.Window.PerDay(); ok {
		a.DayBytes, a.DayHosts = day.Bytes, hosts
	}
	for _, r := range found.Refusals {
		a.Refused = append(a.Refused, advice.Refused{Kind: r.Change.Kind.String(), Lines: r.Change.Lines(), Saves: r.Saves, Risk: r.Risk.String(), Why: r.Why})
	}
	if p == nil {
		return a
	}
	a.Saved = advice.PartsOf(p.replay.Saved)
	a.Proof = advice.Proof{Events: p.replay.Events, Passes: s.passes.count(), Unknown: p.replay.Unknown, Unnamed: p.replay.Unnamed.Volume, Dropped: append(a.Proof.Dropped, p.dropped...)}
	a.Doubts = append(a.Doubts, apart(a)...)
	for i, x := range p.restate() {
		one := s.proposal(a, x, p, i)
		one.Costs = costsOf(guard.Losses(&x.Change))
		a.Proposals = append(a.Proposals, one)
	}
	return a
}

// maxApartShare is how far the shares that are saved of both parts may be from each other.
const maxApartShare = 0.05

// apart says that the part that was not learnt from is another than the part that was.
func apart(a *advice.Advice) []string {
	if a.Before.Learnt.Bytes == 0 || a.Before.Tested.Bytes == 0 {
		return nil
	}
	learnt := float64(a.Saved.Learnt.Bytes) / float64(a.Before.Learnt.Bytes)
	tested := float64(a.Saved.Tested.Bytes) / float64(a.Before.Tested.Bytes)
	if math.Abs(learnt-tested) <= maxApartShare {
		return nil
	}
	return []string{fmt.Sprintf("the part that was not learnt from is another: there %s goes in place of %s", unit.Percent(tested), unit.Percent(learnt))}
}

// proposal is one proposal in the form of an answer. Its i'th in the replay is x.
func (s *studied) proposal(a *advice.Advice, x suggest.Proposal, p *proven, i int) advice.Proposal {
	was, saving := &p.proposals[i], &p.replay.Changes[i]
	all := advice.PartsOf(saving.Saved).All()
	share := float64(all.Bytes) / float64(max(a.Before.All().Bytes, 1))
	out := advice.Proposal{
		ID: x.ID, Kind: x.Change.Kind.String(), Lines: x.Change.Lines(), Before: s.placeOf(p.edited, was.ID), Quiets: s.rulesOf(x.Change.Quiets),
		Saved: advice.PartsOf(saving.Saved), Predicted: advice.Parts{Learnt: was.Learnt, Tested: was.Tested}, Unknown: saving.Unknown,
		Share: share, DayBytes: share * a.DayBytes, Hosts: saving.Hosts,
		Risk: x.Grade.Risk.String(), Reasons: append([]string{}, x.Grade.Reasons...), Assumes: append([]string{}, x.Grade.Assumes...),
		BlindTo: advice.BlindTo(&x.Change), Seen: advice.StillSeen(&x.Change), Hide: x.Grade.Hide,
		Collateral: s.lossesOf(saving), Shadows: s.rulesOf(x.Shadows), Behaviours: saving.Behaviours, AtLeast: saving.AtLeast,
		Rarest: []advice.Lost{}, NewTested: saving.NewTested, Caveats: append([]string{}, x.Caveats...), Price: advice.Price(x.Price),
	}
	for _, l := range saving.Rarest {
		out.Rarest = append(out.Rarest, advice.Lost(l))
	}
	return out
}

// costsOf are the detections that lose something, those first that surely do.
func costsOf(list []detect.Loss) []advice.Blinded {
	out := []advice.Blinded{}
	for _, loose := range []bool{false, true} {
		for _, l := range list {
			if l.Loose == loose {
				out = append(out, advice.Blinded{Name: l.Detection.Source.String() + ": " + l.Detection.Name, Why: l.Why, Loose: loose})
			}
		}
	}
	return out
}

// placeOf is the line that a proposal goes above or takes the place of, as file:line; of the rules of a kernel the one that it lists.
func (s *studied) placeOf(e *place.Edited, id string) string {
	at := e.Places[id]
	if s.settled.set.set.Live {
		return fmt.Sprintf("loaded:%d", at.Line)
	}
	return fmt.Sprintf("%s:%d", path.Base(at.File), at.Line)
}

// rulesOf are rules of the set by their indexes.
func (s *studied) rulesOf(list []int) []advice.Rule {
	out := []advice.Rule{}
	for _, i := range list {
		out = append(out, ruleOf(s.settled.set.rules, i))
	}
	return out
}

func ruleOf(rules []match.Rule, i int) advice.Rule {
	if i < 0 || i >= len(rules) {
		return advice.Rule{Index: analyze.NoRule}
	}
	id := ruleID(rules[i], i)
	return advice.Rule{Index: i, File: id.File, Line: id.Line, Text: id.Text}
}

func (s *studied) lossesOf(saving *proof.Saving) []advice.RuleLoss {
	out := []advice.RuleLoss{}
	for _, l := range saving.Collateral {
		out = append(out, advice.RuleLoss{Rule: ruleOf(s.settled.set.rules, l.Rule), Volume: l.Volume})
	}
	return out
}
