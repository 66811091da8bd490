package suggest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// What is proposed keeps what it promises, whatever the noise and whoever objects.
func TestProposalsKeepTheirPromises(t *testing.T) {
	proposed := 0
	eachRandom(t, func(t *testing.T, rng *rand.Rand, n *Noise, r randomly) {
		o := Options{Max: 1 + rng.IntN(6), Target: 0.5 + rng.Float64()/2, MaxRisk: Risk(rng.IntN(4))}
		out := Propose(n, r, r, o)
		proposed += len(out.Proposals)
		if len(out.Proposals) > o.Max {
			t.Errorf("%d proposals, at most %d were allowed", len(out.Proposals), o.Max)
		}
		if out.Saved.Learnt.Bytes > out.Removable.Learnt.Bytes || out.Removable.Learnt.Bytes > n.Total.Learnt.Bytes || out.Saved.Tested.Bytes > n.Total.Tested.Bytes {
			t.Errorf("saved %v of removable %v of %v", out.Saved, out.Removable, n.Total)
		}
		var sum Parts
		last := uint64(math.MaxUint64)
		for i := range out.Proposals {
			p := &out.Proposals[i]
			sum.join(Parts{p.Learnt, p.Tested})
			if float64(p.Learnt.Bytes) < 0.01*float64(n.Total.Learnt.Bytes)-1 {
				t.Errorf("%s saves %v of %v: not worth it", p.Change.Lines(), p.Learnt, n.Total.Learnt)
			}
			if whole := whole(n, p); whole > last {
				t.Errorf("%s saves %d bytes, one before it %d", p.Change.Lines(), whole, last)
			} else {
				last = whole
			}
			checkProposal(t, n, p, r, o)
		}
		if sum != out.Saved {
			t.Errorf("the proposals save %v, all together %v", sum, out.Saved)
		}
	})
	if proposed < 300 {
		t.Errorf("only %d proposals in all: the test does not see enough", proposed)
	}
}

// whole is the bytes learnt that a proposal would save alone, 0 where it thins records.
func whole(n *Noise, p *Proposal) (bytes uint64) {
	taker, ok := newTaker(&p.Change, n.Rules, names.ArchX86_64)
	for i := range n.Behaviours {
		if ok && taker.takes(&n.Behaviours[i]) {
			bytes += n.Behaviours[i].Learnt.Bytes
		}
	}
	return bytes
}

func checkProposal(t *testing.T, n *Noise, p *Proposal, r randomly, o Options) {
	if risk := r.Grade(&p.Change, nil).Risk; risk > o.MaxRisk || risk == Forbidden {
		t.Errorf("%s is of risk %s, allowed is %s", p.Change.Lines(), risk, o.MaxRisk)
	}
	for _, b := range r.Blinds(&p.Change) {
		if b.Hard {
			t.Errorf("%s blinds what must be seen", p.Change.Lines())
		}
	}
	if slices.Contains(ThinTypes[:], p.Change.MsgType) {
		return
	}
	taker, ok := newTaker(&p.Change, n.Rules, names.ArchX86_64)
	if !ok {
		t.Fatalf("%s cannot be read back", p.Change.Lines())
	}
	for i := range n.Behaviours {
		b := &n.Behaviours[i]
		if b.Wanted && taker.mayTake(b) {
			t.Errorf("%s may take what must be seen: %+v", p.Change.Lines(), b)
		}
		if b.Other && taker.takes(b) {
			t.Errorf("%s takes what could not be told apart", p.Change.Lines())
		}
	}
}

func TestTheOrderOfBehavioursDoesNotMatter(t *testing.T) {
	eachRandom(t, func(t *testing.T, rng *rand.Rand, n *Noise, r randomly) {
		want := fmt.Sprintf("%+v", Propose(n, r, r, Options{}))
		rng.Shuffle(len(n.Behaviours), func(a, b int) { n.Behaviours[a], n.Behaviours[b] = n.Behaviours[b], n.Behaviours[a] })
		if got := fmt.Sprintf("%+v", Propose(n, r, r, Options{})); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	})
}

// The queue that asks only the top anew takes the same candidates as one that asks all of them in each round.
func TestLazyIsEager(t *testing.T) {
	eachRandom(t, func(t *testing.T, rng *rand.Rand, n *Noise, r randomly) {
		slices.SortFunc(n.Behaviours, compareBehaviours)
		s := newSearch(n, r, r, Options{Max: 5})
		s.candidates()
		_, removable := s.removable()
		target := uint64(0.95 * float64(removable.Learnt.Bytes))
		var lazy, eager []string
		for _, x := range s.choose(target, nil) {
			lazy = append(lazy, x.text)
		}
		for _, x := range eagerly(s, target) {
			eager = append(eager, x.text)
		}
		if !reflect.DeepEqual(lazy, eager) {
			t.Errorf("got %q\nwant %q", lazy, eager)
		}
	})
}

func eagerly(s *search, target uint64) (chosen []*candidate) {
	r := newRemoval(s)
	saved := uint64(0)
	for _, thin := range [...]bool{false, true} {
		for len(chosen) < s.o.Max && saved < target {
			var best *candidate
			var worth float64
			for _, x := range s.found {
				bytes := r.of(x).Learnt.Bytes
				if s.judge(x); x.why != "" || x.leavesEvents() != thin || bytes < s.least {
					continue
				}
				if w := float64(bytes) / s.cost(x); best == nil || w > worth || w == worth && x.text < best.text {
					best, worth = x, w
				}
			}
			if best == nil {
				break
			}
			saved += r.apply(best).Learnt.Bytes
			chosen = append(chosen, best)
		}
	}
	return chosen
}

func TestNoNoiseIsNoProposal(t *testing.T) {
	for name, n := range map[string]*Noise{"nothing": {}, "only auditd": {Total: Parts{Learnt: Volume{9, 9, 900}}, Beyond: Parts{Learnt: Volume{9, 9, 900}}}} {
		if out := Propose(n, careful{}, nil, Options{}); len(out.Proposals)+len(out.Refusals) > 0 {
			t.Errorf("%s: %+v", name, out)
		}
	}
}
