package result

import "time"

// Kinds of slot.
const (
	SlotPilot       = "pilot"
	SlotWarmup      = "warmup"
	SlotTimed       = "timed"
	SlotMute        = "mute"        // timed, with the mute copy of the arm's rules
	SlotAttribution = "attribution" // unique keys, marked workload, never timed
	SlotPrice       = "price"       // attribution slot with one record type excluded
	SlotSweep       = "sweep"       // open loop at one rate, in the search for the rate that an arm holds
	SlotCensus      = "census"      // every system call of the marked workload recorded, never timed
	SlotAblation    = "ablation"    // mute copy without one rule, in runs of earlier versions
)

// Slot is one arm on one scenario in one round: a line of slots.jsonl.
type Slot struct {
	Kind     string `json:"kind"`
	Round    int    `json:"round"`
	Place    int    `json:"place"` // of the arm in the round's order
	Scenario string `json:"scenario"`
	Arm      string `json:"arm"`
	Excluded string `json:"excluded,omitempty"` // record type left out in a price slot
	// Without is the index of the rule left out in an ablation slot, -1 where the mute copy is whole.
	Without *int      `json:"without,omitempty"`
	Started time.Time `json:"started"`

	// Valid slots count. Why says what is wrong with one that does not.
	Valid bool   `json:"valid"`
	Why   string `json:"why,omitempty"`
	// Ended: the workload was stopped after the limit; OpsDone operations were done by then.
	Ended bool `json:"ended,omitempty"`

	// Rate is the arrival rate that the slot was run at, in operations per second; 0 for the scenario's own pace.
	Rate    float64 `json:"rate,omitempty"`
	Ops     uint64  `json:"ops"`
	OpsDone uint64  `json:"ops_done"`
	WallNs  int64   `json:"wall_ns"`
	// Latency of single operations in ns; all zero where the scenario does not time them.
	LatencyP50Ns int64 `json:"latency_p50_ns"`
	LatencyP90Ns int64 `json:"latency_p90_ns"`
	LatencyP99Ns int64 `json:"latency_p99_ns"`
	LatencyMaxNs int64 `json:"latency_max_ns"`
	LatencyCount int64 `json:"latency_count"`
	Stalls10ms   int64 `json:"stalls_10ms"`
	// Latency is the HdrHistogram of the operations, V2 compressed and base64 as the library writes it; "" where there is none.
	Latency string `json:"latency,omitempty"`

	// UnitMetric is what the command of --metric printed; absent without it.
	UnitMetric *float64 `json:"unit_metric,omitempty"`

	WorkloadCPUNs int64 `json:"workload_cpu_ns"`
	AuditdCPUNs   int64 `json:"auditd_cpu_ns"`
	KauditdCPUNs  int64 `json:"kauditd_cpu_ns"`
	ReadersCPUNs  int64 `json:"readers_cpu_ns"`
	HarnessCPUNs  int64 `json:"harness_cpu_ns"`

	AuditdRSSPeakBytes int64   `json:"auditd_rss_peak_bytes"`
	WriteCalls         int64   `json:"write_calls"`
	BacklogPeak        int64   `json:"backlog_peak"`
	BacklogMean        float64 `json:"backlog_mean"`
	BacklogSamples     int     `json:"backlog_samples"`
	// BacklogSeries is the backlog over the slot, in records: the largest sample of each step.
	BacklogSeries *Series `json:"backlog_series,omitempty"`
	// AuditdCPUNsSeries is the CPU that auditd used in each step, in ns; their sum is that of the slot, but for its edges. Absent in runs of earlier versions.
	AuditdCPUNsSeries *Series `json:"auditd_cpu_ns_series,omitempty"`
	// AuditdRSSBytesSeries is auditd's resident memory over the slot, in bytes: the largest sample of each step. Absent in runs of earlier versions.
	AuditdRSSBytesSeries *Series `json:"auditd_rss_bytes_series,omitempty"`
	Lost                 int64   `json:"lost"`
	BacklogWaitNs        int64   `json:"backlog_wait_ns"`

	LogBytes    int64 `json:"log_bytes"`
	Records     int64 `json:"records"`
	Events      int64 `json:"events"`
	OtherBytes  int64 `json:"other_bytes"`  // of LogBytes, not made by the workload
	OtherEvents int64 `json:"other_events"` // of Events, not made by the workload
	// OtherRecords is how many of Records the workload did not make. Absent in runs of earlier versions, which have no records per operation either.
	OtherRecords int64 `json:"other_records,omitempty"`
	// OwnMessages is how many of Events are user messages of the workload itself: no rule of the exit list makes them.
	OwnMessages   int64                `json:"own_messages,omitempty"`
	EventsMissing int64                `json:"events_missing"`
	PartialEvents int64                `json:"partial_events"`
	ByType        map[string]TypeTally `json:"by_type,omitempty"`
	// DrainNs is the time from the workload's end to its last record in the log.
	DrainNs int64 `json:"drain_ns"`
	// EndedBy says what told the harness that the log is whole: "nonce" or "quiet".
	EndedBy string `json:"ended_by"`

	StealShare  float64 `json:"steal_share"`
	PressureCPU float64 `json:"pressure_cpu"`
	// StalledShare is the part of the slot's time during which some process waited for a CPU, 0..1 (PSI).
	StalledShare float64 `json:"stalled_share,omitempty"`
	// CalibrationNs is what a fixed loop took just before the slot; 0 in runs of earlier versions.
	CalibrationNs int64 `json:"calibration_ns,omitempty"`
	// Rejected is the rule, laid down before the run, that turned the slot away: "steal", "calibration" or "pressure". It was then run again, and is
	// not Valid; where it is, it was run often enough and counts as it is.
	Rejected string `json:"rejected,omitempty"`
}

// TypeTally counts the records of one type.
type TypeTally struct {
	Records int64 `json:"records"`
	Bytes   int64 `json:"bytes"`
}

// Complete tells whether nothing the kernel recorded is missing from the log.
func (s Slot) Complete() bool {
	return s.Lost == 0 && s.EventsMissing == 0 && s.PartialEvents == 0
}

// TotalCPUNs is the CPU of all processes that the slot pays for: workload, auditd, kauditd, other readers.
func (s Slot) TotalCPUNs() int64 {
	return s.WorkloadCPUNs + s.AuditdCPUNs + s.KauditdCPUNs + s.ReadersCPUNs
}
