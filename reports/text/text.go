package text

import (
	"io"

	"github.com/auditprof/auditprof/bench/result"
)

// Options say how to print.
type Options struct {
	// Width of the terminal in columns; below 80 it is taken as 80.
	Width int
	// Rates are operations per second by scenario; they give volume per day. No rate, no such line.
	Rates map[string]float64
	// At is the rate of a scenario that Rates does not name; 0 for none.
	At float64
	// Color marks findings and alarms with terminal colours.
	Color bool
	// OutDir is the run directory as the user would write it, "" for none.
	OutDir string
}

// Write prints the run. The error is that of w.
func Write(w io.Writer, run *result.Run, options Options) error {
	v := newView(run, options)
	p := &page{width: max(options.Width, 80)}
	v.head(p)
	v.auditdConfs(p)
	v.alarms(p)
	v.sweeps(p)
	v.unit(p)
	v.findings(p)
	if !v.onlySwept() {
		v.costs(p)
	}
	v.who(p)
	v.rulePrices(p)
	v.explained(p)
	v.trust(p)
	v.warnings(p)
	v.host(p)
	v.next(p)
	return p.print(w, options.Color)
}
