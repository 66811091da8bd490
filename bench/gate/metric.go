package gate

import (
	"slices"

	"github.com/auditprof/auditprof/bench/result"
)

// Kind says what a figure can be compared with.
type Kind uint8

// The kinds.
const (
	// Timed figures are of one machine: another run's can be held against them only on the same host and kernel, and their interval is one from
	// leastRounds on.
	Timed Kind = iota
	// Counted figures are what was written: the same wherever the same work is done.
	Counted
	// Foretold figures are of recorded logs under other rules: Low is sure, what lies above is what the log leaves open.
	Foretold
)

// leastRounds is the number of rounds from which the range of a figure is an interval at 95 % (bench/stat: OrderInterval).
const leastRounds = 6

// metricOf says what a metric's figures are.
type metricOf struct {
	dimension Dimension
	kind      Kind
}

// Names of metrics; the last two are no field of a run's result.
const (
	RecordsPerOp = result.RecordsPerOp
	Rules        = "rules"        // number of rules in the set
	RulesPassed  = "rules_passed" // "/openat": rules of the exit list that an openat has to pass
)

// metrics are all that a budget may name; rules_passed has the name of a system call behind it.
var metrics = map[string]metricOf{
	result.Wall: {Time, Timed}, result.OpsPerSecond: {Plain, Timed}, result.Slowdown: {Ratio, Timed}, result.CPUPerOp: {Time, Timed},
	result.CPURatio: {Ratio, Timed}, result.FilterTaxPerOp: {Time, Timed}, result.RecordCostPerOp: {Time, Timed},
	result.LatencyP50: {Time, Timed}, result.LatencyP90: {Time, Timed}, result.LatencyP99: {Time, Timed}, result.LatencyMax: {Time, Timed},
	result.WorkloadCPU: {Time, Timed}, result.AuditdCPU: {Time, Timed}, result.KauditdCPU: {Time, Timed}, result.ReadersCPU: {Time, Timed},
	result.AuditdRSSPeak: {Size, Timed}, result.BacklogPeak: {Plain, Timed}, result.BacklogMean: {Plain, Timed},
	result.BacklogWait: {Time, Timed}, result.Drain: {Time, Timed}, result.AtLeastSlowdown: {Ratio, Timed}, result.WorkCPUPerOp: {Time, Timed},
	result.HarnessCPU: {Time, Timed}, result.Stalls: {Plain, Timed}, result.WriteCalls: {Plain, Timed},
	result.Lost: {Plain, Counted}, result.EventsMissing: {Plain, Counted}, result.PartialEvents: {Plain, Counted},
	result.LogBytes: {Size, Counted}, result.LogBytesPerOp: {Size, Counted}, result.Records: {Plain, Counted}, RecordsPerOp: {Plain, Counted},
	result.Events: {Plain, Counted}, result.EventsPerOp: {Plain, Counted},
	Rules: {Plain, Counted},
}

// perOp are metrics that are per operation though their name does not say it: filter_tax/op is filter_tax.
var perOp = map[string]bool{result.FilterTaxPerOp: true, result.RecordCostPerOp: true}

// lossMetrics count what a run must not lose.
var lossMetrics = []string{result.Lost, result.EventsMissing, result.PartialEvents}

// Metrics are the names that a budget may have, as typed, sorted.
func Metrics() []string {
	var list []string
	for name := range metrics {
		list = append(list, shown(name))
	}
	slices.Sort(list)
	return append(list, RulesPassed+"/SYSCALL")
}

// dimensions by the unit of a run's metric, for those that this package does not name.
func dimensionOf(unit string) Dimension {
	switch unit {
	case "ns":
		return Time
	case "bytes":
		return Size
	case "ratio":
		return Ratio
	}
	return Plain
}
