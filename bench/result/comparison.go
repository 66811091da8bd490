package result

// Verdicts of a comparison. VerdictCannotTell is no pass: the difference may be none, or too small for so few rounds.
const (
	VerdictSlower     = "slower"
	VerdictFaster     = "faster"
	VerdictCannotTell = "cannot tell"
	// VerdictNoFigure: one of the two lost records or had slots ended early. A set that drops what it should record is fast for the wrong reason.
	VerdictNoFigure = "no figure"
	// VerdictNotTested: shown beside the others and not among the tests of the run, which each cost the others power.
	VerdictNotTested = "not tested"
)

// Comparison is what the rounds say of one arm beside another on one scenario: the paired ratio, and whether it differs from 1.
type Comparison struct {
	Scenario string `json:"scenario"`
	Arm      string `json:"arm"`
	Against  string `json:"against"` // the arm that it is divided by
	Metric   string `json:"metric"`  // Slowdown (wall time) or CPURatio
	// Ratio is the Hodges-Lehmann estimate of the ratio, Low and High its interval at 95 %. All three are 0 with VerdictNoFigure.
	Ratio float64 `json:"ratio"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	// P is the exact p-value of Wilcoxon's signed ranks, of this test alone; PAll is that after Holm, which holds for all tests of the run together.
	// PAll is 1 with VerdictNotTested.
	P    float64 `json:"p"`
	PAll float64 `json:"p_all"`
	// Noise is the robust standard deviation of the logarithm of a round's ratio: 0.02 is rounds that differ by 2 %.
	Noise   float64 `json:"noise"`
	N       int     `json:"n"` // rounds
	Verdict string  `json:"verdict"`
	// Floor is the largest ratio (1 or more) that A/A showed on this scenario by this metric: nothing nearer to 1 gets a verdict.
	Floor float64 `json:"floor"`
	// Detectable is the smallest ratio (above 1) that so many rounds find in 4 of 5 runs under this noise; 0 where none.
	Detectable float64 `json:"detectable"`
	// RoundsNeeded tell a difference as large as the one seen in 4 of 5 runs; 0 where the verdict is told, or where RoundsLimit would not do.
	RoundsNeeded int    `json:"rounds_needed,omitempty"`
	Why          string `json:"why,omitempty"` // of VerdictNoFigure, in one line; also of VerdictCannotTell where the rounds were not all run, or A/A has no figure
}

// RoundsLimit is the largest number of rounds that a report asks for.
const RoundsLimit = 200
