package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/logs"
	"github.com/auditprof/auditprof/analyze/suggest"
)

// learningBytes is what learning and proving are meant to take above a reading: behaviours, facts of two rule sets, candidates.
const learningBytes = 150 << 20

// studied is a log with all that was seen of it: it can be read again, decided by the whole of what it shows.
type studied struct {
	rules   *analyzedRules
	settled *settled
	profile *analyze.Profile
	split   suggest.Split
	carried int64 // records of which the log does not show who sent them

	in      *logs.Input
	reading *analyze.Reading
	passes  *passes
	hush    func() // takes the progress line away
}

// study reads a log for the first time: after it is known when and where the log is of, and what its names mean.
func study(ctx context.Context, f readingFlags, rules *analyzedRules, in *logs.Input, p *passes) (*studied, error) {
	s := &studied{rules: rules, in: in, passes: p}
	out, err := rules.settle(in, func(set *loaded, log analyze.Log, in *logs.Input) (*witness, error) {
		if set.matcher == nil {
			return nil, usageError{errors.New("there are no rules to change: name those of the host that wrote the log with --rules (on it, auditctl -l > loaded.rules)")}
		}
		s.passes.begin(in)
		seen := &witness{}
		s.reading = &analyze.Reading{Matcher: set.matcher, Orders: set.orders, Jobs: f.jobs, Observe: seen.add, Once: true, Tally: analyze.NewTally(set.ids())}
		if err := s.reading.Read(ctx, log); err != nil {
			return nil, fmt.Errorf("read the logs: %w", err)
		}
		s.carried = in.Carried()
		return seen, nil
	})
	if err != nil {
		return nil, err
	}
	s.settled = out
	s.profile = s.reading.Tally.Profile()
	out.tell(s.profile)
	s.split = suggest.NewSplit(&s.profile.Window)
	return s, nil
}

// again gives every event of the log to a ledger, decided with all that the log shows. tally may be nil.
func (s *studied) again(ctx context.Context, ledger analyze.Ledger, tally *analyze.Tally) error {
	if !s.in.CanReopen() {
		return errors.New("no copy of the stream could be kept to read it again, and it has to be read several times: give the log as a file")
	}
	in, err := s.in.Reopen()
	if err != nil {
		return fmt.Errorf("read the logs again: %w", err)
	}
	defer in.Close()
	s.passes.begin(in)
	s.reading.Ledger, s.reading.Tally = ledger, tally
	if err := s.reading.ReadAgain(ctx, &headedLog{Log: in}); err != nil {
		return fmt.Errorf("read the logs again: %w", err)
	}
	return nil
}

// learn puts the events together to behaviours, and counts the log anew by what is decided now.
func (s *studied) learn(ctx context.Context, wanted func(*analyze.Row) bool) (*suggest.Noise, error) {
	o := suggest.LearnerOptions{Rules: s.settled.set.rules, Split: s.split, Wanted: wanted}
	if s.rules.snapshot != nil {
		o.Mounts = s.rules.snapshot.Mounts
	}
	learner := suggest.NewLearner(o)
	tally := analyze.NewTally(s.settled.set.ids())
	if err := s.again(ctx, learner, tally); err != nil {
		return nil, err
	}
	s.profile = tally.Profile()
	s.settled.tell(s.profile)
	return learner.Noise(), nil
}

// tested tells whether an event is of the part that is not learnt from.
func (s *studied) tested(row *analyze.Row) bool { return s.split.Tested(row.Node, row.Sec) }

// passes are the readings of the logs so far. Its methods may be called by several goroutines.
type passes struct {
	mu   sync.Mutex
	n    int
	now  *logs.Input
	done int64 // bytes of those before
}

// usualPasses is how often a log is read where nothing is shown late and nothing dropped: study, learn, prove.
const usualPasses = 3

func (p *passes) begin(in *logs.Input) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now != nil {
		done, _ := p.now.Progress()
		p.done += done
	}
	p.n, p.now = p.n+1, in
}

// progress is how many bytes were read, and about how many there are to be read in all passes; 0 where nobody knows.
func (p *passes) progress() (done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now == nil {
		return 0, 0
	}
	done, total = p.now.Progress()
	return p.done + done, total * int64(max(p.n, usualPasses))
}

// count is how many there were.
func (p *passes) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}
