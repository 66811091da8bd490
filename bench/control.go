package bench

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// maxWaitSec is the longest backlog wait that a slot is measured with. A wait of a minute for every record would freeze the machine that
// is to be measured, the harness included.
const maxWaitSec = 2

// waitTime is a candidate's backlog wait time as it is measured, in jiffies, and what to say where that is less than asked for.
func waitTime(jiffies uint32, hz int) (measured uint32, note string) {
	most := uint32(maxWaitSec * hz)
	if jiffies <= most {
		return jiffies, ""
	}
	return most, fmt.Sprintf("a record may wait %.3g s for room; measured as %d s, so a full backlog hurts more than shown", float64(jiffies)/float64(hz), maxWaitSec)
}

// rateLimit is the number of records a second that an arm is measured under, its own or the one found on the host; 0 for no limit. Under a
// limit the harness's marks may be dropped.
func rateLimit(lim kernel.Limits, found kernel.State) uint32 {
	if lim.RateLimit != nil {
		return *lim.RateLimit
	}
	return found.RateLimit
}

// applyControl does what a control line means for the measurement. -b, -r and the wait time are part of what is measured; -f 2, which panics the
// host at the first lost record, is measured as -f 1; what cannot be undone is never sent. For -D it returns which of the rules above go.
func (s *session) applyControl(a *Arm, c rule.Control, above, hz int) (wipes func(loadedRule) bool, err error) {
	rec := result.Control{File: c.Pos.File, Line: c.Pos.Line, Text: c.Text}
	n := c.Number
	switch c.Option {
	case "-b":
		a.Limits.BacklogLimit, rec.Measured = &n, c.Text
	case "-r":
		a.Limits.RateLimit, rec.Measured = &n, c.Text
	case "--backlog_wait_time":
		w, note := waitTime(n, hz)
		a.Limits.BacklogWaitTime, rec.Measured, rec.Note = &w, fmt.Sprintf("--backlog_wait_time %d", w), note
	case "-f":
		rec.Measured = c.Text
		if n > 1 {
			n, rec.Measured, rec.Note = 1, "-f 1", "a lost record would panic this host"
		}
		a.Limits.Failure = &n
	case "-D":
		rec.Measured = c.Text // an arm begins with no rules, so there is nothing to send
		if above > 0 {
			rec.Note = "rules above it are gone, as they would be on a host"
		}
		wipes = func(l loadedRule) bool { return strings.Contains(l.wire.Key(), c.Key) }
	case "-e":
		rec.Note = "not sent: a set is measured with auditing on, and is never locked"
	case "-i", "-c":
		rec.Note = "lines that do not load are shown; they are left out with --keep-going only"
	default:
		rec.Note = "not sent: it does not change what the rules cost, or cannot be undone"
	}
	a.Info.Controls = append(a.Info.Controls, rec)
	return wipes, nil
}
