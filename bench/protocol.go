package bench

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// jitterShare bounds how far the work of a round is from that of a slot: a workload that beats in time with a timer of the machine would meet it
// in every slot at the same place.
const jitterShare = 0.10

// warmupRounds is one, none in a quick run: a fourth round would be a third more, and quick runs give no verdict that it could spoil.
func warmupRounds(quick bool) int {
	if quick {
		return 0
	}
	return 1
}

// jittered is the work of a scenario's slots in a round: the same in every arm, another in every round, as the seed decides.
func (p Plan) jittered(round, scenario int, ops uint64) uint64 {
	sc := p.Scenarios[scenario]
	if sc.FixedTime {
		return ops
	}
	random := rand.New(rand.NewPCG(p.Seed, uint64(round)<<16|uint64(scenario)|1<<63))
	share := 1 + jitterShare*(2*random.Float64()-1)
	return max(1, min(uint64(float64(ops)*share), sc.MaxOps))
}

// protocol is what is laid down before the rounds.
func (r *Runner) protocol(f Forecast) *result.Protocol {
	p := &result.Protocol{Tests: r.Plan.tests(), Alpha: result.Alpha, WarmupRounds: r.Plan.Warmup, JitterShare: jitterShare,
		ExpectedNs: f.Expected.Nanoseconds(), Noise: r.noise}
	if r.Loop != nil {
		p.Rules, p.Retries = rejectionRules(), retries
		// A pair differs by the noise of two slots.
		d := stat.Bar{Alpha: result.Alpha / float64(max(p.Tests, 1)), BeyondAA: true}.Detectable(r.Plan.Rounds, math.Sqrt2*r.noise.Variation)
		if !math.IsInf(d, 1) {
			p.Detectable = d
		}
	}
	return p
}

// tooFewRounds warns where the rounds cannot give every verdict, however large the difference. Quick runs give none and say so.
func (p Plan) tooFewRounds() []result.Warning {
	tests := p.tests()
	enough := stat.FewestRounds(tests, result.Alpha)
	if p.Quick || p.Rounds >= enough {
		return nil
	}
	return []result.Warning{{Text: fmt.Sprintf("%d rounds are too few for %d verdicts: no difference is large enough for all of them to be told", p.Rounds, tests),
		Cure: fmt.Sprintf("--rounds %d, or fewer workloads and rule sets at a time", enough)}}
}
