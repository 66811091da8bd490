package bench

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
	"github.com/auditprof/auditprof/scenarios"
)

// summary is the run as far as it was measured. It is pure: the same slots give the same run.
func (r *Runner) summary() *result.Run {
	run := r.Base
	run.Schema, run.Seed, run.Rounds, run.RoundsDone, run.Quick = result.Schema, r.Plan.Seed, r.Plan.Rounds, r.round, r.Plan.Quick
	run.Ended = "running"
	run.Arms = nil
	for _, a := range r.Plan.Arms {
		info := a.Info
		_, info.NotMuted = Mute(a.Rules)
		run.Arms = append(run.Arms, info)
	}
	run.Scenarios = r.scenarioInfos()
	run.Trust = result.Trust{AA: map[string]result.Metric{}, ContextProof: r.proof}
	run.Results = nil
	for _, sc := range r.Plan.Scenarios {
		for _, a := range run.Arms {
			run.Results = append(run.Results, r.result(sc, a))
		}
	}
	run.Comparisons = r.comparisons()
	run.Trust.Planted = r.planted(run.Comparisons)
	run.Protocol, run.Trust.Rejected, run.Trust.Drift = r.planned, r.rejections(), r.drifts()
	for _, c := range run.AA() {
		if c.Metric == result.CPURatio && c.N > 0 {
			run.Trust.AA[c.Scenario] = result.Metric{Unit: "ratio", Value: c.Ratio, Low: c.Low, High: c.High, N: c.N}
		}
	}
	run.Sweeps = r.swept
	run.Prices = fitPrices(r.slots)
	run.Attribution = nil
	for _, at := range r.attr {
		run.Attribution = append(run.Attribution, r.priced(at, run.Prices))
	}
	run.Books, run.Logs, run.Canaries = r.books, r.kept, r.birds
	r.intoPrices(&run)
	run.Explained = r.explained.all
	run.Warnings = append(append([]result.Warning(nil), r.Base.Warnings...), r.warn...)
	run.Warnings = append(run.Warnings, unequal(run.Trust.Rejected)...)
	run.Warnings = append(run.Warnings, driftWarnings(run.Trust.Drift)...)
	run.Environment.StealShare, run.Environment.PressureCPU = r.disturbance()
	return &run
}

func (r *Runner) scenarioInfos() []result.Scenario {
	var out []result.Scenario
	for j, sc := range r.Plan.Scenarios {
		s := result.Scenario{Name: sc.Name, Imitates: sc.Imitates, Hurts: sc.Hurts, Op: sc.Op, Session: sc.Session, Definition: sc.Digest()}
		if j < len(r.ops) {
			s.Ops = r.ops[j]
		}
		out = append(out, s)
	}
	return out
}

// byRound is the slots of one kind, arm and scenario that count, by round.
func (r *Runner) byRound(kind, scenario, arm string) map[int]result.Slot {
	m := map[int]result.Slot{}
	for _, s := range r.slots {
		if s.Kind == kind && s.Scenario == scenario && s.Arm == arm && s.Valid {
			m[s.Round] = s
		}
	}
	return m
}

// figure is a metric of a single slot. ok is false where the slot has none.
type figure struct {
	name, unit string
	of         func(result.Slot) (float64, bool)
}

func always(f func(result.Slot) float64) func(result.Slot) (float64, bool) {
	return func(s result.Slot) (float64, bool) { return f(s), true }
}

func finished(f func(result.Slot) float64) func(result.Slot) (float64, bool) {
	return func(s result.Slot) (float64, bool) { return f(s), !s.Ended && s.Ops > 0 }
}

func timed(f func(result.Slot) int64) func(result.Slot) (float64, bool) {
	return func(s result.Slot) (float64, bool) { return float64(f(s)), !s.Ended && s.LatencyCount > 0 }
}

