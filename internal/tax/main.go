// Command tax prints what scripts/method-tax.sh has measured as Markdown tables: the filter tax over audit without rules.
//
// What comes in: directories of runs of auditprof bench whose rules match nothing, the arms of a line named after their number of rules
// (n0, n10, …). What goes out: tables on standard output. It measures nothing and touches no kernel.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

func main() {
	if len(os.Args) != 3 || os.Args[1] != "line" && os.Args[1] != "table" {
		fmt.Fprintln(os.Stderr, "tax: want line RUN or table RUN")
		os.Exit(2)
	}
	run, slots, err := result.Read(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "tax:", err)
		os.Exit(2)
	}
	table(os.Stdout, run, slots)
	if os.Args[1] == "line" {
		line(os.Stdout, run, slots)
	}
}

// table is one line a rule set, one column a workload: nanoseconds of CPU per operation over audit without rules, Hodges-Lehmann over the
// rounds with its interval.
func table(w io.Writer, run *result.Run, slots []result.Slot) {
	head, rule := "| rules", "|---"
	for _, sc := range run.Scenarios {
		head += fmt.Sprintf(" | %s, ns per %s", sc.Name, sc.Op)
		rule += "|---"
	}
	fmt.Fprintf(w, "%s |\n%s|\n", head, rule)
	for _, a := range run.Arms {
		if a.Kind != result.ArmCandidate || a.TwinOf != "" {
			continue
		}
		fmt.Fprintf(w, "| %s, %d rules", a.Name, len(a.Rules))
		for _, sc := range run.Scenarios {
			fmt.Fprintf(w, " | %s", interval(overNoRules(run, slots, sc.Name, a.Name)))
		}
		fmt.Fprintln(w, " |")
	}
}

// line is the slope: in each round a straight line through the arms by least squares, then Hodges-Lehmann over the rounds.
func line(w io.Writer, run *result.Run, slots []result.Slot) {
	for _, sc := range run.Scenarios {
		fmt.Fprintf(w, "\n%s: %s ns a rule and %s\n", sc.Name, interval(slopes(run, slots, sc.Name)), sc.Op)
	}
}

// slopes are those of the rounds in which every arm was measured.
func slopes(run *result.Run, slots []result.Slot, scenario string) []float64 {
	byArm := map[string]map[int]float64{}
	var counts []float64
	var arms []string
	for _, a := range run.Arms {
		n, err := strconv.Atoi(strings.TrimPrefix(a.Name, "n"))
		switch {
		case a.Kind == result.ArmNoRules:
			n = 0
		case err != nil || a.Kind != result.ArmCandidate || a.TwinOf != "":
			continue
		}
		arms, counts = append(arms, a.Name), append(counts, float64(n))
		byArm[a.Name] = perOp(slots, scenario, a.Name)
	}
	var out []float64
	for round := 1; round <= run.Rounds; round++ {
		var ys []float64
		for _, a := range arms {
			if y, ok := byArm[a][round]; ok {
				ys = append(ys, y)
			}
		}
		if len(ys) == len(arms) && len(arms) > 1 {
			out = append(out, slope(counts, ys))
		}
	}
	return out
}

// slope is that of the line of least squares.
func slope(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	up, down := 0.0, 0.0
	for i := range x {
		up += (x[i] - mx) * (y[i] - my)
		down += (x[i] - mx) * (x[i] - mx)
	}
	return up / down
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// overNoRules is what an arm takes over audit without rules, round by round.
func overNoRules(run *result.Run, slots []result.Slot, scenario, arm string) []float64 {
	base := ""
	for _, a := range run.Arms {
		if a.Kind == result.ArmNoRules {
			base = a.Name
		}
	}
	with, without := perOp(slots, scenario, arm), perOp(slots, scenario, base)
	var out []float64
	for round, y := range with {
		if b, ok := without[round]; ok {
			out = append(out, y-b)
		}
	}
	return out
}

// perOp is the CPU per operation of an arm by round: the mean of its slot and that of its mute copy, since nothing matches in either.
func perOp(slots []result.Slot, scenario, arm string) map[int]float64 {
	sum, n := map[int]float64{}, map[int]float64{}
	for _, s := range slots {
		if s.Scenario != scenario || s.Arm != arm || !s.Valid || s.Ended || s.Ops == 0 || s.Kind != result.SlotTimed && s.Kind != result.SlotMute {
			continue
		}
		sum[s.Round] += float64(s.TotalCPUNs()) / float64(s.Ops)
		n[s.Round]++
	}
	for round := range sum {
		sum[round] /= n[round]
	}
	return sum
}

func interval(xs []float64) string {
	if len(xs) == 0 {
		return "-"
	}
	v, low, high := stat.HodgesLehmann(xs, stat.Confidence)
	return fmt.Sprintf("%.3g [%.3g %.3g]", v, low, high)
}
