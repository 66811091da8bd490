package place

import (
	"fmt"
	"path"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Base is a rule set that changes are put into.
type Base struct {
	Source  *ruleset.Source // its text; nil for the rules of a live kernel
	Options ruleset.Options // with which it was compiled
	Set     *ruleset.Set    // what it was compiled to, as a log has it (ApplyConfigChanges): the indexes in changes are of its Rules
	// Mandated are the rules that must stay byte for byte, as indexes into Set.Rules: see Mandated.
	Mandated []int
}

// Numbered is a change with its name and what is to be said of it above its lines.
type Numbered struct {
	ID     string // P1
	Change suggest.Change
	// Comment are lines for the reader of the rule file: the reason, the date, the saving. What is no printable ASCII is escaped.
	Comment []string
}

// Refusal is a change that has no place in the text.
type Refusal struct {
	ID  string
	Why string
}

// text is the text of a base: where each loaded rule is in it.
type text struct {
	base    Base
	source  *ruleset.Source
	files   []*rule.File
	origins []ruleset.Origin
	file    map[string]int     // index of a file by its name
	order   map[*rule.Line]int // when auditctl executes a line
	rules   []*rule.Line       // of the rules of Base.Set
	keys    []string           // of those, see keyOf
	users   nameIDs
	groups  nameIDs
}

func newText(b Base) (*text, error) {
	t := &text{base: b, source: b.Source, file: map[string]int{}, order: map[*rule.Line]int{}, users: nameIDs{}, groups: nameIDs{}}
	if b.Set.Live {
		var err error
		if t.source, err = b.Set.Source(); err != nil {
			return nil, err
		}
	}
	all := t.source.Text()
	t.files, t.origins = all.Files, t.source.Origins()
	for i, f := range t.files {
		if _, twice := t.file[f.Name]; twice {
			return nil, fmt.Errorf("rule file %q is named twice: name each file once", path.Base(f.Name))
		}
		t.file[f.Name] = i
	}
	for i, l := range all.Order {
		t.order[l] = i
	}
	return t, t.findRules()
}

// findRules finds the line of each loaded rule.
func (t *text) findRules() error {
	for i, r := range t.base.Set.Rules {
		pos := r.Pos
		if t.base.Set.Live {
			pos = rule.Pos{File: ruleset.LiveFile, Line: i + 1}
		}
		l := t.line(pos)
		if l == nil || l.Rule == nil {
			return fmt.Errorf("%s: no rule is there: the rules are not of this text", pos)
		}
		t.rules = append(t.rules, l)
	}
	t.findKeys()
	return nil
}

// line is the line at a place, nil where there is none.
func (t *text) line(pos rule.Pos) *rule.Line {
	i, ok := t.file[pos.File]
	if !ok || pos.Line < 1 || pos.Line > len(t.files[i].Lines) {
		return nil
	}
	return t.files[i].Lines[pos.Line-1]
}

// first is the line of the loaded rule that auditctl executes first.
func (t *text) first() *rule.Line {
	best := t.rules[0]
	for _, l := range t.rules[1:] {
		if t.order[l] < t.order[best] {
			best = l
		}
	}
	return best
}
