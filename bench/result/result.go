package result

import "time"

// Schema names the version of this format; a reader refuses any other.
const Schema = "auditprof/run/1"

// Run is one whole run of auditprof bench: everything a report needs. Raw logs, one for each arm with rules and scenario, lie beside it.
type Run struct {
	Schema      string        `json:"schema"`
	Tool        string        `json:"tool"` // version of auditprof
	Started     time.Time     `json:"started"`
	Finished    time.Time     `json:"finished"`
	Seed        uint64        `json:"seed"`   // of the order of the arms
	Rounds      int           `json:"rounds"` // asked for
	RoundsDone  int           `json:"rounds_done"`
	Quick       bool          `json:"quick"`
	Ended       string        `json:"ended"` // "complete", or why the run ended early, in one line
	Environment Environment   `json:"environment"`
	Arms        []Arm         `json:"arms"`
	Scenarios   []Scenario    `json:"scenarios"`
	Results     []Result      `json:"results"`
	Attribution []Attribution `json:"attribution"`
	Books       []Books       `json:"books"`
	Prices      Prices        `json:"prices"`
	Warnings    []Warning     `json:"warnings"`
	Restored    Restored      `json:"restored"`
	Trust       Trust         `json:"trust"`
	Logs        []Log         `json:"logs,omitempty"`
	Canaries    []Canary      `json:"canaries,omitempty"`
	// What follows is absent in runs of earlier versions, and where a run was not asked for it.
	Protocol    *Protocol    `json:"protocol,omitempty"`
	Comparisons []Comparison `json:"comparisons,omitempty"`
	Explained   []Explained  `json:"explained,omitempty"`
	RulePrices  []RulePrice  `json:"rule_prices,omitempty"`
	PriceChecks []PriceCheck `json:"price_checks,omitempty"`
	Calibration *Calibration `json:"calibration,omitempty"`
	Ablation    *Ablation    `json:"ablation,omitempty"`
	Sweeps      []Sweep      `json:"sweeps,omitempty"`
	AuditdConfs []AuditdConf `json:"auditd_confs,omitempty"`
	Unit        *Unit        `json:"unit,omitempty"`
}

// AuditdConf is a configuration of auditd that arms of this run are about.
type AuditdConf struct {
	Name      string   `json:"name"`       // as in Arm.AuditdConf
	File      string   `json:"file"`       // as the user named it
	LogFormat string   `json:"log_format"` // RAW or ENRICHED
	Conf      []string `json:"conf"`       // auditd's lines as run, in order
	Changed   []string `json:"changed"`    // "name: value in the file -> value here", one for each changed line
}

// Unit is the user's own service, measured under the user's own load in place of a workload of ours.
type Unit struct {
	Name   string `json:"name"`
	Cgroup string `json:"cgroup"`
	// SlotNs is how long each slot lasts; MetricUnit names what --metric prints, "" without it.
	SlotNs     int64  `json:"slot_ns"`
	Metric     string `json:"metric,omitempty"` // the command
	Restarted  bool   `json:"restarted"`        // before each arm: the service then has the audit context of the arm
	Processes  int    `json:"processes"`        // in the cgroup when the run began
	HasContext bool   `json:"has_context"`      // its system calls were recorded under a rule that records all of them
}

// Log is a log that the run directory keeps: that of one timed slot, under the rule set exactly as given.
type Log struct {
	Scenario    string `json:"scenario"`
	Arm         string `json:"arm"`
	File        string `json:"file"` // in the run directory, packed with zstd
	Round       int    `json:"round"`
	Ops         uint64 `json:"ops"`
	Bytes       int64  `json:"bytes"`
	PackedBytes int64  `json:"packed_bytes"`
	Complete    bool   `json:"complete"` // nothing of it was lost
	PIDs        []int  `json:"pids"`     // processes whose events, and whose descendants', are the workload's
}

// Canary is a small harmless act that must leave an event where a rule set records its kind, and whether it did under one arm.
type Canary struct {
	Arm     string `json:"arm"`
	Name    string `json:"name"`
	What    string `json:"what"`    // one line: what was done, and what it stands for
	Session string `json:"session"` // "service" or "login"
	By      string `json:"by"`      // the workload whose program and account did it; "canaries": a program of its own, by the account of most workloads
	// Done is false where this machine does not allow the act; Why says so.
	Done   bool   `json:"done"`
	Why    string `json:"why,omitempty"`
	Events uint64 `json:"events"` // that show it; 0: not seen
}

