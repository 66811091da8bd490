package match

import (
	"github.com/auditprof/auditprof/internal/audit/event"
)

// Judge decides events, one at a time.
type Judge struct {
	m      *Matcher
	places *places
	worlds worlds

	call    *event.Call
	slot    *slot
	regs    registers
	is      uint64   // plain fields of the slot's program that are true, or may be
	unsure  uint64   // those that may be
	ops     []uint32 // operations of io_uring within the call
	wide    bool     // the number is above those that have slots of their own: masks are still to be asked
	missing bool     // names that are in no record: excluded, lost or hidden
	perm    uint8    // permissions that the call has for sure
	maybe   uint8    // and those it may have
	removal bool     // the names are asked while one of them goes away: there is no result yet (kernel/audit_watch.c: audit_update_watch)

	asked  *form   // the rule that is being asked, nil for none
	active []int32 // forms whose sure fields hold
	key    []byte  // of the record, decoded
	found  []outcome
	rules  []int // of Decision.Candidates

	glanced *[glances]glanced // of Glance
	era     era

	foretelling bool       // the event is not as these rules would have it
	fates       []Answer   // of Forecast.Records
	sender      event.Call // the process of a record without a system call
}

// outcome is what the rules do to an event in one world.
type outcome struct {
	form int32 // index into Matcher.forms of the rule that wins, or noForm
	key  int32 // index into Matcher.forms of the rule whose key the record carries, or noForm
}

// noForm is no rule at all.
const noForm = -1

// start makes the judge ready for an event.
func (j *Judge) start(c *event.Call) {
	j.call = c
	j.places.reset(c)
	j.missing = c.Items > len(c.Names)
	j.removal = false
	a := j.m.uring
	if !c.Uring {
		a = j.m.arch(c.Arch)
	}
	j.slot = a.at(c.Syscall)
	j.wide = c.Syscall >= indexed
	class := j.slot.perm
	if j.wide && !c.Uring {
		class = a.class(c.Syscall)
	}
	j.regs.read(c)
	j.permissions(class)
	if j.slot.opens != nil && j.maybe == 0 {
		j.slot = &j.slot.opens[j.perm/2-1] // permWrite, permRead, both
	}
	j.is, j.unsure = j.run(j.slot.program)
	j.readOps()
}

// readOps reads which operations of io_uring ran inside of an io_uring_enter: their list is asked where the exit list does not record
// the call (kernel/auditsc.c: __audit_uring_exit).
func (j *Judge) readOps() {
	j.ops = j.ops[:0]
	if j.call.Uring || j.call.Syscall != uringEnter {
		return
	}
	for i := range j.call.Event.Records {
		rec := &j.call.Event.Records[i]
		if typeNumber(rec) != recordUringop {
			continue
		}
		if op, ok := rec.Uint("uring_op"); ok && op < indexed {
			j.ops = append(j.ops, uint32(op))
		}
	}
}

// uringEnter is io_uring_enter, which has one number on all machines.
const uringEnter = 426

// permissions sets what perm= sees in the call (kernel/auditsc.c: audit_match_perm).
func (j *Judge) permissions(class permClass) {
	j.perm, j.maybe = class.sure, class.maybe
	c, arg := j.call, event.HasA1
	switch class.flags {
	case flagsNone:
		return
	case flagsA1:
		j.perm = openPerm(c.A[1])
	case flagsA2:
		j.perm, arg = openPerm(c.A[2]), event.HasA2
	case flagsSocketcall:
		arg = event.HasA0
		if uint32(c.A[0]) == socketcallBind {
			j.perm = permWrite
		}
	case flagsOpenat2:
		if c.Openat2Flags >= 0 {
			j.perm = openPerm(uint64(c.Openat2Flags))
		} else {
			j.maybe = permRead | permWrite
		}
		return
	}
	if c.Has&arg == 0 {
		j.perm, j.maybe = 0, permRead|permWrite
	}
}

// socketcallBind is SYS_BIND (include/uapi/linux/net.h).
const socketcallBind = 2

// walk decides the event in the world that is being walked.
func (j *Judge) walk() outcome {
	j.worlds.steps += len(j.slot.exit) + len(j.slot.inode)
	won := outcome{noForm, noForm}
	limit := int32(len(j.m.rules))
	removed := j.removes()
	if removed && len(j.slot.inode) > 0 {
		j.removal = true
		won, limit = j.inodes(won, limit)
		j.removal = false
	}
	won, limit = j.list(j.slot.program, won, limit)
	if len(j.ops) > 0 && (won.form == noForm || j.m.forms[won.form].never) {
		for _, op := range j.ops {
			won, limit = j.list(j.m.uring.at(op).program, won, limit)
		}
	}
	won, _ = j.inodes(won, limit)
	return won
}

