package probe

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/features"
)

// Levels of explanation, each needing more of the kernel than the one before.
const (
	L0 = "L0 counters"                      // /proc and AUDIT_GET: always there
	L1 = "L1 raw tracepoints"               // latency per system call, run time of kauditd and auditd
	L2 = "L2 sampled stacks"                // shares of CPU inside audit's functions
	L3 = "L3 fentry on the kernel's audit_" // split of filter, names, formatting, queue
)

// Levels lists what the running kernel allows to this process. A level that cannot be tried is left out: it is not there for us.
func Levels() []string {
	levels := []string{L0}
	for _, l := range []struct {
		name string
		typ  ebpf.ProgramType
	}{{L1, ebpf.RawTracepoint}, {L2, ebpf.PerfEvent}, {L3, ebpf.Tracing}} {
		if features.HaveProgramType(l.typ) == nil {
			levels = append(levels, l.name)
		}
	}
	return levels
}
