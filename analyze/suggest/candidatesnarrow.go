package suggest

import (
	"maps"
	"math/bits"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Fields of a rule (include/uapi/linux/audit.h: AUDIT_LOGINUID, AUDIT_ARCH, AUDIT_LOGINUID_SET, AUDIT_INODE, AUDIT_EXIT, AUDIT_SUCCESS, AUDIT_WATCH,
// AUDIT_PERM).
const (
	fieldAUID    = 9
	fieldArch    = 11
	fieldAUIDSet = 24
	fieldInode   = 102
	fieldExit    = 103
	fieldSuccess = 104
	fieldWatch   = 105
	fieldPerm    = 106
)

// permLetters are the permissions of perm= with their bits, in the order in which auditctl lists them.
var permLetters = [...]struct {
	letter byte
	bit    uint32
}{{'r', 4}, {'w', 2}, {'x', 1}, {'a', 8}}

// firstLogin is the lowest uid of people by convention (login.defs(5): UID_MIN).
const firstLogin = 1000

// narrower offers narrower forms of the noisy rules themselves.
func (s *search) narrower() {
	if s.o.Narrow == nil {
		return
	}
	byRule := map[int][]int{}
	for i := range s.Behaviours {
		if b := &s.Behaviours[i]; b.MsgType == "" && !b.Other && onExitList(s.Rules, b.Rule) {
			byRule[b.Rule] = append(byRule[b.Rule], i)
		}
	}
	for r := range s.Rules {
		if s.sum(byRule[r]) >= s.least {
			s.narrowRule(r, byRule[r])
		}
	}
}

func (s *search) narrowRule(r int, of []int) {
	wire := &s.Rules[r].Forms[0]
	if perms, ok := fieldOf(wire, fieldPerm); ok {
		s.offerNarrow(r, Narrowing{Perms: letters(perms.Value &^ 4)}, of, func(b *Behaviour) bool { return b.Access == ReadAccess })
	}
	_, auid := fieldOf(wire, fieldAUID)
	if _, set := fieldOf(wire, fieldAUIDSet); !auid && !set {
		s.offerNarrow(r, Narrowing{Login: true}, of, func(b *Behaviour) bool { return b.AUID == unset || b.AUID < firstLogin })
	}
	_, success := fieldOf(wire, fieldSuccess)
	if _, exit := fieldOf(wire, fieldExit); !success && !exit {
		s.offerNarrow(r, Narrowing{Success: true}, of, func(b *Behaviour) bool { return b.Outcome != Succeeded })
	}
	s.fewerCalls(r, of)
}

// fewerCalls offers a rule without the syscalls that make its noise, each alone. Rules for every syscall have exclusions for that.
func (s *search) fewerCalls(r int, of []int) {
	wire := &s.Rules[r].Forms[0]
	arch, ok := fieldOf(wire, fieldArch)
	calls := callsOfMask(wire, arch.Value)
	if !ok || len(calls) < 2 {
		return
	}
	_, mass := s.callsOfMass(of)
	for _, k := range slices.Sorted(maps.Keys(mass)) {
		if mass[k] < s.least || uint32(k>>32) != arch.Value {
			continue
		}
		stay := slices.DeleteFunc(slices.Clone(calls), func(name string) bool { return name == s.classes.of(arch.Value, uint32(k)).name })
		s.offerNarrow(r, Narrowing{Calls: strings.Join(stay, ",")}, of, func(b *Behaviour) bool { return callKey(b.Arch, b.Syscall) == k })
	}
}

// manyCalls is from how many syscalls on a rule is one for all of them.
const manyCalls = 100

// callsOfMask are the syscalls of a rule by their names, none where there are many, or one has no name.
func callsOfMask(w *rule.Wire, arch uint32) (calls []string) {
	for n, word := range w.Mask {
		for ; word != 0; word &= word - 1 {
			name, ok := names.Syscall(arch, 32*n+bits.TrailingZeros32(word))
			if !ok || len(calls) == manyCalls {
				return nil
			}
			calls = append(calls, name)
		}
	}
	return calls
}

func fieldOf(w *rule.Wire, typ uint32) (rule.WireField, bool) {
	at := slices.IndexFunc(w.Fields, func(f rule.WireField) bool { return f.Type == typ })
	if at < 0 {
		return rule.WireField{}, false
	}
	return w.Fields[at], true
}

func letters(perms uint32) string {
	var out []byte
	for _, p := range permLetters {
		if perms&p.bit != 0 {
			out = append(out, p.letter)
		}
	}
	return string(out)
}

// offerNarrow offers a narrower form of a rule that no longer records what gone says. What another rule would record in its place the
// replay finds.
func (s *search) offerNarrow(r int, n Narrowing, of []int, gone func(*Behaviour) bool) {
	x := &candidate{thin: -1, of: s.only(of, gone)}
	x.bytes = s.sum(x.of)
	if n == (Narrowing{}) || x.bytes < s.least {
		return
	}
	lines, err := s.o.Narrow(r, n)
	if err != nil {
		return
	}
	x.change = Change{Kind: Narrow, Quiets: []int{r}, Text: lines}
	x.text = x.change.key()
	for _, i := range x.of {
		if b := &s.Behaviours[i]; b.Wanted && x.wanted == "" {
			x.wanted = b.describe()
		}
	}
	if slices.Contains(s.o.Mandated, r) {
		x.judged = true
		x.refuse("mandated line: it stays as it is", Forbidden)
	}
	s.keep(x)
}
