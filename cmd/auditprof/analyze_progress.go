package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/auditprof/auditprof/reports/unit"
)

// How often the line changes, and how long a reading may be silent before there is one at all.
const (
	meterEvery = 200 * time.Millisecond
	meterAfter = 400 * time.Millisecond
)

// meterBar is the width of the bar between its brackets, in columns.
const meterBar = 10

// meter shows on a terminal how far the reading of the logs is: bar, share, rate and time left. Elsewhere it shows nothing: a reading takes
// seconds, and a line per second in a cron mail helps nobody.
type meter struct {
	line  *progress
	done  func() (done, total int64) // bytes as they lie on disk; total is 0 where nobody knows it
	began time.Time
	quit  chan struct{}
	gone  sync.WaitGroup
}

// newMeter starts a meter, which asks done from a goroutine of its own until end.
func newMeter(out io.Writer, quiet bool, done func() (done, total int64)) *meter {
	m := &meter{line: newProgress(out, quiet), done: done, began: time.Now(), quit: make(chan struct{})}
	if m.line.live && !quiet {
		m.gone.Go(m.run)
	}
	return m
}

func (m *meter) run() {
	tick := time.NewTicker(meterEvery)
	defer tick.Stop()
	for {
		select {
		case <-m.quit:
			return
		case <-tick.C:
			if took := time.Since(m.began); took >= meterAfter {
				done, total := m.done()
				m.line.show(meterLine(done, total, took))
			}
		}
	}
}

// end takes the line away. Nothing is shown any more when it returns.
func (m *meter) end() {
	close(m.quit)
	m.gone.Wait()
	m.line.end()
}

// meterLine is the text of a meter: "[##........] 25 %  103 MiB of 412 MiB, 98.1 MiB/s, 3.15 s left".
func meterLine(done, total int64, took time.Duration) string {
	rate := float64(done) / took.Seconds()
	if total <= 0 {
		return fmt.Sprintf("%s, %s/s", unit.Bytes(float64(done)), unit.Bytes(rate))
	}
	share := min(float64(done)/float64(total), 1)
	full := int(share * meterBar)
	text := fmt.Sprintf("[%s%s] %d %%  %s of %s, %s/s", strings.Repeat("#", full), strings.Repeat(".", meterBar-full), int(share*100),
		unit.Bytes(float64(done)), unit.Bytes(float64(total)), unit.Bytes(rate))
	if done > 0 && done < total {
		left := time.Duration(float64(total-done) / rate * float64(time.Second))
		text += ", " + unit.Long(left.Round(time.Second/10)) + " left"
	}
	return text
}
