package suggest

import (
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// collected are calls that a rule recorded, each with the behaviour that it alone would be.
type collected struct {
	rules []match.Rule
	rows  []*analyze.Row
	of    []Behaviour
}

func (c *collected) Doubt()       {}
func (c *collected) Again() error { return nil }
func (c *collected) Write(r *analyze.Row) error {
	if r.Origin != analyze.Rules || r.Call == nil {
		return nil
	}
	l := NewLearner(LearnerOptions{Rules: c.rules})
	if err := l.Write(r); err != nil {
		return err
	}
	c.of = append(c.of, l.Noise().Behaviours[0])
	row := *r
	row.Event = r.Event.Clone()
	row.Call = nil
	c.rows = append(c.rows, &row)
	return nil
}

// What a search says that a change takes is what the kernel would do by the very text of the change, event by event.
func TestWhatIsTakenIsForetold(t *testing.T) {
	rules := rulesOf(t, hostlog.Rules)
	text := hostlog.Text(hostlog.Options{Seed: 5, Hosts: 1, Days: 2, Bytes: 600 << 10})
	c := &collected{rules: rules}
	n := learnText(t, rules, text, LearnerOptions{}, c)
	s := newSearch(n, careful{}, nil, Options{MinShare: 0.001, MinEvents: 1})
	s.candidates()
	tried, taken := 0, 0
	for _, x := range s.found {
		if x.change.Kind != Exit {
			continue
		}
		tried++
		taken += c.check(t, x)
	}
	if tried < 40 || taken < 2000 {
		t.Errorf("%d changes were tried, they take %d events: the test does not see enough", tried, taken)
	}
}

func (c *collected) check(t *testing.T, x *candidate) (taken int) {
	never := rulesOf(t, strings.Join(x.change.Lines(), "\n")+"\n")
	changed := slices.Insert(slices.Clone(c.rules), x.change.Quiets[0], never...)
	m, err := match.New(changed, match.Host{Machine: names.ArchX86_64})
	if err != nil {
		t.Fatalf("%q: %v", x.change.Lines(), err)
	}
	taker, ok := newTaker(&x.change, c.rules, names.ArchX86_64)
	if !ok {
		t.Fatalf("%q: behaviours do not tell", x.change.Lines())
	}
	judge := m.Judge(nil)
	for i := range c.rows {
		call := callOf(c.rows[i])
		f := judge.Foretell(call)
		by := f.Answer == match.Yes && f.Rule >= x.change.Quiets[0] && f.Rule < x.change.Quiets[0]+len(never)
		takes := taker.takes(&c.of[i])
		if takes {
			taken++
		}
		if by != takes && c.of[i].Names != MoreNames && c.of[i].Names != Unlocatable {
			t.Fatalf("%q\ntakes %v, foretold %+v, of %+v\n%s", x.change.Lines(), takes, f, c.of[i], c.rows[i].Event.Records[0].Raw)
		}
	}
	return taken
}
