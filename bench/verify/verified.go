package verify

import "github.com/auditprof/auditprof/bench/result"

// MaxApart is how many percentage points predicted and measured saving may differ.
const MaxApart = 2.0

// Verified is what was measured.
type Verified struct {
	Dir       string     `json:"dir"` // of the run, "" where it was not kept
	Rounds    int        `json:"rounds"`
	Quick     bool       `json:"quick"`
	Workloads []Workload `json:"workloads"`
	Canaries  Canaries   `json:"canaries"`
	Proposals []Proposal `json:"proposals"`
	// Failures are why the change must not be believed, one line each; none: it holds.
	Failures []string `json:"failures"`
	Remarks  []string `json:"remarks"`
}

// Workload is one workload under the old and the new set.
type Workload struct {
	Scenario string `json:"scenario"`
	Op       string `json:"op"`
	Old      Arm    `json:"old"`
	New      Arm    `json:"new"`
	// WorkNsPerOp is the CPU of the workload without audit.
	WorkNsPerOp float64 `json:"work_ns_per_op"`
	// CPURatio is the CPU of all processes per operation, filter tax included, under the new set over that under the old one, round by round.
	CPURatio result.Metric `json:"cpu_ratio"`
	// AARatio is the same of the old set against itself: differences as small as that mean nothing.
	AARatio result.Metric `json:"aa_ratio"`
	// Ended: slots were ended at the limit, so there is no figure per operation, and nothing is said of the saving.
	Ended bool `json:"ended"`
	// Savings are shares of the workload's own bytes, 0..1. Unknown is the share of which the log does not say whether the new set takes it.
	Predicted float64 `json:"predicted_saving"`
	Unknown   float64 `json:"unknown_share"`
	Measured  float64 `json:"measured_saving"`
	// Apart is how far measured and predicted saving are from each other, in percentage points; from the nearest that Unknown allows.
	Apart float64 `json:"apart_points"`
}

// Arm is one workload under one set: medians over the rounds, per operation.
type Arm struct {
	Bytes     float64 `json:"bytes_per_op"`
	Events    float64 `json:"events_per_op"`
	DaemonNs  float64 `json:"auditd_kauditd_ns_per_op"` // CPU of auditd and kauditd
	TaxNs     float64 `json:"filter_tax_ns_per_op"`     // an upper bound
	TotalNs   float64 `json:"total_ns_per_op"`          // CPU of all processes
	LostCount float64 `json:"lost_records"`             // in all rounds
}

// Canaries are harmless acts that each must leave an event where the set records its kind.
type Canaries struct {
	Done   int             `json:"done"`   // that this machine allows
	Before int             `json:"before"` // of them, seen under the old set
	After  int             `json:"after"`  // seen under the new set
	Lost   []result.Canary `json:"lost"`   // seen under the old set and not under the new one
}

// Proposal is what a change cost and saved by itself: the new set against the new set without it.
type Proposal struct {
	ID string `json:"id"`
	// Exercised: one of the workloads makes events that it takes. Without such nothing can be said of it.
	Exercised bool          `json:"exercised"`
	Scenario  string        `json:"scenario"` // that CPURatio is of
	CPURatio  result.Metric `json:"cpu_ratio"`
	Dropped   bool          `json:"dropped"` // it costs more than it saves
	Why       string        `json:"why"`
}

// Dropped are the proposals that cost more than they save.
func (v *Verified) Dropped() (ids []string) {
	for _, p := range v.Proposals {
		if p.Dropped {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// OK tells whether the change did what it says and hides no canary.
func (v *Verified) OK() bool { return len(v.Failures) == 0 }
