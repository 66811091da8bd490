package ruleset

// attempt is a line of a rule text that adds a rule, in the order of the text: what auditctl sends to the kernel.
type attempt struct {
	at    place
	label label
	// mayBeSilent: the line names a path, a user or a group. Where those are missing auditctl or the kernel refuses it before
	// CONFIG_CHANGE is written (kernel/auditfilter.c: audit_rule_change, audit_data_to_entry), or a loader leaves it out.
	mayBeSilent bool
}

// outcome is what a load says of one attempt.
type outcome uint8

const (
	outcomeOpen    outcome = iota // it may have been loaded or not
	outcomeLoaded                 // it was
	outcomeRefused                // the kernel refused it
	outcomeAbsent                 // it was never added
)

// maxAlignment bounds the ways that are tried for one load: lines × lines without a record.
const maxAlignment = 16 << 20

// align lays the add_rule records of one load over the lines of the set. Each record belongs to a line with its key and list, in order;
// a line without a record may only be one that may be silent. It reports false where there is no such way: then the load is not of this
// set. Where there is more than one way, only what all of them have in common is said.
func align(lines []attempt, adds []change) ([]outcome, bool) {
	n, silent := len(lines), len(lines)-len(adds)
	if len(adds) == 0 || silent < 0 || (n+1)*(silent+1) > maxAlignment {
		return nil, false
	}
	fits := func(j, k int) bool { return j-k >= 0 && j-k < len(adds) && lines[j].label == adds[j-k].rule }
	// before[j][k]: the first j lines fit, k of them without a record; after[j][k]: those from j on do, k before them being without.
	before, after := grid(n+1, silent+1), grid(n+1, silent+1)
	before[0][0], after[n][silent] = true, true
	for j, l := range lines {
		for k := range silent + 1 {
			before[j+1][k] = k > 0 && l.mayBeSilent && before[j][k-1] || fits(j, k) && before[j][k]
		}
	}
	if !before[n][silent] {
		return nil, false
	}
	for j := n - 1; j >= 0; j-- {
		for k := range silent + 1 {
			after[j][k] = k < silent && lines[j].mayBeSilent && after[j+1][k+1] || fits(j, k) && after[j+1][k]
		}
	}
	out := make([]outcome, n)
	for j := range lines {
		var loaded, refused, absent bool
		for k := range silent + 1 {
			if !before[j][k] {
				continue
			}
			absent = absent || k < silent && lines[j].mayBeSilent && after[j+1][k+1]
			if fits(j, k) && after[j+1][k] {
				loaded, refused = loaded || adds[j-k].ok, refused || !adds[j-k].ok
			}
		}
		out[j] = verdict(loaded, refused, absent)
	}
	trimEnds(out)
	return out, true
}

func grid(rows, columns int) [][]bool {
	cells := make([]bool, rows*columns)
	out := make([][]bool, rows)
	for i := range out {
		out[i] = cells[i*columns : (i+1)*columns]
	}
	return out
}

func verdict(loaded, refused, absent bool) outcome {
	switch {
	case loaded && !refused && !absent:
		return outcomeLoaded
	case refused && !loaded:
		return outcomeRefused
	case absent && !loaded && !refused:
		return outcomeAbsent
	}
	return outcomeOpen
}

// trimEnds says nothing of absent lines before the first and behind the last that has a record: a log, or auditd, may have begun or
// ended in the middle of the load.
func trimEnds(out []outcome) {
	first, last := len(out), -1
	for j, o := range out {
		if o != outcomeAbsent {
			first, last = min(first, j), j
		}
	}
	for j := range out {
		if j < first || j > last {
			out[j] = outcomeOpen
		}
	}
}