// slotFigures are the metrics that each slot has by itself.
var slotFigures = []figure{
	{result.Wall, "ns", finished(func(s result.Slot) float64 { return float64(s.WallNs) })},
	{result.OpsPerSecond, "1/s", finished(func(s result.Slot) float64 { return float64(s.Ops) / (float64(s.WallNs) / 1e9) })},
	{result.CPUPerOp, "ns", finished(cpuPerOp)},
	{result.LatencyP50, "ns", timed(func(s result.Slot) int64 { return s.LatencyP50Ns })},
	{result.LatencyP90, "ns", timed(func(s result.Slot) int64 { return s.LatencyP90Ns })},
	{result.LatencyP99, "ns", timed(func(s result.Slot) int64 { return s.LatencyP99Ns })},
	{result.LatencyMax, "ns", timed(func(s result.Slot) int64 { return s.LatencyMaxNs })},
	{result.Stalls, "operations", timed(func(s result.Slot) int64 { return s.Stalls10ms })},
	{result.WorkloadCPU, "ns", finished(func(s result.Slot) float64 { return float64(s.WorkloadCPUNs) })},
	{result.AuditdCPU, "ns", always(func(s result.Slot) float64 { return float64(s.AuditdCPUNs) })},
	{result.KauditdCPU, "ns", always(func(s result.Slot) float64 { return float64(s.KauditdCPUNs) })},
	{result.ReadersCPU, "ns", always(func(s result.Slot) float64 { return float64(s.ReadersCPUNs) })},
	{result.HarnessCPU, "ns", always(func(s result.Slot) float64 { return float64(s.HarnessCPUNs) })},
	{result.AuditdRSSPeak, "bytes", always(func(s result.Slot) float64 { return float64(s.AuditdRSSPeakBytes) })},
	{result.BacklogPeak, "records", always(func(s result.Slot) float64 { return float64(s.BacklogPeak) })},
	{result.BacklogMean, "records", always(func(s result.Slot) float64 { return s.BacklogMean })},
	{result.BacklogWait, "ns", always(func(s result.Slot) float64 { return float64(s.BacklogWaitNs) })},
	{result.LogBytes, "bytes", always(func(s result.Slot) float64 { return float64(s.LogBytes) })},
	{result.LogBytesPerOp, "bytes", finished(func(s result.Slot) float64 { return float64(s.LogBytes-s.OtherBytes) / float64(s.Ops) })},
	{result.Records, "records", always(func(s result.Slot) float64 { return float64(s.Records) })},
	{result.RecordsPerOp, "records", finished(func(s result.Slot) float64 { return float64(s.Records-s.OtherRecords) / float64(s.Ops) })},
	{result.Events, "events", always(func(s result.Slot) float64 { return float64(s.Events) })},
	{result.EventsPerOp, "events", finished(eventsPerOp)},
	{result.WriteCalls, "calls", always(func(s result.Slot) float64 { return float64(s.WriteCalls) })},
	{result.UnitMetric, "value", unitMetric},
	{result.Drain, "ns", always(func(s result.Slot) float64 { return float64(s.DrainNs) })},
}

func cpuPerOp(s result.Slot) float64 { return float64(s.TotalCPUNs()) / float64(s.Ops) }

// recordedPerOp leaves out what the workload said itself: no rule recorded that.
func recordedPerOp(s result.Slot) float64 {
	return float64(s.Events-s.OtherEvents-s.OwnMessages) / float64(s.Ops)
}

func eventsPerOp(s result.Slot) float64 { return float64(s.Events-s.OtherEvents) / float64(s.Ops) }

// result is one arm on one scenario.
func (r *Runner) result(sc scenarios.Info, a result.Arm) result.Result {
	slots := r.byRound(result.SlotTimed, sc.Name, a.Name)
	res := result.Result{Scenario: sc.Name, Arm: a.Name, Metrics: map[string]result.Metric{}, Slots: len(slots)}
	r.rejected(&res)
	if len(slots) == 0 {
		return res
	}
	for _, f := range slotFigures {
		if xs := r.collect(slots, f.of); len(xs) == len(slots) || !anyEnded(slots) {
			put(res.Metrics, f.name, f.unit, xs)
		}
	}
	r.ratios(res.Metrics, sc, a, slots)
	r.split(res.Metrics, sc, a, slots)
	res.Latency = result.MergeLatency(inOrder(slots))
	completeness(&res, slots)
	return res
}

