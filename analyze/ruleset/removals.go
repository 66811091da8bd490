package ruleset

import (
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// maxSpans bounds how often one rule may go and come back.
const maxSpans = 16

// applyRemovals bounds the rules that the kernel removed by itself, because their path was gone, to where they were loaded. A rule that is
// loaded again later is there once more.
func (s *Set) applyRemovals(list []change) {
	if !slices.ContainsFunc(list, func(ch change) bool { return ch.kind == changeGone }) {
		return
	}
	for i, r := range s.Rules {
		spans := spansOf(r, list)
		s.Rules[i].Until, s.Rules[i].Again = spans[0].Until, spans[1:]
		if first := spans[0].Until; !first.IsZero() {
			s.remark(r.Pos, fmt.Sprintf("the kernel removed this rule at %d.%03d, because its path was gone", first.Sec, first.Milli))
		}
	}
}

// spansOf are the parts of the log in which a rule was loaded, each from and until.
func spansOf(r match.Rule, list []change) []match.Span {
	spans := []match.Span{{}}
	loaded := true
	for _, ch := range list {
		last := &spans[len(spans)-1]
		switch {
		case loaded && ch.kind == changeGone && ch.hits(r):
			last.Until, loaded = ch.at, false
		case !loaded && ch.loads(r) && len(spans) < maxSpans:
			spans, loaded = append(spans, match.Span{From: ch.at}), true
		case !loaded && ch.loads(r):
			last.Until, loaded = match.Moment{}, true
		}
	}
	return spans
}

// labelOf is how CONFIG_CHANGE names a rule.
func labelOf(r match.Rule) label { return label{r.Forms[0].Key(), uint64(r.Forms[0].List)} }

// hits tells whether the kernel's removal is of this rule.
func (ch change) hits(r match.Rule) bool {
	if !ch.ok || ch.rule != labelOf(r) {
		return false
	}
	kind := rule.FieldWatch
	if ch.dir {
		kind = rule.FieldDir
	}
	return slices.ContainsFunc(r.Forms[0].Fields, func(f rule.WireField) bool {
		return f.Str == ch.path && (f.Type == kind || f.Type == rule.FieldExe && !ch.dir)
	})
}

// loads tells whether this rule may be loaded again by it.
func (ch change) loads(r match.Rule) bool {
	return ch.kind == changeStart || ch.kind == changeAdd && ch.ok && ch.rule == labelOf(r)
}
