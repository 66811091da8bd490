package compare

import (
	"fmt"

	"github.com/auditprof/auditprof/analyze"
)

// OfProfile makes a side of a profile: one set, one log. Its volumes are by host and day where hosts are covered for a day or more.
func OfProfile(name string, p *analyze.Profile) Side {
	s := Side{Name: name, Kind: KindProfile}
	set := Set{}
	w := Workload{Units: 1, UnitName: "log", Total: volume(p.Total), ByType: map[string]Volume{}}
	const daySec = 86400
	if covered := p.Window.CoveredSec(); covered >= daySec {
		w.Units, w.UnitName = float64(covered)/daySec, "host and day"
	}
	for _, r := range p.Rules {
		set.Rules = append(set.Rules, Rule{File: r.File, Line: r.Line, Text: r.Text})
		w.ByRule = append(w.ByRule, volume(r.Count))
	}
	for _, t := range p.Types.Rows {
		w.ByType[t.Name] = volume(t.Count)
	}
	if n := len(p.Unknown.Sets); n > 0 {
		var events uint64
		for _, u := range p.Unknown.Sets {
			events += u.Events
		}
		s.Doubts = append(s.Doubts, fmt.Sprintf("of %d events the log does not say which rule recorded them", events+p.Unknown.Other.Events))
	}
	if p.Conflicts.Events > 0 {
		s.Doubts = append(s.Doubts, fmt.Sprintf("%d events carry keys that these rules do not have: the log was written under others", p.Conflicts.Events))
	}
	if len(p.Rules) == 0 {
		s.Doubts = append(s.Doubts, "no rule set was read with the log: only keys tell its rules")
	}
	set.Workloads = []Workload{w}
	s.Sets = []Set{set}
	return s
}

func volume(c analyze.Count) Volume {
	return Volume{Events: c.Events, Records: c.Records, Bytes: c.Bytes}
}
