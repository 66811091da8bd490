package detect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Set is detections beside a rule set. Its methods are for one goroutine at a time.
type Set struct {
	detections []Detection
	tables     *tables
	rules      []ruleRegions // as New was given them
	index      *index
	seen       []uint64
}

// ruleRegions is a rule in all forms that the kernel may hold.
type ruleRegions []region

// New makes a Set of detections. Rules are those that the indexes of changes are of; without any, a change is taken to remove all that it can
// match.
func New(host Host, rules []match.Rule, detections ...[]Detection) *Set {
	s := &Set{detections: slices.Concat(detections...), tables: newTables(machineOf(host.Machine), host.links())}
	for i := range rules {
		var forms ruleRegions
		for f := range rules[i].Forms {
			forms = append(forms, s.tables.on.regionOf(&rules[i].Forms[f]).vague(rules[i].Unknown))
		}
		s.rules = append(s.rules, forms)
	}
	for d := range s.detections {
		for c := range s.detections[d].conds {
			s.detections[d].conds[c].reach(s.tables.on)
		}
	}
	s.seen = make([]uint64, len(s.detections))
	s.index = s.newIndex()
	return s
}

// vague takes back what fields say whose number nobody knows.
func (r region) vague(unknown []match.UnknownID) region {
	for _, u := range unknown {
		if u.Field < len(r.wire.Fields) {
			for f, id := range map[uint32]field{fieldUID: ofUID, fieldEUID: ofEUID, fieldAUID: ofAUID} {
				if r.wire.Fields[u.Field].Type == f {
					r.ids[id-ofUID] = everyNumber()
				}
			}
		}
	}
	return r
}

// Detections are all of the set, in the order in which New was given them.
func (s *Set) Detections() []Detection { return s.detections }

// Seen is how many events were Wanted for each of Detections. It stays 0 for Sigma rules, which are not looked for.
func (s *Set) Seen() []uint64 { return s.seen }

// Loss is a detection that a change takes events or records from.
type Loss struct {
	Detection *Detection
	Why       string
	Hard      bool // it must not
	// Loose is set where only a name below the change's own directory could be one of the detection's, by a pattern that does not say where a
	// name begins: **/sysrq-trigger, and a file of that name among those of a database.
	Loose bool
}

// Blinds says which detections a change would take events from. It implements suggest.Guard.
func (s *Set) Blinds(c *suggest.Change) []suggest.Blinded {
	var out []suggest.Blinded
	for _, l := range s.Losses(c) {
		out = append(out, suggest.Blinded{Name: l.Detection.Source.String() + ": " + l.Detection.Name, Why: l.Why, Hard: l.Hard})
	}
	return out
}

// Losses are the detections that a change would take events or records from, or may: in the order of Detections, each once. A change that cannot be
// read as rules takes from all.
func (s *Set) Losses(c *suggest.Change) []Loss {
	news, err := s.compile(c, nil)
	taking := s.takings(c, news)
	var out []Loss
	for i := range s.detections {
		d := &s.detections[i]
		l, lost := loss{}, false
		if err != nil {
			l, lost = loss{why: "nobody can say: " + err.Error()}, true
		} else {
			l, lost = s.worst(c, d, taking)
		}
		if lost {
			out = append(out, Loss{d, l.why, d.Hard() && !l.soft, l.loose})
		}
	}
	return out
}

// worst is the worst that a change does to the conditions of a detection: a hard loss, then one that is not loose.
func (s *Set) worst(c *suggest.Change, d *Detection, taking []taking) (worst loss, lost bool) {
	for i := range d.conds {
		l, is := s.takes(c, &d.conds[i], taking)
		if is && !l.soft && !l.loose {
			return l, true
		}
		if is && (!lost || worst.soft && !l.soft) {
			worst, lost = l, true
		}
	}
	return worst, lost
}

// taking is one rule of a change, and what it has in common with each rule whose events it can take.
type taking struct {
	rule  *region
	alone *scene
	with  []*scene
}

func (s *Set) takings(c *suggest.Change, news []region) []taking {
	var out []taking
	for i := range news {
		t := taking{rule: &news[i], alone: s.tables.among(&news[i])}
		if t.rule.list == rule.ListExit && c.Kind != suggest.Narrow {
			t.with = s.with(t.rule, place(c))
		}
		out = append(out, t)
	}
	return out
}

