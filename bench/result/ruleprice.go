package result

// RulePrice is what one rule adds to every system call of one scenario on this host, whether it matches or not.
type RulePrice struct {
	Scenario string `json:"scenario"`
	Arm      string `json:"arm"`
	Rule     int    `json:"rule"` // index into Arm.Rules
	File     string `json:"file"`
	Line     int    `json:"line"`
	// Ns is nanoseconds per system call of the scenario: the calibrated costs times the steps that its calls make the kernel take.
	Ns float64 `json:"ns_per_syscall"`
	// MuteNs is the same in the mute copy, where no walk ends at an always rule that matches: it is more for rules behind one.
	MuteNs float64 `json:"mute_ns_per_syscall"`
	// Asked is how often per system call the fields of the rule are come to: 1 where its mask has all that the workload makes.
	Asked float64 `json:"asked_per_syscall"`
	// Measured is the same by leaving the rule out (bench --ablate), with its interval; nil where that was not done.
	Measured *Metric `json:"measured,omitempty"`
	// PairNs is what each pair of that showed, in nanoseconds per system call, in the order of measuring.
	PairNs []float64 `json:"pair_ns,omitempty"`
}

// PriceCheck holds the sum of the prices of a set against its measured filter tax.
type PriceCheck struct {
	Scenario      string  `json:"scenario"`
	Arm           string  `json:"arm"`
	SyscallsPerOp float64 `json:"syscalls_per_op"`
	// PredictedPerOp is what the mute copy adds to audit without rules, SharedPerOp that part of it which no single rule makes: the first
	// rule brings it, and names.
	PredictedPerOp float64 `json:"predicted_ns_per_op"`
	SharedPerOp    float64 `json:"shared_ns_per_op"`
	// MeasuredPerOp is the mute copy minus no rules in the rounds, with its interval; 0 where Rounds is 0.
	MeasuredPerOp float64 `json:"measured_ns_per_op"`
	MeasuredLow   float64 `json:"measured_low_ns_per_op"`
	MeasuredHigh  float64 `json:"measured_high_ns_per_op"`
	Rounds        int     `json:"rounds"`
	Error         float64 `json:"error"` // (predicted - measured) / measured; 0 where nothing was measured
	// Kendall is the rank agreement of foretold and measured prices of the rules left out one by one, -1..1; nil without --ablate.
	Kendall *float64 `json:"kendall,omitempty"`
	// KendallApart is the same over those couples of rules whose foretold or measured prices differ by more than Ablation's tolerance; nil where none does.
	KendallApart *float64 `json:"kendall_apart,omitempty"`
	ApartPairs   int      `json:"apart_pairs,omitempty"` // couples that KendallApart is over
	// KendallCeiling is what KendallApart would be if all foretold prices were right: the measured ones have noise, which turns ranks around. nil where KendallApart is, below three rules, and where no two measured prices are apart.
	KendallCeiling *float64 `json:"kendall_ceiling,omitempty"`
	LeftOut        int      `json:"left_out,omitempty"` // rules left out one by one
	Within         int      `json:"within,omitempty"`   // of those, with foretold and measured price no further apart than Ablation's tolerance
	Control        *Metric  `json:"control,omitempty"`  // what leaving out nothing showed, per system call: 0 but for noise and drift
}

// Ablation is how rules were left out one by one (bench --ablate), decided before the first.
type Ablation struct {
	Pairs        int `json:"pairs"`         // planned of each rule: timed with it and at once without it
	Done         int `json:"pairs_done"`    // of those
	Wanted       int `json:"wanted"`        // pairs that would be needed for an interval of ToleranceNs to each side; more than Pairs where the budget is too small
	ControlPairs int `json:"control_pairs"` // of each set with nothing left out, which told the noise
	// NoiseNs is the standard deviation of a control pair by scenario, in nanoseconds per system call. A workload that keeps a pace of its own has none: no rule was left out there.
	NoiseNs  map[string]float64 `json:"noise_ns"`
	BudgetNs int64              `json:"budget_ns"` // time for all pairs
	// ToleranceNs and ToleranceShare (0..1): two prices within the larger of both are the same.
	ToleranceNs    float64 `json:"tolerance_ns"`
	ToleranceShare float64 `json:"tolerance_share"`
}

// Calibration is what the kernel's steps cost on this host, in nanoseconds.
type Calibration struct {
	// Steps by name: what a step is stands in docs/method.md.
	StepNs map[string]float64 `json:"step_ns"`
	// Residual is the part of the calibration's own measurements that the steps leave unexplained, 0..1.
	Residual float64 `json:"residual"`
	// Settings are the sets that were timed, the smallest first.
	Settings []Setting `json:"settings,omitempty"`
}

// Setting is one set of the calibration: rules that record nothing, and one system call again and again under them.
type Setting struct {
	Name     string  `json:"name"`
	Loop     string  `json:"loop"`
	Rules    int     `json:"rules"`
	Ns       float64 `json:"ns"`        // of one call: the median over some loads of the fastest batch under each
	FittedNs float64 `json:"fitted_ns"` // what the steps make of it; 0 for a set under test passed by, which tells what coming to one of its rules costs
}
