package bench

import (
	"errors"
	"fmt"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/kernel"
)

// Which auditd writes the slots' log.
const (
	// AuditdAuto is a private one, and a refusal where the host's own runs.
	AuditdAuto    = "auto"
	AuditdPrivate = "private"
	// AuditdRunning is the host's own, with its own configuration, which is left as it is.
	AuditdRunning = "running"
)

// ErrPreflight: the run would set off an action of the host's auditd: a rotation that deletes older records, a halt.
var ErrPreflight = errors.New("the run does not fit below the limits of the host's auditd")

// startDaemon starts a private auditd, or looks at the host's.
func (s *session) startDaemon() (Daemon, kernel.AuditdFacts, error) {
	if s.Auditd != AuditdRunning {
		return s.startPrivate()
	}
	a, err := kernel.HostAuditd(s.lease, kernel.HostOptions{AllowForwarding: s.AllowForwarding})
	if err != nil {
		return nil, kernel.AuditdFacts{}, err
	}
	s.onEnd(func() { a.Stop() })
	s.preflight = func(expectedBytes int64) error { return fits(a, expectedBytes) }
	if err := s.preflight(pilotBytes); err != nil {
		return nil, kernel.AuditdFacts{}, err
	}
	return a, a.AuditdFacts, s.tellHost()
}

// pilotBytes is room that a run needs before it knows what it needs: a slot's log at the most.
const pilotBytes = logGoal

// fits asks whether so many bytes more stay below every action of the host's auditd.
func fits(a *kernel.RunningAuditd, expectedBytes int64) error {
	findings, err := a.Preflight(expectedBytes)
	if err != nil {
		return err
	}
	var all error
	for _, f := range findings {
		all = errors.Join(all, fmt.Errorf("%w: %s", ErrPreflight, f))
	}
	return all
}

// tellHost writes into the host's log that a run begins, and at the end that it is over: whoever reads the log later must know why the
// host's own rules recorded nothing in between. That the end could not be told is a warning: what was measured stands.
func (s *session) tellHost() error {
	id := fmt.Sprintf("%016x", s.Seed)
	begin, err := kernel.HostMessage("begin", id, s.Reason)
	if err != nil {
		return err
	}
	end, err := kernel.HostMessage("end", id, s.Reason)
	if err != nil {
		return err
	}
	if err := s.tell(begin); err != nil {
		return fmt.Errorf("tell the host's log of the run: %w", err)
	}
	s.onEnd(func() {
		if err := s.tell(end); err != nil {
			s.untold = []result.Warning{{Text: fmt.Sprintf("the host's log does not say that the run is over: %v", err),
				Cure: fmt.Sprintf("say it: auditctl -m '%s'", end)}}
		}
	})
	return nil
}

// tell sends a user message where nothing can keep it from the log: rules of the user and exclude lists can, auditing that is off, and a rate limit
// for the rest of its second (kernel/audit.c: audit_receive_msg, audit_rate_check). The lease is held, and its restore follows in the end.
func (s *session) tell(text string) error {
	none := uint32(0)
	if err := s.lease.Apply(nil, kernel.Limits{RateLimit: &none, BacklogWaitTime: &none}); err != nil {
		return err
	}
	return s.control.c.SendUser(text)
}
