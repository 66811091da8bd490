package text

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/auditprof/auditprof/reports/unit"
)

// shownHosts is how many hosts the head names.
const shownHosts = 3

// head tells what was read, under which rules, and who wrote it.
func (v *profileView) head(p *page) {
	under := "without a rule set: by key alone"
	if !v.byKey() {
		under = fmt.Sprintf("under %s (%s)", cmp.Or(v.options.Rules, "its rules"), plural(len(v.profile.Rules)+int(v.profile.RulesCut), "rule"))
	}
	p.prose(bold, "analyze", "%s %s", cmp.Or(v.options.Logs, "log"), under)
	p.prose(plain, "", "%s, %s, %s%s", many(v.profile.Total.Events, "event"), many(v.profile.Total.Records, "record"),
		unit.Bytes(float64(v.profile.Log.Bytes)), v.writtenBy())
}

func (v *profileView) writtenBy() string {
	var names []string
	for _, h := range v.profile.Window.Hosts {
		if h.Name != "" {
			names = append(names, h.Name)
		}
	}
	text := ""
	if len(names) > 0 {
		text = " of " + namesOf(names, shownHosts)
	}
	if v.options.Target != "" {
		text += "; " + v.options.Target
	}
	return text
}

// window tells which time the log covers, how much of it is missing, and what a day would hold, if a day was seen.
func (v *profileView) window(p *page) {
	w := &v.profile.Window
	if len(w.Hosts) == 0 {
		return
	}
	covered := seconds(w.CoveredSec())
	across := ""
	if len(w.Hosts) > 1 {
		across = fmt.Sprintf(" on %s together", plural(len(w.Hosts)+int(w.HostsCut), "host"))
	}
	p.prose(plain, "window", "%s to %s UTC: %s covered%s, %s, %s", moment(w.FirstSec), clock(w.LastSec, w.FirstSec),
		hours(covered), across, many(w.Boots, "boot"), v.gaps())
	if len(w.Holes) > 0 {
		h := w.Holes[0]
		p.prose(plain, "", "longest gap with serials missing: %s%s, %s to %s", hours(seconds(h.Sec())), onHost(h.Host), moment(h.FromSec), clock(h.ToSec, h.FromSec))
	}
	v.perDay(p)
}

// gaps tells how much of the log is not there.
func (v *profileView) gaps() string {
	l := &v.profile.Log
	holes := uint64(0)
	for _, h := range v.profile.Window.Hosts {
		holes += h.Holes
	}
	parts := []string{many(holes, "gap")}
	for _, c := range []struct {
		n          uint64
		what, more string
	}{{l.Missing, "serial", " missing"}, {l.Duplicates, "serial", " twice"}, {l.Late, "event", " far behind"}, {l.Partial, "event", " without all records"}} {
		if c.n > 0 {
			parts = append(parts, many(c.n, c.what)+c.more)
		}
	}
	return strings.Join(parts, ", ")
}

// perDay gives a day's volume only where a day was seen: a busy host's rotated logs hold seconds.
func (v *profileView) perDay(p *page) {
	day, hosts, ok := v.profile.Window.PerDay()
	if !ok {
		p.prose(plain, "", "less than 24 hours of any host: no figure per day")
		return
	}
	of := ""
	if len(v.profile.Window.Hosts) > 1 {
		of = fmt.Sprintf(" and host, mean of the %d with 24 hours or more", hosts)
	}
	p.prose(plain, "", "a day%s: %s events, %s records, %s", of, count(day.Events), count(day.Records), unit.Bytes(day.Bytes))
}

func onHost(name string) string {
	if name == "" {
		return ""
	}
	return " on " + name
}

// seconds is a duration, at most the 292 years that one can be: a log's clock may say anything.
func seconds(n int64) time.Duration {
	return time.Duration(min(max(n, 0), math.MaxInt64/int64(time.Second))) * time.Second
}

// hours prints a length of time, the zero one as less than the second that the log's window is counted in.
func hours(d time.Duration) string {
	if d < time.Second {
		return "less than a second"
	}
	return unit.Long(d)
}
