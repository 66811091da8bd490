package text

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/reports/unit"
)

// head tells what was read, over which time, and whether log and rules belong together.
func (v *adviceView) head(p *page) {
	a := v.advice
	p.prose(bold, "suggest", "%s under %s (%s)", a.Logs, a.Rules, plural(v.options.RuleCount, "rule"))
	w := &a.Window
	if len(w.Hosts) > 0 {
		text := fmt.Sprintf("%s, %s covered, %s to %s UTC", plural(len(w.Hosts)+int(w.HostsCut), "host"), hours(seconds(w.CoveredSec())), moment(w.FirstSec), clock(w.LastSec, w.FirstSec))
		if len(w.Holes) > 0 {
			text += ", longest gap " + hours(seconds(w.Holes[0].Sec()))
		}
		p.prose(plain, "", "%s", text)
	}
	fits := "the log fits the rules"
	if a.Fit.Conflicts > 0 || a.Fit.Unexplained.Events > 0 {
		fits = fmt.Sprintf("%s with a key that contradicts the rules, %s that no rule can have recorded", many(a.Fit.Conflicts, "event"), countOf(a.Fit.Unexplained.Events))
	}
	if a.Target != "" {
		fits = "read as of " + a.Target + "; " + fits
	}
	p.prose(plain, "", "%s", fits)
}

// verdict is what all proposals together save, what they leave in sight, and how sure that is.
func (v *adviceView) verdict(p *page) {
	a := v.advice
	p.gap()
	if len(a.Proposals) == 0 {
		p.prose(bold, "NOTHING", "worth excluding: %s", a.Nothing)
	} else {
		p.prose(bold, "SAVES", "%s (%s), %s", v.beforeAfter(), v.shares(), plural(len(a.Proposals), "change"))
		if n := a.Removable.Learnt.Bytes; n > 0 {
			p.prose(plain, "", "%s of what could go at this --max-risk", unit.Percent(min(float64(a.Saved.Learnt.Bytes)/float64(n), 1)))
		}
		p.prose(plain, "blinds", "%s", v.blinds())
		if length := a.Window.LastSec - a.Window.FirstSec; length < monthSec {
			p.prose(plain, "", "not in this window: what comes less often than in %s, as a month's end, a failover, an upgrade", days(length))
		}
	}
	for i, d := range a.Doubts {
		label := ""
		if i == 0 {
			label = "LOW CONFIDENCE"
		}
		p.prose(alarm, label, "%s", d)
	}
}

// monthSec is how long a log must be to have seen what a month has.
const (
	daySec   = 24 * 60 * 60
	monthSec = 31 * daySec
)

// days is a length of time in days, where it is two and more.
func days(sec int64) string {
	if sec < 2*daySec {
		return hours(seconds(sec))
	}
	return fmt.Sprintf("%d days", (sec+daySec/2)/daySec)
}

// beforeAfter is a day's volume where a day was seen, else that of the log.
func (v *adviceView) beforeAfter() string {
	a := v.advice
	before, after := float64(a.Before.All().Bytes), float64(a.Before.All().Bytes-min(a.Saved.All().Bytes, a.Before.All().Bytes))
	if a.DayBytes == 0 {
		return fmt.Sprintf("%s of %s in this log, %s left", unit.Bytes(before-after), unit.Bytes(before), unit.Bytes(after))
	}
	return fmt.Sprintf("%s -> %s %s", unit.Bytes(a.DayBytes), unit.Bytes(a.DayBytes*after/max(before, 1)), v.day())
}

// day is what a volume per day is of.
func (v *adviceView) day() string {
	if v.advice.Split.Hosts > 1 {
		return "a day and host"
	}
	return "a day"
}

// shares are what goes of the part that was learnt from, and of the rest.
func (v *adviceView) shares() string {
	saved, before := &v.advice.Saved, &v.advice.Before
	less := func(part, all uint64) string { return "-" + unit.Percent(float64(part)/float64(max(all, 1))) }
	if before.Tested.Bytes == 0 {
		return less(saved.Learnt.Bytes, before.Learnt.Bytes) + ", all of it learnt from"
	}
	return less(saved.Learnt.Bytes, before.Learnt.Bytes) + " learnt from, " + less(saved.Tested.Bytes, before.Tested.Bytes) + " not learnt from"
}

// blinds counts what must still be seen.
func (v *adviceView) blinds() string {
	g := &v.advice.Guarded
	var parts []string
	for _, w := range []struct {
		advice.Watch
		what string
	}{{g.Builtin, "built-in detection"}, {g.Sigma, "Sigma rule"}, {g.Keeps, "keep"}, {g.KeepLogs, "kept event"}} {
		if w.Total > 0 {
			parts = append(parts, fmt.Sprintf("%d of %s", w.Lost, plural(w.Total, w.what)))
		}
	}
	if g.Mandated.Total > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s untouched", g.Mandated.Total-g.Mandated.Lost, plural(g.Mandated.Total, "mandated line")))
	}
	if len(parts) == 0 {
		return "nobody asked: the built-in detections are off, and there is no --keep and no --sigma"
	}
	text := strings.Join(parts, ", ")
	if g.Sigma.Loose > 0 {
		text += fmt.Sprintf("; %s more only if a file of a name of theirs lies in these directories", plural(g.Sigma.Loose, "Sigma rule"))
	}
	if g.Sigma.Unclear > 0 {
		text += fmt.Sprintf("; %s not understood in full, taken by the record types and system calls that they name", plural(g.Sigma.Unclear, "Sigma rule"))
	}
	return text
}
