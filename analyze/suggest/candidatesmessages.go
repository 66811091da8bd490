package suggest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// messages offers exclusions of records that no syscall rule makes, by type: as a whole, and by program and user; and of the types that events
// can go without.
func (s *search) messages() {
	byType := map[string][]int{}
	for i := range s.Behaviours {
		if b := &s.Behaviours[i]; b.MsgType != "" && b.Rule < 0 && !b.Other {
			byType[b.MsgType] = append(byType[b.MsgType], i)
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(byType)) {
		if nr, ok := names.RecordTypeNumber(typ); ok && !names.PartOfCall(uint32(nr)) {
			s.offerMessages(typ, nr, byType[typ])
		}
	}
	for n := range ThinTypes {
		s.offerThin(n)
	}
	for _, m := range s.Filesystems {
		c := Change{Kind: Filesystem, Conds: []Cond{{"fstype", "=", m.Type}}}
		s.keep(&candidate{change: c, text: c.key(), thin: -1, alone: m.Parts, bytes: m.Learnt.Bytes})
	}
}

func (s *search) offerMessages(typ string, nr int, of []int) {
	kind := Exclude
	if fromPrograms(nr) {
		kind = User
	}
	s.offer(Change{Kind: kind, MsgType: ruleName(typ)}, of)
	mass := map[sender]uint64{}
	for _, i := range of {
		b := &s.Behaviours[i]
		if b.UID != noID && b.Exe != "" {
			mass[sender{b.Exe, b.UID, login{}}] += b.Learnt.Bytes
			mass[sender{b.Exe, b.UID, login{true, b.AUID}}] += b.Learnt.Bytes
		}
	}
	for _, who := range slices.SortedFunc(maps.Keys(mass), compareSenders) {
		if mass[who] >= s.least {
			s.offer(Change{Kind: kind, MsgType: ruleName(typ), Conds: who.conds()}, of)
		}
	}
}

// sender is who sent a message, or made the kernel write one.
type sender struct {
	exe string
	uid uint32
	login
}

func compareSenders(a, b sender) int {
	return cmp.Or(strings.Compare(a.exe, b.exe), cmp.Compare(a.uid, b.uid), compareBool(a.known, b.known), cmp.Compare(a.auid, b.auid))
}

func (w sender) conds() []Cond {
	conds := []Cond{}
	if w.known {
		conds = append(conds, Cond{"auid", "=", number(w.auid)})
	}
	return append(conds, Cond{"uid", "=", number(w.uid)}, Cond{"exe", "=", w.exe})
}

// fromPrograms tells whether a record type passes the list user: it is sent by programs (kernel/audit.c: audit_receive_msg).
func fromPrograms(nr int) bool {
	return nr == 1005 || nr >= 1100 && nr <= 1199 || nr >= 2100 && nr <= 2999
}

// offerThin offers to do without the records of one type in all events.
func (s *search) offerThin(n int) {
	x := &candidate{change: Change{Kind: Exclude, MsgType: ThinTypes[n]}, thin: n}
	x.text = x.change.key()
	for i := range s.Behaviours {
		if t := &s.Behaviours[i].Thin[n]; t.Learnt.Bytes+t.Tested.Bytes > 0 {
			x.of = append(x.of, i)
			x.bytes += t.Learnt.Bytes
		}
	}
	s.keep(x)
}

// ruleName is a record type as -F msgtype= takes it: a type that auditd has no name for by its number.
func ruleName(typ string) string {
	if nr, ok := strings.CutPrefix(typ, "UNKNOWN["); ok {
		return strings.TrimSuffix(nr, "]")
	}
	return typ
}
