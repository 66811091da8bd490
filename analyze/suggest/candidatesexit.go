package suggest

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// exits offers never,exit rules for one program and user: for each noisy rule and for all of them together, for processes without a login and
// for each login, file by folder and the rest by outcome and address family.
func (s *search) exits(k cellKey) {
	if k.exe == "" || k.uid == noID {
		return
	}
	cell := s.only(s.cells[k], func(b *Behaviour) bool {
		return b.MsgType == "" && !b.Other && onExitList(s.Rules, b.Rule) && s.word(b.Arch) != "" && s.classes.of(b.Arch, b.Syscall).name != ""
	})
	for _, rules := range s.ruleSets(cell) {
		of := s.only(cell, func(b *Behaviour) bool { return slices.Contains(rules, b.Rule) })
		for _, login := range s.logins(of) {
			part := of
			conds := []Cond{}
			if login.known {
				part = s.only(of, func(b *Behaviour) bool { return b.AUID == login.auid })
				conds = append(conds, Cond{"auid", "=", number(login.auid)})
			}
			conds = append(conds, Cond{"uid", "=", number(k.uid)})
			x := shape{exe: k.exe, conds: conds, cell: s.cells[k]}
			s.located(x, part)
			s.loose(x, part)
		}
	}
}

// shape is what the variants of an exclusion have in common.
type shape struct {
	exe   string
	conds []Cond // before exe=: the cheap ones
	cell  []int  // behaviours that it may take
}

