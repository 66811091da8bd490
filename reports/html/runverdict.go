package html

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
)

// shownFindings is how many scenarios of an arm the page begins with; the tables have all.
const shownFindings = 2

// headline is the run in one sentence.
func (v *runView) headline() string {
	if text := v.held(); text != "" {
		return text
	}
	if len(v.run.Results) == 0 {
		return "Nothing was measured."
	}
	for _, r := range v.run.Results {
		if what := loss(r); what != "" && v.arm(r.Arm).TwinOf == "" {
			return fmt.Sprintf("%s loses part of the log on %s: %s.", r.Arm, r.Scenario, what)
		}
	}
	worst, ok := v.worst()
	switch {
	case !ok:
		return "No set of rules has a figure to compare."
	case v.told(worst):
		return fmt.Sprintf("%s costs most on %s: %s.", worst.Arm, worst.Scenario, v.dearness(worst))
	case !v.firm(v.run.RoundsDone):
		return fmt.Sprintf("Too few rounds for a verdict; %s seems dearest on %s: %s.", worst.Arm, worst.Scenario, v.dearness(worst))
	}
	return "No difference stands out from the noise of these rounds."
}

// onlySwept tells whether the run looked for rates in place of rounds.
func (v *runView) onlySwept() bool { return len(v.run.Sweeps) > 0 && v.run.RoundsDone == 0 }

// held is a run that looked for rates, in one sentence: the arm that holds least beside what it holds without audit.
func (v *runView) held() string {
	if !v.onlySwept() {
		return ""
	}
	var least result.Sweep
	for _, s := range v.run.Sweeps {
		if a := v.arm(s.Arm); a.TwinOf == "" && s.Arm != v.noAudit && s.Broke > 0 && (least.Broke == 0 || s.OpsPerSecond < least.OpsPerSecond) {
			least = s
		}
	}
	switch {
	case least.Broke == 0:
		return "Every set held the highest rate that was tried."
	case least.OpsPerSecond == 0 && least.OutOfSteps:
		return fmt.Sprintf("%s on %s: the search ran out of steps, so the rate that it holds is not known.", least.Arm, least.Scenario)
	case least.OpsPerSecond == 0:
		return fmt.Sprintf("%s held no rate that was tried on %s: %s.", least.Arm, least.Scenario, cmp.Or(least.Why, "none without a loss or a wait"))
	}
	return fmt.Sprintf("%s holds %s operations a second on %s; at %s it breaks: %s.", least.Arm, digitsOf(least.OpsPerSecond), least.Scenario,
		digitsOf(least.Broke), cmp.Or(least.Why, "records lost, or a wait for room in the backlog"))
}

// dearness is what the arm costs beside no audit.
func (v *runView) dearness(r result.Result) string {
	if m, ok := metric(r, result.AtLeastSlowdown); ok {
		return "at least " + ratioOf(m.Value) + " times as long"
	}
	var cpu, wall string
	if m, ok := metric(r, result.CPURatio); ok {
		cpu = ratioOf(m.Value) + " times the CPU"
	}
	if m, ok := metric(r, result.Slowdown); ok {
		wall = ratioOf(m.Value) + " times the time"
	}
	return sentence(" and ", cpu, wall) + " per " + v.op(r.Scenario)
}

// worst is the result of a judged arm that is slowed down most.
func (v *runView) worst() (worst result.Result, ok bool) {
	for _, a := range v.judged() {
		if list := v.hurt(a.Name); len(list) > 0 && (!ok || v.dearer(list[0], worst)) {
			worst, ok = list[0], true
		}
	}
	return worst, ok
}

// told tells whether the result is known to be slower: by a verdict, or because it was stopped at the limit.
func (v *runView) told(r result.Result) bool {
	_, stopped := metric(r, result.AtLeastSlowdown)
	return stopped || v.word(r, result.CPURatio) == wordSlower || v.word(r, result.Slowdown) == wordSlower
}

func (v *runView) dearer(a, b result.Result) bool {
	if told := v.told(a); told != v.told(b) {
		return told
	}
	return slowness(a) > slowness(b)
}

// hurt is the arm's results with nothing lost, the most slowed down first: those that are told before those that are not, and of each those
// that wrote no log after the others, because a pure system call loop is always the slowest and no one's workload.
func (v *runView) hurt(arm string) []result.Result {
	var list []result.Result
	for _, s := range v.run.Scenarios {
		if r, ok := v.result(s.Name, arm); ok && loss(r) == "" && slowness(r) > 0 {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b result.Result) int {
		if told := v.told(a); told != v.told(b) {
			return map[bool]int{true: -1, false: 1}[told]
		}
		if silent := cmp.Compare(min(value(b, result.LogBytesPerOp), 1), min(value(a, result.LogBytesPerOp), 1)); silent != 0 {
			return silent
		}
		return cmp.Compare(slowness(b), slowness(a))
	})
	return list
}

func slowness(r result.Result) float64 {
	return max(value(r, result.CPURatio), value(r, result.Slowdown), value(r, result.AtLeastSlowdown))
}

// Words of a comparison with no audit.
const (
	wordSlower = "slower"
	wordFaster = "faster"
	wordNoise  = "cannot tell"
	wordRange  = "range only"
	wordLost   = "lost"
)

// word judges one ratio: as the run itself did, else its interval must clear both 1 and the noise floor, the interval of A/A.
func (v *runView) word(r result.Result, name string) string {
	m, ok := metric(r, name)
	switch {
	case loss(r) != "":
		return wordLost
	case !ok:
		return ""
	}
	if !v.firm(m.N) {
		return wordRange
	}
	if c, ok := v.comparisons[[3]string{r.Scenario, r.Arm, name}]; ok && c.Verdict != "" && c.Verdict != result.VerdictNotTested {
		return c.Verdict
	}
	low, high := 1.0, 1.0
	if aa, ok := v.run.Trust.AA[r.Scenario]; ok {
		low, high = min(low, aa.Low), max(high, aa.High)
	}
	switch {
	case m.Low > high:
		return wordSlower
	case m.High < low:
		return wordFaster
	}
	return wordNoise
}

