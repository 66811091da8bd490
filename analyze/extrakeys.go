package analyze

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// ExtraKeys decides by a key that one rule only carries, put there by whoever loaded the rules: Prefix and the rule's index. The workload is
// told from everybody else by its personality, which the kernel logs and a process inherits.
type ExtraKeys struct {
	Prefix string
	Rules  int // how many there are: a key beyond is none of ours
	// FullKeys are the rules that had no room for one more key, by the key they have; "" is that of a rule with neither key nor room.
	FullKeys    map[string]int
	Personality uint64
	// PIDs are processes that were there before the harness and so have no mark: their events, and their descendants', are the workload's too.
	PIDs     []int
	unmarked *event.Processes // made of PIDs at the first event
	// Marks is the text of the harness's own messages; HarnessPIDs are its processes.
	Marks       string
	HarnessPIDs []int
	// FirstSerial and LastSerial are those of the first and the last mark, 0 where there is none.
	FirstSerial, LastSerial uint64
}

// Decide finds the origin of an event.
func (x *ExtraKeys) Decide(ev *event.Event) Decision {
	first := &ev.Records[0]
	switch class(first.Type) {
	case daemonMade:
		return Decision{Auditd, NoRule}
	case userMade:
		if bytes.Contains(first.Body, []byte(x.Marks)) {
			return Decision{Harness, NoRule}
		}
	}
	if x.atEdge(ev.Serial) {
		return Decision{SlotEdge, NoRule}
	}
	if sys := ev.Syscall(); sys != nil {
		return x.decideSyscall(ev, sys)
	}
	if op := uringOp(ev); op != nil {
		return x.decideUring(op)
	}
	switch class(first.Type) {
	case userMade:
		return Decision{UserMessages, NoRule}
	case kernelMade:
		return Decision{KernelMade, NoRule}
	}
	return Decision{Unexplained, NoRule}
}

func (x *ExtraKeys) atEdge(serial uint64) bool {
	return x.FirstSerial > 0 && serial < x.FirstSerial || x.LastSerial > 0 && serial > x.LastSerial
}

func (x *ExtraKeys) decideSyscall(ev *event.Event, sys *record.Record) Decision {
	rule, keyed := x.rule(sys)
	pid, ok := sys.Uint("pid")
	switch {
	case !ok:
		return Decision{Unexplained, NoRule}
	case x.isHarness(int(pid)): // also while it carries the mark, for the moment in which it forks a marked process
		return Decision{Harness, rule}
	}
	if x.isWorkload(sys, pid) {
		switch {
		case keyed:
			return Decision{Rules, rule}
		case hasKernelRecord(ev):
			return Decision{KernelMade, NoRule}
		}
		return Decision{Unexplained, NoRule}
	}
	return Decision{OtherProcesses, rule}
}

// uringOp is the record of an operation that the kernel did for a process outside of its system calls, nil where there is none.
func uringOp(ev *event.Event) *record.Record {
	for i := range ev.Records {
		if string(ev.Records[i].Type) == "URINGOP" {
			return &ev.Records[i]
		}
	}
	return nil
}

// decideUring: such a record has no per= (kernel/auditsc.c: audit_log_uring), and no workload uses io_uring.
func (x *ExtraKeys) decideUring(op *record.Record) Decision {
	if _, ok := op.Uint("pid"); !ok {
		return Decision{Unexplained, NoRule}
	}
	rule, _ := x.rule(op)
	return Decision{OtherProcesses, rule}
}

// isWorkload tells the workload's events by the mark, or by the process that was named.
func (x *ExtraKeys) isWorkload(sys *record.Record, pid uint64) bool {
	if per, ok := sys.Hex("per"); ok && per&x.Personality == x.Personality {
		return true
	}
	ppid, _ := sys.Uint("ppid")
	if x.unmarked == nil {
		x.unmarked = event.NewProcesses(x.PIDs)
	}
	return x.unmarked.Has(pid, ppid)
}

func (x *ExtraKeys) isHarness(pid int) bool {
	for _, p := range x.HarnessPIDs {
		if p == pid {
			return true
		}
	}
	return false
}

// rule is the index behind the extra key, which is always the last one.
func (x *ExtraKeys) rule(sys *record.Record) (int, bool) {
	keys := record.Keys(sys)
	if last := len(keys) - 1; last >= 0 {
		digits, ok := strings.CutPrefix(keys[last], x.Prefix)
		n, err := strconv.Atoi(digits)
		if ok && err == nil && n >= 0 && n < x.Rules {
			return n, true
		}
	}
	n, ok := x.FullKeys[strings.Join(keys, "\x01")]
	if !ok {
		return NoRule, false
	}
	return n, true
}

// Bytes is the length of the line without the extra key and without the mark in the personality. A key field that holds two keys is logged
// in hex, one that holds one is logged in quotes: the rest is encoded again, lengths are not subtracted.
func (x *ExtraKeys) Bytes(rec *record.Record) int64 {
	n := rec.Length
	if string(rec.Type) != "SYSCALL" {
		return n
	}
	if v, ok := rec.Value("key"); ok {
		keys := record.Keys(rec)
		if last := len(keys) - 1; last >= 0 && strings.HasPrefix(keys[last], x.Prefix) {
			logged := len(v.Text)
			if v.Quote != 0 {
				logged += 2
			}
			rest := strings.Join(keys[:last], "\x01")
			n += int64(record.KeyFieldLen(rest, last > 0) - logged)
		}
	}
	if per, ok := rec.Hex("per"); ok && per&x.Personality == x.Personality {
		n -= int64(len(fmt.Sprintf(" per=%x", per)))
		if others := per &^ x.Personality; others != 0 {
			n += int64(len(fmt.Sprintf(" per=%x", others)))
		}
	}
	return n
}

// Classes of record types by who makes them (include/uapi/linux/audit.h).
type maker uint8

const (
	companion  maker = iota // part of an event that something else makes: SYSCALL, PATH, CWD, …
	userMade                // sent by programs
	daemonMade              // written by auditd
	kernelMade              // made by the kernel by itself
)

func class(recordType []byte) maker {
	switch string(recordType) {
	case "SYSCALL", "PATH", "CWD", "PROCTITLE", "SOCKADDR", "EXECVE": // nearly all of a log, without a look-up
		return companion
	}
	nr, ok := names.RecordTypeNumber(string(recordType))
	switch {
	case !ok:
		return companion
	case nr == 1005, nr >= 1100 && nr <= 1199, nr >= 2100 && nr <= 2999:
		return userMade
	case nr >= 1200 && nr <= 1299:
		return daemonMade
	case names.PartOfCall(uint32(nr)):
		return companion
	}
	return kernelMade
}

func hasKernelRecord(ev *event.Event) bool {
	for i := range ev.Records {
		if class(ev.Records[i].Type) == kernelMade {
			return true
		}
	}
	return false
}
