// Command tax prints what the scripts method-*.sh have measured as Markdown tables with intervals: the filter tax over audit without rules, what
// auditd takes for an event and what rate it holds, what rule sets cost beside no audit, what the prices of single rules are worth.
//
// What comes in: directories of runs of auditprof bench; for a line, arms named after their number of rules (n0, n10, …). What goes out: tables
// on standard output. It measures nothing and touches no kernel.
package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

const usage = "want line RUN, table RUN, daemon RUN, prices RUN, over RUN ARM ARM, sweep RUN, or sets SET,SET… RUN…"

func main() {
	if err := printed(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tax:", err)
		os.Exit(2)
	}
}

// printed prints what the first word asks for.
func printed(w io.Writer, args []string) error {
	if len(args) < 2 {
		return errors.New(usage)
	}
	if args[0] == "sets" {
		return sets(w, strings.Split(args[1], ","), args[2:])
	}
	run, slots, err := whole(args[1])
	if err != nil {
		return err
	}
	switch {
	case args[0] == "line" && len(args) == 2:
		table(w, run, slots)
		line(w, run, slots)
	case args[0] == "table" && len(args) == 2:
		table(w, run, slots)
	case args[0] == "daemon" && len(args) == 2:
		daemon(w, run, slots)
	case args[0] == "prices" && len(args) == 2:
		prices(w, run)
	case args[0] == "over" && len(args) == 4:
		over(w, run, slots, args[2], args[3])
		return nil
	case args[0] == "sweep" && len(args) == 2:
		sweep(w, run, slots)
		return nil
	default:
		return errors.New(usage)
	}
	rounds(w, run)
	return nil
}

// whole reads a run that came to its end: half of one is no table.
func whole(dir string) (*result.Run, []result.Slot, error) {
	run, slots, err := result.Read(dir)
	if err != nil {
		return nil, nil, err
	}
	if run.Ended != "complete" {
		return nil, nil, fmt.Errorf("%s is not whole: %s: run the script again, it is measured anew", dir, run.Ended)
	}
	return run, slots, nil
}

// rounds says what the brackets are.
func rounds(w io.Writer, run *result.Run) {
	brackets := "their interval at 95 %"
	if run.RoundsDone < stat.FewestRounds(1, result.Alpha) {
		brackets = "their range, too few for an interval"
	}
	fmt.Fprintf(w, "\n%d rounds, in brackets %s.\n", run.RoundsDone, brackets)
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
			if lost(slots, sc.Name, a.Name) {
				fmt.Fprint(w, " | lost records")
				continue
			}
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

// lost tells whether a slot of an arm lost something: what drops records is fast for the wrong reason, and has no figure.
func lost(slots []result.Slot, scenario, arm string) bool {
	for _, s := range slots {
		if s.Scenario == scenario && s.Arm == arm && s.Kind == result.SlotTimed && !s.Complete() {
			return true
		}
	}
	return false
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
		if lost(slots, scenario, a.Name) {
			return nil
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
	return fmt.Sprintf("%s [%s %s]", short(v), short(low), short(high))
}

// short has three digits, and no power of ten.
func short(v float64) string {
	if math.Abs(v) >= 999.5 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
