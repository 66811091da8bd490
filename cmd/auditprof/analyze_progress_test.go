package main

import (
	"bytes"
	"testing"
	"time"
)

func TestMeterLine(t *testing.T) {
	for _, c := range []struct {
		done, total int64
		took        time.Duration
		want        string
	}{
		{0, 4 << 20, time.Second, "[..........] 0 %  0 B of 4.00 MiB, 0 B/s"},
		{1 << 20, 4 << 20, time.Second, "[##........] 25 %  1.00 MiB of 4.00 MiB, 1.00 MiB/s, 3.00 s left"},
		{1 << 20, 1 << 40, time.Second, "[..........] 0 %  1.00 MiB of 1.00 TiB, 1.00 MiB/s, 291 h 16 min left"},
		{4 << 20, 4 << 20, 2 * time.Second, "[##########] 100 %  4.00 MiB of 4.00 MiB, 2.00 MiB/s"},
		{9 << 20, 4 << 20, 3 * time.Second, "[##########] 100 %  9.00 MiB of 4.00 MiB, 3.00 MiB/s"}, // a log that grew
		{3 << 20, 0, time.Second, "3.00 MiB, 3.00 MiB/s"},                                           // a pipe
	} {
		if got := meterLine(c.done, c.total, c.took); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.done, c.total, got, c.want)
		}
	}
}

// What is no terminal gets not one byte, and end may come at once.
func TestMeterIsSilentWithoutATerminal(t *testing.T) {
	var out bytes.Buffer
	m := newMeter(&out, false, func() (int64, int64) { t.Error("asked"); return 0, 0 })
	m.end()
	if out.Len() > 0 {
		t.Errorf("%q", out.String())
	}
}

// On a terminal the line changes in place, is never wider than it, and is gone in the end.
func TestMeterOnATerminal(t *testing.T) {
	var out bytes.Buffer
	p := &progress{out: &out, live: true, width: 30}
	p.show(meterLine(1<<20, 4<<20, time.Second))
	p.end()
	if want := "\r\x1b[Kauditprof: [##........] 25 % \r\x1b[K"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

// A line that is as long as lines get fits into 80 columns.
func TestMeterLineFits(t *testing.T) {
	if line := "auditprof: " + meterLine(999<<30, 1000<<30, 2000*time.Second); len(line) >= 80 {
		t.Errorf("%d columns: %s", len(line), line)
	}
}
