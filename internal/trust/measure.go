package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/scenarios"
)

// plan is what one run measures.
type plan struct {
	rules     string // of every arm
	arms      []string
	scenarios []string
	rounds    int
	slot      time.Duration // of the dearest arm
	plants    []scenarios.Plant
	seed      uint64
}

// measure lets bench do the run, and gives its result with the slots. A/A that differs is a result here, no error.
func measure(ctx context.Context, p plan) (*result.Run, []result.Slot, error) {
	dir, err := os.MkdirTemp("", "auditprof-trust-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	o, err := p.options()
	if err != nil {
		return nil, nil, err
	}
	w, err := result.NewWriter(filepath.Join(dir, "run"))
	if err != nil {
		return nil, nil, err
	}
	o.Recorder = w
	_, err = bench.Execute(ctx, o)
	if cerr := w.Close(); cerr != nil {
		return nil, nil, cerr
	}
	if err != nil && !errors.Is(err, bench.ErrAA) {
		return nil, nil, err
	}
	return result.Read(filepath.Join(dir, "run"))
}

func (p plan) options() (bench.Options, error) {
	o := bench.Options{Rounds: p.rounds, Seed: p.seed, Load: bench.LoadCompiled, Auditd: bench.AuditdAuto, Version: "trust", NoLoaded: true, NoLogs: true,
		SlotGoal: p.slot, Plants: p.plants, Observer: silent{}}
	for _, name := range p.scenarios {
		sc, err := scenarios.Lookup(name)
		if err != nil {
			return o, err
		}
		o.Scenarios = append(o.Scenarios, sc)
	}
	for _, name := range p.arms {
		set, err := rule.ParseFile(name, strings.NewReader(p.rules))
		if err != nil {
			return o, err
		}
		o.Sets = append(o.Sets, bench.Source{Name: name, Set: set, Plain: true})
	}
	return o, nil
}

type silent struct{}

func (silent) Planned(bench.Forecast) {}
func (silent) Step(int, int, string)  {}

// keep writes what a run came to, whole or not at all: a run that was cut off is run again.
func keep(dir, kind string, n int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%03d.json", kind, n))
	if err := os.WriteFile(path+".part", append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// kept reads what all runs of a kind came to.
func kept[T any](dir, kind string) (list []T, err error) {
	paths, err := filepath.Glob(filepath.Join(dir, kind+"-*.json"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var v T
		if err := json.Unmarshal(b, &v); err != nil {
			return nil, fmt.Errorf("%s: %w: remove it and run it again", path, err)
		}
		list = append(list, v)
	}
	return list, nil
}
