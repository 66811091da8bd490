package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/livetest"
)

// TestLivePricesOrderSets calibrates this kernel and holds that three sets, each several times as dear as the one before, are foretold in that
// order, and a set's dearest rule is the one that asks for the program.
func TestLivePricesOrderSets(t *testing.T) {
	livetest.Take(t)
	set := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "-a always,exit -S all -F a0=%d -k n\n", 0x7a5a0000+i)
		}
		return b.String()
	}
	exe := "-a always,exit -S all -F exe=/bin/true -k exe\n"
	dir := filepath.Join(t.TempDir(), "run")
	r := run(t, bounded(t, 2*time.Minute, build(t), "bench", "--quick", "--rounds", "1", "--rule-prices", "--no-logs", "--scenario", "null-syscall",
		"--rules", "cheap="+writeFile(t, "cheap.rules", "-a always,exit -F arch=b64 -S swapoff -k cheap\n"),
		"--rules", "middle="+writeFile(t, "middle.rules", set(12)+exe), "--rules", "dear="+writeFile(t, "dear.rules", set(100)), "--out", dir))
	got, _, err := result.Read(dir)
	if err != nil {
		t.Fatalf("exit %d: %v\n%s", r.code, err, r.err)
	}
	foretold := map[string]float64{}
	for _, c := range got.PriceChecks {
		foretold[c.Arm] = c.PredictedPerOp
		if c.SyscallsPerOp < 0.9 || c.SyscallsPerOp > 1.5 {
			t.Errorf("%s: %v system calls per getppid", c.Arm, c.SyscallsPerOp)
		}
	}
	if !(3*foretold["cheap"] < foretold["middle"] && 2*foretold["middle"] < foretold["dear"]) {
		t.Errorf("foretold ns per operation: %v", foretold)
	}
	for _, p := range got.RulePrices {
		if p.Arm == "middle" {
			if p.Line != 13 {
				t.Errorf("the dearest rule of the middle set is line %d, want that with exe=, line 13", p.Line)
			}
			break
		}
	}
	if c := got.Calibration; c == nil || c.Residual > 0.2 || len(c.Settings) < 10 {
		t.Errorf("calibration %+v", c)
	}
}
