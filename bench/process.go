package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/auditprof/auditprof/internal/cgroup"
	"github.com/auditprof/auditprof/scenarios"
)

// process is a started workload. What it says is another user's word.
type process struct {
	cmd       *exec.Cmd
	in        io.WriteCloser
	out       io.ReadCloser
	lease     starter
	lines     chan string
	patience  time.Duration // of Close
	beatEvery time.Duration
	servers   []int         // whose children work for it
	group     *cgroup.Group // its own; nil where this machine has none
}

// read passes the workload's lines on, each bounded.
func (p *process) read() {
	defer close(p.lines)
	s := bufio.NewScanner(p.out)
	s.Buffer(make([]byte, 0, 64<<10), maxReplyBytes)
	for s.Scan() {
		p.lines <- s.Text()
	}
	io.Copy(io.Discard, p.out)
}

// ErrWorkload: a workload was killed, or ended by itself. Its slot says nothing, and why it happened nobody can tell from here.
var ErrWorkload = errors.New("the workload ended without a word")

// reply waits for the workload's next line. Waiting for it is progress: a set-up under a dear rule set takes longer than the watchdog waits.
func (p *process) reply(ctx context.Context) (scenarios.Reply, error) {
	tick := time.NewTicker(p.beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return scenarios.Reply{}, ctx.Err()
		case <-tick.C:
			p.lease.Beat()
		case line, ok := <-p.lines:
			if !ok {
				return scenarios.Reply{}, ErrWorkload
			}
			return readReply(line)
		}
	}
}

// setUp gives the workload its spec and waits until it is ready.
func (p *process) setUp(ctx context.Context, spec []byte) error {
	limited, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	_, werr := p.in.Write(append(spec, '\n'))
	r, err := p.reply(limited) // also when it takes no spec: it has said why, or it was killed
	if err == nil {
		err = werr
	}
	if err == nil && r.Ready == nil {
		err = errors.New("it answered before it was ready")
	}
	if err != nil {
		return err
	}
	p.servers = r.Ready.Servers
	return nil
}

// readReply makes an error of what the workload gives as its failure.
func readReply(line string) (scenarios.Reply, error) {
	r, err := scenarios.ParseReply([]byte(line))
	if err != nil {
		return r, fmt.Errorf("%s", oneLine(err.Error()))
	}
	if r.Failure != nil {
		return r, errors.New(oneLine(r.Failure.Error))
	}
	return r, nil
}

// oneLine is what another program said, on one line and short.
func oneLine(text string) string {
	const most = 300
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// PIDs are its own, the same in both stages since the second is executed by the first, and those of servers that it said it started.
func (p *process) PIDs() []int { return append([]int{p.cmd.Process.Pid}, p.servers...) }

// Run orders the operations and waits for the outcome.
func (p *process) Run(ctx context.Context, ops uint64) (scenarios.Outcome, error) {
	before, grouped, err := p.groupCPU()
	if err != nil {
		return scenarios.Outcome{}, err
	}
	_, werr := io.WriteString(p.in, scenarios.Order(ops))
	r, err := p.reply(ctx) // also when it takes no order: it has said why
	if err == nil {
		err = werr
	}
	if err == nil && (r.Outcome == nil || r.Outcome.Ops != ops) {
		err = errors.New("the workload answered something else than the outcome of its order")
	}
	if err != nil {
		p.kill()
		return scenarios.Outcome{}, err
	}
	if !grouped {
		return *r.Outcome, nil
	}
	after, _, err := p.groupCPU()
	r.Outcome.CPUNs = after - before
	return *r.Outcome, err
}

// kill ends the whole process group. The process must not have been waited for: its number could be another's.
func (p *process) kill() { syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }

// Close ends the process by the end of its input, after a while by force, and waits for it. Whoever it started and still holds its output is
// not waited for.
func (p *process) Close() error {
	p.in.Close()
	force := time.AfterFunc(p.patience, func() { p.kill(); p.out.Close() })
	for range p.lines { // until it has closed its output
	}
	if force.Stop() {
		p.kill() // what is left of its group
	}
	return errors.Join(ignoreExit(p.cmd.Wait()), p.leaveGroup(), p.lease.Untrack(p.cmd.Process.Pid))
}

// ignoreExit drops how the process ended: what it had to say it said before.
func ignoreExit(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}
