package text

import (
	"fmt"
	"path"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/unit"
)

// proposal is one change: what it saves and costs, its lines and their place, what goes out of sight and what does not.
func (v *adviceView) proposal(p *page, c *advice.Proposal) {
	p.gap()
	all := c.Saved.All()
	volume := unit.Bytes(float64(all.Bytes))
	if c.DayBytes > 0 {
		volume = unit.Bytes(c.DayBytes) + " " + v.day()
	}
	hosts := fmt.Sprintf("%d/%d hosts", c.Hosts, v.advice.Split.Hosts)
	p.columns(bold, c.ID, "-"+volume, unit.Percent(c.Share), "risk "+c.Risk, hosts, costs(c.Price))
	for _, l := range c.Lines {
		p.ruleText("  + ", l)
	}
	p.hang(plain, "    ", 4, v.place(c))
	if all.Records > 0 {
		p.item("saves", "%s, %s; of it %s not learnt from", events(all.Events), many(all.Records, "record"), unit.Bytes(float64(c.Saved.Tested.Bytes)))
	} else {
		p.item("saves", "%s by what the names say; not proven: the log does not say on which file system a name is", unit.Bytes(float64(c.Predicted.All().Bytes)))
	}
	if c.Unknown.Events > 0 {
		p.item("", "perhaps %s besides: the log does not say, and they are not counted", many(c.Unknown.Events, "event"))
	}
	p.item("blind to", "%s", c.BlindTo)
	v.behaviours(p, c)
	if len(c.Seen) > 0 {
		p.item("still seen", "%s", strings.Join(c.Seen, "; "))
	}
	p.item("to hide", "%s", c.Hide)
	v.details(p, c)
}

func events(n uint64) string {
	if n == 0 {
		return "no whole event"
	}
	return many(n, "event")
}

// costs is what a change costs the calls that it is not for.
func costs(price advice.Price) string {
	switch {
	case price.Rules == 0:
		return "costs nothing per call"
	case price.NsPerSyscall == 0:
		return "costs a look at each record"
	}
	return fmt.Sprintf("costs ~%s per call", unit.Time(price.NsPerSyscall))
}

// place is where the lines go, and what they take besides.
func (v *adviceView) place(c *advice.Proposal) string {
	var text string
	switch {
	case c.Kind == "narrower":
		text = "in place of " + c.Before
	case len(c.Quiets) == 1:
		text = fmt.Sprintf("before %s, the only rule it quiets", c.Before)
	case len(c.Quiets) > 1:
		var names []string
		for _, r := range c.Quiets {
			names = append(names, fmt.Sprintf("%s:%d", r.File, r.Line))
		}
		text = fmt.Sprintf("before %s; quiets %s", c.Before, namesOf(names, 6))
	default:
		text = "before " + c.Before + ", the first rule"
	}
	if len(c.Collateral) == 0 {
		return text + "; collateral 0"
	}
	var lost []string
	for _, l := range c.Collateral {
		name := "no single rule"
		if l.Index >= 0 {
			name = fmt.Sprintf("%s:%d", l.File, l.Line)
		}
		lost = append(lost, fmt.Sprintf("%s of %s", many(l.Events, "event"), name))
	}
	return text + "; collateral " + namesOf(lost, 4)
}

// shownRarest is how many rare behaviours are named.
const shownRarest = 5

// behaviours are the different things that go out of sight, with the rarest by name: noise is frequent.
func (v *adviceView) behaviours(p *page, c *advice.Proposal) {
	if c.Behaviours == 0 {
		return
	}
	text := plural(int(c.Behaviours), "behaviour")
	if c.AtLeast {
		text = "at least " + text
	}
	if c.NewTested > 0 {
		text += fmt.Sprintf(" (%s first seen in the part not learnt from)", countOf(c.NewTested))
	}
	first, _ := several(c.Rarest, shownRarest)
	if len(first) == 1 && c.Behaviours == 1 {
		return
	}
	p.item("", "%s; the rarest:", text)
	for _, l := range first {
		where := l.Path
		if where == "" {
			where = "no file"
		}
		row := fmt.Sprintf("%*s%9s  %s uid %d  ", 4+itemWidth, "", countOf(l.Events), path.Base(l.Exe), l.UID)
		p.row(plain, row+lastFolders(where, p.width-escape.Columns(escape.Line(row))))
	}
}

// lastFolders is a path without its first folders where it is wider than the room: behaviours of one place differ at the end of their names.
func lastFolders(path string, room int) string {
	shown := path
	for escape.Columns(escape.Line(shown)) > room {
		_, rest, more := strings.Cut(strings.TrimPrefix(shown, ".../"), "/")
		if rest == "" || !more {
			return shown
		}
		shown = ".../" + strings.TrimPrefix(rest, "/")
	}
	return shown
}

// details are what not every proposal has.
func (v *adviceView) details(p *page, c *advice.Proposal) {
	for _, list := range []struct {
		label string
		lines []string
	}{{"risk", c.Reasons}, {"assumes", c.Assumes}, {"loses", lossesOf(c.Costs)}, {"shadows", placesOf(c.Shadows)}} {
		label := list.label
		for _, l := range list.lines {
			p.item(label, "%s", l)
			label = ""
		}
	}
}

func lossesOf(list []advice.Blinded) (out []string) {
	var loose int
	var sure []advice.Blinded
	for _, b := range list {
		if b.Loose {
			loose++
		} else {
			sure = append(sure, b)
		}
	}
	first, more := several(sure, 3)
	for _, b := range first {
		out = append(out, b.Name+": "+b.Why)
	}
	if more > 0 {
		out = append(out, plural(more, "more detection"))
	}
	if loose > 0 {
		out = append(out, plural(loose, "detection")+" if a file of a name of theirs lies here")
	}
	return out
}

func placesOf(rules []advice.Rule) (out []string) {
	for _, r := range rules {
		out = append(out, fmt.Sprintf("%s:%d, a mandated line: it stays, and no longer sees this", r.File, r.Line))
	}
	return out
}

// caveats are what to mind when the lines are loaded, each once, with the proposals that it is about.
func (v *adviceView) caveats(p *page) {
	var texts []string
	about := map[string][]string{}
	for _, c := range v.advice.Proposals {
		for _, text := range c.Caveats {
			if about[text] == nil {
				texts = append(texts, text)
			}
			about[text] = append(about[text], c.ID)
		}
	}
	if len(texts) > 0 {
		p.gap()
	}
	label := "mind"
	for _, text := range texts {
		p.prose(plain, label, "%s: %s", namesOf(about[text], 5), text)
		label = ""
	}
}
