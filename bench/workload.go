package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/auditprof/auditprof/scenarios"
	"golang.org/x/sys/unix"
)

// ProbeWord is the first argument that makes the auditprof binary the process of the context proof.
const ProbeWord = "__probe"

// limits of talking to a workload.
const (
	maxReplyBytes = 1 << 20
	readyLimit    = 30 * time.Second // a set-up under a dear rule set takes a while
	closeLimit    = 5 * time.Second
	waitBeat      = 3 * time.Second // longer than a slot is meant to be: then nothing of it falls into one
)

// starter starts processes that the guard ends when bench is killed; kernel.Lease is one.
type starter interface {
	Start(cmd *exec.Cmd, marked bool) error
	Untrack(pid int) error
	Beat()
}

// liveWorkloads starts each workload from a root-owned copy of this program that is named after the scenario, so that exe= and comm in the
// log are the scenario's own, as an unprivileged user, with data in a folder of its own.
type liveWorkloads struct {
	root  string
	lease starter
	// memoryBytes above 0 lays a tmpfs of that size over the data: in the one mount namespace of the host, since rules with dir= and path=
	// know the files of that only (kernel/audit_tree.c: audit_add_tree_rule).
	memoryBytes int64
	groups      *workGroups          // nil: the workloads stay in bench's own cgroup
	accounts    map[string][]account // by scenario, those of its users
}

// prepare makes the folders and the copies below root.
func (w *liveWorkloads) prepare(list []scenarios.Info, withCanaries bool) error {
	w.accounts = map[string][]account{}
	if err := w.make(list, withCanaries); err != nil {
		return fmt.Errorf("prepare the workloads in %s: %w", w.root, err)
	}
	return nil
}

func (w *liveWorkloads) make(list []scenarios.Info, withCanaries bool) error {
	for _, name := range []string{programsName, dataName} {
		if err := openDir(filepath.Join(w.root, name)); err != nil {
			return err
		}
	}
	if w.memoryBytes > 0 {
		options := fmt.Sprintf("size=%d,mode=0711", w.memoryBytes)
		if err := unix.Mount("tmpfs", filepath.Join(w.root, dataName), "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
			return fmt.Errorf("mount memory over the data: %w", err)
		}
	}
	for _, sc := range append([]scenarios.Info{scenarios.CanaryInfo(scenarios.SessionService)}, list...) {
		accounts, err := workAccounts(sc)
		if err != nil {
			return err
		}
		w.accounts[sc.Name] = accounts
		if sc.Name == scenarios.CanaryName && !withCanaries {
			continue
		}
		if err := copyProgram(w.program(sc.Name)); err != nil {
			return err
		}
		if err := w.makeDirs(sc, accounts); err != nil {
			return err
		}
		if !withCanaries || sc.Name == scenarios.CanaryName {
			continue
		}
		if err := own(accounts[0], w.dataDir(canariesOfAnother(sc.Name))); err != nil {
			return err
		}
	}
	return nil
}

// makeData has each workload that keeps data between its processes make them, before any rule is loaded.
func (w *liveWorkloads) makeData(ctx context.Context, list []scenarios.Info) error {
	for _, sc := range list {
		if !sc.Prepared {
			continue
		}
		p, err := w.Start(ctx, Launch{Scenario: sc})
		if err != nil {
			return fmt.Errorf("prepare scenario %s: %w", sc.Name, err)
		}
		if err := p.Close(); err != nil {
			return fmt.Errorf("prepare scenario %s: %w", sc.Name, err)
		}
	}
	return nil
}

// canariesOfAnother names the data of canaries that run as a workload: in its own they would be among what an exclusion is for.
func canariesOfAnother(scenario string) string { return scenarios.CanaryName + "-" + scenario }

// own makes folders of an account.
func own(who account, dirs ...string) error {
	for _, dir := range dirs {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
		if err := os.Lchown(dir, int(who.uid), int(who.gid)); err != nil {
			return err
		}
	}
	return nil
}

// copyProgram copies the running program to path, readable and executable for all and writable for root only.
func copyProgram(path string) error {
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		return err
	}
	return errors.Join(to.Chmod(0o755), to.Close())
}

