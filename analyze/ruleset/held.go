package ruleset

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// held is the rules that are loaded at a point of the text (kernel/auditfilter.c: audit_add_rule, audit_del_rule).
type held struct {
	first []*entry // added with -A, the last one in front
	rest  []*entry
	same  map[sum][]*entry
}

type entry struct {
	rule match.Rule
	sum  sum
	gone bool
}

type sum [sha256.Size]byte

func newHeld() *held { return &held{same: map[sum][]*entry{}} }

// sumOf is equal for rules that are the same to the kernel in every form.
func sumOf(m match.Rule) sum {
	h := sha256.New()
	for _, w := range m.Forms {
		h.Write(w.Encode())
	}
	return sum(h.Sum(nil))
}

// add appends a rule. It reports false where the same one is loaded.
func (h *held) add(m match.Rule) bool {
	e := &entry{rule: m, sum: sumOf(m)}
	if len(h.same[e.sum]) > 0 {
		return false
	}
	h.rest = append(h.rest, e)
	h.same[e.sum] = append(h.same[e.sum], e)
	return true
}

// prepend puts a rule in front of its list, whether the same one is loaded or not.
func (h *held) prepend(m match.Rule) {
	e := &entry{rule: m, sum: sumOf(m)}
	h.first = append(h.first, e)
	h.same[e.sum] = append(h.same[e.sum], e)
}

// remove deletes a rule and reports whether there was one. A watch that may be two things deletes what has one form with it.
func (h *held) remove(m match.Rule) bool {
	if list := h.same[sumOf(m)]; len(list) > 0 {
		h.drop(list[0])
		return true
	}
	for _, e := range slices.Concat(h.first, h.rest) {
		if !e.gone && shareForm(e.rule, m) {
			h.drop(e)
			return true
		}
	}
	return false
}

func shareForm(a, b match.Rule) bool {
	for _, w := range a.Forms {
		for _, v := range b.Forms {
			if w.Equal(v) {
				return true
			}
		}
	}
	return false
}

func (h *held) drop(e *entry) {
	e.gone = true
	h.same[e.sum] = slices.DeleteFunc(h.same[e.sum], func(o *entry) bool { return o == e })
}

// wipe deletes all rules, or those whose key has a text in it (audit-userspace src/auditctl.c: key_match).
func (h *held) wipe(key string) {
	for _, e := range slices.Concat(h.first, h.rest) {
		if !e.gone && (key == "" || strings.Contains(e.rule.Forms[0].Key(), key)) {
			h.drop(e)
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
