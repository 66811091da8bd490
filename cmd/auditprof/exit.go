package main

import (
	"context"
	"errors"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/internal/kernel"
)

// Exit codes. "Found something" is not "failed", and "could not" is not "must not".
const (
	exitOK          = 0
	exitFindings    = 1 // also: a gate failed
	exitUsage       = 2
	exitUnsure      = 3 // inconclusive: too noisy for the budget
	exitEnvironment = 4 // no audit, no privilege, immutable, auditd running and not allowed
	exitInvalid     = 5 // the run cannot be believed
	exitNotRestored = 6
	exitInterrupted = 130 // the machine is restored
)

// usageError marks what the user can mend on the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// exitCode finds the code of an error. The order matters: a machine that is not restored is worse than anything else that went wrong.
func exitCode(err error) int {
	var usage usageError
	var verdict gateError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &verdict):
		return verdict.code
	case errors.Is(err, kernel.ErrNotRestored):
		return exitNotRestored
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &usage), errors.Is(err, bench.ErrRules), errors.Is(err, bench.ErrAuditdConf), errors.Is(err, bench.ErrMetric):
		return exitUsage
	case isAny(err, invalidRun):
		return exitInvalid
	}
	return exitEnvironment
}

// invalidRun lists what makes the figures of a run unusable.
var invalidRun = []error{bench.ErrDaemon, bench.ErrAttribution, bench.ErrNoContext, bench.ErrBooks, bench.ErrDisturbed, bench.ErrWorkload, bench.ErrAA, kernel.ErrForeign, kernel.ErrLogRotated,
	errUnproven, errNotVerified, gate.ErrInvalidRun, gate.ErrFigures}

func isAny(err error, list []error) bool {
	for _, e := range list {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
