package detect

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// maxKept is how many events a keep file may hold.
const maxKept = 10_000

// readKeptLog reads a keep file that is a piece of a log.
func readKeptLog(name string, text []byte, host Host) (Keep, error) {
	d := document{file: name}
	lines := record.NewReader(bytes.NewReader(text))
	asm := event.NewAssembler(event.Options{MaxOpen: maxKept})
	first := map[*event.Event]int64{}
	keep := Keep{}
	for ev := range asm.Events(lines, func(bad *record.Record) {
		if !bad.Bad.Expected() && bad.Bad != record.Empty && len(d.errs) < maxErrors {
			d.errs = append(d.errs, &Error{name, int(bad.Line), 1, bad.Bad.String() + ": give lines as auditd writes them, or as ausearch --raw prints them"})
		}
	}) {
		if len(keep.Events) == maxKept {
			return Keep{}, &Error{File: name, What: fmt.Sprintf("more than %d events: keep those that show what matters", maxKept)}
		}
		ev = ev.Clone()
		first[ev] = ev.Records[0].Line
		keep.Events = append(keep.Events, ev)
	}
	if err := lines.Err(); err != nil {
		return Keep{}, fmt.Errorf("read %s: %w", name, err)
	}
	if err := d.err(); err != nil {
		return Keep{}, err
	}
	sight := newSight(machineOf(host.Machine), host.links())
	for _, ev := range keep.Events {
		keep.Detections = append(keep.Detections, sight.alike(name, first[ev], ev))
	}
	return keep, nil
}

// alike is the detection of events like one of a log: the same call or record type by the same program, user and key, with the same names and
// outcome.
func (s *sight) alike(file string, line int64, ev *event.Event) Detection {
	d := Detection{Name: fmt.Sprintf("event %d.%03d:%d", ev.Sec, ev.Milli, ev.Serial), Source: FromKeep, File: file, Line: int(line)}
	var c event.Call
	var cond Condition
	if c.Read(ev) {
		s.look(ev, &c)
		cond.tests = s.callTests()
	} else {
		s.look(ev, nil)
		cond.tests = s.messageTests()
	}
	d.conds = []Condition{cond}
	return d
}

func (s *sight) callTests() []test {
	c := s.call
	tests := s.processTests()
	if s.known {
		t := test{field: ofCalls, calls: new(calls), said: fmt.Sprintf("syscall %d", s.nr)}
		if name, ok := names.Syscall(s.on.arch[s.arch], int(s.nr)); ok {
			*t.calls, _ = s.on.named(name)
			t.said = "syscall " + name
		}
		if s.nr < maskBits {
			t.calls.by[s.arch][s.nr/32] |= 1 << (s.nr % 32)
		}
		tests = append(tests, t)
	}
	if c.Has&event.HasSuccess != 0 {
		t := test{field: ofOutcome, nums: oneNumber(0), said: "success false"}
		if c.Success {
			t.nums, t.said = oneNumber(1), "success true"
		}
		tests = append(tests, t)
	}
	if s.euid.ok {
		tests = append(tests, test{field: ofEUID, nums: oneNumber(s.euid.n), said: fmt.Sprintf("euid %d", s.euid.n)})
	}
	tests = append(tests, s.fileTests()...)
	if keys := s.keys(); len(keys) > 0 {
		t := test{field: ofKeys, said: "key " + printable(keys[0])}
		for _, k := range keys {
			t.texts = append(t.texts, pattern{glob: exactly(k)})
		}
		tests = append(tests, t)
	}
	return tests
}

// fileTests ask for each file that the event names.
func (s *sight) fileTests() []test {
	var tests []test
	for _, f := range s.names() {
		if f.told != toldAll {
			continue
		}
		t := test{field: ofPath, texts: []pattern{{glob: exactly(string(f.typed))}}, said: "path " + printable(string(f.typed))}
		if !bytes.Equal(f.real, f.typed) {
			t.texts = append(t.texts, pattern{glob: exactly(string(f.real))})
		}
		tests = append(tests, t)
	}
	return tests
}

func (s *sight) processTests() []test {
	var tests []test
	if exe := s.exe(); exe.ok {
		tests = append(tests, test{field: ofExe, texts: []pattern{{glob: exactly(string(exe.bytes))}}, said: "exe " + printable(string(exe.bytes))})
	}
	for _, x := range []struct {
		field field
		name  string
		value number
	}{{ofUID, "uid", s.uid}, {ofAUID, "auid", s.auid}} {
		if x.value.ok {
			tests = append(tests, test{field: x.field, nums: oneNumber(x.value.n), said: fmt.Sprintf("%s %d", x.name, x.value.n)})
		}
	}
	return tests
}

// messageTests ask for the types of all records of an event without a system call.
func (s *sight) messageTests() []test {
	t := test{field: ofType, said: "type"}
	for i := range s.ev.Records {
		nr, ok := names.RecordTypeNumber(string(s.ev.Records[i].Type))
		if ok && !t.nums.has(uint32(nr)) {
			t.nums = t.nums.union(oneNumber(uint32(nr)))
			t.said += " " + printable(string(s.ev.Records[i].Type))
		}
	}
	tests := s.processTests()
	if len(t.nums) > 0 {
		tests = append(tests, t)
	}
	return slices.Clip(tests)
}
