package place

import (
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Apply puts changes into the text of a rule set, in the order in which they are given.
//
// What has no place is left out and named in Edited.Refused: a change that Validate does not let pass, that quiets a rule which -A puts in
// front of everything, that would change a mandated line, or whose rule the edited text does not load, or not before all that it quiets.
// A line that is there already, and early enough, is not written again: applying changes to what Apply has made adds nothing. The result is
// the same for the same input. The error is about the text as a whole: a file that is named twice, or rules that are not of this text.
func Apply(b Base, list []Numbered) (*Edited, error) {
	t, err := newText(b)
	if err != nil {
		return nil, err
	}
	gone := map[string]string{}
	for _, n := range list {
		if _, twice := gone[n.ID]; twice {
			return nil, fmt.Errorf("two changes are called %q", n.ID)
		}
		gone[n.ID] = ""
	}
	for {
		e, err := t.apply(list, gone)
		if err != nil {
			return nil, err
		}
		late := e.useless(list, gone)
		if len(late) == 0 {
			e.Refused = refusals(list, gone)
			return e, nil
		}
		for id, why := range late {
			gone[id] = why
		}
	}
}

// apply places all changes that are not gone, and notes those that have no place.
func (t *text) apply(list []Numbered, gone map[string]string) (*Edited, error) {
	p := newPlan(t)
	for _, n := range list {
		if gone[n.ID] != "" {
			continue
		}
		if err := p.add(n); err != nil {
			gone[n.ID] = err.Error()
		}
	}
	return p.render()
}

func refusals(list []Numbered, gone map[string]string) []Refusal {
	var out []Refusal
	for _, n := range list {
		if why := gone[n.ID]; why != "" {
			out = append(out, Refusal{n.ID, why})
		}
	}
	return out
}

// useless are the changes whose rules are not loaded from the edited text, or not before what they quiet: an -A, -d or -D elsewhere in it.
func (e *Edited) useless(list []Numbered, gone map[string]string) map[string]string {
	out := map[string]string{}
	last := map[string]int{} // of each change: its last rule
	for i, id := range e.By {
		last[id] = i
	}
	for _, n := range list {
		if gone[n.ID] != "" {
			continue
		}
		if why := e.unloaded(n.ID); why != "" {
			out[n.ID] = why
			continue
		}
		for i := range last[n.ID] {
			if e.By[i] != n.ID && beats(&e.Set.Rules[i], e.Was[i], &n.Change) {
				out[n.ID] = fmt.Sprintf("it does not come before %s, which it should quiet: a -A or the order of the files puts that in front", e.Set.Rules[i].Pos)
				break
			}
		}
	}
	return out
}

// beats tells whether a rule in front of a change makes it useless: one that it should quiet, or one that ends the walk of the user list.
func beats(r *match.Rule, was int, c *suggest.Change) bool {
	if c.Kind == suggest.User {
		return r.Forms[0].List == rule.ListUser && r.Forms[0].Action == rule.ActionAlways
	}
	return slices.Contains(c.Quiets, was)
}

// unloaded is why a line of a change is not loaded, "" where all are.
func (e *Edited) unloaded(id string) string {
	for pos, l := range e.lines {
		if l.id != id || !l.isRule || slices.ContainsFunc(e.Set.Rules, func(r match.Rule) bool { return at(r.Pos) == pos }) {
			continue
		}
		for _, r := range e.Set.Refused {
			if at(r.Pos) == pos {
				return "its rule is not loaded: " + r.Text
			}
		}
		return "its rule is not loaded: another line of the rules deletes it"
	}
	return ""
}

// position is a line of a file, without the column.
type position struct {
	file string
	line int
}

func at(p rule.Pos) position { return position{p.File, p.Line} }
