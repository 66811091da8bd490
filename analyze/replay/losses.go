package replay

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Bounds of the table of losses: programs are named by whoever is audited.
const (
	maxLosses   = 2000
	maxExeBytes = 1 << 20
)

type lossKey struct {
	rule, by int
	exe, typ string
	sure     bool
}

// lossTable groups what is lost.
type lossTable struct {
	rows  map[lossKey]*Loss
	cut   uint64
	bytes int
	at    []lostRecord // of the event at hand
	exe   []byte
}

type lostRecord struct {
	index int
	sure  bool
}

func newLossTable() lossTable { return lossTable{rows: map[lossKey]*Loss{}} }

func (t *lossTable) begin() { t.at = t.at[:0] }

func (t *lossTable) lose(i int, sure bool) { t.at = append(t.at, lostRecord{i, sure}) }

// record puts what is lost of an event into the table. had is how many of its records the base has, or may have, written.
func (r *Replay) record(row *analyze.Row, before, after match.Forecast, had uint64) {
	t := &r.losses
	t.exe = t.exe[:0]
	if row.Has&analyze.HasExe != 0 {
		t.exe, _ = row.Exe.AppendUntrusted(t.exe)
	}
	all := uint64(len(t.at)) == had
	counted := map[lossKey]bool{}
	by := r.baseRule(row, before)
	gone := unrecorded(by, before, after)
	for _, l := range t.at {
		key := lossKey{rule: by, by: r.taker(row, before, after, row.Records[l.index].Type, gone), sure: l.sure}
		if !all {
			key.typ = names.RecordType(int(row.Records[l.index].Type))
		}
		loss := t.row(key, row)
		if loss == nil {
			if !counted[key] {
				t.cut++
			}
			counted[key] = true
			continue
		}
		if !counted[key] {
			loss.Events++
		}
		counted[key] = true
		loss.Records++
		loss.Bytes += uint64(row.Records[l.index].Bytes)
	}
}

// row finds the row of a loss, or makes it; nil where there is no room.
func (t *lossTable) row(key lossKey, row *analyze.Row) *Loss {
	key.exe = string(t.exe)
	if l := t.rows[key]; l != nil {
		return l
	}
	if len(t.rows) == maxLosses || t.bytes+len(key.exe) > maxExeBytes {
		return nil
	}
	t.bytes += len(key.exe)
	l := &Loss{Rule: key.rule, By: key.by, Exe: key.exe, Type: key.typ, Sure: key.sure, Input: row.Input, Line: row.Line}
	t.rows[key] = l
	return l
}

// unrecorded tells whether the exit list of the new set alone does not record a call, or may not, that rule by of the base recorded. Then no rule
// about single records has taken it, and none that somebody has accepted may stand for it.
func unrecorded(by int, before, after match.Forecast) bool {
	switch after.Answer {
	case match.None:
		return by >= 0 || before.Answer != match.None
	case match.Unknown:
		open := before.Answer == match.Unknown && slices.Contains(before.Candidates, NoRule)
		return slices.Contains(after.Candidates, NoRule) && !open
	}
	return false
}

// taker is the rule of the new set that takes a record, NoRule where none does.
func (r *Replay) taker(row *analyze.Row, before, after match.Forecast, typ uint16, gone bool) int {
	if after.Answer == match.Yes && r.never(after.Rule) {
		return after.Rule
	}
	for _, c := range after.Candidates {
		if c >= 0 && r.never(c) && (r.was[c] == NoRule || !slices.Contains(before.Candidates, r.was[c])) {
			return c
		}
	}
	if gone && typ/100 == recordSyscall/100 { // the records of a call
		return NoRule
	}
	main := uint16(recordSyscall)
	for _, i := range r.added {
		if w := &r.now.rules[i].Forms[0]; !ofOthers(w, row.Call) && (drops(w, typ) || drops(w, main)) {
			return i
		}
	}
	return NoRule
}

func (r *Replay) never(i int) bool { return r.now.rules[i].Forms[0].Action == rule.ActionNever }

// Numbers of include/uapi/linux/audit.h.
const (
	recordSyscall = 1300
	fieldUID      = 1
	fieldGID      = 5
	fieldLoginUID = 9
	fieldMsgtype  = 12
)

// ofOthers tells whether a rule about single records is of another user, group or login than made a call.
func ofOthers(w *rule.Wire, c *event.Call) bool {
	if c == nil {
		return false
	}
	return slices.ContainsFunc(w.Fields, func(f rule.WireField) bool {
		if f.Op != rule.OpEqual {
			return false
		}
		switch f.Type {
		case fieldUID:
			return c.Has&event.HasUID != 0 && f.Value != c.UID
		case fieldGID:
			return c.Has&event.HasGID != 0 && f.Value != c.GID
		case fieldLoginUID:
			return c.Has&event.HasAUID != 0 && f.Value != c.AUID
		}
		return false
	})
}

// drops tells whether a rule of the lists user, exclude and filesystem may be one that takes records of a type.
func drops(w *rule.Wire, typ uint16) bool {
	if w.List == rule.ListUser {
		return w.Action == rule.ActionNever && typ >= 1100 && typ < 1200 || typ >= 2100 && typ < 3000 && w.Action == rule.ActionNever
	}
	for _, f := range w.Fields {
		if f.Type == fieldMsgtype && f.Op == rule.OpEqual && f.Value != uint32(typ) {
			return false
		}
	}
	return true
}

// list is all losses, what is sure first, then the heaviest.
func (t *lossTable) list() []Loss {
	var out []Loss
	for _, l := range t.rows {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Loss) int {
		if a.Sure != b.Sure {
			if a.Sure {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.By, b.By), strings.Compare(a.Exe, b.Exe), strings.Compare(a.Type, b.Type))
	})
	return out
}
