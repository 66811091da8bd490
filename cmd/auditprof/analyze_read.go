package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/logs"
)

// analyzed is what the logs gave.
type analyzed struct {
	profile   *analyze.Profile
	decisions *decisionFile // nil: not asked for
	logs      string        // what was read, in a word
	rules     string
	target    string
	refused   []string // lines of rules that are not loaded
	remarks   []string
}

func (a *analyzed) close() {
	if a.decisions != nil {
		a.decisions.close()
	}
}

// analyzeLogs reads the logs and decides every event. The caller closes what it returns, also with an error.
func (c Command) analyzeLogs(ctx context.Context, f analyzeFlags, args []string) (*analyzed, error) {
	a := &analyzed{}
	rules, err := c.openRules(f.readingFlags, !f.byKey)
	if err != nil {
		return a, err
	}
	in, err := logs.Open(args, c.In, logs.Options{HostAsNode: f.hostAsNode})
	if err != nil {
		return a, err
	}
	defer in.Close()
	m := newMeter(c.Err, f.quiet, in.Progress)
	defer m.end()
	a.logs, a.rules, a.remarks = logsName(args, in), rules.name, rules.remarks
	if err := a.read(ctx, f, rules, in); err != nil {
		return a, err
	}
	if a.profile.Total.Events == 0 {
		return a, nothingIn(a.logs, a.profile.Log)
	}
	return a, nil
}

// read decides the events of the logs.
func (a *analyzed) read(ctx context.Context, f analyzeFlags, rules *analyzedRules, in *logs.Input) error {
	out, err := rules.settle(in, func(set *loaded, log analyze.Log, in *logs.Input) (*witness, error) {
		return a.readUnder(ctx, f, set, log, in)
	})
	if err != nil {
		return err
	}
	out.tell(a.profile)
	a.target, a.refused = targetText(out.set.target), out.set.refused
	a.remarks = append(a.remarks, out.remarks...)
	return nil
}

// readUnder decides all events under one rule set, some of them a second time, and adds them up.
func (a *analyzed) readUnder(ctx context.Context, f analyzeFlags, set *loaded, log analyze.Log, in *logs.Input) (*witness, error) {
	seen := &witness{}
	reading := analyze.Reading{Matcher: set.matcher, Orders: set.orders, Jobs: f.jobs, Observe: seen.add, Once: !in.CanReopen()}
	if err := a.begin(f, set, &reading); err != nil {
		return nil, err
	}
	if err := reading.Read(ctx, log); err != nil {
		return nil, fmt.Errorf("read the logs: %w", err)
	}
	if err := a.readAgain(ctx, f, set, &reading, in); err != nil {
		return nil, err
	}
	a.profile = reading.Tally.Profile()
	return seen, nil
}

// begin gives a reading of the whole log what it adds up in.
func (a *analyzed) begin(f analyzeFlags, set *loaded, reading *analyze.Reading) error {
	reading.Tally = analyze.NewTally(set.ids())
	if f.decisions == "" {
		return nil
	}
	a.close()
	var err error
	if a.decisions, err = newDecisionFile(f.decisions, ruleLabels(set.rules)); err != nil {
		return err
	}
	reading.Ledger = a.decisions
	return nil
}

// readAgain decides those events anew of which the log told more later on.
func (a *analyzed) readAgain(ctx context.Context, f analyzeFlags, set *loaded, reading *analyze.Reading, in *logs.Input) error {
	if reading.Stale() == 0 {
		return nil
	}
	if !in.CanReopen() {
		a.remarks = append(a.remarks, fmt.Sprintf("%d events came before the log told what their names mean, and no copy of the stream could be kept to read it twice: give the log as a file", reading.Stale()))
		return nil
	}
	again, err := in.Reopen()
	if err != nil {
		return fmt.Errorf("read the logs a second time: %w", err)
	}
	defer again.Close()
	if reading.Once {
		if err := a.begin(f, set, reading); err != nil {
			return err
		}
	}
	if err := reading.ReadAgain(ctx, &headedLog{Log: again}); err != nil {
		return fmt.Errorf("read the logs a second time: %w", err)
	}
	return nil
}

// nothingIn is the error of logs without one audit record.
func nothingIn(name string, log analyze.LogFacts) error {
	if log.Bytes == 0 {
		return fmt.Errorf("%s is empty: name a log that something was written to", name)
	}
	err := fmt.Errorf("not one audit record in %s: is it an audit log?", name)
	for _, s := range log.Skipped {
		err = errors.Join(err, fmt.Errorf("%s:%d is the first of %d lines that are none: %s", s.Input, s.Line, s.Lines, s.Reason))
	}
	return err
}

// logsName is what a report calls the logs.
func logsName(args []string, in *logs.Input) string {
	files := in.Files()
	if len(files) == 1 && files[0].Name == "-" {
		return "standard input"
	}
	if len(files) == 1 {
		return setName(files[0].Name)
	}
	if len(args) == 1 {
		return fmt.Sprintf("%s (%d files)", setName(args[0]), len(files))
	}
	return fmt.Sprintf("%d files", len(files))
}
