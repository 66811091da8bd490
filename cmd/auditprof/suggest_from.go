package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/logs"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/detect"
	"github.com/auditprof/auditprof/analyze/suggest/place"
	"github.com/auditprof/auditprof/scenarios"
)

// suggestFrom reads the logs two times and more, and answers.
func (c Command) suggestFrom(ctx context.Context, f suggestFlags, args []string) (*suggestion, error) {
	run, err := f.takeRun(&args)
	if err != nil {
		return nil, err
	}
	rules, err := c.openRules(f.readingFlags, true)
	if err != nil {
		return nil, err
	}
	if err := f.lookHere(rules); err != nil {
		return nil, err
	}
	if _, err := readWatched(f, anyHost()); err != nil {
		return nil, err
	}
	in, err := logs.Open(args, c.In, logs.Options{HostAsNode: f.hostAsNode})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	passes := &passes{}
	hush := sync.OnceFunc(newMeter(c.Err, f.quiet, passes.progress).end)
	defer hush()
	s, err := study(ctx, f.readingFlags, rules, in, passes)
	if err != nil {
		return nil, err
	}
	s.hush = hush
	name := logsName(args, in)
	if run != nil {
		name = run.Name
	}
	out, err := c.suggest(ctx, f, s, name)
	if err != nil {
		return nil, err
	}
	if run != nil {
		out.advice.Remarks = append(out.advice.Remarks, run.Remarks...)
	}
	return out, nil
}

// takeRun fills in what was not typed from a run directory. It returns nil where there is none.
func (f *suggestFlags) takeRun(args *[]string) (*benchRun, error) {
	if f.run == "" {
		return nil, nil
	}
	if len(f.scenarios) > 1 {
		return nil, usageError{fmt.Errorf("--scenario is given %d times: with --run, one or none", len(f.scenarios))}
	}
	named, err := f.namedScenario()
	if err != nil {
		return nil, usageError{err}
	}
	run, err := openRun(f.run, f.arm, named.Name)
	if err != nil {
		return nil, err
	}
	if f.verify {
		if err := run.sameFile(named); err != nil {
			return nil, usageError{err}
		}
	}
	*args = run.Logs
	if len(f.rules) == 0 {
		f.rules = run.Rules
	}
	if f.target == "" {
		f.target = run.Target
	}
	if f.snapshot == "" && !f.thisHost {
		f.snapshot = run.Snapshot
	}
	if f.thisHost && !run.SameBoot {
		return nil, usageError{errors.New("--this-host: the run is of another machine, or of an earlier boot of this one: what is looked up here now need not have been so there")}
	}
	if f.verify && len(f.scenarios) == 0 {
		f.scenarios = run.Scenarios
	}
	return run, nil
}

// namedScenario is the workload of --scenario: a name, whatever it says, or what a file defines.
func (f *suggestFlags) namedScenario() (scenarios.Info, error) {
	if len(f.scenarios) == 0 {
		return scenarios.Info{}, nil
	}
	if word := f.scenarios[0]; !scenarios.IsFile(word) {
		return scenarios.Info{Name: word}, nil
	}
	return scenarios.Lookup(f.scenarios[0])
}

// search is what was looked for in a studied log, and what was found.
type search struct {
	watched *watched
	guard   *detect.Set
	mandate *mandate
	noise   *suggest.Noise
	found   suggest.Result
}

// search learns from a studied log and finds what may be proposed.
func (s *studied) search(ctx context.Context, f suggestFlags) (*search, error) {
	set := s.settled.set
	w, err := readWatched(f, s.watchedHost())
	if err != nil {
		return nil, err
	}
	out := &search{watched: w, guard: w.guard(set.rules)}
	if out.mandate, err = readMandates(f.mandated, set); err != nil {
		return nil, err
	}
	if out.noise, err = s.learn(ctx, out.guard.Wanted); err != nil {
		return nil, err
	}
	o, err := s.options(f, out.mandate)
	if err != nil {
		return nil, err
	}
	out.found = suggest.Propose(out.noise, f.grader(s.rules.snapshot), out.guard, o)
	if out.tooLittle() {
		out.found.Proposals, out.found.Refusals = nil, nil
	}
	return out, nil
}

// leastLearnt is how many events must be learnt from: of fewer nobody can say what is usual.
const leastLearnt = 100

func (x *search) tooLittle() bool { return x.found.Total.Learnt.Events < leastLearnt }

