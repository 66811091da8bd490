package text

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/reports/unit"
)

// shownRefused is how many refusals are shown.
const shownRefused = 8

// refused are what would have saved something, and why it is not proposed.
func (v *adviceView) refused(p *page) {
	if len(v.advice.Refused) == 0 {
		return
	}
	p.gap()
	p.row(bold, "refused (what it would have saved in the part learnt from)")
	first, more := several(v.advice.Refused, shownRefused)
	for _, r := range first {
		volume := fmt.Sprintf("%10s  ", unit.Bytes(float64(r.Saves.Bytes)))
		p.ruleText(volume, refusedName(r))
		text := r.Why
		if r.Risk != "forbidden" {
			text += " (--max-risk " + r.Risk + ")"
		}
		p.hang(plain, strings.Repeat(" ", 14), 14, text)
	}
	if more > 0 {
		p.row(plain, fmt.Sprintf("%12s%s more, all of them with --format json", "", unit.Count(int64(more))))
	}
}

// refusedName is a refused change in short: its first line without what every rule begins with.
func refusedName(r advice.Refused) string {
	if len(r.Lines) == 0 {
		return r.Kind
	}
	line := r.Lines[0]
	if r.Kind == "narrower" {
		line = "narrower: " + line
	}
	return strings.TrimPrefix(line, "-a ")
}

// proof is what the replay says, and what was dropped for it.
func (v *adviceView) proof(p *page) {
	a := v.advice
	p.gap()
	switch {
	case a.Proof.Events == 0:
	case a.Proof.Unnamed.Events > 0:
		p.prose(alarm, "FAILED", "replay of %s: %s gone that no proposal names", many(a.Proof.Events, "event"), many(a.Proof.Unnamed.Events, "event"))
	default:
		p.prose(plain, "proof", "replay of %s under the new rules: nothing gone that %s", many(a.Proof.Events, "event"), v.named())
	}
	if n := a.Proof.Unknown.Events; n > 0 {
		p.prose(plain, "", "%s (%s) of which the log does not say whether they go: not counted as saved", many(n, "event"), unit.Bytes(float64(a.Proof.Unknown.Bytes)))
	}
	for _, d := range a.Proof.Dropped {
		p.prose(plain, "dropped", "%s: %s", strings.Join(d.Lines, "; "), d.Why)
	}
	if len(a.Wrote) > 0 {
		p.prose(plain, "wrote", "%s", strings.Join(a.Wrote, ", "))
	}
}

func (v *adviceView) named() string {
	if n := len(v.advice.Proposals); n > 1 {
		return fmt.Sprintf("%s-%s do not name", v.advice.Proposals[0].ID, v.advice.Proposals[n-1].ID)
	} else if n == 1 {
		return v.advice.Proposals[0].ID + " does not name"
	}
	return "is not there"
}