// inOrder is the slots in the order of their rounds.
func inOrder(slots map[int]result.Slot) []result.Slot {
	var list []result.Slot
	for _, round := range slices.Sorted(maps.Keys(slots)) {
		list = append(list, slots[round])
	}
	return list
}

// rejected counts the slots that do not count, and says why the first of them does not.
func (r *Runner) rejected(res *result.Result) {
	why := ""
	for _, s := range r.slots {
		if s.Kind != result.SlotTimed || s.Scenario != res.Scenario || s.Arm != res.Arm || s.Valid || s.Rejected != "" {
			continue
		}
		if res.Invalid++; why == "" {
			why = oneLine(s.Why)
		}
	}
	if res.Invalid > 0 {
		res.Findings = append(res.Findings, fmt.Sprintf("%d slots do not count: %s", res.Invalid, why))
	}
}

// anyEnded tells whether a slot was ended at the limit. The others of its arm are then those that happened to be fast: they make no figure.
func anyEnded(slots map[int]result.Slot) bool {
	for _, s := range slots {
		if s.Ended {
			return true
		}
	}
	return false
}

// collect takes a figure of every slot, in the order of the rounds.
func (r *Runner) collect(slots map[int]result.Slot, of func(result.Slot) (float64, bool)) []float64 {
	var xs []float64
	for round := 1; round <= r.Plan.Rounds; round++ {
		if s, ok := slots[round]; ok {
			if x, ok := of(s); ok {
				xs = append(xs, x)
			}
		}
	}
	return xs
}

func put(m map[string]result.Metric, name, unit string, xs []float64) {
	if len(xs) == 0 {
		return
	}
	m[name] = metric(unit, xs)
}

func metric(unit string, xs []float64) result.Metric {
	e := stat.Of(xs)
	return result.Metric{Unit: unit, Value: e.Value, Low: e.Low, High: e.High, N: e.N}
}

// paired takes a figure of two slots of the same round.
func (r *Runner) paired(a, b map[int]result.Slot, of func(x, y result.Slot) float64) []float64 {
	if anyEnded(a) || anyEnded(b) {
		return nil
	}
	var xs []float64
	for round := 1; round <= r.Plan.Rounds; round++ {
		x, okX := a[round]
		y, okY := b[round]
		if okX && okY && x.Ops > 0 && y.Ops > 0 {
			xs = append(xs, of(x, y))
		}
	}
	return xs
}

func wallRatio(x, y result.Slot) float64 { return float64(x.WallNs) / float64(max(y.WallNs, 1)) }

// ratios compares the arm with the arm without audit, round by round: the same estimates as in Run.Comparisons, also of an arm that lost
// records, which has none there.
func (r *Runner) ratios(m map[string]result.Metric, sc scenarios.Info, a result.Arm, slots map[int]result.Slot) {
	base := r.byRound(result.SlotTimed, sc.Name, r.Plan.Arms[r.Plan.baseline()].Info.Name)
	r.putRatio(m, result.CPURatio, slots, base)
	r.unitRatio(m, slots, base)
	if sc.FixedTime {
		return // it takes as long as it takes: its wall time says nothing
	}
	r.putRatio(m, result.Slowdown, slots, base)
	if anyEnded(slots) {
		put(m, result.AtLeastSlowdown, "ratio", r.bounds(slots, base))
	}
}

func (r *Runner) putRatio(m map[string]result.Metric, name string, slots, base map[int]result.Slot) {
	if e := r.estimate(slots, base, name); e.N > 0 {
		m[name] = result.Metric{Unit: "ratio", Value: e.Ratio, Low: e.Low, High: e.High, N: e.N}
	}
}

// bounds are what each round says at least: its ratio, or the limit over the baseline's time where the slot was ended. Their median is not
// above that of the ratios.
func (r *Runner) bounds(slots, base map[int]result.Slot) []float64 {
	var bounds []float64
	for round := 1; round <= r.Plan.Rounds; round++ {
		s, okS := slots[round]
		b, okB := base[round]
		if okS && okB && !b.Ended {
			bounds = append(bounds, wallRatio(s, b)) // the time of a slot that was ended is the limit
		}
	}
	return bounds
}

