//go:build linux && amd64

package matchtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
	"golang.org/x/sys/unix"
)

// Machine runs plans on the live kernel, under one lease and with one private auditd. It serves one goroutine, which must be locked to a
// thread with a mount namespace of its own: trees have mounts.
type Machine struct {
	dir    string // of the machine's own files
	self   string // the program that actors are
	lease  *kernel.Lease
	auditd *kernel.Auditd
	client *kernel.Client
}

// limits of a run: nothing may be lost, and nobody may wait for long.
func limits() kernel.Limits {
	room, rate, wait := uint32(1<<17), uint32(0), uint32(100)
	return kernel.Limits{BacklogLimit: &room, RateLimit: &rate, BacklogWaitTime: &wait}
}

// auditdConf is as little as auditd starts with.
const auditdConf = `log_format = %s
flush = NONE
space_left = 75
space_left_action = IGNORE
admin_space_left = 50
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
`

// NewMachine takes the lease and starts the auditd, whose log_format is RAW or ENRICHED. The directory must be empty. Close gives everything
// back.
func NewMachine(dir, format string) (*Machine, error) {
	m := &Machine{dir: dir, self: filepath.Join(dir, "actor")}
	if err := m.start(format); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

func (m *Machine) start(format string) error {
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		return err
	}
	if err := os.WriteFile(m.self, self, 0o755); err != nil {
		return err
	}
	run := filepath.Join(m.dir, "run")
	if err := os.Mkdir(run, 0o700); err != nil {
		return err
	}
	if m.lease, err = kernel.Acquire(context.Background(), kernel.Options{RunDir: run, WatchdogAfter: time.Minute}); err != nil {
		return err
	}
	if err := m.lease.Apply(nil, limits()); err != nil {
		return err
	}
	conf := filepath.Join(m.dir, "auditd.conf")
	if err := os.WriteFile(conf, []byte(fmt.Sprintf(auditdConf, format)), 0o600); err != nil {
		return err
	}
	if m.auditd, err = kernel.StartAuditd(m.lease, kernel.AuditdOptions{Dir: filepath.Join(m.dir, "auditd"), HostConf: conf}); err != nil {
		return err
	}
	m.client, err = kernel.Open()
	return err
}

