package verify

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// Arms names the arms of a run that are compared.
type Arms struct {
	Old, New string
	// Without has, by proposal, the arm that is New without it. With a single proposal that is Old.
	Without map[string]string
}

// Predicted is what a replay of the old arm's log of a workload foretold, in bytes of the workload's own events.
type Predicted struct {
	Bytes, Gone, Unknown uint64
}

// Of reads a run. predicted is by scenario.
func Of(run *result.Run, slots []result.Slot, arms Arms, predicted map[string]Predicted) *Verified {
	o := of{run: run, slots: slots, arms: arms}
	v := &Verified{Rounds: run.RoundsDone, Quick: run.Quick, Workloads: []Workload{}, Proposals: []Proposal{}, Failures: []string{}, Remarks: []string{}}
	if run.Ended != "complete" {
		v.fail("the measurement did not end as planned: %s", run.Ended)
	}
	for _, sc := range run.Scenarios {
		w := o.workload(sc, predicted[sc.Name])
		v.Workloads = append(v.Workloads, w)
		v.judge(w, o, predicted[sc.Name])
	}
	v.Canaries = canariesOf(run, arms)
	if n := len(v.Canaries.Lost); n > 0 {
		v.fail("%d of the %d canaries seen under the old rules are not seen under the new ones", n, v.Canaries.Before)
	}
	for _, id := range slices.Sorted(maps.Keys(arms.Without)) {
		v.Proposals = append(v.Proposals, o.proposal(id))
	}
	return v
}

func (v *Verified) fail(format string, args ...any) {
	v.Failures = append(v.Failures, fmt.Sprintf(format, args...))
}

// maxLostShare is how much of an arm's records may be lost without making its saving another: a quarter of MaxApart.
const maxLostShare = MaxApart / 100 / 4

// judge holds a workload's measurement against its prediction.
func (v *Verified) judge(w Workload, o of, p Predicted) {
	for _, arm := range []string{o.arms.Old, o.arms.New} {
		r := o.result(w.Scenario, arm)
		switch lost := lostShare(r); {
		case r.Slots == 0 || r.Invalid > 0 || lost > maxLostShare:
			v.fail("%s under %s: %d slots count and %d do not: %v", w.Scenario, arm, r.Slots, r.Invalid, r.Findings)
			return
		case lost > 0:
			v.remark("%s under %s lost %.2g %% of its records: too few to change the saving", w.Scenario, arm, 100*lost)
		}
	}
	switch {
	case w.Ended:
		v.remark("%s was ended at the limit of a slot: nothing is said of what it saves", w.Scenario)
	case p.Bytes == 0:
		v.remark("%s makes no event under the old rules: nothing to save there", w.Scenario)
	case w.Apart > MaxApart:
		v.fail("%s: the log shrank by %.1f %% and the prediction was %.1f %%: more than %g points apart", w.Scenario, 100*w.Measured, 100*w.Predicted, MaxApart)
	}
}

func (v *Verified) remark(format string, args ...any) {
	v.Remarks = append(v.Remarks, fmt.Sprintf(format, args...))
}

// lostShare is how much of what an arm recorded never reached the log, 0..1.
func lostShare(r result.Result) float64 {
	lost := r.Metrics[result.Lost].Value
	if lost == 0 {
		return 0
	}
	return lost / (lost + r.Metrics[result.Records].Value*float64(r.Slots))
}

// of is a run being read.
type of struct {
	run   *result.Run
	slots []result.Slot
	arms  Arms
}

func (o of) result(scenario, arm string) result.Result {
	for _, r := range o.run.Results {
		if r.Scenario == scenario && r.Arm == arm {
			return r
		}
	}
	return result.Result{}
}

