package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/verify"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/scenarios"
)

// errNotVerified: what was measured does not bear out what was proposed.
var errNotVerified = errors.New("the measurement does not bear the proposals out")

// verifyRounds is how often --verify measures every arm unless told otherwise: the least that gives an interval.
const verifyRounds = 6

// maxApart is how many proposals are measured by themselves too: each is one more arm.
const maxApart = 4

// verifyInput is what --verify measures.
type verifyInput struct {
	Old, New *rule.Set
	// Without is, by the ID of a proposal, the new set without it; the first maxApart IDs are measured. With a single proposal it may be empty.
	Without   map[string]*rule.Set
	IDs       []string // of the proposals, the heaviest first
	Scenarios []string // none: all
	Rounds    int      // 0: verifyRounds
	Quick     bool
	Quiet     bool
	// Auditd is as bench's --auditd; "" is bench.AuditdAuto, which refuses where the host's own runs.
	Auditd string
}

// Names of the arms of a verification.
const (
	oldArm = "old"
	newArm = "new"
)

// verifyProposals measures the old and the new rule set side by side on this machine, as bench does. Where the Verified is not OK the proposals
// must not be believed: exit with errNotVerified. An error is of the machine or of the rules, as those of bench are.
func (c Command) verifyProposals(ctx context.Context, in verifyInput) (*verify.Verified, error) {
	list, err := scenarios.Choose(in.Scenarios)
	if err != nil {
		return nil, usageError{err}
	}
	sets, arms := verifySets(in)
	dir := filepath.Join("runs", time.Now().Format("20060102-150405")+"-verify")
	w, err := result.NewWriter(dir)
	if err != nil {
		return nil, err
	}
	p := newProgress(c.Err, in.Quiet)
	o := bench.Options{Sets: sets, Scenarios: list, Rounds: in.rounds(), Quick: in.Quick, Seed: rand.Uint64()>>1 | 1, KeepGoing: true,
		Load: bench.LoadCompiled, Auditd: in.auditd(), Reason: "suggest-exclusions --verify", Version: versionText(), Canaries: true, NoLoaded: true,
		Recorder: w, Observer: p, Attributor: attributor{}, HostFacts: hostFacts}
	run, err := bench.Execute(ctx, o)
	p.end()
	if run == nil {
		return nil, errors.Join(err, w.Discard())
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return verified(dir, arms)
}

func (in verifyInput) auditd() string {
	if in.Auditd == "" {
		return bench.AuditdAuto
	}
	return in.Auditd
}

func (in verifyInput) rounds() int {
	switch {
	case in.Rounds > 0:
		return in.Rounds
	case in.Quick:
		return quickRounds
	}
	return verifyRounds
}

// verifySets are the arms that are measured, and what is compared with what.
func verifySets(in verifyInput) ([]bench.Source, verify.Arms) {
	sets := []bench.Source{{Name: oldArm, Set: in.Old}, {Name: newArm, Set: in.New}}
	arms := verify.Arms{Old: oldArm, New: newArm, Without: map[string]string{}}
	if len(in.IDs) == 1 {
		arms.Without[in.IDs[0]] = oldArm
		return sets, arms
	}
	for _, id := range in.IDs[:min(len(in.IDs), maxApart)] {
		if set := in.Without[id]; set != nil {
			arms.Without[id] = "without " + id
			sets = append(sets, bench.Source{Name: arms.Without[id], Set: set, Plain: true})
		}
	}
	return sets, arms
}

// verified reads the run back from its directory, foretells what the new rules would take of the old arm's logs, and compares.
func verified(dir string, arms verify.Arms) (*verify.Verified, error) {
	run, slots, err := result.Read(dir)
	if err != nil {
		return nil, err
	}
	predicted := map[string]verify.Predicted{}
	for _, l := range run.Logs {
		if l.Arm != arms.Old {
			continue
		}
		if predicted[l.Scenario], err = predict(dir, run, l, arms.New); err != nil {
			return nil, fmt.Errorf("foretell the saving on %s: %w", l.Scenario, err)
		}
	}
	v := verify.Of(run, slots, arms, predicted)
	v.Dir = dir
	tellLeftOut(v, run, arms)
	return v, nil
}

// tellLeftOut fails where a line that only the new set has does not load here: nothing of it was measured. What neither set could load here is
// remarked.
func tellLeftOut(v *verify.Verified, run *result.Run, arms verify.Arms) {
	left := map[string][]result.LeftOut{}
	for _, a := range run.Arms {
		left[a.Name] = a.LeftOut
	}
	same := 0
	for _, l := range left[arms.New] {
		if slices.ContainsFunc(left[arms.Old], func(o result.LeftOut) bool { return o.Text == l.Text }) {
			same++
			continue
		}
		v.Failures = append(v.Failures, fmt.Sprintf("a line that was added does not load on this host: %s: %s", l.Text, l.Why))
	}
	if same > 0 {
		v.Remarks = append(v.Remarks, fmt.Sprintf("%s of the rules did not load on this host: in neither of the sets that were measured", lines(same)))
	}
}

func lines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}