// toneOf colours a word that is said already.
func toneOf(word string) string {
	switch word {
	case wordSlower, wordLost, result.VerdictNoFigure:
		return "bad"
	case wordFaster:
		return "good"
	case wordNoise, wordRange:
		return "unsure"
	}
	return ""
}

// findings are the losses, then for each judged arm the scenarios it hurts most, each with its cause.
func (v *runView) findings() []finding {
	var list []finding
	for _, r := range v.run.Results {
		if what := loss(r); what != "" && v.arm(r.Arm).TwinOf == "" && len(list) < 8 {
			list = append(list, finding{"lost", "bad", fmt.Sprintf("%s on %s: %s. Counts are lower bounds, and no speed is given: a run that drops records is faster.", r.Arm, r.Scenario, what), v.cause(r)})
		}
	}
	for _, a := range v.judged() {
		hurt, _ := first(v.hurt(a.Name), shownFindings)
		for _, r := range hurt {
			list = append(list, v.finding(r))
		}
	}
	return list
}

func (v *runView) finding(r result.Result) finding {
	cpu, wall := v.word(r, result.CPURatio), v.word(r, result.Slowdown)
	if _, stopped := metric(r, result.AtLeastSlowdown); stopped && wall == "" {
		wall = wordSlower // it was stopped for that, and has no pairs that a test could be of
	}
	word := cmp.Or(cpu, wall)
	if wall == wordSlower {
		word = wall
	}
	shown := word
	if word == wordSlower && wall != wordSlower {
		shown = "dearer"
	}
	return finding{shown, toneOf(word), fmt.Sprintf("%s on %s: %s of %s", r.Arm, r.Scenario, v.spans(r), cmp.Or(v.noAudit, "no audit")), v.cause(r)}
}

// spans is the ratios of a result with their intervals.
func (v *runView) spans(r result.Result) string {
	if m, ok := metric(r, result.AtLeastSlowdown); ok {
		return "stopped at the limit, at least " + ratioOf(m.Value) + " times the time"
	}
	var cpu, wall string
	if m, ok := metric(r, result.CPURatio); ok {
		cpu = fmt.Sprintf("%s %s times the CPU per %s", ratioOf(m.Value), between(m.Low, m.High), v.op(r.Scenario))
	}
	if m, ok := metric(r, result.Slowdown); ok {
		wall = fmt.Sprintf("%s %s times the time", ratioOf(m.Value), between(m.Low, m.High))
	}
	return sentence(", ", cpu, wall)
}

// cause names the noisiest rule, or the filter tax where the walk over the rules costs more than the records.
func (v *runView) cause(r result.Result) string {
	tax, record := value(r, result.FilterTaxPerOp), value(r, result.RecordCostPerOp)
	if loss(r) == "" && tax > record {
		return fmt.Sprintf("Filter tax, up to %s of CPU per %s against %s for records: every system call walks the %s, matched or not.",
			timeOf(tax), v.op(r.Scenario), timeOf(max(record, 0)), plural(len(v.arm(r.Arm).Rules), "rule"))
	}
	if top, share, a, ok := v.noisiest(r.Scenario, r.Arm); ok {
		return fmt.Sprintf("%s wrote %s of the bytes, %s events per %s.", place(v.file(top.File), top.Line), percentOf(share),
			digitsOf(float64(top.Events)/float64(max(a.Ops, 1))), v.op(r.Scenario))
	}
	return ""
}

// alarms are what must be known before any figure is read.
func (v *runView) alarms() []finding {
	var list []finding
	alarm := func(word, text string, args ...any) {
		list = append(list, finding{Word: word, Tone: "bad", Text: fmt.Sprintf(text, args...)})
	}
	if !v.run.Restored.OK {
		alarm("not restored", "The machine is not as it was found.")
	}
	if v.run.Ended != complete {
		alarm("ended early", "%s; %d of %s done, the figures are of those.", v.run.Ended, v.run.RoundsDone, plural(v.run.Rounds, "round"))
	}
	for _, b := range v.run.Books {
		if b.UnexplainedBytes > 0 || b.UnexplainedEvents > 0 {
			alarm("invalid", "%s on %s: %s bytes and %s events of the log have no origin, so shares of rules cannot be trusted.", b.Arm, b.Scenario, countOf(b.UnexplainedBytes), countOf(b.UnexplainedEvents))
		}
	}
	for _, s := range v.differing() {
		alarm("noisy", "The same set measured twice differs on %s: the machine drifted, smaller differences there mean nothing.", s)
	}
	for _, a := range v.run.Arms {
		if n := len(a.LeftOut); n > 0 && a.TwinOf == "" {
			alarm("left out", "%s of %s did not load: they cost nothing here and record nothing.", plural(n, "line"), a.Name)
		}
	}
	for _, r := range v.options.Remarks {
		alarm("partial", "%s", r)
	}
	return list
}

// differing are the scenarios on which the A/A arm differs from the one it repeats.
func (v *runView) differing() []string {
	if len(v.run.AA()) > 0 {
		return slices.Compact(v.run.AADiffers())
	}
	var list []string // a run of an earlier version has intervals alone
	for _, s := range v.run.Scenarios {
		if m, ok := v.run.Trust.AA[s.Name]; ok && v.firm(m.N) && (m.Low > 1 || m.High < 1) {
			list = append(list, s.Name)
		}
	}
	return list
}