func (o of) workload(sc result.Scenario, p Predicted) Workload {
	w := Workload{Scenario: sc.Name, Op: sc.Op, Old: o.arm(sc.Name, o.arms.Old), New: o.arm(sc.Name, o.arms.New)}
	w.WorkNsPerOp = o.result(sc.Name, o.arms.Old).Metrics[result.WorkCPUPerOp].Value
	w.CPURatio = o.ratio(sc.Name, o.arms.New, o.arms.Old)
	w.AARatio = o.run.Trust.AA[sc.Name]
	w.Ended = len(o.timed(sc.Name, o.arms.Old)) < o.result(sc.Name, o.arms.Old).Slots || len(o.timed(sc.Name, o.arms.New)) < o.result(sc.Name, o.arms.New).Slots
	if w.Old.Bytes > 0 {
		w.Measured = 1 - w.New.Bytes/w.Old.Bytes
	}
	if p.Bytes > 0 && !w.Ended {
		w.Predicted, w.Unknown = float64(p.Gone)/float64(p.Bytes), float64(p.Unknown)/float64(p.Bytes)
		nearest := min(max(w.Measured, w.Predicted), w.Predicted+w.Unknown)
		w.Apart = 100 * math.Abs(w.Measured-nearest)
	}
	return w
}

func (o of) arm(scenario, arm string) Arm {
	m := o.result(scenario, arm).Metrics
	var daemons []float64
	for _, s := range o.timed(scenario, arm) {
		daemons = append(daemons, float64(s.AuditdCPUNs+s.KauditdCPUNs)/float64(s.Ops))
	}
	a := Arm{Bytes: m[result.LogBytesPerOp].Value, Events: m[result.EventsPerOp].Value, TaxNs: m[result.FilterTaxPerOp].Value,
		TotalNs: m[result.CPUPerOp].Value, LostCount: m[result.Lost].Value}
	if len(daemons) > 0 {
		a.DaemonNs = stat.Median(daemons)
	}
	return a
}

// timed are the slots of an arm that count and were not ended early, by round.
func (o of) timed(scenario, arm string) map[int]result.Slot {
	m := map[int]result.Slot{}
	for _, s := range o.slots {
		if s.Kind == result.SlotTimed && s.Scenario == scenario && s.Arm == arm && s.Valid && !s.Ended && s.Ops > 0 {
			m[s.Round] = s
		}
	}
	return m
}

// ratio is the CPU per operation of one arm over that of another, paired by round: the same estimate as in a run's comparisons.
func (o of) ratio(scenario, arm, base string) result.Metric {
	a, b := o.timed(scenario, arm), o.timed(scenario, base)
	var xs, ys []float64
	for _, round := range slices.Sorted(maps.Keys(a)) {
		if y, ok := b[round]; ok {
			x := a[round]
			xs = append(xs, float64(x.TotalCPUNs())/float64(x.Ops))
			ys = append(ys, float64(y.TotalCPUNs())/float64(y.Ops))
		}
	}
	c := stat.Compare(xs, ys)
	if c.N == 0 {
		return result.Metric{Unit: "ratio"}
	}
	return result.Metric{Unit: "ratio", Value: c.Ratio, Low: c.Low, High: c.High, N: c.N}
}

// exercisedFrom is the share of a workload's bytes from which a proposal counts as exercised by it.
const exercisedFrom = 0.01

// judgedFrom is the number of rounds from which an interval is one: the order-statistic interval at 95 % needs six.
const judgedFrom = 6

// proposal compares the new set with the new set without one proposal, on the workload where that saves most.
func (o of) proposal(id string) Proposal {
	p := Proposal{ID: id}
	without, most := o.arms.Without[id], exercisedFrom
	for _, sc := range o.run.Scenarios {
		with, base := o.arm(sc.Name, o.arms.New), o.arm(sc.Name, without)
		if base.Bytes <= 0 || 1-with.Bytes/base.Bytes < most {
			continue
		}
		most = 1 - with.Bytes/base.Bytes
		p.Exercised, p.Scenario, p.CPURatio = true, sc.Name, o.ratio(sc.Name, o.arms.New, without)
	}
	m, noise := p.CPURatio, o.run.Trust.AA[p.Scenario].High
	with := fmt.Sprintf("%.3f [%.3f %.3f] times the CPU with it on %s", m.Value, m.Low, m.High, p.Scenario)
	switch {
	case !p.Exercised:
		p.Why = "none of the workloads makes events that it takes: not measured"
	case m.Low <= 1 || m.Value <= noise:
		p.Why = with
	case m.N < judgedFrom:
		p.Why = fmt.Sprintf("%s: %d rounds are too few to say that it costs more than it saves", with, m.N)
	default:
		p.Dropped, p.Why = true, "it costs more than it saves: "+with
	}
	return p
}
