package place

import (
	"cmp"
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// narrow plans the narrower form of a rule: the old line stays as a comment, and so do the lines that say the same again, which the kernel
// refused so far and would load now.
func (p *plan) narrow(n Numbered) error {
	if len(n.Change.Quiets) != 1 {
		return fmt.Errorf("a narrower form is of one rule, not of %d", len(n.Change.Quiets))
	}
	q := n.Change.Quiets[0]
	l := p.text.rules[q]
	if err := p.mayEdit(q); err != nil {
		return err
	}
	if err := p.text.narrower(q, n.Change.Text); err != nil {
		return err
	}
	s, err := p.sift(n, n.Change.Text, func(have int) bool { return have < q })
	if err != nil {
		return err
	}
	again, err := p.text.again(l)
	if err != nil {
		return err
	}
	p.carryOut(n.ID, s)
	for _, a := range again {
		p.instead[a] = []newLine{{text: retired(n.ID, a), id: n.ID}}
	}
	p.instead[l] = append(append(commentsOf(n), newLine{text: retired(n.ID, l), id: n.ID}), rulesOf(n.ID, s.missing, l)...)
	return nil
}

// narrower says why lines are no narrower form of a loaded rule.
func (t *text) narrower(q int, lines []string) error {
	if t.base.Set.Rules[q].Forms[0].Action != rule.ActionAlways {
		return fmt.Errorf("%s records nothing: there is nothing to narrow", t.rules[q].Pos)
	}
	for _, line := range lines {
		r, err := parseLine(line)
		if err != nil {
			return err
		}
		if is, err := t.keyOfRule(r); err != nil || is == t.keys[q] {
			return cmp.Or(err, fmt.Errorf("%s is the same rule", line))
		}
		if err := Narrower(t.rules[q].Rule, r, t.base.Options.Target); err != nil {
			return err
		}
	}
	return nil
}

// again are the lines behind l that say the same rule once more. The kernel has refused them (Rule exists).
func (t *text) again(l *rule.Line) ([]*rule.Line, error) {
	key, err := t.keyOfRule(l.Rule)
	if err != nil {
		return nil, err
	}
	var out []*rule.Line
	for o, at := range t.order {
		if at <= t.order[l] || o.Rule == nil || o.Rule.Flag != "-a" && o.Rule.Flag != "-w" {
			continue
		}
		if k, err := t.keyOfRule(o.Rule); err != nil || k != key {
			continue
		}
		if len(o.Controls) > 0 {
			return nil, fmt.Errorf("%s says the same rule again, and more: give %s a line of its own", o.Pos, o.Controls[0].Option)
		}
		out = append(out, o)
	}
	return out, nil
}
