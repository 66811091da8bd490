package policy

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// generations are the floods of one attacker: each is made of what the tool said of the one before.
const generations = 20

// attack floods again and again, and returns what is wrong with the first answer that is, with the flood.
func attack(t testing.TB, w *way, g suggest.Grader, seed uint64) (flood, []string) {
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
			if f, bad := attack(t, w, New(nil), seed); bad != nil {
				t.Errorf("%+v\n%q", f, bad)
			}
		})
	}
}

// Who has broken into a service can give his programs and folders any name in a mount namespace. On the host itself they are looked up, and are
// not there.
func TestFloodsOfAServiceBrokenInto(t *testing.T) {
	there := map[string]match.SnapshotAccess{
		hostlog.PostgresData: {Kind: match.SnapshotDir, WritableBy: "/var/lib/postgresql", Owners: []uint32{hostlog.Postgres}},
		"/run/postgresql":    {Kind: match.SnapshotDir, WritableBy: "/run/postgresql", Owners: []uint32{hostlog.Postgres}},
	}
	for exe := range trusted {
		there[exe] = match.SnapshotAccess{Kind: match.SnapshotFile}
	}
	look := func(path string) *match.SnapshotAccess {
		f, ok := there[path]
		if f.Path, f.Real = path, path; !ok {
			f.Kind = match.SnapshotMissing
		}
		return &f
	}
	w, p := newWay(t), New(nil)
	p.Look(look)
	for seed := range uint64(max(100, attackers())) {
		r := rand.New(rand.NewPCG(seed, 6))
		f := firstFlood(r)
		f.who = brokenInto
		if a := w.suggest(t, f.log(seed), p, suggest.Low); written(a) {
			t.Errorf("%+v\n%s", f, a.text)
		}
	}
}

// lenient is the policy without the reasons in which one of the words stands.
type lenient struct {
	*Policy
	words []string
}

func (l lenient) Grade(c *suggest.Change, of []*suggest.Behaviour) suggest.Grade {
	v := l.judge(c, of)
	out := new(verdict)
	for _, r := range v.reasons {
		if !slices.ContainsFunc(l.words, func(w string) bool { return strings.Contains(r.text, w) }) {
			out.say(r.risk, "%s", r.text)
		}
	}
	return out.grade(hide(c))
}

// A policy that lacks something is found out: the floods and their oracle can fail.
func TestFloodsFindABrokenPolicy(t *testing.T) {
	for name, words := range map[string][]string{
		"everything is low":              {""},
		"people are services":            {"person's", "logins of", "logged in"},
		"homes may be written to":        {".ssh", "home of", "others read", "owns something", "whose folder", "nothing says who"},
		"any folder will do":             {"no folder is given", "failures"},
		"temporary folders are nobody's": {"everybody may write there", "homes of people", "owns something", "whose folder", "nothing says who", "may write"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(60) {
				if _, bad := attack(t, newWay(t), lenient{New(nil), words}, seed); bad != nil {
					t.Logf("attacker %d: %.300q", seed, bad)
					return
				}
			}
			t.Error("no flood has found it")
		})
	}
}

// Without floods there is something to propose: else the floods would prove nothing.
func TestNoiseIsProposedBesideAFlood(t *testing.T) {
	w, r := newWay(t), rand.New(rand.NewPCG(1, 1))
	for _, f := range []flood{{till: 1}, {exe: "/tmp/" + marker, dir: "/tmp", events: 100, till: 2}} {
		a := w.suggest(t, f.log(r.Uint64()), New(nil), suggest.Low)
		if !slices.ContainsFunc(a.Proposals, func(p suggest.Proposal) bool { return p.Change.Cond("exe") == hostlog.PostgresExe }) || !strings.Contains(a.text, "-F exe="+hostlog.PostgresExe) {
			t.Errorf("%d events of a flood: the database's noise is not proposed", f.events)
		}
	}
}
