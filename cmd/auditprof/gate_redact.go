package main

import "slices"

// redacted is a verdict that may leave the host: names of people and what lies in homes go, files and lines of rules and budget stay, since a
// reader is to find them.
func (r verdictReport) redacted() verdictReport {
	var keep []string
	for i := range r.verdict.Checks {
		keep = append(keep, r.verdict.Checks[i].Subject)
	}
	red := newRedactor(keep)
	v := *r.verdict
	v.Of, v.Against, v.Outside, v.Remarks = red.Text(v.Of), red.Text(v.Against), redactedTexts(red, v.Outside), redactedTexts(red, v.Remarks)
	v.Checks, v.Losses, v.Problems, v.Proposals = slices.Clone(v.Checks), slices.Clone(v.Losses), slices.Clone(v.Problems), slices.Clone(v.Proposals)
	for i := range v.Checks {
		c := &v.Checks[i]
		c.RuleText, c.Reason = red.Text(c.RuleText), red.Text(c.Reason)
	}
	for i := range v.Losses {
		l := &v.Losses[i]
		l.Name, l.By, l.Exe, l.Example = red.Text(l.Name), red.Text(l.By), red.Text(l.Exe), red.Text(l.Example)
		if l.Granted != nil {
			g := *l.Granted
			g.Owner, g.Reason = red.Text(g.Owner), red.Text(g.Reason)
			l.Granted = &g
		}
	}
	for i := range v.Problems {
		v.Problems[i].Text = red.Text(v.Problems[i].Text)
	}
	for i := range v.Proposals {
		p := &v.Proposals[i]
		p.Lines, p.Blind = redactedTexts(red, p.Lines), red.Text(p.Blind)
	}
	r.verdict = &v
	return r
}
