package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/reports/unit"
)

// doubts are why the log, or what was looked up of its host, need not be what it seems.
func (s *studied) doubts(f suggestFlags) []string {
	var list []string
	if s.carried > 0 {
		list = append(list, fmt.Sprintf("%s records came by syslog, JSON or the kernel's log as text, which do not show who sent them: every user of the host may write such lines (logger), of any program and user; take auditd's own log, or journalctl -o export",
			unit.Count(s.carried)))
	}
	list = append(list, skipped(s.profile.Log)...)
	if f.snapshot != "" && s.rules.snapshot != nil {
		list = append(list, snapshotDoubts(s.rules.snapshot, &s.profile.Window)...)
	}
	return list
}

// skipped is what of the log could not be read. Where and why of each kind is what analyze says.
func skipped(log analyze.LogFacts) []string {
	var lines uint64
	for _, s := range log.Skipped {
		lines += s.Lines
	}
	if lines == 0 {
		return nil
	}
	s := log.Skipped[0]
	return []string{fmt.Sprintf("lines that are no audit record and were left out: %s, the first of them %s:%d: %s (auditprof analyze says more)", unit.Count(int64(lines)), s.Input, s.Line, s.Reason)}
}

// staleAfter is how long before or after a log a snapshot may have been taken without a word.
const staleAfter = 30 * 24 * time.Hour

// snapshotDoubts are why a snapshot need not hold for the hosts and the time of a log. Hosts without node= have no name to compare.
func snapshotDoubts(snap *match.Snapshot, w *analyze.Window) []string {
	var list []string
	named := slices.DeleteFunc(slices.Clone(w.Hosts), func(h analyze.Host) bool { return h.Name == "" })
	others := slices.DeleteFunc(slices.Clone(named), func(h analyze.Host) bool { return h.Name == snap.Host })
	if len(others) > 0 {
		list = append(list, fmt.Sprintf("the snapshot is of %q, and %d of %d hosts in the log are others: who may write there was not looked at, and is taken to be the same",
			snap.Host, len(others), len(w.Hosts)))
	}
	taken, err := time.Parse(time.RFC3339, snap.Taken)
	if err != nil {
		return append(list, "the snapshot does not say when it was taken: who may write may have changed")
	}
	if taken.Before(time.Unix(w.FirstSec, 0).Add(-staleAfter)) || taken.After(time.Unix(w.LastSec, 0).Add(staleAfter)) {
		list = append(list, fmt.Sprintf("the snapshot was taken on %s, and the log is of %s to %s: who may write may have changed", taken.UTC().Format(time.DateOnly),
			time.Unix(w.FirstSec, 0).UTC().Format(time.DateOnly), time.Unix(w.LastSec, 0).UTC().Format(time.DateOnly)))
	}
	return list
}