// split tells the filter tax and the record cost apart, round by round.
func (r *Runner) split(m map[string]result.Metric, sc scenarios.Info, a result.Arm, slots map[int]result.Slot) {
	base := r.byRound(result.SlotTimed, sc.Name, r.Plan.Arms[r.Plan.baseline()].Info.Name)
	put(m, result.WorkCPUPerOp, "ns", r.paired(base, base, func(x, _ result.Slot) float64 { return cpuPerOp(x) }))
	name := a.Name
	if a.TwinOf != "" {
		name = a.TwinOf
	}
	difference := func(x, y result.Slot) float64 { return cpuPerOp(x) - cpuPerOp(y) }
	mute := r.byRound(result.SlotMute, sc.Name, name)
	if len(mute) == 0 {
		if a.Kind == result.ArmNoRules { // nothing can be recorded: all of it is tax
			put(m, result.FilterTaxPerOp, "ns", r.paired(slots, base, difference))
		}
		return
	}
	put(m, result.FilterTaxPerOp, "ns", r.paired(mute, base, difference))
	put(m, result.RecordCostPerOp, "ns", r.paired(slots, mute, difference))
}

// completeness sums what never arrived. Sums, since a record lost in one of twelve slots is lost.
func completeness(res *result.Result, slots map[int]result.Slot) {
	var lost, missing, partial int64
	ended, incomplete, limit := 0, 0, time.Duration(0)
	for _, s := range slots {
		lost, missing, partial = lost+s.Lost, missing+s.EventsMissing, partial+s.PartialEvents
		if s.Ended {
			ended, limit = ended+1, time.Duration(s.WallNs) // the limit, which is another for a unit
		}
		if !s.Complete() {
			incomplete++
		}
	}
	n := len(slots)
	res.Metrics[result.Lost] = sum("records", lost, n)
	res.Metrics[result.EventsMissing] = sum("events", missing, n)
	res.Metrics[result.PartialEvents] = sum("events", partial, n)
	if incomplete > 0 {
		res.Findings = append(res.Findings, fmt.Sprintf("%d of %d slots are incomplete: %d records lost, %d events missing, %d partial; counts are lower bounds",
			incomplete, n, lost, missing, partial))
	}
	if ended > 0 {
		res.Findings = append(res.Findings, fmt.Sprintf("%d of %d slots were ended after %v", ended, n, limit))
	}
	res.Complete = incomplete == 0 && res.Invalid == 0
}

func sum(unit string, v int64, n int) result.Metric {
	return result.Metric{Unit: unit, Value: float64(v), Low: float64(v), High: float64(v), N: n}
}

// priced is a copy of an attribution with CPU from the timed slots of its arm, brought to the attribution's number of operations.
func (r *Runner) priced(at result.Attribution, p result.Prices) result.Attribution {
	slots := r.byRound(result.SlotTimed, at.Scenario, at.Arm)
	cpu := r.collect(slots, finished(func(s result.Slot) float64 { return float64(s.AuditdCPUNs+s.KauditdCPUNs) / float64(s.Ops) }))
	if ev := r.collect(slots, finished(recordedPerOp)); len(ev) > 0 {
		at.EventsPerOpTimed = stat.Median(ev)
	}
	at.Types = append([]result.TypeCount(nil), at.Types...)
	at.Rules = append([]result.RuleShare(nil), at.Rules...)
	for i := range at.Rules {
		at.Rules[i].ByType = append([]result.TypeCount(nil), at.Rules[i].ByType...)
	}
	if len(cpu) > 0 {
		spend(&at, p, stat.Median(cpu)*float64(at.Ops))
	}
	return at
}

// disturbance is the mean of stolen time and of CPU pressure over the slots.
func (r *Runner) disturbance() (steal, pressure float64) {
	for _, s := range r.slots {
		steal, pressure = steal+s.StealShare, pressure+s.PressureCPU
	}
	n := max(1, float64(len(r.slots)))
	return steal / n, pressure / n
}
