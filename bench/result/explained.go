package result

// Explained is one arm on one scenario in the explain slot, which has probes and is never timed.
type Explained struct {
	Scenario string   `json:"scenario"`
	Arm      string   `json:"arm"`
	Ops      uint64   `json:"ops"`
	Levels   []string `json:"levels"`          // that worked here: "syscalls", "scheduler", "samples"
	Notes    []string `json:"notes,omitempty"` // why the others did not
	// ProbeNs is what the probes add to one system call, calibrated in this run.
	ProbeNs  float64        `json:"probe_ns"`
	Syscalls []SyscallTimes `json:"syscalls"` // of the workload, by count, the most frequent first
	Auditd   SchedulerTimes `json:"auditd"`
	Kauditd  SchedulerTimes `json:"kauditd"`
	// Samples are CPU samples of the workload by where in the kernel's audit code they fell: AuditFilter, AuditNames, AuditFormat, AuditQueue,
	// AuditOther, OutsideAudit.
	Samples map[string]uint64 `json:"samples,omitempty"`
}

// Places of CPU samples.
const (
	AuditFilter  = "filter"
	AuditNames   = "names"
	AuditFormat  = "format"
	AuditQueue   = "queue"
	AuditOther   = "other audit"
	OutsideAudit = "outside audit"
)

// SyscallTimes is how long one system call took between the kernel's entry and exit tracepoints, the time asleep apart.
type SyscallTimes struct {
	Name  string `json:"name"`
	Count uint64 `json:"count"`
	// OnCPUNs and AsleepNs are sums over all calls. AsleepNs holds also what a call waited for a CPU.
	OnCPUNs  uint64 `json:"on_cpu_ns"`
	AsleepNs uint64 `json:"asleep_ns"`
	// Log2 counts calls by their on-CPU time: place i is 2^i to 2^(i+1) ns.
	Log2     []uint64 `json:"log2"`
	MedianNs float64  `json:"median_ns"` // on CPU, from Log2
}

// SchedulerTimes is a thread group's or kernel thread's time on a CPU, and waiting for one while runnable.
type SchedulerTimes struct {
	OnCPUNs   uint64 `json:"on_cpu_ns"`
	WaitingNs uint64 `json:"waiting_ns"`
	Switches  uint64 `json:"switches"`
}
