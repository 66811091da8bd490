package suggest

import (
	"cmp"
	"slices"
	"strings"
)

// sameMass is the share of a refusal's bytes that those before it may have told of already for it to be left out.
const sameMass = 0.5

// refusals are the candidates that were refused, with what they would have saved beside what is removed: of those that would have saved the
// same in the same way the one that is nearest to be allowed, and tightest.
func (s *search) refusals(r *removal) []Refusal {
	type refused struct {
		*candidate
		saves Parts
	}
	var list []refused
	for _, x := range s.found {
		if saves := r.of(x); saves.Learnt.Bytes >= s.least {
			if s.judge(x); x.why != "" {
				list = append(list, refused{x, saves})
			}
		}
	}
	slices.SortFunc(list, func(a, b refused) int {
		return cmp.Or(cmp.Compare(a.needs, b.needs), cmp.Compare(b.saves.Learnt.Bytes, a.saves.Learnt.Bytes),
			cmp.Compare(len(b.change.Conds), len(a.change.Conds)), strings.Compare(a.text, b.text))
	})
	told := map[Kind]*removal{}
	var out []Refusal
	for _, x := range list {
		kind := x.change.Kind
		if told[kind] == nil {
			told[kind] = newRemoval(s)
		}
		fresh := r.beside(told[kind], x.candidate)
		if float64(fresh) < (1-sameMass)*float64(x.saves.Learnt.Bytes) {
			continue
		}
		told[kind].apply(x.candidate)
		out = append(out, Refusal{Change: x.change, Saves: x.saves.Learnt, Risk: x.needs, Why: x.why})
	}
	slices.SortStableFunc(out, func(a, b Refusal) int { return cmp.Compare(b.Saves.Bytes, a.Saves.Bytes) })
	return out[:min(len(out), s.o.MaxRefusals)]
}

// beside is the bytes learnt that a candidate would remove of what is left in both.
func (r *removal) beside(other *removal, x *candidate) (bytes uint64) {
	bytes = x.alone.Learnt.Bytes
	for _, i := range x.of {
		bytes += min(r.left(x, i).Learnt.Bytes, other.left(x, i).Learnt.Bytes)
	}
	return bytes
}
