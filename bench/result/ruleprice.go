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
	// Measured is the same by leaving the rule out (bench --ablate), with its interval; nil where that was not done.
	Measured *Metric `json:"measured,omitempty"`
}

// PriceCheck holds the sum of the prices of a set against its measured filter tax.
type PriceCheck struct {
	Scenario       string  `json:"scenario"`
	Arm            string  `json:"arm"`
	SyscallsPerOp  float64 `json:"syscalls_per_op"`
	PredictedPerOp float64 `json:"predicted_ns_per_op"`
	MeasuredPerOp  float64 `json:"measured_ns_per_op"`
	Error          float64 `json:"error"` // (predicted - measured) / measured
	// Kendall is the rank agreement of foretold and measured prices of the rules left out one by one, -1..1; nil without --ablate.
	Kendall *float64 `json:"kendall,omitempty"`
}

// Calibration is what the kernel's steps cost on this host, in nanoseconds.
type Calibration struct {
	// Steps by name: what a step is stands in docs/method.md.
	StepNs map[string]float64 `json:"step_ns"`
	// Residual is the part of the calibration's own measurements that the steps leave unexplained, 0..1.
	Residual float64 `json:"residual"`
}
