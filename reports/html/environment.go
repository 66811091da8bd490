package html

import (
	"fmt"
	"strings"
)

// environment adds where the run was made, and its warnings.
func (v *runView) environment(d *document) {
	warnings := grid{Title: "Warnings", Head: words("what", "what to do")}
	for _, w := range v.run.Warnings {
		warnings.Rows = append(warnings.Rows, say(w.Text, w.Cure))
	}
	for _, p := range v.run.Environment.PluginsOff {
		warnings.Rows = append(warnings.Rows, say("plugin "+p+" is active on the host and was not run", "its cost comes on top"))
	}
	f := facts{List: v.environmentFacts()}
	if len(warnings.Rows) > 0 {
		f.Grids = append(f.Grids, warnings)
	}
	if g := v.scenarioGrid(); len(g.Rows) > 0 {
		f.Grids = append(f.Grids, g)
	}
	if len(f.List)+len(f.Grids) > 0 {
		d.add("environment", "Where and how", "", "facts", f)
	}
}

func (v *runView) environmentFacts() []fact {
	e := v.run.Environment
	var list []fact
	put := func(name, text string) {
		if text != "" {
			list = append(list, fact{Name: name, Text: text})
		}
	}
	put("Host", e.Host)
	put("Kernel", sentence(", ", e.Kernel, e.Arch, positive(e.HZ, "%d Hz")))
	put("CPU", sentence(", ", positive(e.CPUs, "%d"), e.CPUModel))
	if e.MemoryBytes > 0 {
		put("Memory", bytesOf(float64(e.MemoryBytes)))
	}
	put("auditctl, auditd", sentence(", ", e.Auditctl, e.Auditd, e.AuditdKind, e.LogFormat))
	put("auditd.conf, changed", strings.Join(e.ConfChanged, "; "))
	put("Other readers", strings.Join(e.Readers, ", "))
	put("Rules made by", e.Loader)
	put("Mute field", e.MuteField)
	if e.Kernel != "" {
		put("Disturbance", "steal "+percentOf(e.StealShare)+", CPU pressure "+percentOf(e.PressureCPU/100))
		put("Seed of the order", fmt.Sprint(v.run.Seed))
	}
	if u := v.run.Unit; u != nil {
		put("Unit", fmt.Sprintf("%s, slots of %s, %s when the run began", u.Name, timeOf(float64(u.SlotNs)), plural(u.Processes, "process")))
	}
	return list
}

func positive(n int, format string) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(format, n)
}

func (v *runView) scenarioGrid() grid {
	g := grid{Title: "Workloads", Head: append(words("name", "imitates", "why rules hurt there", "session"), numbers("operations a slot")...)}
	for _, s := range v.run.Scenarios {
		if s.Imitates+s.Hurts != "" {
			g.Rows = append(g.Rows, say(s.Name, s.Imitates, s.Hurts, s.Session, countOf(s.Ops)))
		}
	}
	return g
}
