package analyze

import (
	"cmp"
	"slices"
)

const (
	secondsHeld = 1024 // a second that comes back after so many others is counted anew
	minutesHeld = 16
	burstsKept  = 5
)

// bursts finds the second and the minutes with the most events. Events may come out of order by some minutes.
type bursts struct {
	seconds [secondsHeld]second
	minutes [minutesHeld]minute
	peak    second
	worst   []Burst
	amended map[int64]map[int]uint64 // events by minute and rule that were decided a second time, see Tally.Forget
}

type second struct {
	at     int64
	events uint64
}

type minute struct {
	Burst
	rules []minuteRule
	life  uint64 // of this minute: counts of an earlier one in rules are void
}

type minuteRule struct {
	life   uint64
	events uint64
}

func newBursts(rules int) *bursts {
	b := &bursts{}
	for i := range b.minutes {
		b.minutes[i].rules = make([]minuteRule, rules)
	}
	return b
}

func (b *bursts) add(sec int64, rule int) {
	s := &b.seconds[sec%secondsHeld]
	if s.at != sec {
		*s = second{at: sec}
	}
	if s.events++; s.events > b.peak.events {
		b.peak = *s
	}
	b.addMinute(sec-sec%60, rule)
}

func (b *bursts) addMinute(start int64, rule int) {
	m := &b.minutes[start/60%minutesHeld]
	if m.StartSec != start || m.Events == 0 {
		b.keep(m.Burst)
		m.Burst = Burst{StartSec: start, Rule: NoRule}
		m.life++
	}
	m.Events++
	if rule < 0 {
		return
	}
	r := &m.rules[rule]
	if r.life != m.life {
		*r = minuteRule{life: m.life}
	}
	if r.events++; r.events > m.RuleEvents {
		m.Rule, m.RuleEvents = rule, r.events
	}
}

// keep takes a minute that is over.
func (b *bursts) keep(m Burst) {
	if m.Events > 0 {
		b.worst = worstOf(append(b.worst, m))
	}
}

// rate ends the counting.
func (b *bursts) rate() Rate {
	for i := range b.minutes {
		b.keep(b.minutes[i].Burst)
		b.minutes[i].Burst = Burst{}
	}
	b.settle()
	return Rate{PeakSec: b.peak.at, PeakEvents: b.peak.events, Bursts: append([]Burst{}, b.worst...)}
}

// worstOf keeps the minutes with the most events, of equals the earliest.
func worstOf(list []Burst) []Burst {
	slices.SortFunc(list, func(x, y Burst) int {
		return cmp.Or(cmp.Compare(y.Events, x.Events), cmp.Compare(x.StartSec, y.StartSec), cmp.Compare(y.RuleEvents, x.RuleEvents), cmp.Compare(x.Rule, y.Rule))
	})
	return list[:min(len(list), burstsKept)]
}
