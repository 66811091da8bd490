package scenarios

import (
	"bufio"
	"errors"
	"io"
	"os/exec"
	"syscall"
	"time"
)

// memberPatience is how long a worker may take to clean up: less than a harness waits for all of them.
const memberPatience = 4 * time.Second

// member is one worker of a crew.
type member struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Scanner
	asked uint64 // operations of the order that it is at
}

// startMember executes this program again as the second stage: user, login uid and personality are what they are.
func startMember(spec Spec) (*member, error) {
	exe, err := ownProgram()
	if err != nil {
		return nil, err
	}
	env, err := environment(spec)
	if err != nil {
		return nil, err
	}
	m := &member{cmd: &exec.Cmd{Path: exe, Args: []string{spec.Scenario, Word, spec.Scenario, stage2Word}, Env: env, Dir: spec.Dir,
		SysProcAttr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}}}
	if m.in, err = m.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	m.out = bufio.NewScanner(out)
	m.out.Buffer(nil, maxLineBytes)
	return m, nil
}

// order tells it what to do. That it takes no order is seen where its answer is read, with what it said before.
func (m *member) order(ops uint64) {
	m.asked = ops
	_, _ = io.WriteString(m.in, Order(ops))
}

func (m *member) reply() (Reply, error) {
	if !m.out.Scan() {
		return Reply{}, errors.Join(errors.New("it ended without a word"), m.out.Err())
	}
	r, err := ParseReply(m.out.Bytes())
	if err == nil && r.Failure != nil {
		err = errors.New(r.Failure.Error)
	}
	return r, err
}

// outcome waits for that of the order.
func (m *member) outcome() (Outcome, error) {
	r, err := m.reply()
	if err == nil && (r.Outcome == nil || r.Outcome.Ops != m.asked) {
		err = errors.New("it answered something else than the outcome of its order")
	}
	if err != nil {
		return Outcome{}, err
	}
	return *r.Outcome, nil
}

// end waits for the end of a worker whose input has ended.
func (m *member) end() error {
	force := time.AfterFunc(memberPatience, func() { m.cmd.Process.Kill() })
	defer force.Stop()
	for m.out.Scan() { // to its end
	}
	err := m.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil // what it had to say it said before
	}
	return err
}
