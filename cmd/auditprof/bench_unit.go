package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/scenarios"
	"github.com/spf13/cobra"
)

// unitFlags ask for the user's own service under the user's own load, in place of workloads.
type unitFlags struct {
	name    string
	slot    time.Duration
	metric  string
	restart bool
}

// defaultUnitSlot is long enough for a service that does something every few seconds.
const defaultUnitSlot = 30 * time.Second

func (f *unitFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.name, "unit", "", "measure this service, as postgresql.service, under its own load in place of workloads; or the absolute path of its cgroup")
	fl.DurationVar(&f.slot, "slot", defaultUnitSlot, "with --unit: how long each slot lasts, in whole seconds")
	fl.StringVar(&f.metric, "metric", "", "with --unit: a command, run after each slot without a shell, whose last printed number is compared too")
	fl.BoolVar(&f.restart, "restart", false, "with --unit: restart the service in each arm (systemctl restart), so that it has the audit context of the arm")
}

// into checks the flags and puts the unit in the place of the scenarios.
func (f unitFlags) into(o *bench.Options, named []string) error {
	if f.name == "" {
		if f.metric != "" || f.restart || f.slot != defaultUnitSlot {
			return errors.New("--slot, --metric and --restart go with --unit")
		}
		return nil
	}
	switch {
	case len(named) > 0:
		return errors.New("--unit and --scenario: one of the two, the unit is under its own load")
	case o.Sweep:
		return errors.New("--unit and --sweep: the load of a unit is its own, no rate of it can be set")
	case o.Explain:
		return errors.New("--unit and --explain: name a workload to explain with --scenario")
	case len(o.Plants) > 0:
		return errors.New("--unit and --plant: nothing can be planted in a service that is not ours")
	case f.slot < time.Second || f.slot > time.Hour || f.slot%time.Second != 0:
		return fmt.Errorf("--slot %v: whole seconds, from 1s to 1h", f.slot)
	case strings.HasPrefix(f.name, "-") || strings.ContainsAny(f.name, "\n\x00"):
		return fmt.Errorf("--unit %.100q: no name of a unit", f.name)
	}
	if f.restart && strings.HasPrefix(f.name, "/") {
		return errors.New("--restart: a cgroup cannot be restarted: name the unit")
	}
	words, err := splitWords(f.metric)
	if err != nil {
		return fmt.Errorf("--metric: %w", err)
	}
	u := bench.UnitOptions{Name: f.name, Slot: f.slot, Metric: words, Restart: f.restart}
	o.Unit, o.Scenarios = &u, []scenarios.Info{bench.UnitScenario(u)}
	return nil
}

// splitWords takes a command line apart as a shell would that knows blanks, both quotes and the backslash, and nothing else: no variable, no
// pipe, no pattern.
func splitWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	open, quote, escaped := false, rune(0), false
	for _, c := range line {
		switch {
		case escaped:
			word.WriteRune(c)
			escaped = false
		case c == '\\' && quote != '\'':
			open, escaped = true, true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(c)
		case c == '\'' || c == '"':
			open, quote = true, c
		case c == ' ' || c == '\t' || c == '\n':
			if open {
				words = append(words, word.String())
				word.Reset()
			}
			open = false
		default:
			open = true
			word.WriteRune(c)
		}
	}
	if quote != 0 || escaped {
		return nil, fmt.Errorf("%.100q: a quote is not closed, or nothing follows the last backslash", line)
	}
	if open {
		words = append(words, word.String())
	}
	if len(words) > 0 && words[0] == "" {
		return nil, fmt.Errorf("%.100q: names no program", line)
	}
	return words, nil
}
