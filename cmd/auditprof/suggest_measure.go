package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/analyze/suggest/place"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// measure has the old and the new rules measured side by side, where that is asked for. What costs more than it saves is dropped, and the rest
// proven again.
func (c Command) measure(ctx context.Context, f suggestFlags, s *studied, x *search, p *proven, out *suggestion) (*proven, error) {
	if !f.verify || len(p.proposals) == 0 {
		return p, nil
	}
	in, err := s.verification(f, x, p)
	if err != nil {
		return nil, err
	}
	s.hush() // the measurement has a line of its own
	if out.verified, err = c.verifyProposals(ctx, in); err != nil {
		return nil, err
	}
	var faults []fault
	for _, id := range out.verified.Dropped() {
		faults = append(faults, fault{id, "measured, it costs more than it saves"})
	}
	if len(faults) == 0 {
		return p, nil
	}
	p.drop(faults)
	dropped := p.dropped
	if p, err = s.prove(ctx, p.proposals, x.mandate.rules, x.watched.keep); err != nil {
		return nil, err
	}
	p.dropped = slices.Concat(dropped, p.dropped)
	return p, nil
}

// verification is what --verify measures: the rules as they were and as they would be, and without each of the changes.
func (s *studied) verification(f suggestFlags, x *search, p *proven) (verifyInput, error) {
	in := verifyInput{New: p.edited.Source.Text(), Without: map[string]*rule.Set{}, Scenarios: f.scenarios, Quick: f.quick, Quiet: f.quiet, Auditd: f.auditd}
	if f.roundsTyped {
		in.Rounds = f.rounds
	}
	source := s.rules.source
	if source == nil {
		var err error
		if source, err = s.settled.set.set.Source(); err != nil {
			return in, err
		}
	}
	in.Old = source.Text()
	base := s.base(x.mandate.rules)
	for i := range p.proposals {
		id := p.proposals[i].ID
		in.IDs = append(in.IDs, id)
		rest := slices.Delete(s.numbered(p.proposals), i, i+1)
		e, err := place.Apply(base, rest)
		if err != nil {
			return in, fmt.Errorf("place the proposals without %s: %w", id, err)
		}
		in.Without[id] = e.Source.Text()
	}
	return in, nil
}
