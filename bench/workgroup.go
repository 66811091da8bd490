package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/cgroup"
	"github.com/auditprof/auditprof/internal/kernel"
)

// workGroups gives each workload a cgroup of its own, below one that the journal knows. What a workload reports of itself leaves out children
// that it never waits for; its group has them.
type workGroups struct {
	dir  string
	made int
}

// makeWorkGroups makes the cgroup below which those of the workloads are made.
func makeWorkGroups(note func(dir string) error) (*workGroups, error) {
	list, err := cgroup.Mounted()
	if err != nil {
		return nil, err
	}
	in, err := cgroup.CountsIn(list)
	if err != nil {
		return nil, err
	}
	w := &workGroups{dir: filepath.Join(in, groupName())}
	if err := note(w.dir); err != nil {
		return nil, err
	}
	if err := os.Mkdir(w.dir, 0o755); err != nil {
		return nil, fmt.Errorf("make a cgroup: %w", err)
	}
	first, err := w.next() // now is when to see whether they work
	if err == nil {
		err = first.Remove()
	}
	if err != nil {
		return nil, errors.Join(err, w.remove())
	}
	return w, nil
}

// groupName is that of this run's cgroup in any hierarchy.
func groupName() string { return kernel.CgroupPrefix + strconv.Itoa(os.Getpid()) }

func (w *workGroups) next() (*cgroup.Group, error) {
	w.made++
	return cgroup.Make(filepath.Join(w.dir, "work-"+strconv.Itoa(w.made)))
}

func (w *workGroups) remove() error { return cgroup.RemoveTree(w.dir) }

// Where the CPU of the workloads was read.
const (
	cpuOfGroup   = "cgroup"
	cpuOfProcess = "getrusage"
)

// groupWorkloads puts the workloads into cgroups where this machine has any, and says in the run where their CPU is from.
func (s *session) groupWorkloads(w *liveWorkloads) {
	groups, err := makeWorkGroups(s.lease.Cgroup)
	if err != nil {
		s.noGroups = err
		return
	}
	w.groups = groups
	s.onEnd(func() { groups.remove() }) // what is still busy goes with the restore
}

// cpuSource says where the workloads' CPU is from, and what to say where that is the lesser of the two.
func (s *session) cpuSource() (string, []result.Warning) {
	if s.noGroups == nil {
		return cpuOfGroup, nil
	}
	return cpuOfProcess, []result.Warning{{
		Text: fmt.Sprintf("the CPU of the workloads is what they report of themselves, without children that nobody waits for: %v", s.noGroups),
		Cure: "make the cgroup file system writable for this process",
	}}
}

// inGroup moves a process that has not begun into a cgroup of its own.
func (p *process) inGroup(groups *workGroups) error {
	if groups == nil {
		return nil
	}
	g, err := groups.next()
	if err != nil {
		return err
	}
	p.group = g
	return g.Add(p.cmd.Process.Pid)
}

// leaveGroup ends what is left in the process's group, and the group.
func (p *process) leaveGroup() error {
	if p.group == nil {
		return nil
	}
	return errors.Join(p.group.End(), p.group.Remove())
}

// groupCPU is the CPU of the process's group so far; ok is false where it has none.
func (p *process) groupCPU() (ns int64, ok bool, err error) {
	if p.group == nil {
		return 0, false, nil
	}
	ns, err = p.group.CPUNs()
	return ns, err == nil, err
}

// Cgroup is the folder of the workload's own cgroup, "" where it has none.
func (p *process) Cgroup() string {
	if p.group == nil {
		return ""
	}
	return p.group.Dir
}
