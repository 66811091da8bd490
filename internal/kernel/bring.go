package kernel

import (
	"errors"
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

// bring makes the kernel hold a state. The order is part of the promise: first nobody waits for the queue any more,
// then auditing is off while rules come and go, so that nothing is logged about it; enabled is last.
type bring struct {
	door door
	beat func() // called between steps, so that the watchdog knows of progress
	// keepGoing loads what can be loaded and reports the rest at the end: right for a restore, wrong for a measurement.
	keepGoing bool
	// reload swaps the rules although they are listed as wanted: rules on one path change their order when the file
	// is replaced, and the listing does not show it (kernel/audit_watch.c: audit_update_watch).
	reload bool
	// onlyHeld deletes no other rules than held: what else is listed came from somebody else, and is a ForeignError. Without it, and without
	// keepGoing, held is what is listed first.
	onlyHeld bool
	held     []rule.Wire
	// hostAuditd: an auditd ran before the lease and must still be there when a failure that panics is put back.
	hostAuditd bool
}

// to changes the kernel and compares afterwards.
func (b bring) to(want State) error {
	if err := b.door.set(setBacklogWaitTime, 0); err != nil {
		return err
	}
	want.Rules = inListingOrder(want.Rules)
	swap, err := b.mustSwap(want.Rules)
	if err != nil {
		return err
	}
	var problems []error
	if swap {
		if err := b.swapRules(want.Rules); err != nil {
			if !b.keepGoing {
				return err
			}
			problems = append(problems, err)
		}
	}
	if err := b.settings(want); err != nil {
		problems = append(problems, err)
	}
	return errors.Join(append(problems, b.verify(want))...)
}

func (b bring) mustSwap(want []rule.Wire) (bool, error) {
	if b.reload {
		return true, nil
	}
	loaded, err := b.door.Rules()
	return ruleDifference(want, loaded) != "", err
}

func (b bring) swapRules(want []rule.Wire) error {
	if err := b.door.set(setEnabled, EnabledOff); err != nil {
		return err
	}
	if err := b.clear(); err != nil {
		return err
	}
	var refused []error
	for _, w := range want {
		b.beat()
		if err := b.door.Add(w); err != nil {
			if !b.keepGoing {
				return err
			}
			refused = append(refused, err)
		}
	}
	return errors.Join(refused...)
}

// clear deletes every rule. The kernel may take rules away by itself meanwhile (a directory that went), so it is done
// again until the listing is empty. What comes meanwhile is not ours to delete; a restore deletes it all the same.
func (b bring) clear() error {
	var last error
	for round := range 3 {
		rules, err := b.door.Rules()
		if err != nil {
			return err
		}
		if len(rules) == 0 {
			return nil
		}
		if round == 0 && !b.onlyHeld {
			b.held = rules
		}
		if came := without(rules, b.held); len(came) > 0 && !b.keepGoing {
			return &ForeignError{came}
		}
		for _, w := range rules {
			b.beat()
			if err := b.door.Delete(w); err != nil && !errors.Is(err, unix.ENOENT) {
				last = err
			}
		}
	}
	if rules, err := b.door.Rules(); err != nil || len(rules) == 0 {
		return err
	}
	return errors.Join(errors.New("rules are still loaded after three rounds of deleting"), last)
}

// settings puts the numbers right; enabled comes last, but for a failure that panics the machine at a lost record: that
// comes behind it, once no record waits any more.
func (b bring) settings(want State) error {
	err := b.door.SetFeatures(want.Features)
	for _, s := range []struct {
		setting setting
		value   uint32
	}{
		{setRateLimit, want.RateLimit}, {setBacklogLimit, want.BacklogLimit},
		{setBacklogWaitTime, want.BacklogWaitTime}, {setFailure, min(want.Failure, FailPrintk)}, {setEnabled, want.Enabled},
	} {
		err = errors.Join(err, b.door.set(s.setting, s.value))
	}
	if err != nil || want.Failure <= FailPrintk {
		return err
	}
	if err := b.awaitEmptyQueue(); err != nil {
		return err
	}
	return b.door.set(setFailure, want.Failure)
}

func (b bring) verify(want State) error {
	got, err := snapshot(b.door)
	if err != nil {
		return fmt.Errorf("read the audit state back: %w", err)
	}
	// Where one of ours is listed as something else, what is not as wanted may be that one.
	if came := without(got.Rules, want.Rules); len(came) > 0 && !b.keepGoing && len(without(want.Rules, got.Rules)) == 0 {
		return &ForeignError{came}
	}
	if diffs := differences(want, got); len(diffs) > 0 {
		return &mismatchError{diffs}
	}
	return nil
}

// without are the rules that are none of others, in their order. Each is looked for behind the one before it first: two listings mostly have
// the same order, and may have ten thousand rules.
func without(rules, others []rule.Wire) (rest []rule.Wire) {
	next := 0
	for _, w := range rules {
		if i := slices.IndexFunc(others[next:], w.Equal); i >= 0 {
			next += i + 1
		} else if i := slices.IndexFunc(others[:next], w.Equal); i >= 0 {
			next = i + 1
		} else {
			rest = append(rest, w)
		}
	}
	return rest
}

// ForeignError is ErrForeign with the rules that came. They are loaded still.
type ForeignError struct{ Rules []rule.Wire }

func (e *ForeignError) Error() string {
	return fmt.Sprintf("%v; %d came, the first: %s", ErrForeign, len(e.Rules), Command(e.Rules[0]))
}

// Unwrap gives ErrForeign to errors.Is.
func (e *ForeignError) Unwrap() error { return ErrForeign }

// mismatchError lists where the kernel does not hold what was asked for.
type mismatchError struct{ diffs []string }

func (e *mismatchError) Error() string {
	return fmt.Sprintf("the kernel does not hold what was loaded: %s (%d differences)", e.diffs[0], len(e.diffs))
}
