package main

import (
	"path/filepath"

	"github.com/auditprof/auditprof/analyze/logs"
	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/verify"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// predict foretells what the rules of another arm of a run would take of a log: of the workload's own events, in bytes.
func predict(dir string, run *result.Run, l result.Log, arm string) (verify.Predicted, error) {
	m, err := armMatcher(dir, run, arm)
	if err != nil {
		return verify.Predicted{}, err
	}
	facts := match.NewFacts(m)
	path := filepath.Join(dir, l.File)
	if err := eachCall(path, func(c *event.Call) { facts.Learn(c) }); err != nil {
		return verify.Predicted{}, err
	}
	again := facts.Again()
	judge := m.Judge(again)
	own := event.NewProcesses(l.PIDs)
	var p verify.Predicted
	err = eachCall(path, func(c *event.Call) {
		again.Learn(c)
		if !own.Has(uint64(c.PID), uint64(c.PPID)) {
			return
		}
		p.Bytes += uint64(c.Event.LogBytes)
		for i, answer := range judge.Foretell(c).Records {
			switch bytes := uint64(c.Event.Records[i].Length); answer {
			case match.None:
				p.Gone += bytes
			case match.Unknown:
				p.Unknown += bytes
			}
		}
	})
	return p, err
}

// armMatcher decides as the rules of an arm do, in the form in which the kernel held them.
func armMatcher(dir string, run *result.Run, arm string) (*match.Matcher, error) {
	r := &benchRun{Arm: arm}
	if err := r.findRules(dir); err != nil {
		return nil, err
	}
	if err := r.aboutHost(dir, run); err != nil {
		return nil, err
	}
	target, err := ruleset.ParseTarget(r.Target)
	if err != nil {
		return nil, err
	}
	o := ruleset.Options{Target: target}
	s, err := readSnapshot(r.Snapshot)
	if err != nil {
		return nil, err
	}
	if s != nil {
		o = o.WithSnapshot(s)
	}
	set, err := ruleset.Load(r.Rules, nil, ruleset.ListingDetect, o)
	if err != nil {
		return nil, err
	}
	return match.New(set.Rules, match.Host{Machine: target.Machine, Kernel: target.Kernel, Snapshot: s})
}

// eachCall reads the system calls of a log. What has none is nobody's.
func eachCall(path string, do func(*event.Call)) error {
	in, err := logs.Open([]string{path}, nil, logs.Options{})
	if err != nil {
		return err
	}
	defer in.Close()
	asm := event.NewAssembler(event.Options{})
	var c event.Call
	drain := func() {
		for ev := asm.Next(); ev != nil; ev = asm.Next() {
			if c.Read(ev) {
				do(&c)
			}
		}
	}
	for in.Scan() {
		asm.Push(in.Record())
		drain()
	}
	asm.Flush()
	drain()
	return in.Err()
}
