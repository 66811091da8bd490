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

// maxAlignment bounds lines × records of one load.
const maxAlignment = 16 << 20

// align lays the add_rule records of one load over the lines of the set. Each record belongs to a line with its key and list, in order;
// a line without a record may only be one that may be silent. It reports false where there is no such way: then the load is not of this
// set. Where there is more than one way, only what all of them have in common is said.
func align(lines []attempt, adds []change) ([]outcome, bool) {
	n, m := len(lines), len(adds)
	if m == 0 || m > n || (n+1)*(m+1) > maxAlignment {
		return nil, false
	}
	fits := func(i, j int) bool { return lines[j].label == adds[i].rule }
	// before[i][j]: the first i records and the first j lines fit; after[i][j]: those from i and j on do.
	before, after := grid(m+1, n+1), grid(m+1, n+1)
	before[0][0], after[m][n] = true, true
	for j := 1; j <= n; j++ {
		for i := 0; i <= min(j, m); i++ {
			before[i][j] = before[i][j-1] && lines[j-1].mayBeSilent || i > 0 && before[i-1][j-1] && fits(i-1, j-1)
		}
	}
	if !before[m][n] {
		return nil, false
	}
	for j := n - 1; j >= 0; j-- {
		for i := m; i >= 0; i-- {
			after[i][j] = after[i][j+1] && lines[j].mayBeSilent || i < m && after[i+1][j+1] && fits(i, j)
		}
	}
	out := make([]outcome, n)
	for j := range lines {
		var loaded, refused, absent bool
		for i := 0; i <= min(j, m); i++ {
			absent = absent || before[i][j] && lines[j].mayBeSilent && after[i][j+1]
			if i < m && before[i][j] && fits(i, j) && after[i+1][j+1] {
				loaded, refused = loaded || adds[i].ok, refused || !adds[i].ok
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
