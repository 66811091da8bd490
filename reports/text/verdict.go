package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/unit"
)

// VerdictOptions say how to print a verdict.
type VerdictOptions struct {
	// Width of the terminal in columns; below 80 it is taken as 80.
	Width int
	Color bool
}

// Marks are what a check ended as; the word beside it says the same.
var Marks = map[gate.Status]string{gate.Pass: "✓", gate.Fail: "✗", gate.Inconclusive: "?", gate.Warn: "!"}

// maxShown is how many losses and problems a terminal gets; JSON has all.
const maxShown = 8

// WriteVerdict prints a verdict: the word first, then every check with the actual value, then what is no longer seen. The error is that of w.
func WriteVerdict(w io.Writer, v *gate.Verdict, o VerdictOptions) error {
	p := &page{width: max(o.Width, 80)}
	verdictHead(p, v)
	for _, s := range []gate.Status{gate.Fail, gate.Inconclusive, gate.Warn, gate.Pass} {
		for i := range v.Checks {
			if v.Checks[i].Status == s {
				verdictCheck(p, &v.Checks[i])
			}
		}
	}
	verdictLosses(p, v)
	verdictProposals(p, v)
	if len(v.Outside) > 0 {
		p.gap()
		verdictList(p, plain, "outside", v.Outside, func(s string) string { return "the log cannot tell what this records: " + s })
	}
	verdictList(p, plain, "note", v.Remarks, func(s string) string { return s })
	return p.print(w, o.Color)
}

func verdictHead(p *page, v *gate.Verdict) {
	style := bold
	if v.Outcome != gate.Pass {
		style = alarm
	}
	word := strings.ToUpper(string(v.Outcome))
	if v.LetThrough {
		word += " (let through)"
	}
	p.prose(style, word, "%s", v.Of)
	against := ""
	if v.Against != "" {
		against = "; baseline " + v.Against
	}
	p.prose(plain, "", "%s: %d pass, %d fail, %d cannot be told, %d warnings%s", v.Budget, v.Count(gate.Pass), v.Count(gate.Fail), v.Count(gate.Inconclusive), v.Count(gate.Warn), against)
	if len(v.Sections) < len(gate.Sections()) {
		p.prose(plain, "", "judged: %s; the other sections of the budget were not", strings.Join(v.Sections, ", "))
	}
	p.gap()
}

func verdictCheck(p *page, c *gate.Check) {
	style := plain
	if c.Status == gate.Fail {
		style = alarm
	}
	what := c.Subject
	if c.Rule != "" {
		what += " " + c.Rule
	}
	p.prose(style, Marks[c.Status]+" "+string(c.Status), "%s: %s, %s", what, limitText(c), ActualText(c))
	if c.RuleText != "" && c.Status != gate.Pass {
		p.prose(plain, "", "rule: %s", c.RuleText)
	}
	if c.Status == gate.Pass {
		return
	}
	if c.Reason != "" {
		p.prose(plain, "", "%s", c.Reason)
	}
	if c.Cure != "" {
		p.prose(plain, "", "do: %s", c.Cure)
	}
}

func limitText(c *gate.Check) string {
	if c.Place == "" {
		return c.Metric + ", " + c.Limit
	}
	return c.Limit
}

// ActualText is what was found of a check, with its interval: "is 3.10 ms [2.90 ms 3.30 ms]".
func ActualText(c *gate.Check) string {
	if c.Value == nil {
		return "no figure"
	}
	text := "is " + inUnit(c.Dimension, *c.Value)
	switch {
	case c.Low != nil && c.High == nil:
		text = "is at least " + inUnit(c.Dimension, *c.Low)
	case c.Low != nil && *c.Low != *c.High:
		text += fmt.Sprintf(" [%s, %s]", inUnit(c.Dimension, *c.Low), inUnit(c.Dimension, *c.High))
	}
	if c.Baseline != nil {
		text += ", baseline " + inUnit(c.Dimension, *c.Baseline)
	}
	return text
}

func inUnit(dimension string, v float64) string {
	switch dimension {
	case "ns":
		return unit.Time(v)
	case "bytes":
		return unit.Bytes(v)
	case "ratio":
		return unit.Ratio(v) + " (" + unit.Change(v) + ")"
	}
	if v == float64(int64(v)) {
		return unit.Count(int64(v))
	}
	return unit.Digits(v)
}

func verdictLosses(p *page, v *gate.Verdict) {
	if len(v.Losses) == 0 {
		return
	}
	p.gap()
	var lines []string
	for i := range v.Losses {
		l := &v.Losses[i]
		text := l.String()
		if l.At != "" {
			text = l.At + " " + text
		}
		if l.Example != "" {
			text += " (" + l.Example + ")"
		}
		if g := l.Granted; g != nil {
			text += fmt.Sprintf("; accepted by %s until %s: %s", g.Owner, g.Expires, g.Reason)
			if g.Expired {
				text += " (OVER)"
			}
		}
		lines = append(lines, text)
	}
	verdictList(p, plain, "unseen", lines, func(s string) string { return s })
}

func verdictProposals(p *page, v *gate.Verdict) {
	if len(v.Proposals) == 0 {
		return
	}
	p.gap()
	for _, x := range v.Proposals {
		p.prose(bold, "try", "%s of the bytes, risk %s, above or in place of %s; not proven, auditprof suggest-exclusions does that", unit.Percent(x.Saves), x.Risk, x.Before)
		for _, l := range x.Lines {
			p.prose(plain, "", "+ %s", l)
		}
		p.prose(plain, "", "blind to %s", x.Blind)
	}
}

// verdictList prints a list under one label, and says how many are left out.
func verdictList(p *page, s style, label string, lines []string, say func(string) string) {
	for i, l := range lines {
		if i == maxShown {
			p.prose(s, "", "and %d more: --format json has all", len(lines)-maxShown)
			return
		}
		if i > 0 {
			label = ""
		}
		p.prose(s, label, "%s", say(l))
	}
}
