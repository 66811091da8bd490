package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// The rule of thumb that the table of the sets is held against: 10 to 15 % more CPU.
const thumbLow, thumbHigh = 1.10, 1.15

// What an interval says of the rule of thumb.
var answers = []string{"holds", "less", "more", "cannot tell"}

// sets is one line a workload, one column a rule set: CPU per operation of all processes as a ratio to no audit, and what its interval says of the
// rule of thumb; and A/A, the first set beside itself.
func sets(w io.Writer, names, dirs []string) error {
	fmt.Fprintf(w, "| workload | A/A | %s |\n|---|---|%s\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	counts := make([]map[string]int, len(names))
	for i := range counts {
		counts[i] = map[string]int{}
	}
	fewest := 0
	for _, dir := range dirs {
		run, _, err := whole(dir)
		if err != nil {
			fmt.Fprintf(w, "| %s: not measured |\n", cell(filepath.Base(dir)))
			fmt.Fprintln(os.Stderr, "tax:", err)
			continue
		}
		if fewest == 0 || run.RoundsDone < fewest {
			fewest = run.RoundsDone
		}
		for _, sc := range run.Scenarios {
			fmt.Fprintf(w, "| %s | %s", sc.Name, ofAA(run, sc.Name))
			for i, name := range names {
				text, answer := ofSet(run, sc.Name, name)
				counts[i][answer]++
				fmt.Fprintf(w, " | %s", text)
			}
			fmt.Fprintln(w, " |")
		}
	}
	fmt.Fprintf(w, "| %s |", strings.Join(answers, ", "))
	for i := range names {
		var ns []string
		for _, answer := range answers {
			ns = append(ns, fmt.Sprint(counts[i][answer]))
		}
		fmt.Fprintf(w, " | %s", strings.Join(ns, ", "))
	}
	fmt.Fprintln(w, " |")
	if fewest > 0 {
		rounds(w, &result.Run{RoundsDone: fewest})
	}
	return nil
}

// ofSet is a set's cell, and what it says of the rule of thumb, "" where it has no figure.
func ofSet(run *result.Run, scenario, name string) (text, answer string) {
	base := ""
	for _, a := range run.Arms {
		if a.Kind == result.ArmNoAudit && a.TwinOf == "" {
			base = a.Name
		}
	}
	c, ok := run.Compared(scenario, name, base, result.CPURatio)
	switch {
	case !ok:
		return "-", ""
	case c.Verdict == result.VerdictNoFigure:
		return cell(c.Why), ""
	case c.N < stat.FewestRounds(1, result.Alpha): // a range is no interval
		answer = "cannot tell"
	case c.High < thumbLow:
		answer = "less"
	case c.Low > thumbHigh:
		answer = "more"
	case c.Low >= thumbLow && c.High <= thumbHigh:
		answer = "holds"
	default:
		answer = "cannot tell"
	}
	return fmt.Sprintf("%.2f [%.2f %.2f] %s", c.Ratio, c.Low, c.High, answer), answer
}

// ofAA is what the first set differs from itself.
func ofAA(run *result.Run, scenario string) string {
	for _, c := range run.AA() {
		if c.Scenario != scenario || c.Metric != result.CPURatio {
			continue
		}
		if c.Verdict == result.VerdictNoFigure {
			return cell(c.Why)
		}
		text := fmt.Sprintf("%.2f [%.2f %.2f]", c.Ratio, c.Low, c.High)
		for _, differs := range run.AADiffers() {
			if differs == scenario {
				text += " differs"
			}
		}
		return text
	}
	return "-"
}

// cell keeps a text within its cell.
func cell(text string) string {
	return strings.NewReplacer("|", "/", "\n", " ").Replace(text)
}
