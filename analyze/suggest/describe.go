package suggest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// describe is a behaviour in a few words. It holds names from the log as they are.
func (b *Behaviour) describe() string {
	var parts []string
	if b.MsgType != "" {
		parts = append(parts, b.MsgType)
	}
	if b.Exe != "" {
		parts = append(parts, b.Exe)
	}
	if b.UID != noID {
		parts = append(parts, fmt.Sprintf("uid %d", b.UID))
	}
	if b.Dir != "" {
		parts = append(parts, "in "+b.Dir)
	}
	return strings.Join(parts, " ")
}

// proposal says what a candidate does beside those that were applied to r before, and applies it.
func (s *search) proposal(x *candidate, r *removal) Proposal {
	p := Proposal{Change: x.change, Grade: x.grade, Blinds: x.blinds}
	for _, q := range x.change.Quiets {
		if slices.Contains(s.o.Mandated, q) {
			p.Shadows = append(p.Shadows, q)
		}
	}
	losses, lost := map[int]*Volume{}, map[Lost]*lostParts{}
	var hosts hostSet
	for _, i := range x.of {
		b, left := &s.Behaviours[i], r.left(x, i)
		if left.bytes() == 0 {
			continue
		}
		p.Hosts = max(p.Hosts, b.Hosts)
		hosts.join(b.hosts)
		if x.thin >= 0 {
			continue
		}
		if b.Rule >= 0 && !slices.Contains(x.change.Quiets, b.Rule) {
			loss := losses[b.Rule]
			if loss == nil {
				loss = &Volume{}
				losses[b.Rule] = loss
			}
			loss.Add(left.Learnt)
			loss.Add(left.Tested)
		}
		addLost(lost, b)
	}
	p.Hosts = max(p.Hosts, hosts.len())
	for _, rule := range slices.Sorted(maps.Keys(losses)) {
		p.Collateral = append(p.Collateral, RuleLoss{rule, *losses[rule]})
	}
	p.Behaviours, p.NewTested, p.Rarest = countLost(lost)
	parts := r.apply(x)
	p.Learnt, p.Tested = parts.Learnt, parts.Tested
	if s.o.Describe != nil {
		s.o.Describe(&p)
	}
	return p
}

// lostParts is how many events of one Lost there are.
type lostParts struct{ learnt, tested uint64 }

func addLost(lost map[Lost]*lostParts, b *Behaviour) {
	k := Lost{Exe: b.Exe, Path: b.Dir, UID: b.UID}
	l := lost[k]
	if l == nil {
		l = &lostParts{}
		lost[k] = l
	}
	l.learnt += b.Learnt.Events
	l.tested += b.Tested.Events
}

// rarest is how many examples a proposal gives.
const rarest = 5

func countLost(lost map[Lost]*lostParts) (all, fresh uint64, few []Lost) {
	list := make([]Lost, 0, len(lost))
	for k, n := range lost {
		if n.learnt == 0 && n.tested > 0 {
			fresh++
		}
		k.Events = n.learnt + n.tested
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b Lost) int {
		return cmp.Or(cmp.Compare(a.Events, b.Events), strings.Compare(a.Exe, b.Exe), strings.Compare(a.Path, b.Path), cmp.Compare(a.UID, b.UID))
	})
	return uint64(len(list)), fresh, list[:min(len(list), rarest)]
}
