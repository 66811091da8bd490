package bench

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// shelf keeps logs in memory.
type shelf struct {
	logs map[string]string
	size int64 // of each, packed
	puts int
}

func (s *shelf) Log(arm, scenario string, log io.Reader, room int64) (int64, error) {
	if s.size > room {
		return 0, fmt.Errorf("keep: %w", result.ErrNoRoom)
	}
	b, err := io.ReadAll(log)
	s.logs[arm+"+"+scenario] = string(b)
	s.puts++
	return s.size, err
}

func TestTheLogOfATimedSlotIsKept(t *testing.T) {
	r, _, _ := fakeRunner(t, 3)
	s := &shelf{logs: map[string]string{}, size: 10}
	r.Logs = s
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Logs) != 2 || s.puts != 2 {
		t.Fatalf("%d logs in the run, %d kept: want one for each scenario of the one arm with rules: %+v", len(run.Logs), s.puts, run.Logs)
	}
	for _, l := range run.Logs {
		text := s.logs[l.Arm+"+"+l.Scenario]
		if l.Arm != "a" || l.Round != 1 || !l.Complete || l.PackedBytes != 10 || l.Bytes != int64(len(text)) || l.Ops == 0 {
			t.Errorf("%+v of %d bytes", l, len(text))
		}
		if !strings.Contains(text, "type=SYSCALL") || strings.Contains(text, KeyPrefix) || !strings.HasSuffix(text, "\n") {
			t.Errorf("the log of %s:\n%s", l.Scenario, text)
		}
	}
}

func TestALogWithGapsMakesRoomForAWholeOne(t *testing.T) {
	r, m, _ := fakeRunner(t, 3)
	s := &shelf{logs: map[string]string{}, size: 10}
	r.Logs = s
	rounds := 0
	m.onRun = func(m *fakeMachine, _ string) error {
		rounds = r.round // finished ones
		if m.skip = 0; rounds == 0 && r.ops != nil {
			for _, s := range r.slots {
				if s.Kind == result.SlotTimed {
					m.skip = 1 // round 1 loses an event in each slot
				}
			}
		}
		return nil
	}
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range run.Logs {
		if !l.Complete {
			t.Errorf("%+v: rounds 2 and 3 lost nothing", l)
		}
	}
	if s.puts <= len(run.Logs) {
		t.Error("no log of round 1 was replaced: the test proves nothing")
	}
}

func TestALogWithoutRoomIsNamedAndEndsNothing(t *testing.T) {
	r, _, _ := fakeRunner(t, 2)
	r.Logs = &shelf{logs: map[string]string{}, size: result.MaxKeptLogBytes/2 + 1}
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, w := range run.Warnings {
		if strings.Contains(w.Text, "is not kept") && strings.Contains(w.Text, "on s2") {
			said++
		}
	}
	if len(run.Logs) != 1 || said != 1 {
		t.Errorf("%d logs, said %d times: %+v", len(run.Logs), said, run.Warnings)
	}
}