// list asks the rules of the exit list, or of that of io_uring, that come before limit: the first that matches wins
// (kernel/auditsc.c: __audit_filter_op).
func (j *Judge) list(pr *program, won outcome, limit int32) (outcome, int32) {
	is, unsure := j.is, j.unsure
	if pr != j.slot.program {
		is, unsure = j.run(pr)
	}
	for i := range pr.exit {
		e := &pr.exit[i]
		if e.rule >= limit {
			break
		}
		if !j.passesPlain(e, is, unsure) {
			continue
		}
		f := &j.m.forms[e.form]
		if j.wide && !f.hasBit(j.call.Syscall) {
			continue
		}
		j.asks(f)
		if j.holdsAll(f.sure, anyName) && j.holdsAll(f.asked, anyName) && j.formed(f) && !j.worlds.barred {
			j.asks(nil)
			return j.win(won, e.form), f.rule
		}
	}
	j.asks(nil)
	return won, limit
}

// win is the outcome when form n beats what won before: its key stays where the form has none (kernel/auditsc.c: audit_filter_rules).
func (j *Judge) win(before outcome, n int32) outcome {
	out := outcome{form: n, key: before.key}
	if j.m.forms[n].key != "" {
		out.key = n
	}
	return out
}

// removes tells whether a name went away in the call.
func (j *Judge) removes() bool {
	if !j.call.Success {
		return false
	}
	for i := range j.call.Names {
		if j.call.Names[i].Type == event.NameDelete {
			return true
		}
	}
	return false
}

// inodes asks the rules of the inode hash that come before limit, name by name: the first name that any rule matches decides
// (kernel/auditsc.c: audit_filter_inodes).
func (j *Judge) inodes(won outcome, limit int32) (outcome, int32) {
	j.active = j.active[:0]
	is := j.is
	if j.removal {
		is &^= j.slot.returns
	}
	for i := range j.slot.inode {
		e := &j.slot.inode[i]
		if e.rule >= limit {
			break
		}
		if !j.passesPlain(e, is, j.unsure) {
			continue
		}
		f := &j.m.forms[e.form]
		if j.wide && !f.hasBit(watchBit(j.call.Uring, j.call.Syscall)) {
			continue
		}
		if j.holdsAll(f.sure, anyName) {
			j.active = append(j.active, e.form)
		}
	}
	if len(j.active) == 0 || j.quiet() || j.removal && !j.goesAway() {
		return won, limit
	}
	for i := range j.names() {
		if n := j.bucket(i); n >= 0 {
			return j.win(won, n), j.m.forms[n].rule
		}
	}
	return won, limit
}

// goesAway tells whether the name that went away is one that an active rule watches: only then are the names asked at that moment.
func (j *Judge) goesAway() bool {
	for i := range j.call.Names {
		if j.call.Names[i].Type != event.NameDelete || j.places.givesWay(i) {
			continue
		}
		for _, n := range j.active {
			w := j.m.forms[n].watch
			if w.kind == pathWatch && j.worlds.ask(atom{kind: atomGoes, name: int32(i), of: int32(w.id)}, j.places.goes(i, w)) {
				return true
			}
		}
	}
	return false
}

// bucket is the first active rule that matches name i, noForm where none does.
func (j *Judge) bucket(i int) int32 {
	for at, n := range j.active {
		if j.matchesName(&j.m.forms[n], i) {
			return j.turned(i, n, at)
		}
	}
	return noForm
}

// matchesName tells whether a rule of the inode hash, whose fields about the call hold, matches name i.
func (j *Judge) matchesName(f *form, i int) bool {
	j.asks(f)
	matches := j.at(i, f.watch) && j.holdsAll(f.named, i) && j.holdsAll(f.asked, i) && j.formed(f) && !j.worlds.barred
	j.asks(nil)
	return matches
}

// at tells whether name i is what a rule watches; the name behind the last stands for all that are missing.
func (j *Judge) at(i int, w *watchRef) bool {
	kind, when := atomAt, atExit
	if j.removal {
		kind, when = atomGone, atRemoval
	}
	r := reading{open: true, why: WhyNoPath}
	if i < len(j.call.Names) {
		if j.blind(i) {
			return false
		}
		r = j.places.at(i, w, when)
		if !r.open && (r.value && j.stale(w) || !r.value && j.keptOld(i, w)) {
			r = reading{open: true, why: WhyOrder}
		}
	} else if j.slot.queue && w.kind == pathWatch {
		r = j.queueAt(w)
	}
	return j.place(kind, i, w, r)
}
