package compare

// Side is a run or a profile as far as it can be compared.
type Side struct {
	Name string `json:"name"` // as the user named it
	Kind string `json:"kind"` // KindRun or KindProfile
	// Of a run, "" otherwise.
	Host   string `json:"host,omitempty"`
	Kernel string `json:"kernel,omitempty"`
	// Facts of the machine that costs hang on, by name: "cpus", "cpu model", "log format", ….
	Facts map[string]string `json:"facts,omitempty"`
	Sets  []Set             `json:"-"`
	// Identity is the same for two sides of one run: their rounds are pairs.
	Identity string `json:"-"`
	// Doubts are why the side itself is not to be relied on.
	Doubts []string `json:"doubts,omitempty"`
}

// Kinds of side.
const (
	KindRun     = "run"
	KindProfile = "profile"
)

// Set is one rule set of a side, with what it made.
type Set struct {
	Name      string
	Loaded    bool // found in the kernel, not named by the user
	Rules     []Rule
	Workloads []Workload
}

// Rule is one rule and where it stands.
type Rule struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Workload is what a set made under one workload, or in one log, whose name is "".
type Workload struct {
	Name string
	// Definition tells workloads of one name apart that users defined; "" for those that ship.
	Definition string
	// Units are what volumes are divided by: operations, or days of all hosts together; UnitName names one: "connect", "host and day". A log too
	// short for days has Units 1 and the name "log".
	Units    float64
	UnitName string
	Total    Volume
	ByRule   []Volume // by index of Set.Rules
	ByType   map[string]Volume
	Costs    []Cost
	// NoFigure says why there is no cost to compare: records were lost, slots were ended. "" where there is.
	NoFigure string
}

// Volume is what was recorded. CPUNs is nanoseconds of auditd and kauditd, 0 where nobody measured.
type Volume struct {
	Events  uint64  `json:"events"`
	Records uint64  `json:"records"`
	Bytes   uint64  `json:"bytes"`
	CPUNs   float64 `json:"cpu_ns,omitempty"`
}

// Cost is one ratio to the machine without audit, measured again and again.
type Cost struct {
	Name    string          // result.CPURatio, result.Slowdown
	ByRound map[int]float64 // ratio
	// Floor is the largest ratio (1 or more) that the same set measured twice in the run has shown.
	Floor float64
}
