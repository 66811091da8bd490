package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// A stopped auditd leaves the log quiet and the backlog empty too.
func TestQuietOfADeadAuditdIsNoEnd(t *testing.T) {
	r, m, rec := fakeRunner(t, 1)
	m.dropMarks = true
	m.onRun = func(m *fakeMachine, _ string) error {
		if rounds(rec) {
			m.dead = errBroken
		}
		return nil
	}
	clock := time.Unix(0, 0)
	r.Now = func() time.Time { clock = clock.Add(5 * time.Millisecond); return clock }
	_, err := r.Run(context.Background())
	if last := rec.slots[len(rec.slots)-1]; !errors.Is(err, ErrDaemon) || last.Valid || strings.Count(err.Error(), "\n") != 0 {
		t.Errorf("error %v, last slot valid %t", err, last.Valid)
	}
}

// auditd is the same process again when the slot is over, and was stopped in it: the run ends for that reason all the same.
func TestAnAuditdThatWasStoppedForAWhileEndsTheRun(t *testing.T) {
	r, m, rec := fakeRunner(t, 1)
	m.onRun = func(m *fakeMachine, _ string) error {
		m.deafMarks = rounds(rec)
		return nil
	}
	r.Daemon = &stoppedOnce{fakeMachine: m, rec: rec}
	clock := time.Unix(0, 0)
	r.Now = func() time.Time { clock = clock.Add(50 * time.Millisecond); return clock }
	if _, err := r.Run(context.Background()); !errors.Is(err, ErrDaemon) || strings.Count(err.Error(), ErrDaemon.Error()) != 1 {
		t.Errorf("error %v", err)
	}
}

type stoppedOnce struct {
	*fakeMachine
	rec *memory
	was bool
}

func (s *stoppedOnce) Alive() error {
	if s.was || !rounds(s.rec) {
		return nil
	}
	s.was = true
	return errBroken
}