// Environment is what a reader needs to judge whether two runs may be compared.
type Environment struct {
	Host        string   `json:"host"`
	Kernel      string   `json:"kernel"`
	Arch        string   `json:"arch"`
	HZ          int      `json:"hz"`
	CPUs        int      `json:"cpus"`
	CPUModel    string   `json:"cpu_model"`
	MemoryBytes uint64   `json:"memory_bytes"`
	Auditctl    string   `json:"auditctl"`
	Auditd      string   `json:"auditd"`
	AuditdKind  string   `json:"auditd_kind"`     // "private", or "running": the host's own
	AuditdConf  []string `json:"auditd_conf"`     // auditd's lines as run, in order
	ConfChanged []string `json:"conf_changed"`    // "name: host value -> value here", one for each changed line
	PluginsOff  []string `json:"plugins_not_run"` // plugins active on the host that the private auditd does not run
	LogFormat   string   `json:"log_format"`      // RAW or ENRICHED
	Readers     []string `json:"readers"`         // other processes that read audit records: journald, ...
	StealShare  float64  `json:"steal_share"`     // share of CPU time stolen by the hypervisor over the run, 0..1
	PressureCPU float64  `json:"pressure_cpu"`    // mean of PSI cpu "some" avg10 over the slots, percent
	WorkUID     uint32   `json:"work_uid"`        // of the workloads, and the login uid of login sessions
	Loader      string   `json:"loader"`          // what made the candidates' binary form, and as which auditctl
	MuteField   string   `json:"mute_field"`      // the field that keeps the mute copies from matching
	ProbeLevels []string `json:"probe_levels"`
	// WorkloadCPU is where the CPU of the workloads is from: "cgroup", or "getrusage" without children that nobody waits for; "" in runs before.
	WorkloadCPU string `json:"workload_cpu,omitempty"`
	BootID      string `json:"boot_id,omitempty"` // /proc/sys/kernel/random/boot_id: where it is a machine's present one, the run is of this boot of it
}

// Kinds of arm.
const (
	ArmNoAudit   = "no-audit"  // the workload has no audit context
	ArmNoRules   = "no-rules"  // audit on, nothing loaded
	ArmLoaded    = "loaded"    // the set found in the kernel
	ArmCandidate = "candidate" // a set the user named
)

// Arm is one rule set under test.
type Arm struct {
	Name     string    `json:"name"`
	Kind     string    `json:"kind"`
	TwinOf   string    `json:"twin_of,omitempty"` // for the A/A arm: the arm it repeats
	Files    []string  `json:"files,omitempty"`
	Rules    []Rule    `json:"rules,omitempty"`
	LeftOut  []LeftOut `json:"left_out,omitempty"` // lines that did not load, with --keep-going
	Controls []Control `json:"controls,omitempty"`
	// Sources are the files as they were read, where they are together no more than 256 KiB: what stands between the rules too.
	Sources []Source `json:"sources,omitempty"`
	// AuditdConf is the auditd.conf that this arm's auditd ran with, where it is an arm of its own; Limits of CPU and memory likewise.
	AuditdConf  string  `json:"auditd_conf,omitempty"`
	AuditdCPUs  float64 `json:"auditd_cpus,omitempty"`         // quota in CPUs, 0 for none
	AuditdBytes int64   `json:"auditd_memory_bytes,omitempty"` // 0 for no limit
	// Planted is the known slowdown made in this arm's workload, in the words of --plant; "" for none.
	Planted string `json:"planted,omitempty"`
	// NotMuted counts always rules that had no room for the mute field: the filter tax of this arm then holds record cost too.
	NotMuted int `json:"not_muted,omitempty"`
}

// Rule is one loaded rule. File and Line are where it was read; a set found in the kernel has File "loaded" and Line = its place in the listing.
type Rule struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Col    int    `json:"col"`
	Text   string `json:"text"`
	List   string `json:"list"`
	Action string `json:"action"`
	// NoKey says why events cannot name this rule ("" where they can).
	NoKey string `json:"no_key,omitempty"`
}

// Source is the text of one rule file.
type Source struct {
	File  string   `json:"file"`
	Lines []string `json:"lines"` // from the first one on, without their ends
}

// LeftOut is a line that did not load.
type LeftOut struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col"`
	Text string `json:"text"`
	Why  string `json:"why"`
}

// Control is a control line of a candidate and what became of it.
type Control struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Text     string `json:"text"`
	Measured string `json:"measured"` // what was sent instead, "" for nothing
	Note     string `json:"note,omitempty"`
}

