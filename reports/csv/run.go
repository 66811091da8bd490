package csv

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/auditprof/auditprof/bench/result"
)

// runHeader are the columns of a run. Figures are in base units; low and high bound the value over n slots. twin_of names the arm that an A/A arm
// repeats; complete is false where the log lacks something, and a figure of such an arm is no measure of its speed.
var runHeader = []string{"scenario", "arm", "kind", "twin_of", "metric", "unit", "value", "low", "high", "n", "complete"}

// WriteRun writes one line for each scenario, arm and metric: scenarios and arms as in the run, metrics by name.
func WriteRun(w io.Writer, run *result.Run) error {
	out := csv.NewWriter(w)
	err := out.Write(runHeader)
	arms := map[string]result.Arm{}
	for _, a := range run.Arms {
		arms[a.Name] = a
	}
	for _, r := range run.Results {
		for _, name := range slices.Sorted(maps.Keys(r.Metrics)) {
			err = cmp.Or(err, out.Write(runRow(r, arms[r.Arm], name)))
		}
	}
	out.Flush()
	if err = cmp.Or(err, out.Error()); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func runRow(r result.Result, a result.Arm, name string) []string {
	m := r.Metrics[name]
	return []string{cell(r.Scenario), cell(r.Arm), cell(a.Kind), cell(a.TwinOf), cell(name), cell(m.Unit), number(m.Value), number(m.Low), number(m.High),
		strconv.Itoa(m.N), strconv.FormatBool(r.Complete)}
}

// number is empty where it is not finite: a cell that says NaN makes a column text.
func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
