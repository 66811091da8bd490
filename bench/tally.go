package bench

import (
	"bytes"
	"fmt"
	"io"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// tally is what the log of a slot holds, the harness's own marks left out.
type tally struct {
	bytes, records, events  int64
	otherBytes, otherEvents int64 // of them, not of the workload
	otherRecords            int64 // likewise
	ownMessages             int64 // of the events: user messages of the workload
	missing, partial        int64
	byType                  map[string]result.TypeTally
}

// into writes the counts into the slot.
func (t tally) into(s *result.Slot) {
	s.LogBytes, s.Records, s.Events = t.bytes, t.records, t.events
	s.OtherBytes, s.OtherEvents, s.OtherRecords, s.OwnMessages = t.otherBytes, t.otherEvents, t.otherRecords, t.ownMessages
	s.EventsMissing, s.PartialEvents, s.ByType = t.missing, t.partial, t.byType
}

// tallyLog counts the events of one slot. Those whose serials lie outside the marks are not the slot's; a serial between the marks that is
// in no event is an event that the kernel made and the log does not have.
func tallyLog(r io.Reader, reg region, absent map[string]bool) (tally, error) {
	t := tally{byType: map[string]result.TypeTally{}}
	var gaps event.Gaps
	reader := record.NewReader(r)
	var bad int64
	own := event.NewProcesses(reg.pids)
	asm := event.NewAssembler(event.Options{Absent: absent})
	for ev := range asm.Events(reader, func(*record.Record) { bad++ }) {
		if isDaemon(ev) {
			continue
		}
		if reg.outside(ev.Serial) {
			continue
		}
		gaps.Add(ev)
		if !isMark(ev) {
			t.add(ev, isOf(ev, own))
		}
	}
	if err := reader.Err(); err != nil {
		return t, fmt.Errorf("read the slot's log: %w", err)
	}
	if bad > 0 {
		return t, fmt.Errorf("read the slot's log: %d lines are no audit records: something else writes to it", bad)
	}
	t.missing = int64(gaps.Count().Missing)
	return t, nil
}

func (t *tally) add(ev *event.Event, own bool) {
	if !own {
		t.otherEvents++
		t.otherBytes += ev.LogBytes
		t.otherRecords += int64(len(ev.Records))
	} else if ev.Syscall() == nil {
		t.ownMessages++
	}
	t.events++
	t.records += int64(len(ev.Records))
	t.bytes += ev.LogBytes
	if ev.Partial {
		t.partial++
	}
	for i := range ev.Records {
		rec := &ev.Records[i]
		c := t.byType[string(rec.Type)]
		c.Records++
		c.Bytes += rec.Length
		t.byType[string(rec.Type)] = c
	}
}

// outside tells whether a serial is not between the marks. Without marks nothing is.
func (g region) outside(serial uint64) bool {
	return g.firstSerial > 0 && serial < g.firstSerial || g.lastSerial > 0 && serial > g.lastSerial
}

// isOf tells the events of some processes and their descendants. pid= is the thread group, so it covers all threads.
func isOf(ev *event.Event, of *event.Processes) bool {
	sys := ev.Syscall()
	if sys == nil {
		return isMessageOf(&ev.Records[0], of)
	}
	pid, _ := sys.Uint("pid")
	ppid, _ := sys.Uint("ppid")
	return of.Has(pid, ppid)
}

// isMessageOf tells the user messages of some processes: their kernel-written pid= is the first one (kernel/audit.c: audit_log_common_recv_msg). The
// types are those of include/uapi/linux/audit.h, AUDIT_FIRST_USER_MSG to AUDIT_LAST_USER_MSG and their second range.
func isMessageOf(rec *record.Record, of *event.Processes) bool {
	nr, ok := names.RecordTypeNumber(string(rec.Type))
	if !ok || !(nr >= 1100 && nr <= 1199 || nr >= 2100 && nr <= 2999) {
		return false
	}
	pid, _ := rec.Uint("pid")
	return of.Has(pid, 0)
}

var markPrefix = []byte(MarkPrefix)

// isMark tells the harness's own messages.
func isMark(ev *event.Event) bool {
	return string(ev.Records[0].Type) == "USER" && bytes.Contains(ev.Records[0].Body, markPrefix)
}

// isDaemon tells auditd's own events: they carry serials of auditd's making and never passed the kernel.
func isDaemon(ev *event.Event) bool {
	return bytes.HasPrefix(ev.Records[0].Type, []byte("DAEMON_"))
}

// droppedTypes are the record types that the set's exclude rules may keep out of the log, and one more that a price slot leaves out. A rule
// that names no single type may drop any.
func droppedTypes(rules []rule.Wire, excluded string) map[string]bool {
	absent := map[string]bool{excluded: excluded != ""}
	for _, w := range rules {
		if w.List != rule.ListExclude {
			continue
		}
		single := false
		for _, f := range w.Fields {
			if f.Type == fieldMsgType && f.Op == rule.OpEqual {
				absent[names.RecordType(int(f.Value))] = true
				single = true
			}
		}
		if !single {
			absent["PATH"], absent["CWD"], absent["PROCTITLE"], absent["URINGOP"] = true, true, true, true
		}
	}
	return absent
}

// holdsKey tells whether a record of the log carries the key.
func holdsKey(r io.Reader, key string) (bool, error) {
	reader := record.NewReader(r)
	for reader.Scan() {
		if reader.Record().Bad != record.Good {
			continue
		}
		for _, k := range record.Keys(reader.Record()) {
			if k == key {
				return true, nil
			}
		}
	}
	return false, reader.Err()
}
