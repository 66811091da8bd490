package main

import (
	"fmt"
	"io"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// figure is a number of a slot, false where it has none.
type figure func(result.Slot) (float64, bool)

func per(a, b int64, unit float64) (float64, bool) { return float64(a) / unit / float64(b), b > 0 }

// perEvent is CPU of auditd and kauditd for an event, in microseconds, whoever made it.
func perEvent(s result.Slot) (float64, bool) { return per(s.AuditdCPUNs+s.KauditdCPUNs, s.Events, 1e3) }

func bytesPerEvent(s result.Slot) (float64, bool) { return per(s.LogBytes, s.Events, 1) }

// allPerOp is CPU of all processes for an operation of the workload, in microseconds.
func allPerOp(s result.Slot) (float64, bool) { return per(s.TotalCPUNs(), int64(s.OpsDone), 1e3) }

func donePerSecond(s result.Slot) (float64, bool) { return per(int64(s.OpsDone), s.WallNs, 1e-9) }

// daemon is one line a workload and rule set: what an event takes of auditd.
func daemon(w io.Writer, run *result.Run, slots []result.Slot) {
	fmt.Fprint(w, "| workload | rules | done/s | auditd and kauditd, us CPU per event | bytes per event | all processes, us CPU per operation |\n|---|---|---|---|---|---|\n")
	for _, sc := range run.Scenarios {
		for _, a := range run.Arms {
			if a.Kind != result.ArmCandidate || a.TwinOf != "" {
				continue
			}
			fmt.Fprintf(w, "| %s | %s", sc.Name, a.Name)
			for _, f := range []figure{donePerSecond, perEvent, bytesPerEvent, allPerOp} {
				if lost(slots, sc.Name, a.Name) {
					fmt.Fprint(w, " | lost records")
					continue
				}
				fmt.Fprintf(w, " | %s", interval(values(byRound(slots, sc.Name, a.Name, f))))
			}
			fmt.Fprintln(w, " |")
		}
	}
}

// over is how many times as much auditd takes for an event under one arm as under another, from the rounds that have both.
func over(w io.Writer, run *result.Run, slots []result.Slot, arm, against string) {
	for _, sc := range run.Scenarios {
		if lost(slots, sc.Name, arm) || lost(slots, sc.Name, against) {
			fmt.Fprintf(w, "\n%s over %s on %s: lost records.\n", arm, against, sc.Name)
			continue
		}
		a, b := byRound(slots, sc.Name, arm, perEvent), byRound(slots, sc.Name, against, perEvent)
		var xs, ys []float64
		for round, x := range a {
			if y, ok := b[round]; ok {
				xs, ys = append(xs, x), append(ys, y)
			}
		}
		c := stat.Compare(xs, ys)
		fmt.Fprintf(w, "\n%s over %s on %s: %.2f [%.2f %.2f] times the CPU of auditd and kauditd per event, p = %.2g.\n", arm, against, sc.Name, c.Ratio, c.Low, c.High, c.P)
	}
}

// byRound is a figure of the slots of the rounds that count.
func byRound(slots []result.Slot, scenario, arm string, of figure) map[int]float64 {
	m := map[int]float64{}
	for _, s := range slots {
		if s.Kind != result.SlotTimed || s.Scenario != scenario || s.Arm != arm || !s.Valid || s.Ended {
			continue
		}
		if x, ok := of(s); ok {
			m[s.Round] = x
		}
	}
	return m
}

func values(m map[int]float64) (xs []float64) {
	for _, x := range m {
		xs = append(xs, x)
	}
	return xs
}

// sweep is one line a search: the highest rate that was held, the lowest that was not, and what an event took of auditd up to there.
func sweep(w io.Writer, run *result.Run, slots []result.Slot) {
	fmt.Fprint(w, "| rules | events/s held | operations/s held, and not held | auditd and kauditd, us CPU per event | what was not held |\n|---|---|---|---|---|\n")
	for _, sw := range run.Sweeps {
		held := map[float64]bool{}
		for _, st := range sw.Steps {
			held[st.OpsPerSecond] = st.Held
		}
		var xs []float64
		for _, s := range slots {
			if s.Kind != result.SlotSweep || s.Scenario != sw.Scenario || s.Arm != sw.Arm || !s.Valid || !held[s.Rate] {
				continue
			}
			if x, ok := perEvent(s); ok {
				xs = append(xs, x)
			}
		}
		fmt.Fprintf(w, "| %s | %.0f | %.0f, %.0f | %s | %s |\n", sw.Arm, sw.EventsPerSecond, sw.OpsPerSecond, sw.Broke, interval(xs), sw.Why)
	}
	fmt.Fprint(w, "\nThe CPU is over the steps that were held, in brackets its interval at 95 % (below 6 steps the range).\n")
}
