package main

import (
	"fmt"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/logs"
)

// settled is how a reading of logs ended: under which rule set, and what only the whole log and the reader of its files can say.
type settled struct {
	set     *loaded
	seen    *witness
	bytes   int64 // of all lines
	skipped []analyze.Skipped
	lacks   lacks
	remarks []string // what was not as it should be
}

// maxLoads is how often a rule set is loaded at most: by the head of the log, and once more where the rest says otherwise.
const maxLoads = 2

// settle has pass read the whole log under the rule set that the head of the log speaks of. What the whole log says of its host may differ:
// then all is read once more. pass returns what the log told on its way, and must begin anew each time.
func (r *analyzedRules) settle(in *logs.Input, pass func(*loaded, analyze.Log, *logs.Input) (*witness, error)) (*settled, error) {
	log, seen := readHead(in)
	set, err := r.load(seen)
	if err != nil {
		return nil, err
	}
	defer boundMemory(readingBytes)()
	out := &settled{}
	for n := 1; ; n++ {
		if out.seen, err = pass(set, log, in); err != nil {
			return nil, err
		}
		next, err := r.load(out.seen)
		if err != nil {
			return nil, err
		}
		if next.same(set) {
			set = next // with what the whole log has to say of it
			break
		}
		if n == maxLoads {
			break
		}
		if !in.CanReopen() {
			out.remarks = append(out.remarks, "the log says late what it says of its host and its rules, and no copy of the stream could be kept to read it twice: give the log as a file")
			break
		}
		again, err := in.Reopen()
		if err != nil {
			return nil, fmt.Errorf("read the logs a second time: %w", err)
		}
		defer again.Close()
		set, in = next, again
		log = &headedLog{Log: in}
	}
	out.set = set
	out.ask(in)
	return out, nil
}

// ask takes what the reader of the files knows.
func (s *settled) ask(in *logs.Input) {
	s.bytes = in.Bytes()
	for _, k := range in.Skipped() {
		s.skipped = append(s.skipped, analyze.Skipped{Reason: k.Reason.String(), Lines: k.Lines, Bytes: k.Bytes, Input: k.FirstFile, Line: k.FirstLine})
		if !k.Reason.Expected() {
			s.lacks.lines, s.lacks.bytes = s.lacks.lines+k.Lines, s.lacks.bytes+k.Bytes
		}
	}
	s.remarks = append(s.remarks, s.set.remarks...)
	s.remarks = append(s.remarks, s.seen.host.Remarks()...)
	for _, r := range in.Remarks() {
		s.remarks = append(s.remarks, r.String())
		if s.lacks.cut == "" && endsEarly(r.Err) {
			s.lacks.cut = r.String()
		}
	}
}

// tell adds to a profile what the events alone do not say.
func (s *settled) tell(p *analyze.Profile) {
	s.seen.tell(p)
	p.Log.Bytes = uint64(s.bytes)
	p.Log.Skipped = append(p.Log.Skipped, s.skipped...)
}
