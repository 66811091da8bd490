package scenarios

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

const (
	// workDepth is how many directories lie above the work directory of bench: /var/lib/auditprof/data/NAME/work.
	workDepth = 6
	// deckSize is about how many operations a replay's weights add up to: less than maxWeight, since several, each rounded up, may be balanced by one.
	deckSize = 990
	// leastReplayRate is the rate below which a slot of two seconds holds too few operations for a p99.
	leastReplayRate = 50
	maxLeftNamed    = 20
)

// Replay is the mix of a recording.
type Replay struct {
	Text            string   // a scenario file
	Calls, Replayed uint64   // system calls of the log, and those of them that the mix has
	Left            []Share  // what it has not, the largest first
	Added           []string // what it has and the log has not, a sentence each
	PerSecond       float64  // calls that are replayed, over the time of the log; 0 where that is not known
}

// Replay writes the mix of what was recorded in so many seconds.
func (r *Recording) Replay(seconds float64) (Replay, error) {
	out := Replay{Calls: r.calls, Left: shares(r.left)}
	for _, n := range r.ops {
		out.Replayed += n
	}
	if out.Replayed == 0 {
		return out, errors.New("no system call of the log can be replayed: its rules recorded none, or others than a mix has (see docs/scenarios.md)")
	}
	if seconds > 0 {
		out.PerSecond = float64(out.Replayed) / seconds
	}
	ops := r.weights(out.Replayed)
	out.Added = level(&ops)
	reduce(ops)
	out.Text = r.text(out, ops)
	_, err := parse("replay.yaml", out.Text)
	return out, err
}

// weights are the shares of the operations, the largest first.
func (r *Recording) weights(total uint64) []weighted {
	var ops []weighted
	for _, s := range shares(r.ops) {
		weight := int(float64(s.Calls)/float64(total)*deckSize + 0.5)
		ops = append(ops, weighted{s.What, max(1, min(weight, maxWeight))})
	}
	return ops
}

// level makes as many files and directories as are removed: a log need not hold both.
func level(ops *[]weighted) (added []string) {
	for _, pool := range []struct{ name, maker, remover string }{{"file", "create", "unlink"}, {"dir", "mkdir", "rmdir"}} {
		balance := 0
		for _, op := range *ops {
			if word := operationNamed(op.op); word.pool == pool.name {
				balance += word.makes * op.weight
			}
		}
		op, n := pool.remover, balance
		if balance < 0 {
			op, n = pool.maker, -balance
		}
		if n > 0 {
			raise(ops, op, n)
			added = append(added, fmt.Sprintf("%s, as many as %s of the calls that are replayed, so that the files neither run out nor fill the disk", op, percent(uint64(n), deckSize)))
		}
	}
	return added
}

func raise(ops *[]weighted, op string, by int) {
	for i := range *ops {
		if (*ops)[i].op == op {
			(*ops)[i].weight += by
			return
		}
	}
	*ops = append(*ops, weighted{op, by})
}

// reduce makes the weights as small as their shares allow.
func reduce(ops []weighted) {
	common := 0
	for _, op := range ops {
		for a, b := op.weight, common; ; a, b = b, a%b {
			if b == 0 {
				common = a
				break
			}
		}
	}
	for i := range ops {
		ops[i].weight /= common
	}
}

// text is the scenario file.
func (r *Recording) text(out Replay, ops []weighted) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The system calls of a recorded log as a mix: %s of %d are in it.\n", percent(out.Replayed, out.Calls), out.Calls)
	b.WriteString("# A log holds what the rules of its host recorded: calls that no rule there asked for are missing here.\n")
	for i, s := range out.Left {
		if i == maxLeftNamed {
			fmt.Fprintf(&b, "# not replayed: %d more kinds\n", len(out.Left)-i)
			break
		}
		fmt.Fprintf(&b, "# not replayed: %s, %d calls (%s)\n", s.What, s.Calls, percent(s.Calls, out.Calls))
	}
	for _, line := range out.Added {
		fmt.Fprintf(&b, "# put in: %s\n", line)
	}
	b.WriteString("imitates: The system calls that a recorded log holds, in its shares.\n")
	if 2*r.login > r.calls {
		b.WriteString("session: login\n")
	}
	rate := strconv.FormatFloat(min(out.PerSecond, maxRate), 'f', 1, 64)
	switch {
	case out.PerSecond >= leastReplayRate:
		fmt.Fprintf(&b, "rate: %s # per second, as in the log\n", rate)
	case out.PerSecond > 0:
		fmt.Fprintf(&b, "# The log has %s of these a second: too few for a slot, so they come one after the other. bench --at %s/s says what a day holds.\n", rate, rate)
	}
	if low, high, ok := r.depthRange(); ok && usesFiles(ops) {
		fmt.Fprintf(&b, "files: {min_depth: %d, max_depth: %d}\n", low, high)
	}
	b.WriteString("mix:\n")
	for _, op := range ops {
		fmt.Fprintf(&b, "  %s: %d\n", op.op, op.weight)
	}
	return b.String()
}

// depthRange is the middle four fifths of the depths of paths, below the work directory's own.
func (r *Recording) depthRange() (low, high int, ok bool) {
	var total, below uint64
	for _, n := range r.depths {
		total += n
	}
	for depth, n := range r.depths {
		if n == 0 {
			continue
		}
		if low == 0 && 10*(below+n) > total {
			low = depth
		}
		below += n
		if 10*below >= 9*total {
			high = depth
			break
		}
	}
	fit := func(d int) int { return max(1, min(d-workDepth, maxDepth)) }
	return fit(low), fit(high), total > 0
}

func usesFiles(ops []weighted) bool {
	for _, op := range ops {
		if operationNamed(op.op).Family == "files" {
			return true
		}
	}
	return false
}

func percent(n, of uint64) string {
	return strconv.FormatFloat(100*float64(n)/float64(max(of, 1)), 'f', 1, 64) + " %"
}
