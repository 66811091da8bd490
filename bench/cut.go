package bench

import (
	"errors"

	"github.com/auditprof/auditprof/bench/result"
)

// errLogCut: auditd had no room for what the kernel sent it. It writes what fits and goes on without a word where its configuration says
// disk_full_action = IGNORE, as a private auditd's does: neither the kernel's count of lost records nor quiet tells.
var errLogCut = errors.New("the log was cut: its disk is full: make room there")

// diskFull tells whether the log's file system has no room for one more line of auditd's. One that cannot be asked is not full.
func (r *Runner) diskFull() bool {
	room := r.tail.log.Free
	if r.Room != nil {
		room = r.Room
	}
	free, err := room()
	return err == nil && free < maxLineBytes
}

// cutLog turns a slot away, whatever its kind, whose events are not all in the log while the log's disk is full: what is missing was not lost
// by the audit system under test. A slot whose log is whole, to its last serial, stands.
func (r *Runner) cutLog(s *result.Slot) {
	if s.Valid && s.EventsMissing+s.PartialEvents > 0 && r.diskFull() {
		s.Valid, s.Why = false, errLogCut.Error()
	}
}