func (w *liveWorkloads) program(scenario string) string {
	return filepath.Join(w.root, programsName, scenario)
}

func (w *liveWorkloads) dataDir(scenario string) string {
	return filepath.Join(w.root, dataName, scenario)
}

// workDir is there before rules are loaded and stays: a rule with dir= on it can be loaded, and does not go with it.
func (w *liveWorkloads) workDir(scenario string) string {
	return filepath.Join(w.dataDir(scenario), scenarios.WorkName)
}

// openDir makes a folder that everybody may enter and nobody but root may list or change, whatever the umask is.
func openDir(path string) error {
	if err := os.Mkdir(path, 0o711); err != nil {
		return err
	}
	return os.Chmod(path, 0o711)
}

// Start forks the workload, for several users a process for each, and waits until it is set up.
func (w *liveWorkloads) Start(ctx context.Context, l Launch) (Workload, error) {
	if len(l.Scenario.Users.List()) > 0 {
		return w.startParty(ctx, l)
	}
	as, dir := l.Scenario.Name, w.dataDir(l.Scenario.Name)
	if l.As != "" {
		as, dir = l.As, w.dataDir(canariesOfAnother(l.As))
	}
	p, err := w.startProcess(ctx, l, quarters{as: as, dir: dir, who: w.accounts[as][0]})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// quarters are where and as whom a workload's process runs.
type quarters struct {
	as   string // whose program it is
	dir  string
	who  account
	user int // which of the scenario's users, from 1; 0 where it has one
}

func (w *liveWorkloads) startProcess(ctx context.Context, l Launch, at quarters) (*process, error) {
	sc, as, loginUID := l.Scenario, at.as, scenarios.LoginUIDUnset
	if sc.Session == scenarios.SessionLogin {
		loginUID = at.who.uid
	}
	spec, err := json.Marshal(scenarios.Spec{Scenario: sc.Name, Dir: at.dir, Binary: w.program(as),
		UID: at.who.uid, GID: at.who.gid, LoginUID: &loginUID, Seed: l.Seed, KeepWork: l.As == "", Plant: l.Plant, User: at.user,
		Definition: sc.Definition, OpsPerSecond: cmp.Or(l.OpsPerSecond, sc.OpsPerSecond), AuditWrite: sc.AuditWrite})
	if err != nil {
		return nil, err
	}
	cmd := plainCommand(w.program(as), as, scenarios.Word, sc.Name)
	if sc.Definition != "" {
		cmd.Args = append(cmd.Args, scenarios.DefinedWord)
	}
	p, err := w.spawn(cmd, l.Marked)
	if err != nil {
		return nil, err
	}
	err = p.inGroup(w.groups)
	if errors.Is(err, syscall.ESRCH) { // it was killed already
		err = ErrWorkload
	}
	if err == nil {
		err = p.setUp(ctx, spec)
	}
	if err != nil {
		p.kill()
		return nil, fmt.Errorf("start: %w", errors.Join(err, p.Close()))
	}
	return p, nil
}

// plainCommand has a private process group, so that all of it can be ended, and nothing of our environment.
func plainCommand(path string, args ...string) *exec.Cmd {
	return &exec.Cmd{Path: path, Args: args, Dir: "/", Env: []string{"PATH=/usr/bin:/bin", "LANG=C"},
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true}}
}

func (w *liveWorkloads) spawn(cmd *exec.Cmd, marked bool) (*process, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := w.lease.Start(cmd, marked); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, in: in, out: out, lease: w.lease, lines: make(chan string, 4), patience: closeLimit, beatEvery: waitBeat}
	go p.read()
	return p, nil
}

// Probe runs the process of the context proof to its end.
func (w *liveWorkloads) Probe(ctx context.Context, marked bool) error {
	cmd := plainCommand("/proc/self/exe", "auditprof", ProbeWord)
	p, err := w.spawn(cmd, marked)
	if err != nil {
		return err
	}
	defer p.Close()
	select {
	case line, ok := <-p.lines:
		if !ok || line != "done" {
			return fmt.Errorf("the probe said %.80q", line)
		}
		return nil
	case <-ctx.Done():
		p.kill()
		return ctx.Err()
	}
}