// Close ends the auditd and restores the audit state.
func (m *Machine) Close() error {
	var errs []error
	if m.client != nil {
		errs = append(errs, m.client.Close())
	}
	if m.auditd != nil {
		errs = append(errs, m.auditd.Stop())
	}
	if m.lease != nil {
		_, err := m.lease.Restore()
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Log is what one run of a plan left.
type Log struct {
	Text    []byte   // lines as auditd wrote them, each rule of the exit list with its unique key
	Rules   []Loaded // in the order of loading; the unique keys count them
	Read    []Loaded // all rules of the plan that compile, also those that were left out
	Refused []string // lines that the compiler or the kernel refused, with the reason
	Lost    uint32   // records that the kernel says it lost
	layout  *layout
	ownKeys bool
	pid     int // of the first process of the script
}

// Options of a run. The zero value loads all rules, each with its unique key.
type Options struct {
	NoSuppressors bool // leave out the never rules and the lists exclude, user and filesystem: every event is in the log, with all records
	OwnKeys       bool // load the rules as they are given: the log has no truth of its own
}

// Run makes the tree, starts the actor, loads the rules and lets the actor go.
func (m *Machine) Run(p Plan, o Options) (*Log, error) {
	m.lease.Beat()
	tree := Tree{p.Dir}
	if err := tree.Make(); err != nil {
		return nil, err
	}
	defer tree.Remove()
	a, err := m.startActor(p)
	if err != nil {
		return nil, err
	}
	defer a.end()
	l := &Log{layout: a.layout, ownKeys: o.OwnKeys, pid: a.child}
	if err := m.load(l, p, a, o); err != nil {
		return nil, err
	}
	m.lease.Beat()
	before, err := m.client.Status()
	if err != nil {
		return nil, err
	}
	if err := a.finish(); err != nil {
		return nil, err
	}
	if l.Text, err = m.collect(); err != nil {
		return nil, err
	}
	after, err := m.client.Status()
	if err != nil {
		return nil, err
	}
	l.Lost = after.Lost - before.Lost
	return l, l.numbered()
}

// load gives the rules to the kernel, one by one as auditctl -c would, and empties the log.
func (m *Machine) load(l *Log, p Plan, a *actor, o Options) error {
	facts, err := a.facts(p.Dir)
	if err != nil {
		return err
	}
	for i, line := range p.Rules {
		r, err := parseLine(facts.Line(line, p.Dir), isDirectory)
		r.Index = i
		if err == nil {
			l.Read = append(l.Read, r)
		}
		if err == nil && !duplicate(l.Rules, r) && !(o.NoSuppressors && r.suppresses()) {
			err = m.add(l, r)
		}
		if err != nil {
			l.Refused = append(l.Refused, facts.Line(line, p.Dir)+": "+err.Error())
		}
	}
	if _, err := m.await("op=matchtest-loaded"); err != nil {
		return err
	}
	return m.auditd.Truncate()
}

func (m *Machine) add(l *Log, r Loaded) error {
	w := r.Wire
	if !l.ownKeys {
		w = r.keyed(len(l.Rules))
	}
	add := m.client.Add
	if r.Rule.Flag == "-A" {
		add = m.client.AddFirst
	}
	if err := add(w); err != nil {
		return err
	}
	l.Rules = append(l.Rules, r)
	return nil
}

// duplicate tells a rule that the kernel would have refused, had the rules their own keys.
func duplicate(loaded []Loaded, r Loaded) bool {
	for _, l := range loaded {
		if l.Wire.Equal(r.Wire) {
			return true
		}
	}
	return false
}

// collect takes the log and then the rules away.
func (m *Machine) collect() ([]byte, error) {
	text, err := m.await("op=matchtest-end")
	if err != nil {
		return nil, err
	}
	return text, m.lease.Apply([]rule.Wire{}, limits())
}

// await writes a text into the log and waits until it is there; the log up to it is returned. Rules may keep user messages out, so a
// second one goes by the exclude and user lists: there is none, and the log must come to rest instead.
func (m *Machine) await(text string) ([]byte, error) {
	if err := m.client.SendUser(text); err != nil {
		return nil, err
	}
	last, since := -1, time.Now()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		m.lease.Beat()
		b, err := os.ReadFile(m.auditd.LogPath())
		if err != nil {
			return nil, err
		}
		if i := bytes.Index(b, []byte(text)); i >= 0 {
			return b[:bytes.LastIndexByte(b[:i], '\n')+1], nil
		}
		if len(b) != last {
			last, since = len(b), time.Now()
		}
		if st, err := m.client.Status(); err == nil && st.Backlog == 0 && time.Since(since) > 300*time.Millisecond {
			return b[:bytes.LastIndexByte(b, '\n')+1], nil
		}
	}
	return nil, fmt.Errorf("the log did not come to rest within 30 s: is auditd stopped?")
}

// Bounds of an actor's life: an honest one takes far less than a second.
const (
	startWithin = 5 * time.Second
	endWithin   = 20 * time.Second
)

// errHangs: a call of the script waits for ever; or the process was forked while another thread of the Go runtime held a lock that the
// runtime then asked for, which happens once in some thousand times.
var errHangs = errors.New("the actor hangs: does its script wait for something?")

// errArenaTaken: once in some thousand times.
var errArenaTaken = errors.New("something lies where the actor's arena belongs")

// actor is a started actor.
type actor struct {
	command *exec.Cmd
	layout  *layout
	input   *os.File
	self    string
	child   int
	errors  bytes.Buffer
}

func (m *Machine) startActor(p Plan) (*actor, error) {
	l, err := flatten(p.Script)
	if err != nil {
		return nil, err
	}
	name := filepath.Join(m.dir, "script.json")
	text, err := json.Marshal(p.Script)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		return nil, err
	}
	ready, said, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer ready.Close()
	begin, input, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	a := &actor{layout: l, input: input, self: m.self}
	a.command = exec.Command(m.self, ActorCommand, name, strconv.Itoa(LoginUID), p.Dir)
	a.command.Dir = m.dir
	a.command.Stdin, a.command.ExtraFiles, a.command.Stderr = begin, []*os.File{said}, &a.errors
	a.command.Env = []string{"GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1", "PATH=/usr/bin:/bin"}
	a.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	a.command.WaitDelay = time.Second
	err = m.lease.Start(a.command, false)
	begin.Close()
	said.Close()
	if err != nil {
		input.Close()
		return nil, err
	}
	if err := ready.SetReadDeadline(time.Now().Add(startWithin)); err != nil {
		a.end()
		return nil, err
	}
	if _, err := ready.Read(make([]byte, 1)); err != nil {
		a.end()
		if a.command.ProcessState.ExitCode() == exitArenaTaken {
			return nil, errArenaTaken
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, errHangs
		}
		return nil, fmt.Errorf("the actor did not start: %w: %s", err, a.errors.String())
	}
	return a, a.findChild()
}

