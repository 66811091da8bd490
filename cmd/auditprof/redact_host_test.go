package main

import (
	"os"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// Slots alone do not tell of which host they are; an unnamed run that names this host in a text is of it.
func TestRunWithoutItsHostIsOfThisOne(t *testing.T) {
	name, err := os.Hostname()
	if err != nil || name == "" {
		t.Skip("this host has no name")
	}
	r := runReport{run: runOfSlots([]result.Slot{{Kind: result.SlotTimed, Scenario: "s", Arm: "site", Round: 1, Valid: true}}), remarks: []string{"on " + name + " it stopped"}}
	if got := r.redacted().remarks[0]; strings.Contains(got, name) || !strings.Contains(got, "host-1") {
		t.Errorf("%q", got)
	}
}

// A run of many arms takes time by their number, not by its square: figures are in the order of workloads, then of arms.
func TestSlotsAreGroupedInTheirOrder(t *testing.T) {
	var slots []result.Slot
	for _, pair := range [][2]string{{"b", "y"}, {"a", "x"}, {"b", "x"}, {"a", "y"}} {
		slots = append(slots, result.Slot{Kind: result.SlotTimed, Scenario: pair[0], Arm: pair[1], Round: 1, Valid: true})
	}
	var got []string
	for _, r := range runOfSlots(slots).Results {
		got = append(got, r.Scenario+r.Arm)
	}
	if strings.Join(got, " ") != "by bx ay ax" {
		t.Error(got)
	}
}
