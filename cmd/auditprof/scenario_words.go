package main

import (
	"encoding/csv"
	"os"
	"strings"

	"github.com/auditprof/auditprof/scenarios"
)

// scenarioWords is the value of --scenario: workloads, parted by commas and by repeating the flag. A value that is as a whole a file that is there,
// with or without a rate, is that file, commas in its name and all.
type scenarioWords struct{ list *[]string }

// Set takes what one flag says.
func (w scenarioWords) Set(value string) error {
	words := []string{value}
	if !isScenarioFile(value) && value != "" {
		var err error
		if words, err = csv.NewReader(strings.NewReader(value)).Read(); err != nil {
			return err
		}
	}
	*w.list = append(*w.list, words...)
	return nil
}

// String is the value as help shows it.
func (w scenarioWords) String() string {
	if w.list == nil {
		return ""
	}
	return strings.Join(*w.list, ",")
}

// Type is the placeholder that help shows.
func (w scenarioWords) Type() string { return "strings" }

// isScenarioFile tells a value that names one file from a list.
func isScenarioFile(value string) bool {
	path, ok := scenarios.FileOf(value)
	if !ok {
		return false
	}
	_, err := os.Stat(path)
	return err == nil
}