// Scenario is a workload of this run.
type Scenario struct {
	Name     string `json:"name"`
	Imitates string `json:"imitates"` // one sentence: what it imitates
	Hurts    string `json:"hurts"`    // one sentence: why audit rules hurt there
	Op       string `json:"op"`       // what one operation is: "transaction", "connect", "exec"
	Session  string `json:"session"`  // "service" or "login"
	Ops      uint64 `json:"ops"`      // per slot, the same in every arm; 0 where the pilot never got that far
	// Definition is the SHA-256 of the file of a scenario that does not ship, in hex: two files may give one name.
	Definition string `json:"definition,omitempty"`
}

// Metric is one number with its unit and interval. Low and High bound it over the rounds.
type Metric struct {
	Unit  string  `json:"unit"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	N     int     `json:"n"` // slots behind it
}

// Names of the metrics. Times are nanoseconds, sizes bytes, per slot unless the name says otherwise.
const (
	Wall            = "wall"              // ns
	OpsPerSecond    = "ops_per_second"    // 1/s
	Slowdown        = "slowdown"          // ratio to the no-audit arm's wall time, paired by round
	CPUPerOp        = "cpu_per_op"        // ns, all processes together
	CPURatio        = "cpu_ratio"         // ratio of cpu_per_op to the no-audit arm's, paired by round
	FilterTaxPerOp  = "filter_tax"        // ns of CPU per operation: mute copy minus no audit; an upper bound
	RecordCostPerOp = "record_cost"       // ns of CPU per operation: the arm minus its mute copy
	LatencyP50      = "latency_p50"       // ns
	LatencyP90      = "latency_p90"       // ns
	LatencyP99      = "latency_p99"       // ns
	LatencyMax      = "latency_max"       // ns
	WorkloadCPU     = "workload_cpu"      // ns
	AuditdCPU       = "auditd_cpu"        // ns
	KauditdCPU      = "kauditd_cpu"       // ns
	ReadersCPU      = "readers_cpu"       // ns
	AuditdRSSPeak   = "auditd_rss_peak"   // bytes
	BacklogPeak     = "backlog_peak"      // records
	BacklogMean     = "backlog_mean"      // records
	Lost            = "lost"              // records, summed over the slots
	EventsMissing   = "events_missing"    // events: serials that never reached the log, summed over the slots
	PartialEvents   = "partial_events"    // events whose SYSCALL record or end is missing, summed over the slots
	BacklogWait     = "backlog_wait"      // ns that producers slept for room in the backlog
	LogBytes        = "log_bytes"         // bytes
	LogBytesPerOp   = "log_bytes_per_op"  // bytes
	Records         = "records"           // records
	RecordsPerOp    = "records_per_op"    // records
	Events          = "events"            // events
	EventsPerOp     = "events_per_op"     // events
	WriteCalls      = "write_calls"       // write system calls of auditd
	Drain           = "drain"             // ns from the end of the workload to its last record in the log
	AtLeastSlowdown = "at_least"          // ratio: lower bound where slots were ended early
	WorkCPUPerOp    = "work_per_op"       // ns of CPU per operation of the no-audit arm
	HarnessCPU      = "harness_cpu"       // ns that auditprof itself used during the slot
	UnitMetric      = "unit_metric"       // what --metric printed, in whatever unit that is
	UnitMetricRatio = "unit_metric_ratio" // to the baseline arm's, paired by round
	Stalls          = "stalls_10ms"       // operations that took longer than 10 ms
)

// Result is one arm on one scenario.
type Result struct {
	Scenario string            `json:"scenario"`
	Arm      string            `json:"arm"`
	Metrics  map[string]Metric `json:"metrics"`
	// Latency is that of all slots together, absent where operations are not timed and in runs of earlier versions.
	Latency *Latency `json:"latency,omitempty"`
	// Complete: nothing was lost, no serial is missing, no event is partial, auditd was the same process, in every slot.
	Complete bool `json:"complete"`
	// Findings say in one line each what broke completeness, or that the slots were ended early.
	Findings []string `json:"findings,omitempty"`
	Slots    int      `json:"slots"`   // timed slots that count
	Invalid  int      `json:"invalid"` // timed slots that do not
}

// TypeCount is the volume of one record type.
type TypeCount struct {
	Type    string  `json:"type"`
	Records uint64  `json:"records"`
	Bytes   uint64  `json:"bytes"`
	CPUNs   float64 `json:"cpu_ns"` // auditd and kauditd together
}

// RuleShare is what one rule recorded in the attribution slot, in bytes as the exact set would have written them.
type RuleShare struct {
	Rule    int         `json:"rule"` // index into Arm.Rules
	File    string      `json:"file"`
	Line    int         `json:"line"`
	Text    string      `json:"text"`
	Events  uint64      `json:"events"`
	Records uint64      `json:"records"`
	Bytes   uint64      `json:"bytes"`
	CPUNs   float64     `json:"cpu_ns"`
	ByType  []TypeCount `json:"by_type"`
}

// Row is one cell of rule × record type × exe × syscall. Events counts the events that have at least one such record.
type Row struct {
	Rule    int    `json:"rule"` // index into Arm.Rules, -1 for kernel-triggered events
	Type    string `json:"type"`
	Exe     string `json:"exe"`
	Syscall string `json:"syscall"`
	Events  uint64 `json:"events"`
	Records uint64 `json:"records"`
	Bytes   uint64 `json:"bytes"`
}

// Attribution is the volume of one candidate on one scenario, by rule and by record type.
// Rules and Types are sorted by bytes, the largest first.
type Attribution struct {
	Scenario    string      `json:"scenario"`
	Arm         string      `json:"arm"`
	Ops         uint64      `json:"ops"`
	Rules       []RuleShare `json:"rules"`
	Types       []TypeCount `json:"types"`
	Rows        []Row       `json:"rows"`
	EventsPerOp float64     `json:"events_per_op"`
	// EventsPerOpTimed is the same figure of the timed slots: the two must agree.
	EventsPerOpTimed float64 `json:"events_per_op_timed"`
	Repeats          int     `json:"repeats"` // how often the slot was repeated with half the work because records were lost
	// Agreement compares the matcher that analyze decides with, which computes the kernel's decision again, with the kernel's own word.
	Agreement Agreement `json:"agreement"`
}

// Agreement is how often the matcher says of an event of an attribution slot what the kernel said.
type Agreement struct {
	Agree         uint64         `json:"agree"`                  // events
	Disagree      uint64         `json:"disagree"`               // events
	Unknown       uint64         `json:"unknown"`                // events of which the matcher says that the log does not tell
	Disagreements []Disagreement `json:"disagreements"`          // up to three of them
	NotCompared   string         `json:"not_compared,omitempty"` // why there was no comparison
}

// Disagreement is one event of which the matcher says something else than the kernel.
type Disagreement struct {
	Event   string   `json:"event"`   // SECONDS.MILLISECONDS:SERIAL
	Kernel  int      `json:"kernel"`  // index into Arm.Rules, -1 for none
	Matcher int      `json:"matcher"` // the same, as the matcher has it
	Records []string `json:"records"` // as written, with the extra key
}

// Origin is a source of log bytes.
type Origin struct {
	Name    string `json:"name"` // "rules", "other processes", "harness", "auditd", "user messages", "kernel"
	Events  uint64 `json:"events"`
	Records uint64 `json:"records"`
	Bytes   uint64 `json:"bytes"`
}

// Books close when every byte of the attribution slot's log has an origin.
type Books struct {
	Scenario          string   `json:"scenario"`
	Arm               string   `json:"arm"`
	LogBytes          uint64   `json:"log_bytes"` // of the instrumented log, as written
	Origins           []Origin `json:"origins"`   // bytes as written
	UnexplainedBytes  uint64   `json:"unexplained_bytes"`
	UnexplainedEvents uint64   `json:"unexplained_events"`
	Unexplained       []string `json:"unexplained,omitempty"` // up to five of them, escaped
}

// Prices is the CPU of auditd and kauditd per record of each type, fitted over the slots.
type Prices struct {
	NsPerRecord map[string]float64 `json:"ns_per_record"`
	// Residual is |fitted - measured| / measured over all slots before scaling, 0..1.
	Residual float64 `json:"residual"`
	Slots    int     `json:"slots"`
}

// Warning is soft trouble: the run stands, a number needs care. Cure says what to do.
type Warning struct {
	Text string `json:"text"`
	Cure string `json:"cure"`
}

// Restored says how the machine was left.
type Restored struct {
	OK bool `json:"ok"`
	// Commands put back what could not be, one auditctl line each.
	Commands []string `json:"commands,omitempty"`
	// AbsentNs is how long the machine's own rules were not loaded.
	AbsentNs int64 `json:"absent_ns"`
	// Unknown is set in a report of slots alone, whose run did not live to say how it left the machine; bench never writes it.
	Unknown bool `json:"unknown,omitempty"`
}

// Trust is what the run says of itself.
type Trust struct {
	// AA is the paired ratio of CPU per operation of the A/A arm to that of the arm it repeats, one for each scenario: the noise floor.
	AA map[string]Metric `json:"aa"`
	// ContextProof: in the warm-up a marked system call was recorded in every arm with an audit context and in none without.
	ContextProof string `json:"context_proof"`
	// Rejected slots by arm; Planted controls; Drift of arms that did drift.
	Rejected []Rejected `json:"rejected,omitempty"`
	Planted  []Planted  `json:"planted,omitempty"`
	Drift    []Drift    `json:"drift,omitempty"`
}
