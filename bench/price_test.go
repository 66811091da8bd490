package bench

import (
	"math"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// priced slots: auditd's CPU is exactly the planted prices times the counts, and a constant.
func plantedSlots(prices map[string]float64) []result.Slot {
	var slots []result.Slot
	add := func(counts map[string]int64) {
		s := result.Slot{Kind: result.SlotTimed, Valid: true, ByType: map[string]result.TypeTally{}, AuditdCPUNs: 50_000}
		for t, n := range counts {
			s.ByType[t] = result.TypeTally{Records: n}
			s.AuditdCPUNs += int64(prices[t] * float64(n))
		}
		slots = append(slots, s)
	}
	add(map[string]int64{})
	add(map[string]int64{"SYSCALL": 1000, "PATH": 2000, "CWD": 1000, "PROCTITLE": 1000})
	add(map[string]int64{"SYSCALL": 1000, "CWD": 1000, "PROCTITLE": 1000})
	add(map[string]int64{"SYSCALL": 1000, "PATH": 2000, "PROCTITLE": 1000})
	add(map[string]int64{"SYSCALL": 1000, "PATH": 2000, "CWD": 1000})
	add(map[string]int64{"SYSCALL": 3000, "PATH": 6000, "CWD": 3000, "PROCTITLE": 3000})
	return slots
}

func TestFitFindsPlantedPrices(t *testing.T) {
	want := map[string]float64{"SYSCALL": 30000, "PATH": 11000, "CWD": 4000, "PROCTITLE": 7000}
	p := fitPrices(plantedSlots(want))
	for typ, ns := range want {
		if math.Abs(p.NsPerRecord[typ]-ns) > 0.01*ns {
			t.Errorf("%s: %.0f ns, planted %.0f", typ, p.NsPerRecord[typ], ns)
		}
	}
	if p.Residual > 0.001 || p.Slots != 6 {
		t.Errorf("residual %v over %d slots", p.Residual, p.Slots)
	}
}

// A few records of other processes in a slow slot must not become the dearest type of the run.
func TestRareTypesShareOnePrice(t *testing.T) {
	slots := plantedSlots(map[string]float64{"SYSCALL": 30000, "PATH": 11000, "CWD": 4000, "PROCTITLE": 7000})
	slots[5].ByType["BPRM_FCAPS"] = result.TypeTally{Records: 2}
	slots[5].ByType["LOGIN"] = result.TypeTally{Records: 40}
	slots[5].AuditdCPUNs += 1_000_000
	p := fitPrices(slots)
	if p.NsPerRecord["BPRM_FCAPS"] != p.NsPerRecord["LOGIN"] || p.NsPerRecord["LOGIN"] > 30000 {
		t.Errorf("prices %v", p.NsPerRecord)
	}
}

func TestSlotsThatDoNotCountHaveNoPrice(t *testing.T) {
	slots := plantedSlots(map[string]float64{"SYSCALL": 30000})
	for i := range slots {
		slots[i].Valid = false
	}
	if p := fitPrices(slots); p.Slots != 0 || len(p.NsPerRecord) != 0 {
		t.Errorf("prices %+v from nothing", p)
	}
}

// What is spent is what was measured, to the last nanosecond, whatever the fit said.
func TestSpendGivesOutTheMeasuredTotal(t *testing.T) {
	a := result.Attribution{
		Types: []result.TypeCount{{Type: "SYSCALL", Records: 10}, {Type: "PATH", Records: 30}},
		Rules: []result.RuleShare{
			{ByType: []result.TypeCount{{Type: "SYSCALL", Records: 4}, {Type: "PATH", Records: 10}}},
			{ByType: []result.TypeCount{{Type: "SYSCALL", Records: 6}, {Type: "PATH", Records: 20}}},
		},
	}
	spend(&a, result.Prices{NsPerRecord: map[string]float64{"SYSCALL": 3, "PATH": 1}}, 6000)
	if types, rules := a.Types[0].CPUNs+a.Types[1].CPUNs, a.Rules[0].CPUNs+a.Rules[1].CPUNs; math.Abs(types-6000) > 1e-6 || math.Abs(rules-6000) > 1e-6 {
		t.Errorf("types get %v, rules %v of 6000 ns", types, rules)
	}
	if a.Rules[0].CPUNs >= a.Rules[1].CPUNs {
		t.Errorf("the rule with more records got less: %v, %v", a.Rules[0].CPUNs, a.Rules[1].CPUNs)
	}
}
