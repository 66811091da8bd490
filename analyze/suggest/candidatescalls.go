package suggest

import (
	"maps"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// callsOfMass are the syscalls of some behaviours as callKeys, but for those that made next to nothing of them.
func (s *search) callsOfMass(of []int) (calls []uint64, mass map[uint64]uint64) {
	mass = map[uint64]uint64{}
	for _, i := range of {
		b := &s.Behaviours[i]
		mass[callKey(b.Arch, b.Syscall)] += b.Learnt.Bytes
	}
	total := s.sum(of)
	for _, k := range slices.Sorted(maps.Keys(mass)) {
		if mass[k] > 0 && mass[k] >= total/rare {
			calls = append(calls, k)
		}
	}
	return calls, mass
}

// callSets are the syscalls of a slice that may be excluded together: all that matter, all but those that change who may do what with a file,
// those that open files alone, and each other one alone that has enough.
func (s *search) callSets(of []int) [][]uint64 {
	all, mass := s.callsOfMass(of)
	var plain, opens []uint64
	var sets [][]uint64
	for _, k := range all {
		if !s.classes.of(uint32(k>>32), uint32(k)).grants {
			plain = append(plain, k)
		}
		switch {
		case s.isOpen(k):
			opens = append(opens, k)
		case mass[k] >= s.least:
			sets = append(sets, []uint64{k})
		}
	}
	if len(all) > 0 && (len(all) > 1 || len(sets) == 0) {
		sets = append(sets, all)
	}
	if len(plain) > 1 && len(plain) < len(all) {
		sets = append(sets, plain)
	}
	if len(opens) > 0 && len(opens) < len(all) {
		sets = append(sets, opens)
	}
	return sets
}

// openFamily are the calls that open a file: a library that is replaced takes another of them for the same.
var openFamily = [...]string{"open", "openat", "openat2"}

func (s *search) isOpen(k uint64) bool {
	name := s.classes.of(uint32(k>>32), uint32(k)).name
	return slices.Contains(openFamily[:], name)
}

// withFamily adds to calls that open files the others that do, as far as all the slice's rules ask for them.
func (s *search) withFamily(calls []uint64, of []int) []uint64 {
	for _, k := range calls {
		if !s.isOpen(k) {
			continue
		}
		arch := uint32(k >> 32)
		for _, name := range openFamily {
			nr, ok := names.SyscallNumber(arch, name)
			more := callKey(arch, uint32(nr))
			if ok && !slices.Contains(calls, more) && s.allAsk(of, arch, uint32(nr)) {
				calls = append(calls, more)
			}
		}
	}
	slices.Sort(calls)
	return calls
}

// allAsk tells whether the masks of all rules that recorded openings of files by an architecture hold a syscall.
func (s *search) allAsk(of []int, arch, nr uint32) bool {
	last := -1
	for _, i := range of {
		b := &s.Behaviours[i]
		if b.Rule == last || b.Arch != arch || !s.isOpen(callKey(arch, b.Syscall)) {
			continue
		}
		last = b.Rule
		mask := s.Rules[b.Rule].Forms[0].Mask
		if int(nr/32) >= len(mask) || mask[nr/32]&(1<<(nr%32)) == 0 {
			return false
		}
	}
	return true
}

// lastKnownCall is the greatest number of a syscall that every auditctl from 3.0 on has a name for (lib/x86_64_table.h). Later ones are written
// as numbers.
const lastKnownCall = 450

// callsOf writes callKeys as rules have them: b64 before b32, each in the order of the numbers.
func (s *search) callsOf(keys []uint64) []Calls {
	var out []Calls
	for _, word := range [...]string{"b64", "b32"} {
		c := Calls{Arch: word}
		for _, k := range keys {
			if s.word(uint32(k>>32)) != word {
				continue
			}
			name := s.classes.of(uint32(k>>32), uint32(k)).name
			if uint32(k) > lastKnownCall {
				name = number(uint32(k))
			}
			c.Names = append(c.Names, name)
		}
		if len(c.Names) > 0 {
			out = append(out, c)
		}
	}
	return out
}
