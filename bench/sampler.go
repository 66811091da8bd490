package bench

import (
	"os"

	"github.com/auditprof/auditprof/bench/sample"
)

// liveSampler reads the processes that every slot pays for, found once at the start of the run.
type liveSampler struct {
	proc    sample.Proc
	auditd  int
	kauditd []int
	readers []int
}

// newSampler finds kauditd and those who read audit records besides auditd.
func newSampler(proc sample.Proc, auditd int) *liveSampler {
	readers, _ := proc.AuditReaders() // no table of netlink sockets: no readers can be counted
	return &liveSampler{proc: proc, auditd: auditd, kauditd: proc.Named("kauditd"), readers: readers}
}

// Begin makes auditd's peak of resident memory its present size.
func (s *liveSampler) Begin() error { return s.proc.ResetPeakRSS(s.auditd) }

// Gauge is of the auditd that runs now.
func (s *liveSampler) Gauge() (Gauge, error) {
	g, err := s.proc.Gauge(s.auditd)
	if err != nil {
		return nil, err // not a Gauge that is a nil pointer
	}
	return g, nil
}

// Read gives all counters. A reader that has ended counts no more; auditd must live.
func (s *liveSampler) Read() (Counters, error) {
	var c Counters
	var err error
	if c.AuditdCPUNs, err = s.proc.CPUNs(s.auditd); err != nil {
		return c, err
	}
	if c.RSSPeakBytes, err = s.proc.PeakRSSBytes(s.auditd); err != nil {
		return c, err
	}
	if c.WriteCalls, err = s.proc.WriteCalls(s.auditd); err != nil {
		return c, err
	}
	c.KauditdCPUNs = s.sum(s.kauditd)
	c.ReadersCPUNs = s.sum(s.readers)
	if c.HarnessCPUNs, err = s.proc.CPUNs(os.Getpid()); err != nil {
		return c, err
	}
	m, err := sample.MachineCPU()
	if err != nil {
		return c, err
	}
	c.CPUTotalSec, c.CPUStealSec, c.PressureCPU = m.TotalSec, m.StealSec, s.proc.PressureCPU()
	c.StalledSec = s.proc.StalledSec()
	return c, nil
}

func (s *liveSampler) sum(pids []int) int64 {
	var sum int64
	for _, pid := range pids {
		if ns, err := s.proc.CPUNs(pid); err == nil {
			sum += ns
		}
	}
	return sum
}

// names are the readers' short names, for the environment.
func (s *liveSampler) names() []string {
	var names []string
	for _, pid := range s.readers {
		if n := s.proc.Comm(pid); n != "" {
			names = append(names, n)
		}
	}
	return names
}
