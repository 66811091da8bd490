package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/auditprof/auditprof/analyze/suggest/place"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// mandate is what all profiles of --mandated want of the rule set.
type mandate struct {
	rules   []int // of the set, each once, ascending
	lines   int
	missing []rule.Pos // lines that are not in the set
}

// readMandates reads --mandated. All its errors are of the command line.
func readMandates(files []string, set *loaded) (*mandate, error) {
	m := &mandate{}
	for _, name := range files {
		one, err := readMandate(name, set)
		if err != nil {
			return nil, usageError{fmt.Errorf("--mandated: %w", err)}
		}
		m.rules = append(m.rules, one.Rules...)
		m.lines += one.Lines
		m.missing = append(m.missing, one.Missing...)
	}
	slices.Sort(m.rules)
	m.rules = slices.Compact(m.rules)
	return m, nil
}

func readMandate(name string, set *loaded) (place.Mandate, error) {
	f, err := os.Open(name)
	if err != nil {
		return place.Mandate{}, err
	}
	defer f.Close()
	return place.ReadMandated(name, f, set.set, set.target)
}
