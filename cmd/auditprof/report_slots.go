package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// mostPairs is how many couples of an arm and a workload are taken from slots alone. Runs of bench have some hundred; a page with those of a hostile file
// would take minutes to make, and nobody could read it.
const mostPairs = 1000

// runOfSlots is as much of a run as its slots alone tell: medians of what each timed slot counted. What arms are, which rules they had and how
// the machine was left is not known from slots.
func runOfSlots(slots []result.Slot) *result.Run {
	run := &result.Run{Schema: result.Schema, Ended: "nobody knows: " + result.RunFile + " is missing", Restored: result.Restored{OK: true, Unknown: true}}
	groups := map[[2]string][]result.Slot{}
	arms, scenarios := map[string]int{}, map[string]int{} // places from 1 on
	var pairs [][2]string
	known, left := map[[2]string]bool{}, 0
	for _, s := range slots {
		if pair := [2]string{s.Scenario, s.Arm}; !known[pair] {
			if len(known) == mostPairs {
				left++
				continue
			}
			known[pair] = true
		}
		if arms[s.Arm] == 0 {
			run.Arms = append(run.Arms, result.Arm{Name: s.Arm})
			arms[s.Arm] = len(run.Arms)
		}
		if scenarios[s.Scenario] == 0 {
			run.Scenarios = append(run.Scenarios, result.Scenario{Name: s.Scenario})
			scenarios[s.Scenario] = len(run.Scenarios)
		}
		if s.Kind == result.SlotTimed {
			run.RoundsDone = max(run.RoundsDone, s.Round)
			pair := [2]string{s.Scenario, s.Arm}
			if len(groups[pair]) == 0 {
				pairs = append(pairs, pair)
			}
			groups[pair] = append(groups[pair], s)
		}
		run.Started, run.Finished = spanned(run.Started, run.Finished, s)
	}
	run.Rounds = run.RoundsDone
	slices.SortStableFunc(pairs, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(scenarios[a[0]], scenarios[b[0]]), cmp.Compare(arms[a[1]], arms[b[1]]))
	})
	for _, pair := range pairs {
		run.Results = append(run.Results, resultOfSlots(groups[pair]))
	}
	run.Warnings = []result.Warning{{Text: result.RunFile + " is missing: rules, attribution, prices, trust and environment are not known", Cure: "run bench again"}}
	if left > 0 {
		run.Warnings = append(run.Warnings, result.Warning{Text: fmt.Sprintf("%d slots of %s are left out: of more than %d arms and workloads together", left, result.SlotsFile, mostPairs),
			Cure: "bench writes no such file: take the one that it wrote"})
	}
	return run
}

func spanned(from, to time.Time, s result.Slot) (time.Time, time.Time) {
	if end := s.Started.Add(time.Duration(max(s.WallNs, 0))); end.After(to) {
		to = end
	}
	if from.IsZero() || s.Started.Before(from) {
		from = s.Started
	}
	return from, to
}

// slotMetrics are what a slot tells without any other.
var slotMetrics = map[string]func(result.Slot) float64{
	result.Wall:          func(s result.Slot) float64 { return float64(s.WallNs) },
	result.CPUPerOp:      func(s result.Slot) float64 { return float64(s.TotalCPUNs()) / float64(max(s.OpsDone, 1)) },
	result.LatencyP99:    func(s result.Slot) float64 { return float64(s.LatencyP99Ns) },
	result.LogBytesPerOp: func(s result.Slot) float64 { return float64(s.LogBytes-s.OtherBytes) / float64(max(s.OpsDone, 1)) },
	result.BacklogPeak:   func(s result.Slot) float64 { return float64(s.BacklogPeak) },
}

// resultOfSlots is the median of each metric over the slots that count, with the smallest and the largest beside it.
func resultOfSlots(group []result.Slot) result.Result {
	r := result.Result{Scenario: group[0].Scenario, Arm: group[0].Arm, Metrics: map[string]result.Metric{}, Complete: true}
	values := map[string][]float64{}
	var lost float64
	for _, s := range group {
		lost += float64(s.Lost)
		r.Complete = r.Complete && s.Complete()
		if !s.Valid {
			r.Invalid++
			continue
		}
		r.Slots++
		for name, of := range slotMetrics {
			if name == result.LatencyP99 && s.LatencyCount == 0 {
				continue // its operations were not timed
			}
			values[name] = append(values[name], of(s))
		}
	}
	for name, xs := range values {
		r.Metrics[name] = result.Metric{Unit: result.Units[name], Value: stat.Median(xs), Low: slices.Min(xs), High: slices.Max(xs), N: len(xs)}
	}
	r.Metrics[result.Lost] = result.Metric{Unit: result.Units[result.Lost], Value: lost, Low: lost, High: lost, N: len(group)}
	return r
}
