package main

import (
	"fmt"
	"iter"
	"os"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/analyze/suggest/detect"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// watched is what must still be seen, or should be: detections, and the events of --keep.
type watched struct {
	host    detect.Host
	lists   [][]detect.Detection
	keep    []*event.Event
	remarks []string
}

// readWatched reads --keep and --sigma for a host. All its errors are of the command line.
func readWatched(f suggestFlags, host detect.Host) (*watched, error) {
	w := &watched{host: host}
	if !f.noBuiltin {
		w.lists = append(w.lists, detect.Builtin(host))
	}
	for _, name := range f.keep {
		if err := w.readKeep(name); err != nil {
			return nil, usageError{fmt.Errorf("--keep: %w", err)}
		}
	}
	for _, path := range f.sigma {
		list, err := detect.ReadSigma(path, host)
		if err != nil {
			return nil, usageError{fmt.Errorf("--sigma: %w", err)}
		}
		w.lists, w.remarks = append(w.lists, list.Detections), append(w.remarks, list.Remarks...)
	}
	return w, nil
}

func (w *watched) readKeep(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	k, err := detect.ReadKeep(name, file, w.host)
	if err != nil {
		return err
	}
	for _, ev := range k.Events {
		for i := range ev.Records {
			ev.Records[i].File = name // who opened it knows it
		}
	}
	w.lists, w.keep = append(w.lists, k.Detections), append(w.keep, k.Events...)
	return nil
}

// anyHost takes every name for a user: before the log is read only the form of --keep and --sigma can be judged.
func anyHost() detect.Host {
	return detect.Host{Machine: names.ArchX86_64, User: func(string) (uint32, bool) { return 0, true }}
}

// watchedHost is the host of the log: users are known by the snapshot and by the names that an ENRICHED log has.
func (s *studied) watchedHost() detect.Host {
	h := detect.Host{Machine: s.settled.set.target.Machine}
	ids := map[string]uint32{}
	for _, u := range s.profile.Users.Rows {
		learnUser(ids, u.AUIDName, u.AUID)
		learnUser(ids, u.UIDName, u.UID)
	}
	if snap := s.rules.snapshot; snap != nil {
		h.Links = snap.Links
		for _, u := range snap.Users {
			ids[u.Name] = u.UID
			h.Homes = append(h.Homes, u.Home)
		}
	}
	h.User = func(name string) (uint32, bool) { id, ok := ids[name]; return id, ok }
	return h
}

func learnUser(ids map[string]uint32, name, number string) {
	var id uint32
	if _, err := fmt.Sscan(number, &id); err == nil && name != "" {
		ids[name] = id
	}
}

// guard holds proposals against all that is watched.
func (w *watched) guard(rules []match.Rule) *detect.Set { return detect.New(w.host, rules, w.lists...) }

// guarded counts what the proposals leave of what is watched.
func (w *watched) guarded(guard *detect.Set, m *mandate, p *proven) advice.Guarded {
	g := advice.Guarded{LosesSome: []advice.Blinded{}}
	count := map[detect.Source]*advice.Watch{detect.FromBuiltin: &g.Builtin, detect.FromKeep: &g.Keeps, detect.FromSigma: &g.Sigma}
	for _, d := range guard.Detections() {
		count[d.Source].Total++
		if len(d.Unclear) > 0 {
			count[d.Source].Unclear++
		}
	}
	g.KeepLogs.Total = len(w.keep)
	g.Mandated = advice.Watch{Total: m.lines, Unclear: len(m.missing)}
	if p == nil {
		return g
	}
	for d, l := range w.losses(guard, p) {
		g.LosesSome = append(g.LosesSome, advice.Blinded{Name: d.Source.String() + ": " + d.Name, Why: l.Why, Loose: l.Loose})
		switch {
		case l.Loose:
			count[d.Source].Loose++
		case l.Hard || d.Source == detect.FromSigma:
			count[d.Source].Lost++
		}
	}
	for i := range p.proposals {
		g.Mandated.Lost += len(p.proposals[i].Shadows)
	}
	for _, k := range p.kept {
		if k.Lost() {
			g.KeepLogs.Lost++
		} else if k.Before == match.None {
			g.KeepLogs.Unclear++
		}
	}
	return g
}

// losses are the detections that lose something to the proposals together, each with the worst of it, in the order of the guard.
func (w *watched) losses(guard *detect.Set, p *proven) iter.Seq2[*detect.Detection, detect.Loss] {
	worst := map[*detect.Detection]detect.Loss{}
	for i := range p.proposals {
		for _, l := range guard.Losses(&p.proposals[i].Change) {
			if had, ok := worst[l.Detection]; !ok || had.Loose && !l.Loose {
				worst[l.Detection] = l
			}
		}
	}
	return func(yield func(*detect.Detection, detect.Loss) bool) {
		list := guard.Detections()
		for i := range list {
			if l, ok := worst[&list[i]]; ok && !yield(&list[i], l) {
				return
			}
		}
	}
}

// unseen tells of keeps that are about nothing in the log, and of events that the rules as they are would not record.
func (w *watched) unseen(guard *detect.Set, g *advice.Guarded, m *mandate) (list []string) {
	list = append(list, w.remarks...)
	var idle []string
	for i, d := range guard.Detections() {
		if d.Source == detect.FromKeep && guard.Seen()[i] == 0 {
			idle = append(idle, fmt.Sprintf("%s (%s)", d.Name, d.Place()))
		}
	}
	if len(idle) > 0 {
		list = append(list, fmt.Sprintf("%d of %d keeps match nothing in this log, and are held against the proposals all the same: %s",
			len(idle), g.Keeps.Total, strings.Join(few(idle, maxRefused, false, "keeps"), ", ")))
	}
	if g.KeepLogs.Unclear > 0 {
		list = append(list, fmt.Sprintf("%d events of --keep are not recorded by the rules as they are: no proposal can lose them", g.KeepLogs.Unclear))
	}
	var missing []string
	for _, pos := range m.missing {
		missing = append(missing, fmt.Sprintf("%s: this mandated line is not in the rule set", pos))
	}
	return append(list, few(missing, maxRefused, false, "mandated lines that are not in the rule set")...)
}
