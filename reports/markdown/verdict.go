package markdown

import (
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/text"
)

// WriteVerdict writes a verdict of the gate: the word, what is no pass with its reason, then folded the rest. The error is that of w.
func WriteVerdict(w io.Writer, v *gate.Verdict) error {
	d := &document{}
	word := sentence(strings.ToUpper(string(v.Outcome)))
	if v.LetThrough {
		word += " (let through)"
	}
	d.add(fmt.Sprintf("### auditprof gate: %s\n", word))
	d.add(fmt.Sprintf("%s by %s: %d pass, %d fail, %d cannot be told, %d warnings.\n", sentence(v.Of), code(v.Budget),
		v.Count(gate.Pass), v.Count(gate.Fail), v.Count(gate.Inconclusive), v.Count(gate.Warn)))
	for _, s := range []gate.Status{gate.Fail, gate.Inconclusive, gate.Warn} {
		for i := range v.Checks {
			if c := &v.Checks[i]; c.Status == s {
				d.add(fmt.Sprintf("- %s **%s** %s %s: %s. %s", text.Marks[s], s, code(subjectOf(c)), code(c.Limit), sentence(text.ActualText(c)), sentence(c.Reason)))
			}
		}
	}
	for _, p := range v.Proposals {
		d.add(fmt.Sprintf("\nProposed, not proven: %d %% of the bytes, risk %s, before %s", int(p.Saves*100), sentence(p.Risk), code(p.Before)))
		for _, l := range p.Lines {
			d.add("- " + code(l))
		}
	}
	foldVerdict(d, v)
	return d.print(w)
}

func subjectOf(c *gate.Check) string {
	if c.Rule != "" {
		return c.Subject + " " + c.Rule
	}
	return c.Subject
}

func foldVerdict(d *document, v *gate.Verdict) {
	var losses, checks, notes [][]string
	for i := range v.Losses {
		l := &v.Losses[i]
		accepted := ""
		if g := l.Granted; g != nil {
			accepted = sentence(fmt.Sprintf("%s until %s: %s", g.Owner, g.Expires, g.Reason))
		}
		losses = append(losses, []string{code(l.Kind), sentence(l.String()), accepted})
	}
	for i := range v.Checks {
		c := &v.Checks[i]
		checks = append(checks, []string{text.Marks[c.Status] + " " + sentence(string(c.Status)), code(subjectOf(c)), code(c.Metric), code(c.Limit), sentence(text.ActualText(c))})
	}
	for _, o := range v.Outside {
		notes = append(notes, []string{"the log cannot tell what this records: " + code(o)})
	}
	for _, r := range v.Remarks {
		notes = append(notes, []string{sentence(r)})
	}
	d.fold(table{title: fmt.Sprintf("No longer recorded: %d", len(losses)), heads: []string{"kind", "what", "accepted by"}, rows: losses})
	d.fold(table{title: fmt.Sprintf("All checks: %d", len(checks)), heads: []string{"", "of", "metric", "limit", "found"}, rows: checks})
	d.fold(table{title: fmt.Sprintf("Notes: %d", len(notes)), rows: notes})
}