// errBeganAnew: the numbers of processes came to pid_max in the run and began anew, so that its calls cannot be told from others'.
var errBeganAnew = errors.New("the numbers of processes began anew during the run")

// numbered checks that every process of the script has a greater number than the first.
func (l *Log) numbered() error {
	last, err := lastPID()
	if err == nil && last < l.pid {
		err = errBeganAnew
	}
	return err
}

// lastPID is the number of the youngest process (proc(5), /proc/loadavg).
func lastPID() (int, error) {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0, err
	}
	text := strings.TrimSpace(string(b))
	return strconv.Atoi(text[strings.LastIndexByte(text, ' ')+1:])
}

// findChild learns the pid of the process that runs the script.
func (a *actor) findChild() error {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", a.command.Process.Pid, a.command.Process.Pid))
	if err == nil {
		a.child, err = strconv.Atoi(strings.TrimSpace(string(b)))
	}
	return err
}

// finish lets the actor go and waits for its end.
func (a *actor) finish() error {
	if _, err := a.input.Write([]byte{'\n'}); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- a.command.Wait() }()
	select {
	case err := <-done:
		a.command.Process = nil
		if err != nil {
			return fmt.Errorf("the actor: %w: %s", err, a.errors.String())
		}
		return nil
	case <-time.After(endWithin):
		unix.Kill(-a.command.Process.Pid, unix.SIGKILL)
		<-done
		a.command.Process = nil
		return errHangs
	}
}

// end makes sure that nothing of the actor is left.
func (a *actor) end() {
	a.input.Close()
	if a.command.Process == nil {
		return
	}
	unix.Kill(-a.command.Process.Pid, unix.SIGKILL)
	a.command.Wait()
}

// facts are what the rules may name.
func (a *actor) facts(dir string) (Facts, error) {
	f := Facts{PID: a.child, PPID: a.command.Process.Pid, Exe: a.self, Inode: func(path string) uint64 {
		var st unix.Stat_t
		if unix.Lstat(path, &st) != nil {
			return 0
		}
		return st.Ino
	}}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/sessionid", a.child))
	if err != nil {
		return f, err
	}
	if f.Session, err = strconv.Atoi(string(b)); err != nil {
		return f, err
	}
	var st unix.Stat_t
	if err := unix.Lstat(filepath.Join(dir, "a"), &st); err != nil {
		return f, err
	}
	f.Major, f.Minor = unix.Major(st.Dev), unix.Minor(st.Dev)
	if err := unix.Lstat(filepath.Join(dir, "tm/t1"), &st); err != nil {
		return f, err
	}
	f.TmpMinor = unix.Minor(st.Dev)
	return f, nil
}