func number(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// word is b64 or b32, "" for an architecture that no rule on this machine can ask for.
func (s *search) word(arch uint32) string {
	for _, word := range [...]string{"b64", "b32"} {
		if a, ok := names.ArchBits(s.o.Machine, word); ok && a == arch {
			return word
		}
	}
	return ""
}

// ruleSets are the rules that make the noise of a cell, one by one and together.
func (s *search) ruleSets(cell []int) [][]int {
	mass := map[int]uint64{}
	for _, i := range cell {
		mass[s.Behaviours[i].Rule] += s.Behaviours[i].Learnt.Bytes
	}
	total := s.sum(cell)
	var noisy []int
	var sets [][]int
	for _, r := range slices.Sorted(maps.Keys(mass)) {
		if mass[r] < total/20 && mass[r] < s.least {
			continue
		}
		noisy = append(noisy, r)
		if mass[r] >= s.least {
			sets = append(sets, []int{r})
		}
	}
	if len(noisy) > 1 {
		sets = append(sets, noisy)
	}
	return sets
}

// login is a condition on auid.
type login struct {
	known bool
	auid  uint32
}

// logins are the conditions on auid worth a try: each value with enough noise, and none where there are several.
func (s *search) logins(of []int) []login {
	mass := map[uint32]uint64{}
	for _, i := range of {
		mass[s.Behaviours[i].AUID] += s.Behaviours[i].Learnt.Bytes
	}
	var list []login
	for auid, m := range mass {
		if m >= s.least {
			list = append(list, login{true, auid})
		}
	}
	slices.SortFunc(list, func(a, b login) int {
		return cmp.Or(cmp.Compare(mass[b.auid], mass[a.auid]), cmp.Compare(a.auid, b.auid))
	})
	list = list[:min(len(list), 8)]
	if len(mass) > 1 {
		list = append(list, login{})
	}
	return list
}

// loose offers exclusions without a folder: calls that name no file, that fail, or whose file cannot be located.
func (s *search) loose(x shape, part []int) {
	rest := s.only(part, func(b *Behaviour) bool { return !s.inFolder(b) })
	for _, l := range s.looseSlices(rest) {
		for _, calls := range s.callSets(l.of) {
			s.offerExit(x, l, place{}, calls)
		}
	}
}

// slice is a part of the behaviours with the conditions that tell it.
type slice struct {
	conds []Cond
	of    []int
}

// looseSlices parts behaviours by outcome, and then by address family where there is one.
func (s *search) looseSlices(of []int) []slice {
	groups := map[Cond][]int{}
	for _, i := range of {
		b := &s.Behaviours[i]
		groups[s.outcomeCond(b)] = append(groups[s.outcomeCond(b)], i)
	}
	var out []slice
	for _, c := range sortedConds(groups) {
		conds := []Cond{}
		if c != (Cond{}) {
			conds = append(conds, c)
		}
		out = append(out, s.byFamily(conds, groups[c])...)
	}
	// Sockets that are not waited for fail at first: their calls are one noise whatever the outcome.
	sockets := s.only(of, func(b *Behaviour) bool { return b.Family >= 0 && b.Names == NoName })
	return append(out, s.byFamily(nil, sockets)...)
}

// outcomeCond is the tightest condition on the outcome of a behaviour: none for calls without names that succeed, and for those that never
// return.
func (s *search) outcomeCond(b *Behaviour) Cond {
	switch {
	case b.Outcome == Failed && b.Errno != 0:
		return Cond{"exit", "=", strconv.Itoa(-int(b.Errno))}
	case b.Outcome == Failed:
		return Cond{"success", "=", "0"}
	case b.Outcome == Succeeded && (b.Names != NoName || s.classes.of(b.Arch, b.Syscall).files && b.Family < 0):
		return Cond{"success", "=", "1"}
	}
	return Cond{}
}

func (s *search) byFamily(conds []Cond, of []int) []slice {
	groups := map[Cond][]int{}
	for _, i := range of {
		c := Cond{}
		if f := s.Behaviours[i].Family; f >= 0 {
			c = Cond{"saddr_fam", "=", strconv.Itoa(int(f))}
		}
		groups[c] = append(groups[c], i)
	}
	var out []slice
	for _, c := range sortedConds(groups) {
		if s.sum(groups[c]) < s.least {
			continue
		}
		with := slices.Clone(conds)
		if c != (Cond{}) {
			with = append(with, c)
		}
		out = append(out, slice{with, groups[c]})
	}
	return out
}

func sortedConds(groups map[Cond][]int) []Cond {
	return slices.SortedFunc(maps.Keys(groups), func(a, b Cond) int { return cmp.Compare(a.String(), b.String()) })
}

// place is where the files of an exclusion are: one of the two, or neither.
type place struct{ dir, path string }

// offerExit offers one never,exit rule for a slice: cheap conditions first, the program and the place last.
func (s *search) offerExit(x shape, l slice, at place, calls []uint64) {
	conds := append(slices.Clone(x.conds), l.conds...)
	of := s.only(l.of, func(b *Behaviour) bool { return slices.Contains(calls, callKey(b.Arch, b.Syscall)) })
	if arg := s.modeOf(calls); arg > 0 {
		conds = append(conds, plainMode(arg))
		of = s.only(of, func(b *Behaviour) bool { return b.Plain })
	}
	conds = append(conds, Cond{"exe", "=", x.exe})
	switch {
	case at.dir != "":
		conds = append(conds, Cond{"dir", "=", at.dir})
		of = s.only(of, func(b *Behaviour) bool { return below(b.Dir, at.dir) })
	case at.path != "":
		conds = append(conds, Cond{"path", "=", at.path})
		of = s.only(of, func(b *Behaviour) bool { return b.File == at.path })
	}
	calls, _ = s.callsOfMass(of) // in a folder they may be fewer
	if quiets := s.quieted(of); len(quiets) > 0 {
		s.offer(Change{Kind: Exit, Calls: s.callsOf(s.withFamily(calls, of)), Conds: conds, Quiets: quiets}, x.cell)
	}
}

// modeOf is the argument in which all of some calls have the permissions that they set, 0 where there is none.
func (s *search) modeOf(calls []uint64) (arg int8) {
	for n, k := range calls {
		mode := s.classes.of(uint32(k>>32), uint32(k)).mode
		if n > 0 && mode != arg {
			return 0
		}
		arg = mode
	}
	return arg
}

// rare is the share of a slice's bytes below which a syscall or a rule is not worth being named: as good as nothing saved, and a hole less.
const rare = 200 // one in

// quieted are the rules whose noise some behaviours are, but for those that made next to none of it: an exclusion stays below these.
func (s *search) quieted(of []int) []int {
	mass := map[int]uint64{}
	for _, i := range of {
		mass[s.Behaviours[i].Rule] += s.Behaviours[i].Learnt.Bytes
	}
	total := s.sum(of)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(mass)), func(r int) bool { return mass[r] == 0 || mass[r] < total/rare })
}
