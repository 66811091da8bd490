package text

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/unit"
)

// noisiest are the five things that make the log, one of each kind: the rule, the program, what started it, where its files lie, and when.
func (v *profileView) noisiest(p *page) {
	if v.profile.Total.Events == 0 {
		return
	}
	p.gap()
	t := &table{fill: true}
	t.add(bold, "noisiest", "events", "bytes", "share")
	v.noisiestRule(t)
	v.thing(t, "program", firstNamed(v.profile.Exes.Rows))
	if c, ok := firstChain(v.profile.StartedBy.Rows); ok {
		v.thing(t, "started by", analyze.Named{Name: chainName(c), Count: c.Count})
	}
	if hot := v.hotPaths(); len(hot) > 0 {
		v.thing(t, "files below", hot[0])
	}
	if len(t.rows) > 1 {
		t.print(p)
	}
	v.burst(p)
}

func (v *profileView) noisiestRule(t *table) {
	switch {
	case len(v.rules) > 0:
		v.thing(t, "rule", analyze.Named{Name: ruleName(v.rules[0].RuleID), Count: v.rules[0].Count})
	case v.byKey():
		v.thing(t, "key", firstNamed(v.profile.Keys.Rows))
	}
}

func (v *profileView) thing(t *table, kind string, n analyze.Named) {
	if n.Name != "" {
		t.add(plain, fmt.Sprintf("  %-11s  %s", kind, n.Name), countOf(n.Events), unit.Bytes(float64(n.Bytes)), v.share(n.Count))
	}
}

// firstNamed is the heaviest row that has a name.
func firstNamed(rows []analyze.Named) analyze.Named {
	for _, r := range rows {
		if r.Name != "" {
			return r
		}
	}
	return analyze.Named{}
}

// firstChain is the heaviest chain of which something is known.
func firstChain(rows []analyze.Chain) (analyze.Chain, bool) {
	for _, c := range rows {
		if len(c.Programs) > 0 {
			return c, true
		}
	}
	return analyze.Chain{}, false
}

// burst tells when the log was written fastest, with a line that shows its course.
func (v *profileView) burst(p *page) {
	r := &v.profile.Rate
	if r.PeakEvents == 0 {
		return
	}
	text := fmt.Sprintf("  %-11s  %s in the second of %s", "burst", many(r.PeakEvents, "event"), moment(r.PeakSec))
	if sec := v.profile.Window.CoveredSec(); sec > 0 {
		text += fmt.Sprintf(", mean %s", unit.Digits(float64(v.profile.Total.Events)/float64(sec)))
	}
	p.row(plain, text)
	if len(r.Bursts) > 0 {
		b := r.Bursts[0]
		text := fmt.Sprintf("  %-11s  worst minute %s: %s", "", clock(b.StartSec, r.PeakSec), countOf(b.Events))
		if b.Rule >= 0 && b.Rule < len(v.profile.Rules) {
			text += fmt.Sprintf(", %s by %s", unit.Percent(float64(b.RuleEvents)/float64(max(b.Events, 1))), place(v.profile.Rules[b.Rule].RuleID))
		}
		p.row(plain, text)
	}
	if course := v.course(60); course != "" {
		p.row(plain, fmt.Sprintf("  %-11s  [%s]", "course", course))
	}
}

// levels are characters by how much they blacken.
const levels = " .:-=+*#%@"

// course draws the events over time in at most width columns, the fullest one as the last of levels. A column with any event is not blank.
func (v *profileView) course(width int) string {
	s := v.profile.Series.Events
	if len(s) < 2 {
		return ""
	}
	each := (len(s) + width - 1) / width
	var sums []uint64
	var top uint64
	for i := 0; i < len(s); i += each {
		var sum uint64
		for _, n := range s[i:min(i+each, len(s))] {
			sum += n
		}
		sums = append(sums, sum)
		top = max(top, sum)
	}
	var b strings.Builder
	for _, n := range sums {
		b.WriteByte(level(n, top))
	}
	return b.String()
}

func level(n, top uint64) byte {
	if n == 0 {
		return levels[0]
	}
	last := float64(len(levels) - 1)
	return levels[min(max(int(float64(n)/float64(top)*last), 1), len(levels)-1)]
}
