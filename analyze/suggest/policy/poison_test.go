package policy

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// Floods of one attacker: each is made of what the tool said of the one before.
const generations = 20

// attack floods again and again, and returns what is wrong with the first answer that is, with the flood.
func attack(t testing.TB, w *way, g suggest.Grader, seed uint64, generations int) (flood, []string) {
	r := rand.New(rand.NewPCG(seed, 5))
	best, bestFitness := firstFlood(r), 100
	f := best
	for n := range generations {
		log := f.log(seed*1000 + uint64(n))
		a := w.suggest(t, log, g, suggest.Low)
		if bad := violations(t, w, log, a); len(bad) > 0 {
			return f, bad
		}
		if fitness := f.fitness(a); fitness <= bestFitness {
			best, bestFitness = f, fitness
		}
		f = best.mutate(r, a)
		for range r.IntN(3) {
			f = f.mutate(r, a)
		}
	}
	return flood{}, nil
}

// fitness is how near a flood came to be proposed: the lowest grade of what was said of its program.
func (f *flood) fitness(a answer) int {
	near := int(suggest.Forbidden) + 1
	for i := range a.Refusals {
		if a.Refusals[i].Change.Cond("exe") == f.actor().Exe {
			near = min(near, int(a.Refusals[i].Risk))
		}
	}
	return near
}

// attackers is how many attackers there are: AUDITPROF_FLOODS is for more than a test run has time for.
func attackers() int {
	if n, err := strconv.Atoi(os.Getenv("AUDITPROF_FLOODS")); err == nil && n > 0 {
		return (n + generations - 1) / generations
	}
	return 50
}

// At least 1,000 adaptive floods: nothing of them is proposed or written, and what must be seen stays.
func TestFloodsAreNeverProposed(t *testing.T) {
	for seed := range uint64(attackers()) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			w := newWay(t)
			w.limit = []int{0, 0, 60}[seed%3] // with a table that is full, folders fold up
			if f, bad := attack(t, w, New(nil), seed, generations); bad != nil {
				t.Errorf("%+v\n%q", f, bad)
			}
		})
	}
}