// suggest proposes, places, proves and, where it is asked for, measures.
func (c Command) suggest(ctx context.Context, f suggestFlags, s *studied, name string) (*suggestion, error) {
	if s.profile.Total.Events == 0 {
		return nil, nothingIn(name, s.profile.Log)
	}
	if err := fits(s.profile, name, s.rules.name, "--rules"); err != nil {
		return nil, err
	}
	defer boundMemory(learningBytes)()
	x, err := s.search(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &suggestion{ruleCount: len(s.settled.set.rules)}
	var p *proven
	if len(x.found.Proposals) > 0 {
		if p, err = s.prove(ctx, x.found.Proposals, x.mandate.rules, x.watched.keep); err != nil {
			return nil, err
		}
		if p, err = c.measure(ctx, f, s, x, p, out); err != nil {
			return nil, err
		}
	}
	out.advice = s.answer(&x.found, x.guard, p)
	out.advice.Logs = name
	out.advice.Guarded = x.watched.guarded(x.guard, x.mandate, p)
	out.advice.Nothing = nothing(x, p)
	out.advice.Remarks = append(out.advice.Remarks, slices.Concat(s.remarks(f), x.watched.unseen(x.guard, &out.advice.Guarded, x.mandate))...)
	if p != nil && len(p.proposals) > 0 {
		out.edited, err = s.finish(p, x.mandate.rules)
	}
	return out, err
}

// options are what the search is to keep to, and whom it asks.
func (s *studied) options(f suggestFlags, m *mandate) (suggest.Options, error) {
	set := s.settled.set
	base := s.base(m.rules)
	narrow, err := place.Narrow(base)
	if err != nil {
		return suggest.Options{}, fmt.Errorf("find the rules in their files: %w", err)
	}
	return suggest.Options{
		Target: f.share, Max: f.max, MaxRisk: risks[f.risk], Mandated: m.rules, Machine: set.target.Machine, Narrow: narrow,
		Check: func(c *suggest.Change) error { return place.Validate(c, set.target) },
		Describe: func(p *suggest.Proposal) {
			p.Price = place.Price(&p.Change, set.rules)
			p.Caveats = place.Caveats(&p.Change, set.target)
		},
	}, nil
}

// finish is the text of proposals that are proven, with what the replay says of them in the comments.
func (s *studied) finish(p *proven, mandated []int) (*place.Edited, error) {
	base := s.base(mandated)
	e, err := place.Apply(base, s.numbered(p.restate()))
	if err != nil {
		return nil, fmt.Errorf("write the proposals: %w", err)
	}
	same := len(e.Refused) == 0 && slices.Equal(e.Was, p.edited.Was) && len(e.Set.Rules) == len(p.edited.Set.Rules)
	for i := range e.Set.Rules {
		same = same && e.Set.Rules[i].Text == p.edited.Set.Rules[i].Text
	}
	if !same {
		return nil, fmt.Errorf("%w: the rules as written are not those that were proven: this is a fault of auditprof", errUnproven)
	}
	return e, nil
}

// nothing is why nothing is proposed, "" where something is.
func nothing(x *search, p *proven) string {
	switch {
	case p != nil && len(p.proposals) > 0:
		return ""
	case p != nil:
		return "what was found was not borne out: see below"
	case onlyMessages(x.noise):
		return "the log holds messages of programs and the kernel's own only: no rule of the set recorded any of it"
	case x.tooLittle():
		return fmt.Sprintf("events to learn from: %d, and %d are the least", x.found.Total.Learnt.Events, leastLearnt)
	case len(x.found.Refusals) > 0:
		return "nothing that an attacker could not hide in saves as much as a hundredth of the log; what would is below"
	}
	return "no single program and place makes as much as a hundredth of the log"
}

// onlyMessages tells whether no rule recorded anything.
func onlyMessages(n *suggest.Noise) bool {
	return len(n.Undecided) == 0 && !slices.ContainsFunc(n.Behaviours, func(b suggest.Behaviour) bool { return b.Rule != analyze.NoRule })
}

// remarks are what else the reader must know.
func (s *studied) remarks(f suggestFlags) []string {
	var list []string
	for _, r := range s.settled.set.refused {
		list = append(list, "not loaded: "+r)
	}
	list = slices.Concat(few(list, maxRefused, false, "lines that are not loaded"), s.rules.remarks, s.settled.remarks, s.doubts(f))
	if f.noBuiltin {
		list = append(list, "the built-in detections were not asked (--no-builtin-detections): proposals may blind them")
	}
	return list
}
