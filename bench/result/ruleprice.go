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
