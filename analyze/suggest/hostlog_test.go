package suggest

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/hostlog"
)

// careful is a Grader as a policy might be: services in their own folders.
type careful struct{}

func (careful) Grade(c *Change, of []*Behaviour) Grade {
	switch {
	case c.Kind != Exit:
		return Grade{Risk: High, Reasons: []string{"no exit rule"}}
	case c.Cond("auid") != "4294967295", c.Cond("uid") == "0":
		return Grade{Risk: High, Reasons: []string{"people"}}
	case strings.Contains(c.Cond("exe"), "python"), strings.HasSuffix(c.Cond("exe"), "sh"):
		return Grade{Risk: Forbidden, Reasons: []string{"interpreter"}}
	case c.Cond("dir") == "" && c.Cond("saddr_fam") == "" || c.Cond("dir") == "/var/lib/postgresql":
		return Grade{Risk: Medium, Reasons: []string{"too wide"}}
	}
	return Grade{Hide: "be the program"}
}

// The hosts' own noise goes by two changes, and as much of it in the days and on the hosts that were not learnt from.
func TestHostLogIsQuietedByFewChanges(t *testing.T) {
	rules := rulesOf(t, hostlog.Rules)
	for seed := range uint64(3) {
		text := hostlog.Text(hostlog.Options{Seed: seed, Hosts: 4, Named: true, Days: 2, Bytes: 4 << 20})
		n := learnText(t, rules, text, LearnerOptions{})
		out := Propose(n, careful{}, nil, Options{})
		var got []string
		for _, p := range out.Proposals {
			got = append(got, p.Change.Cond("exe")+" "+p.Change.Cond("dir"))
		}
		if want := []string{hostlog.PostgresExe + " " + hostlog.PostgresData, "/usr/sbin/pgbouncer /run/postgresql"}; !slices.Equal(got, want) {
			t.Errorf("seed %d: got %q, want %q", seed, got, want)
		}
		learnt := 100 * float64(out.Saved.Learnt.Bytes) / float64(out.Total.Learnt.Bytes)
		tested := 100 * float64(out.Saved.Tested.Bytes) / float64(out.Total.Tested.Bytes)
		if learnt < 70 || math.Abs(learnt-tested) > 5 {
			t.Errorf("seed %d: %.1f %% of what was learnt from, %.1f %% of the rest", seed, learnt, tested)
		}
		if float64(out.Saved.Learnt.Bytes) < 0.9*float64(out.Removable.Learnt.Bytes) {
			t.Errorf("seed %d: %v saved of %v", seed, out.Saved, out.Removable)
		}
	}
}
