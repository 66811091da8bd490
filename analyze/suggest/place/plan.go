package place

import (
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// plan is what is done to the lines of a text.
type plan struct {
	text    *text
	before  map[*rule.Line][]newLine // goes above a line
	instead map[*rule.Line][]newLine // takes a line's place
	wires   map[string]string        // rules that are written, and whose
	stays   map[*rule.Line]string    // lines that are there already, and whose change they are
}

// newLine is a line that is written.
type newLine struct {
	text   string
	id     string     // of the change, "" where it is nobody's
	isRule bool       // else a comment
	like   *rule.Line // Narrow: the line that it is a narrower form of
}

func newPlan(t *text) *plan {
	return &plan{text: t, before: map[*rule.Line][]newLine{}, instead: map[*rule.Line][]newLine{}, wires: map[string]string{}, stays: map[*rule.Line]string{}}
}

// add plans one change, or says why it has no place.
func (p *plan) add(n Numbered) error {
	if err := Validate(&n.Change, p.text.base.Options.Target); err != nil {
		return err
	}
	for _, q := range n.Change.Quiets {
		if q < 0 || q >= len(p.text.rules) {
			return fmt.Errorf("rule %d of %d: the change is of another rule set", q, len(p.text.rules))
		}
	}
	if n.Change.Kind == suggest.Narrow {
		return p.narrow(n)
	}
	return p.exclude(n)
}

// exclude plans a never rule.
func (p *plan) exclude(n Numbered) error {
	at, err := p.above(&n.Change)
	if err != nil {
		return err
	}
	s, err := p.sift(n, n.Change.Lines(), func(have int) bool { return p.text.wins(have, &n.Change) })
	if err != nil {
		return err
	}
	p.carryOut(n.ID, s)
	if len(s.missing) > 0 {
		p.before[at] = append(append(p.before[at], commentsOf(n)...), rulesOf(n.ID, s.missing, nil)...)
	}
	return nil
}

// above is the line that the change goes above: the first that it quiets, or the first rule of all where it quiets none by name.
func (p *plan) above(c *suggest.Change) (*rule.Line, error) {
	if c.Kind != suggest.Exit {
		return p.text.first(), nil
	}
	if len(c.Quiets) == 0 {
		return nil, fmt.Errorf("it quiets no rule: nothing to place it above")
	}
	for _, q := range c.Quiets {
		if l := p.text.rules[q]; l.Rule.Flag == "-A" {
			return nil, fmt.Errorf("%s is put in front of all rules with -A, and no added line can be before it: write that rule with -a as the first one", l.Pos)
		}
	}
	// The order of the rules is that of the lines, and of the files as the log shows that they were loaded.
	return p.text.rules[slices.Min(c.Quiets)], nil
}

// sifted are the lines of a change by what has to be done for them.
type sifted struct {
	missing []string     // to be written
	keys    []string     // of those, see keyOf
	there   []*rule.Line // they are in the text, and act
	late    []*rule.Line // they are in the text, too late to act: they move up
}

// sift looks for the lines of a change in the text. acts tells whether a loaded rule, by its index, does what the change is for.
func (p *plan) sift(n Numbered, lines []string, acts func(have int) bool) (s sifted, err error) {
	for _, line := range lines {
		key, err := p.text.keyOf(line)
		if err != nil {
			return s, err
		}
		if by, ok := p.wires[key]; ok {
			return s, fmt.Errorf("%s writes the same rule", by)
		}
		have := p.text.loaded(key)
		if have >= 0 && acts(have) {
			s.there = append(s.there, p.text.rules[have])
			continue
		}
		s.missing, s.keys = append(s.missing, line), append(s.keys, key)
		if have < 0 {
			continue
		}
		l := p.text.rules[have]
		if err := p.mayEdit(have); err != nil {
			return s, fmt.Errorf("the same rule stands below what it should quiet, and cannot move up: %w", err)
		}
		s.late = append(s.late, l)
	}
	return s, nil
}

// carryOut does what has to be done for lines that are there.
func (p *plan) carryOut(id string, s sifted) {
	for _, key := range s.keys {
		p.wires[key] = id
	}
	for _, l := range s.there {
		p.stays[l] = id
	}
	for _, l := range s.late {
		p.instead[l] = []newLine{{text: retired(id, l), id: id}}
	}
}

// mayEdit says why a loaded rule's line must stay as it is.
func (p *plan) mayEdit(q int) error {
	l := p.text.rules[q]
	switch {
	case slices.Contains(p.text.base.Mandated, q):
		return fmt.Errorf("%s is a mandated line", l.Pos)
	case p.instead[l] != nil:
		return fmt.Errorf("%s is changed by another proposal", l.Pos)
	case len(l.Controls) > 0:
		return fmt.Errorf("%s says more than the rule: give %s a line of its own", l.Pos, l.Controls[0].Option)
	case l.End != "" && l.End[0] == '\r':
		return fmt.Errorf("%s ends in CR LF, and auditctl may take the CR as part of its last word: end the line in LF", l.Pos)
	case l.Rule.Flag == "-A":
		return fmt.Errorf("%s is put in front with -A: write it with -a", l.Pos)
	}
	return nil
}

// commentsOf is what is said above the lines of a change.
func commentsOf(n Numbered) []newLine {
	said := n.Comment
	if len(said) == 0 {
		said = []string{n.Change.Kind.String()}
	}
	var out []newLine
	for _, c := range said {
		out = append(out, newLine{text: comment(n.ID, c), id: n.ID})
	}
	return out
}

func rulesOf(id string, lines []string, like *rule.Line) []newLine {
	var out []newLine
	for _, l := range lines {
		out = append(out, newLine{text: l, id: id, isRule: true, like: like})
	}
	return out
}
