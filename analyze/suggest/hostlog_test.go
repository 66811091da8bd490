package suggest

import (
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

func TestHostLogIsQuietedByFewChanges(t *testing.T) {
	rules := rulesOf(t, hostlog.Rules)
	text := hostlog.Text(hostlog.Options{Seed: 1, Hosts: 4, Named: true, Days: 2, Bytes: 8 << 20})
	n := learnText(t, rules, text, LearnerOptions{})
	out := Propose(n, careful{}, nil, Options{})
	for _, p := range out.Proposals {
		t.Log(p.ID, p.Change.Lines(), p.Change.Quiets, p.Learnt, p.Tested, p.Hosts, p.Behaviours, p.NewTested, p.Rarest)
	}
	for _, r := range out.Refusals {
		t.Log("refused", r.Change.Lines(), r.Saves, r.Risk, r.Why)
	}
	t.Log(out.Total, out.Removable, out.Saved, out.Doubts)
	if !slices.ContainsFunc(out.Proposals, func(p Proposal) bool {
		return p.Change.Cond("exe") == hostlog.PostgresExe && p.Change.Cond("dir") == hostlog.PostgresData
	}) {
		t.Error("the database in its own folder is not proposed")
	}
}
