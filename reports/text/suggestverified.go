package text

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/verify"
	"github.com/auditprof/auditprof/reports/unit"
)

// verified prints what --verify measured: verdict first, then each workload under the old and the new rules.
func (p *page) verified(v *verify.Verified) {
	p.gap()
	switch {
	case !v.OK():
		p.prose(alarm, "FAILED", "the measurement does not bear the proposals out:")
		for _, f := range v.Failures {
			p.prose(alarm, "", "%s", f)
		}
	default:
		p.prose(bold, "measured", "old and new rules side by side, %s%s: %s", plural(v.Rounds, "round"), quickly(v), verdictOf(v))
	}
	p.verifiedTable(v)
	for _, w := range v.Workloads {
		if w.CPURatio.N == 0 {
			continue
		}
		p.prose(plain, "", "%s: %s times the CPU of the old rules, all processes and filter tax (old against itself %s)",
			w.Scenario, interval(w.CPURatio), interval(w.AARatio))
	}
	p.canaries(v.Canaries)
	for _, q := range v.Proposals {
		if q.Dropped {
			p.prose(alarm, "DROPPED", "%s: %s", q.ID, q.Why)
			continue
		}
		p.prose(plain, q.ID, "%s", q.Why)
	}
	for _, r := range v.Remarks {
		p.prose(plain, "note", "%s", r)
	}
	if v.Dir != "" {
		p.prose(plain, "run", "%s", v.Dir)
	}
}

func quickly(v *verify.Verified) string {
	if v.Quick {
		return " (short slots: ranges in place of intervals)"
	}
	return ""
}

// verdictOf is the saving of each workload that saves anything, in one line.
func verdictOf(v *verify.Verified) string {
	var parts []string
	for _, w := range v.Workloads {
		if w.Old.Bytes > 0 && !w.Ended {
			parts = append(parts, fmt.Sprintf("%s log -%s, CPU %s", w.Scenario, unit.Percent(w.Measured), unit.Change(w.CPURatio.Value)))
		}
	}
	if len(parts) == 0 {
		return "no workload made an event"
	}
	return strings.Join(parts, "; ")
}

// verifiedTable has two lines for each workload.
func (p *page) verifiedTable(v *verify.Verified) {
	t := &table{over: []span{{1, 2, "per operation: log"}, {3, 5, "CPU, us"}, {6, 7, "bytes saved"}}}
	t.add(plain, "", "bytes", "events", "auditd", "tax", "total", "measured", "foretold")
	for _, w := range v.Workloads {
		t.add(plain, append(armCells(w.Scenario+", old", w.Old), "", "")...)
		t.add(plain, append(armCells(w.Scenario+", new", w.New), savedShare(w), foretold(w))...)
	}
	t.print(p)
}

// armCells are a name and what a set costs an operation; where slots were ended only the daemons and the tax have figures.
func armCells(name string, a verify.Arm) []string {
	cells := []string{name, unit.Digits(a.Bytes), unit.Digits(a.Events), unit.Digits(a.DaemonNs / 1e3), unit.Digits(a.TaxNs / 1e3), unit.Digits(a.TotalNs / 1e3)}
	if a.TotalNs == 0 {
		cells[1], cells[2], cells[3], cells[5] = unit.None, unit.None, unit.None, unit.None
	}
	return cells
}

// savedShare is the measured saving.
func savedShare(w verify.Workload) string {
	if w.Old.Bytes == 0 || w.Ended {
		return unit.None
	}
	return unit.Percent(w.Measured)
}

// foretold is the predicted saving, with what the log leaves open.
func foretold(w verify.Workload) string {
	if w.Old.Bytes == 0 || w.Ended {
		return unit.None
	}
	if w.Unknown > 0.0005 {
		return unit.Percent(w.Predicted) + "+" + unit.Percent(w.Unknown)
	}
	return unit.Percent(w.Predicted)
}

// canaries says which acts are still seen. What the old rules never recorded no change can lose.
func (p *page) canaries(c verify.Canaries) {
	if c.Done == 0 {
		return
	}
	if len(c.Lost) == 0 {
		p.prose(plain, "canary", "%d of %s seen under the old rules, all of them under the new ones too", c.Before, plural(c.Done, "harmless act"))
		return
	}
	p.prose(alarm, "canary", "%d of %s seen under the old rules, %d of them LOST under the new ones:", c.Before, plural(c.Done, "harmless act"), len(c.Lost))
	for _, l := range lostCanaries(c.Lost) {
		p.prose(alarm, "", "%s", l)
	}
}

// lostCanaries has one line for each act, with who did it.
func lostCanaries(lost []result.Canary) (lines []string) {
	by := map[string][]string{}
	var acts []string
	for _, c := range lost {
		act := c.Name + ": " + c.What
		if by[act] == nil {
			acts = append(acts, act)
		}
		by[act] = append(by[act], fmt.Sprintf("%s, %s", c.By, c.Session))
	}
	for _, act := range acts {
		lines = append(lines, fmt.Sprintf("%s (%s)", act, strings.Join(by[act], "; ")))
	}
	return lines
}
