package result

// Protocol is what was laid down before the first slot.
type Protocol struct {
	// Tests is the number of comparisons that get a verdict, over which Holm's method holds Alpha.
	Tests int     `json:"tests"`
	Alpha float64 `json:"alpha"`
	// WarmupRounds are run first and thrown away. JitterShare bounds what the operations of a round differ from Scenario.Ops, the same in all arms.
	WarmupRounds int     `json:"warmup_rounds"`
	JitterShare  float64 `json:"jitter_share"`
	ExpectedNs   int64   `json:"expected_ns"` // of all rounds
	Noise        Noise   `json:"noise"`
	// Detectable is the smallest ratio (above 1) that the planned rounds find in 4 of 5 runs under the noise of the probe; 0 where none.
	Detectable float64 `json:"detectable"`
	// Rules of rejection, in words, as they were before the first slot; Retries is how often a rejected slot is run again.
	Rules   []string `json:"rejection_rules"`
	Retries int      `json:"retries"`
}

// Noise is how quiet the machine was before the run: a fixed loop, again and again.
type Noise struct {
	LoopNs    float64 `json:"loop_ns"`   // median of the loop
	Variation float64 `json:"variation"` // robust standard deviation over the median, 0..
	Steal     float64 `json:"steal"`     // share of CPU time, 0..1
	Pressure  float64 `json:"pressure"`  // PSI cpu "some" avg10, percent
}

// Rejected counts the slots of an arm that a rule laid down before the run turned away.
type Rejected struct {
	Arm      string         `json:"arm"`
	Slots    int            `json:"slots"`    // that were run, retries among them
	Rejected int            `json:"rejected"` // of them
	ByRule   map[string]int `json:"by_rule"`
}

// Planted is a control: an arm made slower by a known amount, which the run must find.
type Planted struct {
	Scenario string  `json:"scenario"`
	Arm      string  `json:"arm"`
	Metric   string  `json:"metric"` // CPURatio or Slowdown
	Share    float64 `json:"share"`  // that was planted: 0.02 is 2 %
	Found    bool    `json:"found"`
}

// Drift says of an arm whether its slots became slower or faster as the rounds went.
type Drift struct {
	Scenario    string  `json:"scenario"`
	Arm         string  `json:"arm"`
	Correlation float64 `json:"correlation"` // Spearman, with the round, -1..1
	P           float64 `json:"p"`
	PAll        float64 `json:"p_all"` // after Holm, over all arms and scenarios
}
