package result

// SlotExplain is the kind of a slot that is run under probes. It is never timed.
const SlotExplain = "explain"

// Explained is one arm on one scenario in the explain slot: a single slot, so its figures have no interval over rounds.
type Explained struct {
	Scenario string `json:"scenario"`
	Arm      string `json:"arm"`
	// Mute: under the mute copy of the arm's rules, in which no call is recorded.
	Mute bool `json:"mute,omitempty"`
	// Again: the arm without audit once more, after all others. Its tax is noise, and no other tax below it means anything.
	Again  bool     `json:"again,omitempty"`
	Ops    uint64   `json:"ops"`
	Levels []string `json:"levels"`          // that worked here: "syscalls", "scheduler", "samples"
	Notes  []string `json:"notes,omitempty"` // why the others did not
	// ProbeNs is what the probes add to one system call of the workload, calibrated in this run; 0 where that could not be done.
	ProbeNs  float64        `json:"probe_ns"`
	Syscalls []SyscallTimes `json:"syscalls"` // of the workload, by count, the most frequent first
	Workload SchedulerTimes `json:"workload"` // all threads and children
	Auditd   SchedulerTimes `json:"auditd"`
	Kauditd  SchedulerTimes `json:"kauditd"`
	// Samples are CPU samples of the workload by where in the kernel's audit code they fell: AuditFilter, AuditNames, AuditFormat, AuditQueue,
	// AuditOther, OutsideAudit.
	Samples map[string]uint64 `json:"samples,omitempty"`
	// AuditdSamples and KauditdSamples are the same of those two.
	AuditdSamples  map[string]uint64 `json:"auditd_samples,omitempty"`
	KauditdSamples map[string]uint64 `json:"kauditd_samples,omitempty"`
	// Tax is how much longer system calls of which none is recorded take than in the arm without audit: all of them under a mute copy, else
	// those of which the attribution slot shows no event. Absent for that arm, and where too few calls can be compared.
	Tax *Shift `json:"tax,omitempty"`
	// Record is how much longer a recorded system call takes than under the mute copy of the same rules. Absent without such calls.
	Record *Shift `json:"record,omitempty"`
}

// Shift is by how much calls are longer in one explain slot than in another, between the kernel's tracepoints.
type Shift struct {
	// Ns of CPU per call: the difference of the medians of a system call, weighted over the system calls by how often each was made. For the
	// record cost of a system call of which less than half the calls are recorded: the difference of the means, per recorded call.
	Ns float64 `json:"ns"`
	// Low and High are the smallest and the largest shift of one system call.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Calls is how many calls it is of, Syscalls of how many system calls.
	Calls    uint64 `json:"calls"`
	Syscalls int    `json:"syscalls"`
	// AsleepNs is how much longer each call was asleep: for record cost the wait for room in the backlog.
	AsleepNs float64 `json:"asleep_ns"`
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

// SyscallTimes is how long one system call took between the kernel's entry and exit tracepoints, the time asleep and waiting apart.
type SyscallTimes struct {
	Name  string `json:"name"`
	Count uint64 `json:"count"`
	// OnCPUNs, AsleepNs and WaitingNs are sums over all calls: on a CPU, not runnable, and runnable without a CPU.
	OnCPUNs   uint64 `json:"on_cpu_ns"`
	AsleepNs  uint64 `json:"asleep_ns"`
	WaitingNs uint64 `json:"waiting_ns,omitempty"`
	// Log2 counts the calls that never left their CPU by the time they took: place i is 2^i to 2^(i+1) ns. The other calls slept, or had to
	// wait for a CPU, and are in the sums only.
	Log2     []uint64 `json:"log2"`
	MedianNs float64  `json:"median_ns"`         // of the calls in Log2, from steps of a sixteenth of an octave; 0 without any
	MeanNs   float64  `json:"mean_ns,omitempty"` // of the same calls
	// Recorded is how many of the calls were recorded, by the attribution slot's events per operation.
	Recorded uint64 `json:"recorded,omitempty"`
}

// SchedulerTimes is a thread group's or kernel thread's time on a CPU, and waiting for one while runnable.
type SchedulerTimes struct {
	OnCPUNs   uint64 `json:"on_cpu_ns"`
	WaitingNs uint64 `json:"waiting_ns"`
	Switches  uint64 `json:"switches"`
}
