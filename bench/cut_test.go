package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

// fullDisk is a run in an arm that may drop marks, so that quiet ends its slots, whose log has room for the marks before the work and
// little else.
func fullDisk(t *testing.T) (*Runner, *fakeMachine, *memory) {
	t.Helper()
	r, m, rec := fakeRunner(t, 1)
	for i := range r.Plan.Arms {
		r.Plan.Arms[i].MayDropMarks = true
	}
	clock := time.Unix(0, 0)
	r.Now = func() time.Time { clock = clock.Add(5 * time.Millisecond); return clock }
	m.disk = 500
	return r, m, rec
}

// A log that a full disk cut is quiet too, and no serial tells what is behind its last one.
func TestASlotWhoseLogWasCutIsInvalidWhateverItsKind(t *testing.T) {
	for _, kind := range []string{result.SlotAttribution, result.SlotPrice, result.SlotTimed, result.SlotPilot, result.SlotSweep} {
		for _, deaf := range []bool{true, false} { // an arm whose marks may be dropped, and one whose marks must come
			r, m, _ := fullDisk(t)
			r.Plan.Arms[2].MayDropMarks = deaf
			tail, err := openTail(m.path)
			if err != nil {
				t.Fatal(err)
			}
			defer tail.close()
			r.tail, m.rules = tail, r.Plan.Arms[2].Rules
			began := r.Now()
			s, _, err := r.slot(context.Background(), slotSpec{kind: kind, arm: 2, ops: 1})
			if err != nil || s.Valid || !strings.Contains(s.Why, "disk") {
				t.Errorf("%s slot, marks may be dropped %t: valid %t, why %q, %v", kind, deaf, s.Valid, s.Why, err)
			}
			if took := r.Now().Sub(began); took > drainLimit/2 {
				t.Errorf("%s slot: a disk that stays full was waited for, %v", kind, took)
			}
		}
	}
}

// What fell out of the middle of a log whose end has its mark is the disk's doing too, while it is full.
func TestALogThatLostItsMiddleToAFullDisk(t *testing.T) {
	r, m, _ := fullDisk(t)
	m.disk, m.skip = 0, 7
	r.Room = func() (int64, error) { return 100, nil }
	tail, err := openTail(m.path)
	if err != nil {
		t.Fatal(err)
	}
	defer tail.close()
	r.tail, m.rules = tail, r.Plan.Arms[2].Rules
	if s, _, err := r.slot(context.Background(), slotSpec{kind: result.SlotTimed, arm: 2, ops: 1}); err != nil || s.Valid || !strings.Contains(s.Why, "disk") {
		t.Errorf("valid %t, why %q, %v", s.Valid, s.Why, err)
	}
	m.skip = 0
	if s, _, err := r.slot(context.Background(), slotSpec{kind: result.SlotTimed, arm: 2, ops: 1}); err != nil || !s.Valid {
		t.Errorf("a log that just fits is whole: valid %t, why %q, %v", s.Valid, s.Why, err)
	}
}

// No book closes over what is not there.
func TestBooksDoNotCloseOverALogThatWasCut(t *testing.T) {
	r, _, _ := fullDisk(t)
	run, err := r.Run(context.Background())
	if !errors.Is(err, ErrAttribution) || !strings.Contains(err.Error(), "disk") || len(run.Books) != 0 || len(run.Attribution) != 0 {
		t.Errorf("%v, %d books", err, len(run.Books))
	}
}

// A rate that filled the disk is not held, and the search goes on below it.
func TestASweepGoesOnBelowTheRateThatFilledTheDisk(t *testing.T) {
	r, m, _ := sweepRunner(t, 1<<40)
	r.Daemon = emptied{m}
	rate := m.rate
	m.rate = func(l Launch, ops uint64) int64 {
		if l.OpsPerSecond > 2000 {
			m.disk = 1
		}
		return rate(l, ops)
	}
	clock := time.Unix(0, 0)
	r.Now = func() time.Time { clock = clock.Add(5 * time.Millisecond); return clock }
	run, err := r.Run(context.Background())
	if err != nil || len(run.Sweeps) != 1 {
		t.Fatalf("%v: %+v", err, run.Sweeps)
	}
	if s := run.Sweeps[0]; s.OpsPerSecond > 2000 || s.OpsPerSecond < 2000/1.3 || !strings.Contains(s.Why, "disk") {
		t.Errorf("%+v", s)
	}
}

// emptied is a machine whose disk has room again when the log is emptied.
type emptied struct{ *fakeMachine }

func (e emptied) Truncate() error {
	e.mu.Lock()
	e.disk = 0
	e.mu.Unlock()
	return e.fakeMachine.Truncate()
}
