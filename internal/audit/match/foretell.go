package match

import (
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Forecast is what rules would do to an event, whatever recorded it in the log that it is in.
type Forecast struct {
	// Answer says which rule decides on the system call: Yes is Rule, which records it or, a never rule, does not; None is no rule.
	Answer     Answer
	Rule       int   // Yes: index into the rules; else -1
	Candidates []int // Unknown: the rules that may decide, -1 first for none; valid until the judge's next decision
	// Recorded tells whether the records of the system call would be written: Yes, None or Unknown. None where there is no call.
	Recorded Answer
	Why      Why        // Unknown: what the log does not say
	Rests    Assumption // what the answer takes for granted
	// Records tells of each record of the event, by its index, whether it would be written. It is valid until the judge's next decision.
	Records []Answer
}

// Foretell says what the rules would do to a system call and to every record of its event, if it happened under them. For an event
// without a system call (c.Event is set, and c.Read has reported false) it says what becomes of the records.
func (j *Judge) Foretell(c *event.Call) Forecast {
	out := Forecast{Rule: -1}
	called := c.Uring || c.Has&^(event.HasCwd|event.HasIPC) != 0
	if called {
		j.foretold(c, &out)
	}
	j.fates = j.fates[:0]
	for i := range c.Event.Records {
		j.fates = append(j.fates, j.fate(c, &c.Event.Records[i], called))
	}
	if called {
		j.places.reset(c)
		j.call = c
		out.Recorded = j.recorded(c, out)
		j.followCall(c, out.Recorded)
	}
	out.Records = j.fates
	return out
}

// foretold finds the rule that decides on a system call.
func (j *Judge) foretold(c *event.Call, out *Forecast) {
	j.start(c)
	j.worlds.begin(0)
	j.found = j.found[:0]
	j.foretelling = true
	for o, walks := j.walk(), 1; ; o, walks = j.walk(), walks+1 {
		out.Rests |= j.worlds.rests
		j.note(o)
		if !j.worlds.next() {
			break
		}
		if walks == maxWalks {
			j.worlds.full = true
			break
		}
	}
	j.foretelling = false
	j.mayTask()
	if j.worlds.full {
		j.worlds.why |= WhyWorlds
	}
	if len(j.found) > 1 {
		out.Why = j.worlds.why
	}
	if may := j.candidates(); len(may) > 1 || j.worlds.full {
		out.Answer, out.Candidates, out.Why = Unknown, may, j.worlds.why
		return
	}
	if out.Rule = j.ruleOf(j.found[0]); out.Rule >= 0 {
		out.Answer = Yes
		out.Rests |= j.loaded(out.Rule)
	}
}

// mayTask adds the rules of the task list that would have decided when the process was made, if it was then as it is now.
func (j *Judge) mayTask() {
	for n := range j.m.tasks {
		f := &j.m.tasks[n]
		if f.onTasks() && j.holdsAllOf(f) {
			j.worlds.why |= WhyTask
			j.note(outcome{form: taskForm(n), key: noForm})
		}
	}
}

// holdsAllOf tells whether all fields of a form are true.
func (j *Judge) holdsAllOf(f *form) bool {
	for i := range f.plain {
		if !j.holds(&f.plain[i].test, anyName) {
			return false
		}
	}
	return j.holdsAll(f.sure, anyName) && j.holdsAll(f.asked, anyName)
}

// recorded tells whether the records of a call are written at all: by the rule that decides, or, where none does, because the kernel
// wrote a record of its own meanwhile that was not excluded (kernel/audit.c: audit_log_start, kernel/auditsc.c: auditsc_get_stamp).
func (j *Judge) recorded(c *event.Call, out Forecast) Answer {
	write, drop := false, false
	for _, o := range j.found {
		switch says := j.recordedBy(c, o); says {
		case Yes:
			write = true
		case None:
			drop = true
		default:
			write, drop = true, true
		}
	}
	if says := j.written(j.mainType(c)); !c.Uring && write && says != Yes {
		write, drop = says == Unknown, true
	}
	return answerOf(write, drop || !write)
}

// mainType is the type of the record without which no other of the call is written.
func (j *Judge) mainType(c *event.Call) uint32 {
	if c.Uring {
		return recordUringop
	}
	return recordSyscall
}

func (j *Judge) recordedBy(c *event.Call, o outcome) Answer {
	if o.form != noForm {
		return answerOf(!j.isNever(o), j.isNever(o))
	}
	most := None
	for i := range c.Event.Records {
		if kindOf(typeNumber(&c.Event.Records[i])) != ofKernel {
			continue
		}
		switch j.fates[i] {
		case Yes:
			return Yes
		case Unknown:
			most = Unknown
		}
	}
	return most
}

// followCall settles the records of a call by whether it is recorded.
func (j *Judge) followCall(c *event.Call, recorded Answer) {
	for i := range j.fates {
		rec := &c.Event.Records[i]
		nr := typeNumber(rec)
		if kindOf(nr) != ofCall {
			continue
		}
		if nr == recordIPCSetPerm { // it follows the IPC record (kernel/auditsc.c: show_special)
			j.fates[i] = both(j.fates[i], j.written(recordIPC))
		}
		if item, ok := rec.Uint("item"); ok && nr == recordPath && j.fates[i] == Yes && j.mayMerge(int(item)) {
			j.fates[i] = Unknown
		}
		if nr == recordCwd && j.fates[i] == Yes && j.mayBeBare() {
			j.fates[i] = Unknown
		}
		j.fates[i] = both(j.fates[i], recorded)
	}
}

// both is what becomes of a record that two things must let pass.
func both(a, b Answer) Answer {
	switch {
	case a == None || b == None:
		return None
	case a == Yes && b == Yes:
		return Yes
	}
	return Unknown
}

// fate is what the lists user and exclude make of one record.
func (j *Judge) fate(c *event.Call, rec *record.Record, called bool) Answer {
	nr := typeNumber(rec)
	kind := kindOf(nr)
	if kind == ofDaemon {
		return Yes
	}
	if kind == ofUser || !called {
		j.readSender(c.Event, rec)
	}
	says := Yes
	if kind == ofUser {
		says = j.filter(rule.ListUser, nr)
	}
	says = both(says, j.filter(rule.ListExclude, nr))
	if kind == ofUser && called {
		j.call = c
		j.places.reset(c)
	}
	return says
}

// readSender makes the process of a record that stands alone the one that is asked about: who sent a message, or what the kernel
// wrote of by itself.
func (j *Judge) readSender(ev *event.Event, rec *record.Record) {
	j.sender = event.Call{Event: ev, Family: -1, Openat2Flags: -1}
	c := &j.sender
	for _, f := range [...]struct {
		name string
		has  event.Has
		to   *uint32
	}{{"pid", event.HasPID, &c.PID}, {"uid", event.HasUID, &c.UID}, {"auid", event.HasAUID, &c.AUID}, {"gid", event.HasGID, &c.GID}, {"ses", event.HasSes, &c.Ses}} {
		if n, ok := rec.Uint(f.name); ok && n <= uint64(unset) {
			*f.to, c.Has = uint32(n), c.Has|f.has
		}
	}
	if v, ok := rec.Value("exe"); ok && !v.Null() {
		c.Exe, c.Has = v, c.Has|event.HasExe
	}
	c.Subj, _ = rec.Value("subj")
	j.call = c
	j.places.reset(c)
}
