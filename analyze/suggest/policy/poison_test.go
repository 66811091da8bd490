package policy

import (
	"encoding/hex"
	"fmt"
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

// attackers is how many attackers there are: AUDITPROF_FLOODS is for more than a test run has time for.
func attackers() int {
	if n, err := strconv.Atoi(os.Getenv("AUDITPROF_FLOODS")); err == nil && n > 0 {
		return (n + generations - 1) / generations
	}
	return 50
}

// logOf is a log of two hosts over two days with a flood in it.
func logOf(f hostlog.Flood, seed uint64) []byte {
	return hostlog.Text(hostlog.Options{Seed: seed, Hosts: 2, Named: true, Days: 2, PerDay: 90, Guests: []hostlog.Guest{f.Guest()}})
}

// attack floods again and again, and returns what is wrong with the first answer that is, with the flood.
func attack(t testing.TB, w *way, g suggest.Grader, seed uint64) (hostlog.Flood, []string) {
	r := rand.New(rand.NewPCG(seed, 5))
	f := hostlog.NewFlood(r)
	best, bestFitness := f, 100
	for n := range generations {
		log := logOf(f, seed*1000+uint64(n))
		a := w.suggest(t, log, g)
		if bad := violations(w, log, a); len(bad) > 0 {
			return f, bad
		}
		if now := fitness(f, a); now <= bestFitness {
			best, bestFitness = f, now
		}
		f = best.Mutate(r, a.said())
		for range r.IntN(3) {
			f = f.Mutate(r, a.said())
		}
	}
	return hostlog.Flood{}, nil
}

// fitness is how near a flood came to be proposed: the lowest grade of what was said of its program.
func fitness(f hostlog.Flood, a answer) int {
	near := int(suggest.Forbidden) + 1
	for i := range a.Refusals {
		if a.Refusals[i].Change.Cond("exe") == f.Exe() {
			near = min(near, int(a.Refusals[i].Risk))
		}
	}
	return near
}

// said are the conditions of all that was proposed or refused.
func (a *answer) said() (list []func(string) string) {
	for i := range a.Proposals {
		list = append(list, a.Proposals[i].Change.Cond)
	}
	for i := range a.Refusals {
		list = append(list, a.Refusals[i].Change.Cond)
	}
	return list
}

// trusted are the programs and users whose noise there is: nothing else may be quieted.
var trusted = map[string]string{hostlog.PostgresExe: "26", "/usr/sbin/pgbouncer": "997", "/usr/sbin/nginx": "33", "/usr/sbin/chronyd": "998", "/usr/sbin/cron": "0",
	"/usr/lib/postgresql/16/bin/pg_dump": "26"}

// actsLog are acts that must stay visible.
var actsLog = hostlog.Acts()

// violations are what is wrong with an answer to a flooded log, none where it is as it should be.
func violations(w *way, log []byte, a answer) (list []string) {
	if written(a) {
		list = append(list, "what the attacker wrote is in the rules")
	}
	for _, p := range a.Proposals {
		if c := &p.Change; c.Kind == suggest.Exit && trusted[c.Cond("exe")] != c.Cond("uid") {
			list = append(list, fmt.Sprintf("nobody's noise is quieted: %q", c.Lines()))
		}
	}
	list = append(list, hostlog.Vanished(w.old, a.rules, log, hostlog.OfMallory)...)
	return append(list, hostlog.Vanished(w.old, a.rules, actsLog, hostlog.IsAct)...)
}

// written tells whether something of the attacker's is in the rules.
func written(a answer) bool {
	text := strings.ToLower(a.text)
	return strings.Contains(text, hostlog.Marker) || strings.Contains(text, hex.EncodeToString([]byte(hostlog.Marker)))
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
	w, p := newWay(t), New(nil)
	p.Look(func(path string) *match.SnapshotAccess {
		f, ok := there[path]
		if f.Path, f.Real = path, path; !ok {
			f.Kind = match.SnapshotMissing
		}
		return &f
	})
	for seed := range uint64(max(100, attackers())) {
		f := hostlog.NewFlood(rand.New(rand.NewPCG(seed, 6))).BrokenInto()
		if a := w.suggest(t, logOf(f, seed), p); written(a) {
			t.Errorf("%+v\n%s", f, a.text)
		}
	}
}

// Whoever asks for --max-risk high gets what is risky, and still nothing that is forbidden: no line that says more than its change, no program from
// where anybody puts one, no exclusion for everybody.
func TestFloodsAtHighRisk(t *testing.T) {
	w := newWay(t)
	w.risk = suggest.High
	proposed := 0
	for seed := range uint64(max(100, attackers())) {
		f := hostlog.NewFlood(rand.New(rand.NewPCG(seed, 8)))
		a := w.suggest(t, logOf(f, seed), New(nil))
		proposed += len(a.Proposals)
		for _, p := range a.Proposals {
			c := &p.Change
			if c.Kind != suggest.Exit {
				continue
			}
			if exe := c.Cond("exe"); exe == "" && c.Cond("uid") == "" || slices.ContainsFunc(openFolders, func(dir string) bool { return within(exe, dir) }) {
				t.Errorf("%+v: %q", f, c.Lines())
			}
		}
		if n := strings.Count(a.text, "\n"); n != strings.Count(hostlog.Rules, "\n")+added(a) || strings.ContainsAny(a.text, "\t\r\x00\x01\x1b\x7f\xff") {
			t.Errorf("%+v: %d lines:\n%s", f, n, a.text)
		}
	}
	if proposed < 100 {
		t.Errorf("%d proposals: too few to prove anything", proposed)
	}
}

// added are the lines that proposals bring with them, as they say themselves, and comments.
func added(a answer) (n int) {
	for line := range strings.Lines(a.text) {
		if strings.HasPrefix(line, "# ") {
			n++
		}
	}
	for i := range a.Proposals {
		c := &a.Proposals[i].Change
		if n += len(c.Lines()); c.Kind == suggest.Narrow {
			n-- // that it replaces
		}
	}
	return n
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
	for name, c := range map[string]struct {
		from  uint64 // the first attacker who is asked: those before have been seen to find nothing
		words []string
	}{
		"everything is low":              {0, []string{""}},
		"people are services":            {0, []string{"person's", "logins of", "logged in"}},
		"homes may be written to":        {4, []string{".ssh", "home of", "others read", "owns something", "whose folder", "nothing says who"}},
		"any folder will do":             {0, []string{"no folder is given", "failures"}},
		"any file will do":               {32, []string{"chooses their names", "owns something"}},
		"temporary folders are nobody's": {18, []string{"everybody may write there", "homes of people", "owns something", "whose folder", "nothing says who", "may write"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := c.from; seed < c.from+60; seed++ {
				if _, bad := attack(t, newWay(t), lenient{New(nil), c.words}, seed); bad != nil {
					t.Logf("attacker %d: %.300q", seed, bad)
					return
				}
			}
			t.Error("no flood has found it")
		})
	}
}

// Beside floods there is something to propose: else they would prove nothing.
func TestNoiseIsProposedBesideAFlood(t *testing.T) {
	w, r := newWay(t), rand.New(rand.NewPCG(1, 1))
	proposed := 0
	for n := range uint64(50) {
		a := w.suggest(t, logOf(hostlog.NewFlood(r), n), New(nil))
		if slices.ContainsFunc(a.Proposals, func(p suggest.Proposal) bool { return p.Change.Cond("exe") == hostlog.PostgresExe }) && strings.Contains(a.text, "-F exe="+hostlog.PostgresExe) {
			proposed++
		}
	}
	if proposed < 40 {
		t.Errorf("the database's noise is proposed beside %d of 50 floods", proposed)
	}
}
