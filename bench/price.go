package bench

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// pricedTypes are the companions of SYSCALL that get a slot of their own without them. SYSCALL itself cannot be left out alone: with it the
// whole event goes (kernel/auditsc.c: audit_log_exit).
var pricedTypes = []struct {
	name   string
	number uint32
}{{"PATH", 1302}, {"SOCKADDR", 1306}, {"CWD", 1307}, {"EXECVE", 1309}, {"PROCTITLE", 1327}}

// pricedFrom is the least number of records of a type that is worth a slot: fewer say nothing above the noise.
const pricedFrom = 2000

// prices runs, for each record type with enough records, the attribution slot that has most of it once more without it. Two slots that
// differ by one type only are what tells the types' costs apart: in ordinary slots they come in fixed proportions.
func (r *Runner) prices(ctx context.Context) error {
	for _, t := range pricedTypes {
		s, arm, scenario, ok := r.richest(t.name)
		if !ok {
			continue
		}
		r.step("price of " + t.name)
		if err := r.useAuditd(r.Plan.Arms[arm]); err != nil {
			return err
		}
		keyed, _ := Keyed(r.Plan.Arms[arm].Rules)
		without := rule.Wire{List: rule.ListExclude, Action: rule.ActionNever,
			Fields: []rule.WireField{{Type: fieldMsgType, Op: rule.OpEqual, Value: t.number}}}
		// It goes first: a candidate's own exclude rule with a field that the list does not know ends the walk.
		if err := r.Kernel.Apply(append([]rule.Wire{without}, keyed...), r.attributionLimits()); err != nil {
			return fmt.Errorf("load arm %s without %s: %w", s.Arm, t.name, err)
		}
		if _, _, err := r.slot(ctx, slotSpec{kind: result.SlotPrice, arm: arm, scenario: scenario, ops: s.Ops, marked: true, excluded: t.name}); err != nil {
			return err
		}
	}
	return r.unload()
}

// richest finds the whole attribution slot with the most records of a type.
func (r *Runner) richest(recordType string) (best result.Slot, arm, scenario int, ok bool) {
	var most int64 = pricedFrom - 1
	for _, s := range r.slots {
		if s.Kind != result.SlotAttribution || !s.Valid || !s.Complete() || s.ByType[recordType].Records <= most {
			continue
		}
		best, most, ok = s, s.ByType[recordType].Records, true
	}
	if !ok {
		return best, 0, 0, false
	}
	for i, a := range r.Plan.Arms {
		if a.Info.Name == best.Arm {
			arm = i
		}
	}
	for j, sc := range r.Plan.Scenarios {
		if sc.Name == best.Scenario {
			scenario = j
		}
	}
	return best, arm, scenario, true
}

// fitPrices finds the ns of auditd and kauditd per record of each type that explain the CPU of all slots best, none below zero. A constant
// per slot takes what does not depend on records. Types that are rare in the whole run share one price: a handful of records, most of them
// other processes', would take on whatever noise their slots have. EOE never reaches the log: its cost is in SYSCALL's.
func fitPrices(slots []result.Slot) result.Prices {
	var used []result.Slot
	for _, s := range slots {
		if s.Valid && !s.Ended && s.Lost == 0 && s.Kind != result.SlotPilot && s.Kind != result.SlotWarmup && s.Kind != result.SlotCensus && s.Kind != result.SlotExplain {
			used = append(used, s)
		}
	}
	columns, n := priceColumns(used)
	p := result.Prices{NsPerRecord: map[string]float64{}, Slots: len(used)}
	if len(used) == 0 || len(columns) == 0 {
		return p
	}
	var rows [][]float64
	var cpu []float64
	for _, s := range used {
		row := make([]float64, n+1)
		for t, c := range s.ByType {
			row[columns[t]] += float64(c.Records)
		}
		row[n] = 1
		rows, cpu = append(rows, row), append(cpu, float64(s.AuditdCPUNs+s.KauditdCPUNs))
	}
	x, residual := stat.NNLS(rows, cpu)
	for t, i := range columns {
		p.NsPerRecord[t] = x[i]
	}
	p.Residual = residual
	return p
}

// priceColumns gives each record type its column of the fit: one of its own, or the first, which the rare ones share.
func priceColumns(slots []result.Slot) (columns map[string]int, n int) {
	total := map[string]int64{}
	for _, s := range slots {
		for t, c := range s.ByType {
			total[t] += c.Records
		}
	}
	columns, n = map[string]int{}, 1
	for _, t := range slices.Sorted(maps.Keys(total)) {
		if total[t] < pricedFrom {
			columns[t] = 0
			continue
		}
		columns[t] = n
		n++
	}
	return columns, n
}

// spend gives the CPU that auditd and kauditd used in the timed slots to record types and rules: the fitted price times the count, scaled so
// that the sum is what was measured. A type that the fit gave nothing stays at nothing.
func spend(a *result.Attribution, p result.Prices, measuredNs float64) {
	fitted := 0.0
	for _, t := range a.Types {
		fitted += p.NsPerRecord[t.Type] * float64(t.Records)
	}
	if fitted <= 0 {
		return
	}
	scale := measuredNs / fitted
	for i, t := range a.Types {
		a.Types[i].CPUNs = scale * p.NsPerRecord[t.Type] * float64(t.Records)
	}
	for i := range a.Rules {
		a.Rules[i].CPUNs = 0
		for j, t := range a.Rules[i].ByType {
			ns := scale * p.NsPerRecord[t.Type] * float64(t.Records)
			a.Rules[i].ByType[j].CPUNs = ns
			a.Rules[i].CPUNs += ns
		}
	}
}
