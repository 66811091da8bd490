package ruleprice

import (
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
)

func TestAnchorOf(t *testing.T) {
	for _, c := range []struct{ measured, foretold, want float64 }{
		{400, 500, 0.8},
		{500, 400, 1.25},
		{5000, 400, mostAnchor}, // a neighbour
		{50, 400, leastAnchor},
		{15, 12, 1}, // too little to tell
		{-30, 400, 1},
	} {
		if got := AnchorOf(c.measured, c.foretold); got != c.want {
			t.Errorf("%v of %v: %v, want %v", c.measured, c.foretold, got, c.want)
		}
	}
}

func TestAnchorsAreForTheCallsOfAWorkload(t *testing.T) {
	a := Anchors{Nothing: 0.8, Name: 1.3}
	c := Census{Calls: 100, Shared: newCounts()}
	if got := a.For(c); got != 0.8 {
		t.Errorf("no names: %v", got)
	}
	c.Shared[Name] = 30
	if got := a.For(c); got != 1.3 {
		t.Errorf("30 names in 100 calls: %v", got)
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
		got := counter.PerOp(1)
		total := newCounts()
		total.add(got.Shared)
		for _, r := range got.Rules {
			total.add(r)
		}
		if text := words(total); text != want {
			t.Errorf("%s: %s, want %s", loop, text, want)
		}
	}
}
