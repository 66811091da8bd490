package bench

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/sample"
	"github.com/auditprof/auditprof/internal/kernel"
)

// environment is what a reader needs to judge whether two runs may be compared.
func environment(h sample.Host, a kernel.AuditdFacts, readers []string) result.Environment {
	return result.Environment{
		Host: h.Name, Kernel: h.Kernel, Arch: h.Arch, HZ: h.HZ, CPUs: h.CPUs, CPUModel: h.CPUModel, MemoryBytes: h.MemoryBytes,
		Auditctl: auditctlVersion(), Auditd: a.Version, AuditdConf: a.Conf, ConfChanged: a.Changed, PluginsOff: a.PluginsNotRun,
		LogFormat: a.LogFormat, Readers: readers,
	}
}

// warnings name what the reader must know before believing a number, each with its cure. Plugins that were not run are in the environment.
func (s *session) warnings(a kernel.AuditdFacts, arms []Arm, env result.Environment) []result.Warning {
	var ws []result.Warning
	warn := func(cure, format string, args ...any) {
		ws = append(ws, result.Warning{Text: fmt.Sprintf(format, args...), Cure: cure})
	}
	for _, w := range a.Warnings {
		warn("see auditd.conf(5)", "%s", w)
	}
	if s.inMemory {
		warn("give this machine's file system a journal (tune2fs -j) to measure on its disk",
			"the workloads' files were in memory: %s lies on an ext4 without a journal, where making files gets dearer with each one removed", StateDir)
	}
	_, group := s.cpuSource()
	ws = append(ws, group...)
	if len(env.Readers) > 0 {
		warn("mask systemd-journald-audit.socket where nobody needs a second copy of the log",
			"%s reads every audit record too: kauditd and the reader pay for each a second time", strings.Join(env.Readers, ", "))
	}
	if env.HZ == sample.SafeHZ {
		warn("compare with CONFIG_HZ of the kernel's configuration", "the kernel's tick rate is taken to be %d: backlog waits may be longer than said", env.HZ)
	}
	for _, arm := range arms {
		ws = append(ws, armWarnings(arm, s.lease.Found())...)
	}
	return ws
}

// kernelDefaultBacklog is AUDIT_BACKLOG_LIMIT's default in kernel/audit.c: 64 records, a dozen events.
const kernelDefaultBacklog = 64

func armWarnings(a Arm, found kernel.State) []result.Warning {
	var ws []result.Warning
	if a.Info.Kind == result.ArmCandidate && a.Info.TwinOf == "" && a.Limits.BacklogLimit == nil && found.BacklogLimit <= kernelDefaultBacklog {
		ws = append(ws, result.Warning{Text: fmt.Sprintf("%s sets no backlog limit and this host has the kernel's default of %d records: bursts wait or are lost",
			a.Info.Name, found.BacklogLimit), Cure: "add a line -b 8192 to the rules"})
	}
	if rate := rateLimit(a.Limits, found); rate > 0 && a.Info.TwinOf == "" && len(a.Info.Rules) > 0 {
		ws = append(ws, result.Warning{Text: fmt.Sprintf("%s is measured under a limit that drops all records beyond %d a second, after the kernel has paid for them", a.Info.Name, rate),
			Cure: "set -r 0 and leave out what is not needed by rules"})
	}
	return ws
}
