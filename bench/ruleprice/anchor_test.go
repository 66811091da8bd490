package ruleprice

import (
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
)

func TestAnchorOf(t *testing.T) {
	for _, c := range []struct {
		measured, foretold, want float64
		bounded                  bool
	}{
		{400, 500, 0.8, false},
		{500, 400, 1.25, false},
		{5000, 400, mostAnchor, true}, // a neighbour
		{50, 400, leastAnchor, true},
		{15, 12, 1, false}, // too little to tell
		{-30, 400, leastAnchor, true},
		{8, 25, leastAnchor, false}, // a small set whose steps make it too dear; as much as one load differs from another
		{18, 24, 0.75, false},
	} {
		if got, bounded := AnchorOf(c.measured, c.foretold); got != c.want || bounded != c.bounded {
			t.Errorf("%v of %v: %v %v, want %v %v", c.measured, c.foretold, got, bounded, c.want, c.bounded)
		}
	}
}

// TestEachCallHasItsAnchor: an open is as dear as a loop of opens has it, the close behind it is not.
func TestEachCallHasItsAnchor(t *testing.T) {
	rules := wiresOf(t, "-a always,exit -S all -F uid=0 -k root")
	counter, err := NewCounter(rules, match.Host{Machine: names.ArchX86_64}, func(int) int { return 0 })
	if err != nil {
		t.Fatal(err)
	}
	counter.Add(callOf(t, 257, "success=yes exit=3", pathOf("/tmp/x", 3)))
	counter.Add(callOf(t, 3, "success=yes exit=0"))
	c := counter.PerOp(1)
	k := SetCosts{Costs: newCosts(map[Step]float64{Asked: 10, Name: 100}), Anchors: Anchors{Nothing: 0.5, Name: 2}}
	if got := c.TaxPerOp(k); got != 2*(10+100)+0.5*10 {
		t.Errorf("tax %v ns, want 225", got)
	}
	if got := c.SharedPerOp(k); got != 200 {
		t.Errorf("shared %v ns, want 200", got)
	}
	if got := c.Prices(k)[0]; got != (20+5)/2.0 {
		t.Errorf("price %v ns per call, want 12.5", got)
	}
	if got := c.TaxPerOp(Unanchored(k.Costs)); got != 120 {
		t.Errorf("tax without anchors %v ns, want 120", got)
	}
}

// TestLoopCallsMeetWhatTheirCallsMeet: the made call takes the same steps as one from a log.
func TestLoopCallsMeetWhatTheirCallsMeet(t *testing.T) {
	rules := wiresOf(t, "-w /opt -p wa", "-w /etc/passwd -p wa", "-a always,exit -F arch=b64 -S newfstatat -F exit=-EACCES", "-a always,exit -S all -F auid>=1000 -F auid!=unset",
		"-a always,exit -F arch=b64 -S all -F exe=/bin/x")
	for loop, want := range map[string]string{
		LoopNothing: "walk 1, rule asked 3, rule in a walk of 32 4, field arch 1, field auid 2, field dir 1, field exe 1",
		LoopName:    "walk 1, name 1, rule asked 5, rule in a walk of 32 5, field arch 2, field auid 2, field exit 1, field dir 1, field path 1, field exe 1",
	} {
		counter, err := NewCounter(rules, match.Host{Machine: names.ArchX86_64, Kernel: match.Version{Major: 6, Minor: 18, Patch: 44}}, func(int) int { return 5 })
		if err != nil {
			t.Fatal(err)
		}
		counter.Add(LoopCall(loop, names.ArchX86_64, 37))
		shared, byRule := together(counter.PerOp(1))
		total := newCounts()
		total.add(shared)
		for _, r := range byRule {
			total.add(r)
		}
		if text := words(total); text != want {
			t.Errorf("%s: %s, want %s", loop, text, want)
		}
	}
}