// with is what a rule has in common with those that record system calls, from a place on.
func (s *Set) with(r *region, from int) []*scene {
	var out []*scene
	for i := from; i < len(s.rules); i++ {
		for f := range s.rules[i] {
			if of := &s.rules[i][f]; of.records() {
				if sc := s.tables.among(r, of); !sc.none {
					sc.keyed = true
					out = append(out, sc)
				}
			}
		}
	}
	return out
}

// place is the index of the rule before which a change goes.
func place(c *suggest.Change) int {
	if len(c.Quiets) == 0 {
		return 0
	}
	return max(slices.Min(c.Quiets), 0)
}

// compile makes regions of the lines of a change. Where it narrows a rule, a -w watches what it did before.
func (s *Set) compile(c *suggest.Change, old *region) ([]region, error) {
	set, err := rule.ParseFile("change", strings.NewReader(strings.Join(c.Lines(), "\n")+"\n"))
	if err != nil {
		return nil, err
	}
	isDir := func(path string) bool {
		return old != nil && slices.ContainsFunc(old.wire.Fields, func(f rule.WireField) bool { return f.Type == fieldDir && f.Str == path })
	}
	var out []region
	for _, r := range set.Rules() {
		w, _, err := rule.Compile(r, rule.Env{Machine: s.tables.on.arch[0], Dialect: rule.Dialect3_0, IsDir: isDir})
		if err != nil {
			return nil, err
		}
		out = append(out, s.tables.on.regionOf(&w))
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there is no rule in the change")
	}
	return out, nil
}

// takes is what a change takes from one condition.
func (s *Set) takes(c *suggest.Change, cond *Condition, taking []taking) (loss, bool) {
	if c.Kind == suggest.Narrow {
		return s.narrowed(c, cond)
	}
	for i := range taking {
		if l, lost := s.taken(&taking[i], cond); lost {
			return l, true
		}
	}
	return loss{}, false
}

// taken is what one rule of a change takes from a condition.
func (s *Set) taken(t *taking, cond *Condition) (loss, bool) {
	switch t.rule.list {
	case rule.ListExclude:
		if l, lost := cond.excluded(s.tables, t.rule); lost && (!cond.aboutCalls() || s.recorded(cond)) {
			return l, true
		}
	case rule.ListUser:
		return cond.silenced(s.tables, t.rule)
	case rule.ListFilesystem:
		return cond.unnamed(t.rule)
	default:
		if cond.overlaps(t.alone) && (len(s.rules) == 0 || slices.ContainsFunc(t.with, cond.overlaps)) {
			return t.hidden(cond), true
		}
	}
	return loss{}, false
}

// hidden is what a never rule of the list exit takes from a condition that it overlaps with.
func (t *taking) hidden(cond *Condition) loss {
	strict := *t.alone
	strict.strict = true
	if len(t.rule.below) > 0 && !cond.overlaps(&strict) {
		return loss{why: "a name below " + t.rule.below[0] + " could be one of its: " + cond.String(), loose: true}
	}
	return loss{why: "it could hide " + cond.String()}
}

// records tells whether a rule records system calls.
func (r *region) records() bool { return r.list == rule.ListExit && !r.never }

// recorded tells whether some rule could record an event of the condition; without rules that is not known.
func (s *Set) recorded(cond *Condition) bool {
	return len(s.rules) == 0 || slices.ContainsFunc(s.rules, func(forms ruleRegions) bool {
		return slices.ContainsFunc(forms, func(r region) bool {
			sc := s.tables.among(&r)
			sc.keyed = true
			return r.records() && cond.overlaps(sc)
		})
	})
}

// narrowed is what the narrower form of a rule takes.
func (s *Set) narrowed(c *suggest.Change, cond *Condition) (loss, bool) {
	if len(c.Quiets) == 0 || c.Quiets[0] < 0 || c.Quiets[0] >= len(s.rules) {
		return loss{why: "nobody can say: it is not known which rule is narrowed"}, true
	}
	for f := range s.rules[c.Quiets[0]] {
		old := &s.rules[c.Quiets[0]][f]
		if !cond.overlaps(s.tables.among(old)) {
			continue
		}
		news, err := s.compile(c, old)
		if err != nil {
			return loss{why: "nobody can say: " + err.Error()}, true
		}
		if l, lost := cond.narrowed(s.tables, old, news); lost {
			return l, true
		}
	}
	return loss{}, false
}
