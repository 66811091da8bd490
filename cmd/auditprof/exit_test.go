package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/internal/kernel"
)

// A run whose A/A differs cannot be believed; a machine that is not restored is worse than that.
func TestExitCodesOfARun(t *testing.T) {
	aa := fmt.Errorf("%w: on s", bench.ErrAA)
	for _, c := range []struct {
		err  error
		want int
	}{{nil, exitOK}, {aa, exitInvalid}, {errors.Join(context.Canceled, aa), exitInterrupted}, {errors.Join(aa, kernel.ErrNotRestored), exitNotRestored},
		{usageError{errors.New("x")}, exitUsage}, {errors.New("x"), exitEnvironment}} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}
