package result

// Sweep is the search for the rate that an arm holds on a scenario without a loss or a wait for room in the backlog.
type Sweep struct {
	Scenario string `json:"scenario"`
	Arm      string `json:"arm"`
	// OpsPerSecond and EventsPerSecond are the highest rate that was held in all its slots; 0 where none was.
	OpsPerSecond    float64 `json:"ops_per_second"`
	EventsPerSecond float64 `json:"events_per_second"`
	// Broke is the lowest rate that was not held, 0 where all were; Why says what broke first there.
	Broke float64 `json:"broke_ops_per_second"`
	Why   string  `json:"why,omitempty"`
	// OutOfSteps: the search ended by the number of its steps, so OpsPerSecond 0 does not say that nothing is held.
	OutOfSteps bool `json:"out_of_steps,omitempty"`
	// HeldOnce is the highest rate that held when the steps ran out, and was not repeated often enough; 0 where none held.
	HeldOnce float64     `json:"held_once_ops_per_second,omitempty"`
	Steps    []SweepStep `json:"steps"` // in the order in which they were run
}

// SweepStep is one slot at one rate.
type SweepStep struct {
	OpsPerSecond float64 `json:"ops_per_second"` // asked for
	DonePerSec   float64 `json:"done_per_second"`
	EventsPerSec float64 `json:"events_per_second"`
	Lost         int64   `json:"lost"`
	WaitNs       int64   `json:"backlog_wait_ns"`
	LatencyP99Ns int64   `json:"latency_p99_ns"`
	Held         bool    `json:"held"`
}
