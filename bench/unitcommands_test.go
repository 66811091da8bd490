package bench

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestTheLastNumberOfACommandCounts(t *testing.T) {
	for text, want := range map[string]float64{
		"812.5\n": 812.5, "tps = 812.5 (without initial connection time)": 812.5, "latency 3 ms\ntps 1e3\n": 1000, "-2": -2, "a=1,b=2.": 2,
	} {
		if got, ok := lastNumber(text); !ok || got != want {
			t.Errorf("%q: %g, %t", text, got, ok)
		}
	}
	for _, text := range []string{"", "none", "NaN", "Inf", "1e999", "e", "..", "-"} {
		if got, ok := lastNumber(text); ok {
			t.Errorf("%q: %g", text, got)
		}
	}
}

func FuzzLastNumber(f *testing.F) {
	f.Add("tps = 812.5 (x)")
	f.Fuzz(func(t *testing.T, text string) {
		if v, ok := lastNumber(text); ok && v != v {
			t.Errorf("%q is not a number", text)
		}
	})
}

func TestACommandIsBoundedInTimeAndOutput(t *testing.T) {
	if out, err := run(context.Background(), 10*time.Second, false, []string{"sh", "-c", "yes | head -c 1000000; echo 7"}); err != nil || len(out) != maxSaid {
		t.Errorf("%d bytes, %v", len(out), err)
	}
	within(t, 5*time.Second, "a command that does not end", func() {
		if _, err := run(context.Background(), 50*time.Millisecond, false, []string{"sh", "-c", "sleep 60; echo 7"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
	for _, argv := range [][]string{{"no-such-program-here"}, {"sh", "-c", "echo 5; exit 1"}, {"echo", "no number"}} {
		if v, err := metricOf(context.Background(), argv); !errors.Is(err, ErrMetric) {
			t.Errorf("%q: %g, %v", argv, v, err)
		}
	}
	if v, err := metricOf(context.Background(), []string{"echo", "tps 12.5"}); err != nil || v != 12.5 {
		t.Errorf("%g, %v", v, err)
	}
	if got := joinWords([]string{"psql", "-c", "it's", ""}); got != `psql -c 'it'\''s' ''` {
		t.Errorf("%s", got)
	}
}
