package bench

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/cgroup"
	"github.com/auditprof/auditprof/internal/kernel"
)

// AuditdConf is a configuration of auditd under test.
type AuditdConf struct {
	Name string // in the names of the arms
	Path string
}

// AuditdLimits are what a private auditd may use; 0 is no limit.
type AuditdLimits = cgroup.Limits

// ErrAuditdConf: a configuration under which no private auditd starts.
var ErrAuditdConf = errors.New("the auditd.conf cannot be measured")

// hostConf names the auditd with the host's own configuration, where others are measured beside it.
const hostConf = "(host)"

// useAuditd has the arm's auditd write the log. The one before it ends with no rule loaded, between slots: nothing is recorded that neither
// would write. What it takes is in no figure.
func (r *Runner) useAuditd(a Arm) error {
	if r.Auditds == nil || a.Auditd == "" || a.Auditd == r.auditd {
		return nil
	}
	if err := r.unload(); err != nil {
		return err
	}
	d, err := r.Auditds(a.Auditd)
	if err != nil {
		return fmt.Errorf("%w: the one of arm %s: %w", ErrDaemon, a.Info.Name, err)
	}
	tail, err := openTail(d.LogPath())
	if err != nil {
		return err
	}
	r.tail.close()
	r.tail, r.Daemon, r.auditd = tail, d, a.Auditd
	r.beat()
	return nil
}

// underConfs is an arm under each auditd.conf that is measured; the arm as it is where none is.
func (s *session) underConfs(a Arm) []Arm {
	a.Info.AuditdCPUs, a.Info.AuditdBytes = s.AuditdLimits.CPUs, s.AuditdLimits.MemoryBytes
	if len(s.AuditdConfs) == 0 {
		return []Arm{a}
	}
	var arms []Arm
	for _, c := range s.AuditdConfs {
		under := a
		under.Auditd, under.Info.AuditdConf = c.Name, c.Name
		under.Info.Name += "+" + c.Name
		arms = append(arms, under)
	}
	return arms
}

// startPrivate starts a private auditd: under each configuration once, so that none fails in mid-run, and then the first to stay.
func (s *session) startPrivate() (Daemon, kernel.AuditdFacts, error) {
	if err := s.limitAuditd(); err != nil {
		return nil, kernel.AuditdFacts{}, err
	}
	s.onEnd(func() {
		if s.private != nil {
			s.private.Stop()
		}
	})
	for i := len(s.AuditdConfs) - 1; i >= 0; i-- {
		c := s.AuditdConfs[i]
		if _, err := s.switchAuditd(c.Name); err != nil {
			return nil, kernel.AuditdFacts{}, fmt.Errorf("%w: %s: %w", ErrAuditdConf, c.Path, err)
		}
		f := s.private.AuditdFacts
		s.confs = append([]result.AuditdConf{{Name: c.Name, File: c.Path, LogFormat: f.LogFormat, Conf: f.Conf, Changed: f.Changed}}, s.confs...)
	}
	if len(s.AuditdConfs) == 0 {
		if _, err := s.switchAuditd(hostConf); err != nil {
			return nil, kernel.AuditdFacts{}, err
		}
	}
	return s.private, s.private.AuditdFacts, nil
}

// switchAuditd ends the private auditd that runs and starts that of a name, under the run's limits.
func (s *session) switchAuditd(name string) (Daemon, error) {
	if s.private != nil {
		if err := s.private.Stop(); err != nil {
			return nil, err
		}
		s.private = nil
	}
	o := kernel.AuditdOptions{Dir: filepath.Join(StateDir, auditdName)}
	for i, c := range s.AuditdConfs {
		if c.Name == name {
			o.HostConf, o.Dir = c.Path, filepath.Join(o.Dir, "conf-"+strconv.Itoa(i+1))
		}
	}
	if s.limited != nil {
		o.Forked = s.limited.Add
	}
	a, err := kernel.StartAuditd(s.lease, o)
	if err != nil {
		return nil, err
	}
	if s.private = a; s.onSwitch != nil {
		s.onSwitch(a)
	}
	return a, nil
}

// follow has whoever counts auditd count the one that took its place.
func (s *session) follow(sampler *liveSampler) func(Daemon) {
	return func(d Daemon) { sampler.auditd = d.PID() }
}

// limitAuditd makes the cgroups that every private auditd of this run goes into.
func (s *session) limitAuditd() error {
	if s.AuditdLimits == (AuditdLimits{}) {
		return nil
	}
	list, err := cgroup.Mounted()
	if err != nil {
		return err
	}
	places, err := cgroup.LimitsIn(list, s.AuditdLimits)
	if err != nil {
		return fmt.Errorf("limit auditd: %w", err)
	}
	name := groupName() + "-auditd"
	for _, p := range places {
		if err := s.lease.Cgroup(filepath.Join(p.Dir, name)); err != nil {
			return err
		}
	}
	limited, err := cgroup.MakeLimited(places, name)
	if err != nil {
		return fmt.Errorf("limit auditd: %w", err)
	}
	s.limited = limited
	s.onEnd(func() { limited.Remove() }) // what is still busy goes with the restore
	return nil
}

// useConfs lets the runner change auditd where the arms ask for it: the set found loaded is measured under the host's own configuration.
func (s *session) useConfs() {
	if len(s.AuditdConfs) == 0 {
		return
	}
	for i, a := range s.runner.Plan.Arms {
		if a.Info.Kind == result.ArmLoaded {
			s.runner.Plan.Arms[i].Auditd = hostConf
		}
	}
	s.runner.Auditds, s.runner.auditd = s.switchAuditd, s.AuditdConfs[0].Name
	s.runner.Base.AuditdConfs = s.confs
}
