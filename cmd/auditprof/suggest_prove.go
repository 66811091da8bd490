package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/analyze/suggest/place"
	"github.com/auditprof/auditprof/analyze/suggest/proof"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// proven are proposals that the replay has borne out, in the text of the rules.
type proven struct {
	proposals []suggest.Proposal
	edited    *place.Edited
	replay    *proof.Result
	kept      []proof.Kept // of --keep
	dropped   []advice.Dropped
}

// errUnproven is a proof that failed: something would be gone that no proposal names.
var errUnproven = errors.New("the proof failed: nothing is written")

// maxProofs is how often proposals are dropped and the rest is proven again.
const maxProofs = 4

// prove places proposals and replays the log under the changed rules. What has no place, takes what it does not name, takes an event of --keep
// or does not save what was predicted is dropped, and the rest is proven again. An error wraps errUnproven where something is gone in the end
// that no proposal names.
func (s *studied) prove(ctx context.Context, proposals []suggest.Proposal, mandated []int, keep []*event.Event) (*proven, error) {
	out := &proven{proposals: proposals}
	base := s.base(mandated)
	for n := 1; ; n++ {
		var err error
		if out.edited, err = place.Apply(base, s.numbered(out.proposals)); err != nil {
			return nil, fmt.Errorf("place the proposals: %w", err)
		}
		if out.drop(append(unplaced(out.edited), there(out.edited, out.proposals)...)) {
			continue
		}
		o, err := s.replayOptions(out)
		if err != nil {
			return nil, err
		}
		if out.replay, err = s.replay(ctx, o); err != nil {
			return nil, err
		}
		if out.kept, err = proof.Keep(o, keep); err != nil {
			return nil, err
		}
		faults := out.faults()
		if gone := out.replay.Unnamed.Events; len(faults) == 0 && gone > 0 {
			return out, fmt.Errorf("%w: %d events would be gone that no proposal names", errUnproven, gone)
		}
		if len(faults) == 0 {
			return out, nil
		}
		if n >= maxProofs { // what had no place was a round too
			return out, fmt.Errorf("%w: proposals were dropped %d times, and %s", errUnproven, n, firstOf(faults))
		}
		out.drop(faults)
	}
}

// fault is why a proposal is dropped, by its ID.
type fault struct{ id, why string }

func firstOf(faults []fault) string { return faults[0].id + " " + faults[0].why }

// unplaced are the proposals that have no place in the text.
func unplaced(e *place.Edited) (list []fault) {
	for _, r := range e.Refused {
		list = append(list, fault{r.ID, "it has no place in the rules: " + r.Why})
	}
	return list
}

// drop takes proposals out. It reports whether there were any.
func (p *proven) drop(faults []fault) bool {
	for _, f := range faults {
		at := slices.IndexFunc(p.proposals, func(x suggest.Proposal) bool { return x.ID == f.id })
		if at < 0 {
			continue
		}
		p.dropped = append(p.dropped, advice.Dropped{Lines: p.proposals[at].Change.Lines(), Why: f.why})
		p.proposals = slices.Delete(slices.Clone(p.proposals), at, at+1)
	}
	return len(faults) > 0
}

// replayOptions say whose the rules of the edited text are.
func (s *studied) replayOptions(p *proven) (proof.Options, error) {
	host := s.rules.host(s.settled.set.target)
	changed, err := match.New(p.edited.Set.Rules, host)
	if err != nil {
		return proof.Options{}, fmt.Errorf("compile the changed rules: %w", err)
	}
	o := proof.Options{Old: s.reading.Matcher, New: changed, Host: host, Was: p.edited.Was, Tested: s.tested}
	index := map[string]int{}
	for i := range p.proposals {
		index[p.proposals[i].ID] = i
		o.Changes = append(o.Changes, p.proposals[i].Change)
	}
	for _, id := range p.edited.By {
		owner, ok := index[id]
		if !ok {
			owner = proof.NoOne
		}
		o.Owner = append(o.Owner, owner)
	}
	return o, nil
}

// replay runs the changed rules over the log, and once more where the log showed late what its names mean.
func (s *studied) replay(ctx context.Context, o proof.Options) (*proof.Result, error) {
	r, err := proof.New(o)
	if err != nil {
		return nil, err
	}
	if err := s.again(ctx, r, nil); err != nil {
		return nil, err
	}
	if r.Late() {
		r = r.Repeat()
		if err := s.again(ctx, r, nil); err != nil {
			return nil, err
		}
	}
	return r.Result(), nil
}

// poorShare is the part of the predicted saving below which the replay does not bear out a proposal.
const poorShare = 0.5

// faults are the proposals that the replay speaks against.
func (p *proven) faults() (list []fault) {
	for _, i := range p.replay.Unnamed.Suspects {
		list = append(list, fault{p.proposals[i].ID, fmt.Sprintf("the replay found %d events gone that no proposal names", p.replay.Unnamed.Events)})
	}
	for _, k := range p.kept {
		if k.Lost() {
			list = append(list, fault{p.proposals[k.By].ID, fmt.Sprintf("it takes an event of --keep: %s:%d", k.Event.Records[0].File, k.Event.Records[0].Line)})
		}
	}
	if len(list) > 0 {
		return list
	}
	for i := range p.proposals {
		if p.proposals[i].Change.Kind == suggest.Filesystem {
			continue // the log does not say on which file system a name is: the replay can claim nothing
		}
		predicted, saved := p.proposals[i].Learnt.Bytes, p.replay.Changes[i].Saved.Learnt.Bytes
		if saved == 0 || float64(saved) < poorShare*float64(predicted) {
			list = append(list, fault{p.proposals[i].ID, fmt.Sprintf("it was to save %d bytes, and saves %d in the replay", predicted, saved)})
		}
	}
	return list
}
