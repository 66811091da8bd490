package text

import (
	"fmt"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/unit"
)

// shownKeys is how many keys of other rules are named.
const shownKeys = 6

// alarms are what must be known before any figure is read.
func (v *profileView) alarms(p *page) {
	p.gap()
	v.otherRules(p)
	v.unexplained(p)
}

// otherRules tells of keys that no rule of the set has. An event without a key is no sign of other rules: auditd's own start makes one.
func (v *profileView) otherRules(p *page) {
	c := &v.profile.Conflicts
	var keys []string
	for _, k := range c.Keys {
		if k.Name != "" {
			keys = append(keys, fmt.Sprintf("%s (%s)", k.Name, countOf(k.Events)))
		}
	}
	if len(keys) > 0 {
		p.prose(alarm, "OTHER RULES", "the log was written under other rules: %s contradicting these, since %s%s; their keys: %s",
			many(c.Events, "event"), moment(c.FirstSec), atLine(c.Input, c.Line), namesOf(keys, shownKeys))
	}
}

// oddShare is the part of the log below which what is unexplained is no alarm.
const oddShare = 0.01

// unexplained shows the first events that nobody can have recorded.
func (v *profileView) unexplained(p *page) {
	n := v.profile.Origins.Of(analyze.Unexplained)
	if n.Events == 0 {
		return
	}
	label, style := "odd", plain
	if float64(n.Bytes) >= oddShare*float64(v.bytes()) {
		label, style = "UNEXPLAINED", alarm
	}
	p.prose(style, label, "%s, %s of the bytes, that no rule of the set can have recorded", many(n.Events, "event"), v.share(n))
	lines, more := several(v.profile.Unexplained, 3)
	for _, l := range lines {
		p.row(plain, "  "+l)
	}
	if more > 0 {
		p.row(plain, fmt.Sprintf("  and %d more", more))
	}
}

// atLine is a place in what was read; a merged profile has none.
func atLine(input string, line int64) string {
	switch {
	case input == "-":
		return fmt.Sprintf(" (line %d)", line)
	case input != "":
		return fmt.Sprintf(" (%s:%d)", input, line)
	}
	return ""
}

// verdict is the rule that makes the log, what makes it do so, and how sure that is.
func (v *profileView) verdict(p *page) {
	switch {
	case v.profile.Total.Events == 0:
		p.prose(alarm, "EMPTY", "there is no event in the log")
		return
	case v.byKey():
		v.noisyKey(p)
	case len(v.rules) == 0:
		p.prose(bold, "QUIET", "no event is known to be of a rule; most of the log: %s", v.mainOrigin())
	default:
		v.noisyRule(p)
	}
	v.sure(p)
}

func (v *profileView) noisyRule(p *page) {
	r := v.rules[0]
	p.prose(bold, "NOISY", "%s wrote %s of the bytes, %s: %s", place(r.RuleID), v.share(r.Count), many(r.Events, "event"), brief(r.Text))
	if top, part, ok := v.mainSource(r.recorded); ok {
		p.prose(plain, "cause", "%s of that is %s", share(part, 1), top)
	}
}

func (v *profileView) noisyKey(p *page) {
	for _, k := range v.profile.Keys.Rows {
		if k.Name != "" {
			p.prose(bold, "NOISY", "the key %s has %s of the bytes, %s; several rules may share it", k.Name, v.share(k.Count), many(k.Events, "event"))
			return
		}
	}
	p.prose(bold, "QUIET", "no event has a key; most of the log: %s", v.mainOrigin())
}

// mainOrigin is where most of the log comes from.
func (v *profileView) mainOrigin() string {
	var top analyze.OriginCount
	for _, o := range v.profile.Origins {
		if o.Bytes > top.Bytes {
			top = o
		}
	}
	return fmt.Sprintf("%s, %s of the bytes", originName(top.Origin), v.share(top.Count))
}

// sure tells how many events of rules are decided, and how.
func (v *profileView) sure(p *page) {
	decided := v.profile.Origins.Of(analyze.Rules).Events
	open := v.profile.Origins.Of(analyze.Undecided).Events
	if v.byKey() || decided+open == 0 {
		return
	}
	style := plain
	if open*20 > decided+open {
		style = bold // every twentieth event: shares of rules are no more than a hint
	}
	p.prose(style, "sure", "%s of %s of rules decided as the kernel does, %s unknown (%s)", countOf(decided), many(decided+open, "event"),
		countOf(open), unit.Percent(float64(open)/float64(decided+open)))
}

// originName is an origin in the words of this report.
func originName(o analyze.Origin) string {
	switch o {
	case analyze.Rules:
		return "rules"
	case analyze.Undecided:
		return "a rule, unknown which"
	case analyze.ByKey:
		return "rules, known by key"
	case analyze.UserMessages:
		return "user messages: USER_*, CRED_*"
	case analyze.KernelMade:
		return "the kernel itself: AVC, LOGIN, ..."
	case analyze.Auditd:
		return "auditd itself: DAEMON_*"
	}
	return o.String()
}
