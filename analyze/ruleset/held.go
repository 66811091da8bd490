package ruleset

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// held is the rules that are loaded at a point of the text (kernel/auditfilter.c: audit_add_rule, audit_del_rule).
type held struct {
	first []*entry // added with -A, the last one in front
	rest  []*entry
	forms map[sum][]*entry // by each form; entries that are gone are dropped from the front
}

type entry struct {
	rule match.Rule
	gone bool
}

type sum [sha256.Size]byte

func newHeld() *held { return &held{forms: map[sum][]*entry{}} }

// add appends a rule. It reports false where the same one is loaded.
func (h *held) add(m match.Rule) bool {
	if e := h.find(m.Forms[0]); e != nil && sameForms(e.rule, m) {
		return false
	}
	h.rest = append(h.rest, h.enter(m))
	return true
}

// prepend puts a rule in front of its list, whether the same one is loaded or not.
func (h *held) prepend(m match.Rule) { h.first = append(h.first, h.enter(m)) }

func (h *held) enter(m match.Rule) *entry {
	e := &entry{rule: m}
	for _, w := range m.Forms {
		at := sha256.Sum256(w.Encode())
		h.forms[at] = append(h.forms[at], e)
	}
	return e
}

// remove deletes a rule and reports whether there was one. A watch that may be two things deletes what has one form with it.
func (h *held) remove(m match.Rule) bool {
	for _, w := range m.Forms {
		if e := h.find(w); e != nil {
			e.gone = true
			return true
		}
	}
	return false
}

// find is the first loaded rule that may have a form.
func (h *held) find(w rule.Wire) *entry {
	at := sha256.Sum256(w.Encode())
	list := h.forms[at]
	for len(list) > 0 && list[0].gone {
		list = list[1:]
	}
	h.forms[at] = list
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func sameForms(a, b match.Rule) bool {
	return slices.EqualFunc(a.Forms, b.Forms, rule.Wire.Equal)
}

// wipe deletes all rules, or those whose key has a text in it (audit-userspace src/auditctl.c: key_match).
func (h *held) wipe(key string) {
	for _, e := range slices.Concat(h.first, h.rest) {
		if !e.gone && (key == "" || strings.Contains(e.rule.Forms[0].Key(), key)) {
			e.gone = true
		}
	}
	h.first = slices.DeleteFunc(h.first, func(e *entry) bool { return e.gone })
	h.rest = slices.DeleteFunc(h.rest, func(e *entry) bool { return e.gone })
}

// rules are what is loaded, list by list, within a list in the order in which they are asked.
func (h *held) rules() []match.Rule {
	var out []match.Rule
	for _, e := range slices.Backward(h.first) {
		if !e.gone {
			out = append(out, e.rule)
		}
	}
	for _, e := range h.rest {
		if !e.gone {
			out = append(out, e.rule)
		}
	}
	slices.SortStableFunc(out, func(a, b match.Rule) int { return int(a.Forms[0].List) - int(b.Forms[0].List) })
	return out
}
