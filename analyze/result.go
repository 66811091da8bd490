package analyze

import (
	"fmt"
	"strconv"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
)

const (
	maxPathRows   = 4096 // of the tree of directories, in a profile
	maxRuleSeries = 20
)

// Profile is what was counted so far. The Tally takes no events after that.
func (t *Tally) Profile() *Profile {
	p := &Profile{
		Schema: Schema, Window: t.hosts.window(), Total: t.total,
		Types: t.types.table(), Keys: t.keys.table(), Exes: t.exes.table(),
		Syscalls: t.syscallTable(), Sessions: t.sessionTable(), Users: t.userTable(),
		StartedBy: t.procs.table(), Cells: t.cellRows(),
		Paths:   Paths{NoPath: t.noPath, Relative: t.relative},
		Rate:    t.bursts.rate(),
		Series:  t.time.series(),
		Unknown: t.unknown.profile(), Conflicts: t.conflicts.profile(),
		Assumptions: tallied(t.rests, func(bit uint32) string { return match.Assumption(bit).String() }),
		Unexplained: t.firstUnexplained(),
		Rules:       []RuleCount{},
	}
	p.Log.Partial = t.partial
	p.Log.Skipped = append([]Skipped{}, t.skipped...)
	p.Paths.Rows, p.Paths.Cut = t.paths.rows(maxPathRows)
	p.Paths.tidy()
	for o, n := range t.origin {
		p.Origins = append(p.Origins, OriginCount{Origin(o), n})
	}
	for _, r := range t.rules {
		p.Rules = append(p.Rules, RuleCount{r.RuleID, r.Count, r.maybe})
	}
	p.RuleSeries = t.ruleSeries(p)
	p.fill()
	return p
}

// ruleSeries are the series of the heaviest rules.
func (t *Tally) ruleSeries(p *Profile) []RuleSeries {
	out := []RuleSeries{}
	for _, rule := range heaviestRules(p.Rules) {
		if len(out) == maxRuleSeries {
			break
		}
		if t.time.byRule[rule] != nil {
			out = append(out, RuleSeries{rule, t.time.rule(rule, p.Series)})
		}
	}
	return out
}

func (t *Tally) syscallTable() Table {
	out := t.syscalls.table(func(id uint32) string { return t.syscallName(id) })
	return out
}

// syscallName is the name of a syscall; behind its architecture where that is not the usual one of its host.
func (t *Tally) syscallName(id uint32) string {
	switch id {
	case otherID:
		return Other
	case absentID:
		return ""
	}
	key := t.syscalls.rows[id].key
	nr := int(int32(key[1]))
	if key[0] == uringArch {
		if name, ok := names.UringOp(nr); ok {
			return "io_uring:" + name
		}
		return "io_uring:" + strconv.Itoa(nr)
	}
	arch := uint32(key[0])
	name, ok := names.Syscall(arch, nr)
	if !ok {
		name = strconv.Itoa(nr)
	}
	if names.Arch64Bit(arch) && ok {
		return name
	}
	archName, known := names.Arch(arch)
	if !known {
		archName = fmt.Sprintf("%x", arch)
	}
	return archName + ":" + name
}

func (t *Tally) sessionTable() Table {
	return t.sessions.table(func(id uint32) string {
		if id == absentID {
			return ""
		}
		key := t.sessions.rows[id].key
		name := idText(key[1])
		if host := t.hosts.rows[key[0]].Name; host != "" {
			return host + ":" + name
		}
		return name
	})
}

// table is the dimension as a Table.
func (t *pairTable) table(name func(id uint32) string) Table {
	out := Table{Rows: []Named{}, Other: t.rows[otherID].Count, Cut: t.cut}
	for id := absentID; int(id) < len(t.rows); id++ {
		if n := t.rows[id].Count; !n.IsZero() {
			out.Rows = append(out.Rows, Named{name(id), n})
		}
	}
	out.tidy()
	return out
}

func (t *Tally) userTable() Users {
	out := Users{Rows: []UserCount{}, Other: t.users.rows[otherID].Count, Cut: t.users.cut}
	for id := absentID; int(id) < len(t.users.rows); id++ {
		row := t.users.rows[id]
		if row.Count.IsZero() {
			continue
		}
		u := UserCount{User: t.userText(id), Count: row.Count}
		if id != absentID {
			u.AUIDName, u.UIDName = t.nameOf(row.key[0]), t.nameOf(row.key[1])
		}
		out.Rows = append(out.Rows, u)
	}
	out.tidy()
	return out
}

func (t *Tally) userText(id uint32) User {
	switch id {
	case otherID:
		return User{Other, Other}
	case absentID:
		return User{}
	}
	key := t.users.rows[id].key
	return User{idText(key[0]), idText(key[1])}
}

func (t *Tally) nameOf(id uint64) string {
	if id >= unsetUser {
		return ""
	}
	return t.userName[uint32(id)]
}

// idText is a uid or a session.
func idText(id uint64) string {
	switch id {
	case absentNumber:
		return ""
	case unsetUser:
		return "unset"
	}
	return strconv.FormatUint(id, 10)
}

func (t *Tally) cellRows() []Cell {
	rows := []Cell{}
	for id := pinned; id < len(t.cells.cells.rows); id++ {
		key := keyOf(t.cells.cells.rows[id].key)
		c := Cell{Origin: key.origin, Rule: key.rule, Exe: t.exes.names[key.exe].name, Syscall: t.syscallName(key.syscall), User: t.userText(key.user)}
		for at := t.cells.first[id]; at != 0; at = t.cells.types[at].next {
			c.Type, c.Count = t.types.name(t.cells.types[at].typ), t.cells.types[at].Count
			rows = append(rows, c)
		}
	}
	return tidyCells(rows)
}

// Skip counts a line that is no record, by the reason.
func (t *Tally) Skip(reason, input string, line int64, bytes uint64) {
	for i := range t.skipped {
		if s := &t.skipped[i]; s.Reason == reason {
			s.Lines++
			s.Bytes += bytes
			return
		}
	}
	t.skipped = append(t.skipped, Skipped{reason, 1, bytes, input, line})
}
