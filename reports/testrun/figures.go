package testrun

import (
	"fmt"
	"math"

	"github.com/auditprof/auditprof/bench/result"
)

func metric(name string, value float64, n int) result.Metric {
	return result.Metric{Unit: result.Units[name], Value: value, Low: 0.97 * value, High: 1.04 * value, N: n}
}

// resultOf makes figures that go together: the i-th scenario is heavier than the one before.
func resultOf(scenario string, i int, a arm, rounds int) result.Result {
	work := 2.6e6 / float64(1+i)
	slower := math.Pow(a.slower, 1+0.2*float64(i%5))
	values := map[string]float64{
		result.Wall: 2e9 * slower, result.OpsPerSecond: 310 / slower, result.Slowdown: slower, result.CPUPerOp: work * slower, result.CPURatio: slower,
		result.LatencyP50: 2.2e6, result.LatencyP90: 3e6, result.LatencyP99: 4.1e6 * slower * slower, result.LatencyMax: 9e6 * slower,
		result.WorkloadCPU: 1.8e9, result.AuditdRSSPeak: 4e6, result.HarnessCPU: 1e7, result.Stalls: 0, result.WorkCPUPerOp: work,
	}
	if a.kind != result.ArmNoAudit {
		values[result.FilterTaxPerOp], values[result.RecordCostPerOp] = 20*float64(a.rules), 0
	}
	if a.keeps {
		values[result.RecordCostPerOp] = work*(slower-1) - 20*float64(a.rules)
		values[result.AuditdCPU], values[result.KauditdCPU] = 4e8*slower, 1.2e8*slower
		values[result.BacklogPeak], values[result.BacklogMean], values[result.BacklogWait], values[result.Drain] = 812*slower, 90, 4.4e6, 31e6
		values[result.LogBytesPerOp], values[result.EventsPerOp] = 400*float64(a.rules)/24, 19.8
	}
	m := map[string]result.Metric{}
	for name, v := range values {
		m[name] = metric(name, v, rounds)
	}
	for _, name := range []string{result.Lost, result.EventsMissing, result.PartialEvents} {
		m[name] = result.Metric{Unit: result.Units[name], N: rounds}
	}
	return result.Result{Scenario: scenario, Arm: a.name, Metrics: m, Complete: true, Slots: rounds}
}

// attribution gives half of what is left to each rule in turn.
func attribution(scenario string, i int, a arm) result.Attribution {
	all := rules(a)
	out := result.Attribution{Scenario: scenario, Arm: a.name, Ops: 20000, EventsPerOp: 19.8, EventsPerOpTimed: 19.8,
		Agreement: result.Agreement{Agree: 396012, Unknown: 3}}
	types := []string{"SYSCALL", "PATH", "CWD", "PROCTITLE"}
	sum := map[string]*result.TypeCount{}
	events := uint64(376000)
	for n := range 12 {
		rule := (n*5 + i) % len(all)
		r := all[rule]
		share := result.RuleShare{Rule: rule, File: r.File, Line: r.Line, Text: r.Text, Events: events, CPUNs: 16e3 * float64(events)}
		for k, name := range types {
			bytes := events * uint64(280-60*k)
			out.Rows = append(out.Rows, result.Row{Rule: rule, Type: name, Exe: fmt.Sprintf("/usr/bin/tool%d", n%5), Syscall: "openat",
				Events: events, Records: events, Bytes: bytes})
			share.Records, share.Bytes = share.Records+events, share.Bytes+bytes
			share.ByType = append(share.ByType, result.TypeCount{Type: name, Records: events, Bytes: bytes, CPUNs: 4e3 * float64(events)})
			if sum[name] == nil {
				sum[name] = &result.TypeCount{Type: name}
			}
			sum[name].Records, sum[name].Bytes, sum[name].CPUNs = sum[name].Records+events, sum[name].Bytes+bytes, sum[name].CPUNs+4e3*float64(events)
		}
		out.Rules = append(out.Rules, share)
		events = max(events/2, 1)
	}
	for _, name := range types {
		out.Types = append(out.Types, *sum[name])
	}
	return out
}
