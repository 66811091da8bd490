package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/verify"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// One proposal by itself is the whole difference; of several the heaviest are arms of their own, timed only.
func TestVerifySets(t *testing.T) {
	without := map[string]*rule.Set{}
	ids := []string{"P1", "P2", "P3", "P4", "P5", "P6"}
	for _, id := range ids {
		without[id] = &rule.Set{}
	}
	for n, want := range map[int]string{1: "old new", 2: "old new without P1 without P2", 6: "old new without P1 without P2 without P3 without P4"} {
		sets, arms := verifySets(verifyInput{Old: &rule.Set{}, New: &rule.Set{}, IDs: ids[:n], Without: without})
		var names []string
		for _, s := range sets {
			names = append(names, s.Name)
			if s.Plain != strings.HasPrefix(s.Name, "without") {
				t.Errorf("%s: plain %t", s.Name, s.Plain)
			}
		}
		if got := strings.Join(names, " "); got != want || arms.Old != "old" || arms.New != "new" {
			t.Errorf("%d proposals: %s, want %s", n, got, want)
		}
		if n == 1 && !maps.Equal(arms.Without, map[string]string{"P1": "old"}) {
			t.Errorf("without %v", arms.Without)
		}
	}
}

// A line that does not load here fails the verification where it is new, and is remarked where it was there before.
func TestLinesThatDoNotLoadHere(t *testing.T) {
	here := result.LeftOut{Text: "-w /opt/app -p wa", Why: "no such path"}
	added := result.LeftOut{Text: "-a never,exit -F dir=/nosuch", Why: "no such path"}
	run := &result.Run{Arms: []result.Arm{{Name: "old", LeftOut: []result.LeftOut{here}}, {Name: "new", LeftOut: []result.LeftOut{here, added}}}}
	v := &verify.Verified{}
	tellLeftOut(v, run, verify.Arms{Old: "old", New: "new"})
	if len(v.Failures) != 1 || !strings.Contains(v.Failures[0], added.Text) || len(v.Remarks) != 1 || !strings.HasPrefix(v.Remarks[0], "1 line") {
		t.Errorf("failures %q, remarks %q", v.Failures, v.Remarks)
	}
	if slices.Contains(v.Failures, here.Text) {
		t.Error("what was there before is a failure")
	}
}
