package bench

import (
	"context"
	"errors"
	"testing"
	"time"
)

// A slot of a unit lasts as long as it was asked for: the limit of our workloads' slots is not its own.
func TestTheSlotOfAUnitIsAsLongAsAsked(t *testing.T) {
	second := []cost{{nsPerOp: 1.0002e9, bytesPerOp: 1000}, {nsPerOp: 1.0001e9}}
	for _, seconds := range []time.Duration{1, 30, 3600} {
		sc := UnitScenario(UnitOptions{Name: "demo.service", Slot: seconds * time.Second})
		p := Plan{UnitSlot: seconds * time.Second}
		if got := p.work(sc, second); got != uint64(seconds) {
			t.Errorf("%d s: %d operations of a second", seconds, got)
		}
	}
}

// A restart that fails may have restarted the unit all the same: it is restarted once more when the run ends.
func TestARestartThatFailsIsPutRight(t *testing.T) {
	failed := errors.New("timed out")
	u := &unit{restart: func(context.Context, bool) error { return failed }}
	if _, err := u.Start(context.Background(), Launch{Arm: "no audit", NoContext: true}); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	restarts := 0
	u.leave(func() error { return nil }, func(_ context.Context, noContext bool) error {
		if restarts++; noContext {
			t.Error("left without an audit context")
		}
		return nil
	})
	if restarts != 1 {
		t.Errorf("%d restarts at the end", restarts)
	}
	(&unit{}).leave(func() error { t.Error("a unit that was not touched is"); return nil }, nil)
}
