package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/kernel"
)

// How a slot's end was known.
const (
	byNonce = "nonce"
	byQuiet = "quiet"
)

// quietTime without growth of the log, at backlog 0, ends a slot whose rules or limits can drop the mark.
const quietTime = 100 * time.Millisecond

// cutTime without growth of a log whose mark must come, while its disk is full, is the end of it: auditd may still be asking for room.
const cutTime = time.Second

// aliveEvery is the pause between two looks at auditd: each opens a file, which rules on open record.
const aliveEvery = 200 * time.Millisecond

// errNotDrained: neither the mark nor quiet came in time. The log is not whole and the slot is invalid.
var errNotDrained = errors.New("the log was not whole after 10 s")

// drained says where in the log the mark stood and how long the log took to get there.
type drained struct {
	Start  int64  // of the mark's line; the log's size where the slot ended by quiet
	Serial uint64 // of the mark's record, 0 where the slot ended by quiet
	Ns     int64  // from the call to the last record
	By     string
}

// drain sends mark and waits until the log holds it: everything recorded before is then written. Backlog 0 alone would prove nothing, since
// a stalled auditd leaves the records in other queues of the kernel. Only where the mark may be dropped is quiet taken for the end, and only
// while auditd is alive.
func (r *Runner) drain(ctx context.Context, tail *logTail, mark string, mayDrop func() bool) (drained, error) {
	began := r.now()
	if err := r.Kernel.Mark(mark); err != nil {
		return drained{}, fmt.Errorf("mark the log: %w", err)
	}
	size, err := tail.size()
	if err != nil {
		return drained{}, err
	}
	grown, asked := began, began
	for {
		end, err := tail.find([]byte(mark))
		if err != nil {
			return drained{}, err
		}
		now := r.now()
		if end >= 0 {
			return r.atMark(tail, end, now.Sub(began))
		}
		s, err := tail.size()
		if err != nil {
			return drained{}, err
		}
		if s != size {
			size, grown = s, now
		}
		if now.Sub(asked) > aliveEvery {
			asked = now
			if err := r.alive(); err != nil {
				return drained{}, err
			}
			if now.Sub(grown) > cutTime && r.diskFull() { // the mark can never come
				return drained{}, errLogCut
			}
		}
		if now.Sub(grown) > quietTime && mayDrop() && r.backlogEmpty() {
			if err := r.alive(); err != nil { // a stopped auditd is quiet too
				return drained{}, err
			}
			if r.diskFull() { // so is one that cannot write, and no serial tells what is behind the last
				return drained{}, errLogCut
			}
			return drained{Start: size, Ns: grown.Sub(began).Nanoseconds(), By: byQuiet}, nil
		}
		if now.Sub(began) > drainLimit {
			return drained{}, errNotDrained
		}
		if err := r.sleep(ctx, pollPause(now.Sub(began))); err != nil {
			return drained{}, err
		}
		r.beat()
	}
}

// alive is nil while auditd is the same process and runs.
func (r *Runner) alive() error {
	err := r.Daemon.Alive()
	if err != nil && !errors.Is(err, kernel.ErrLogRotated) { // a host's log may go while its auditd lives
		err = fmt.Errorf("%w: %w", ErrDaemon, err)
	}
	return err
}

// atMark reads the mark's own line, which ends at end.
func (r *Runner) atMark(tail *logTail, end int64, took time.Duration) (drained, error) {
	start := tail.startOfLine(end - 1)
	reader := record.NewReader(tail.section(start, end))
	if !reader.Scan() || reader.Record().Bad != record.Good {
		return drained{}, errors.New("the line of the mark is no audit record: something else writes to the log")
	}
	return drained{Start: start, Serial: reader.Record().Serial, Ns: took.Nanoseconds(), By: byNonce}, nil
}

// pollPause grows from a fifth of a millisecond to five: short drains are timed well, long ones are not disturbed.
func pollPause(waited time.Duration) time.Duration {
	return min(5*time.Millisecond, 200*time.Microsecond+waited/20)
}

func (r *Runner) backlogEmpty() bool {
	st, err := r.Kernel.Status()
	return err == nil && st.Backlog == 0
}

// settle lets the rest of the last events be written: their first record stood before the mark, their last may come behind it.
func (r *Runner) settle(ctx context.Context, tail *logTail) (int64, error) {
	size, err := tail.size()
	for range 10 {
		if err != nil {
			return 0, err
		}
		if err := r.sleep(ctx, 3*time.Millisecond); err != nil {
			return 0, err
		}
		var now int64
		if now, err = tail.size(); now == size {
			break
		}
		size = now
	}
	return size, err
}
