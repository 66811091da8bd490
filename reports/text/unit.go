package text

import (
	"fmt"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// unit says which service was measured, and what its own figure came to in each arm.
func (v *view) unit(p *page) {
	u := v.run.Unit
	if u == nil {
		return
	}
	p.gap()
	restarted := "as it ran"
	if u.Restarted {
		restarted = "restarted in each arm"
	}
	p.prose(plain, "unit", "%s, %d processes in %s, %s; slots of %s under its own load", u.Name, u.Processes, u.Cgroup, restarted, unit.Time(float64(u.SlotNs)))
	if u.Metric == "" {
		return
	}
	p.prose(plain, "metric", "%s", u.Metric)
	for _, r := range v.run.Results {
		m, ok := metric(r, result.UnitMetric)
		if !ok {
			continue
		}
		text := fmt.Sprintf("%s: %s [%s %s]", r.Arm, unit.Digits(m.Value), unit.Digits(m.Low), unit.Digits(m.High))
		if ratio, ok := metric(r, result.UnitMetricRatio); ok && r.Arm != v.noAudit {
			text += fmt.Sprintf(", %s times that of %s", interval(ratio), v.baseline())
		}
		p.prose(plain, "", "%s", text)
	}
}
