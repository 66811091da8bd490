package main

import (
	"errors"
	"fmt"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/logs"
)

// lacks is what of the logs could not be read and may have been records: who judges by what a log holds must not take it for nothing.
type lacks struct {
	lines, bytes uint64 // of damaged lines
	cut          string // which file ended before its end, and how; "" where none did
}

// endsEarly tells of a remark on a file whether an unknown part of it was not read.
func endsEarly(err error) bool {
	return errors.Is(err, logs.ErrTruncated) || errors.Is(err, logs.ErrCorrupt) || errors.Is(err, logs.ErrShrank)
}

// most is what at the most is missing in a profile of these logs: each damaged line may have been an event by itself, and each serial that never came is
// taken for an event of average size.
func (u lacks) most(p *analyze.Profile) analyze.Count {
	out := analyze.Count{Events: u.lines + p.Log.Missing, Records: u.lines, Bytes: u.bytes}
	if n := p.Total.Events; n > 0 {
		out.Records += uint64(float64(p.Log.Missing) * float64(p.Total.Records) / float64(n))
		out.Bytes += uint64(float64(p.Log.Missing) * float64(p.Total.Bytes) / float64(n))
	}
	return out
}

// little is the share of a log that may be missing while what is there still speaks for it.
const little = 0.05

// tooMuch says why a log cannot tell that nothing else is lost, "" where it can.
func (u lacks) tooMuch(p *analyze.Profile) string {
	if u.cut != "" {
		return u.cut
	}
	if all := u.bytes + p.Total.Bytes; float64(u.bytes) > little*float64(all) {
		return fmt.Sprintf("%.0f %% of the log could not be read: %d damaged lines", 100*float64(u.bytes)/float64(all), u.lines)
	}
	if all := p.Log.Missing + p.Total.Events; float64(p.Log.Missing) > little*float64(all) {
		return fmt.Sprintf("%.0f %% of the log's events are missing in it by their serials: %d", 100*float64(p.Log.Missing)/float64(all), p.Log.Missing)
	}
	return ""
}
