package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// shownRules is how many rules a table names; the rest is one line.
const shownRules = 5

// who prints, for each attribution slot, the rules and record types that made the volume, and whether its books close.
func (v *view) who(p *page) {
	for _, a := range v.run.Attribution {
		if len(a.Rules) == 0 && v.closed(a) {
			continue
		}
		p.gap()
		v.whoTable(a).print(p)
		v.types(p, a)
		v.books(p, a)
		v.agreement(p, a)
	}
	for _, arm := range v.run.Arms {
		if arm.TwinOf == "" {
			v.silent(p, arm)
			v.unnamed(p, arm)
		}
	}
}

// closed tells whether nothing of the attribution's log is unexplained.
func (v *view) closed(a result.Attribution) bool {
	for _, b := range v.run.Books {
		if b.Scenario == a.Scenario && b.Arm == a.Arm {
			return b.UnexplainedBytes == 0 && b.UnexplainedEvents == 0
		}
	}
	return false
}

// silent names in one line the scenarios on which an arm's rules recorded nothing.
func (v *view) silent(p *page, arm result.Arm) {
	var names []string
	for _, a := range v.run.Attribution {
		if a.Arm == arm.Name && len(a.Rules) == 0 && v.closed(a) {
			names = append(names, a.Scenario)
		}
	}
	if len(names) > 0 {
		p.gap()
		p.prose(plain, "silent", "%s recorded nothing on %s (0 bytes unexplained)", arm.Name, strings.Join(names, ", "))
	}
}

// totalBytes is what the shares are shares of: everything the set recorded, never 0.
func totalBytes(a result.Attribution) uint64 {
	var rules, types uint64
	for _, r := range a.Rules {
		rules += r.Bytes
	}
	for _, t := range a.Types {
		types += t.Bytes
	}
	return max(rules, types, 1)
}

func totalCPU(a result.Attribution) float64 {
	sum := 0.0
	for _, t := range a.Types {
		sum += t.CPUNs
	}
	return sum
}

func share(part, whole float64) string {
	if whole <= 0 {
		return unit.None
	}
	return unit.Percent(part / whole)
}

func (v *view) whoTable(a result.Attribution) *table {
	t := &table{fill: true}
	t.add(bold, fmt.Sprintf("who    %s on %s (the kernel's word)", a.Arm, a.Scenario), "bytes", "CPU", "events/op")
	rules := slices.SortedStableFunc(slices.Values(a.Rules), func(x, y result.RuleShare) int { return cmp.Compare(y.Bytes, x.Bytes) })
	rules = slices.DeleteFunc(rules, func(r result.RuleShare) bool { return r.Events == 0 && r.Bytes == 0 })
	first, more := several(rules, shownRules)
	bytes, cpu := float64(totalBytes(a)), totalCPU(a)
	for _, r := range first {
		t.add(plain, fmt.Sprintf("  %s:%d  %s", v.file(r.File), r.Line, brief(r.Text)), share(float64(r.Bytes), bytes), share(r.CPUNs, cpu), perOp(r.Events, a.Ops))
		t.rows[len(t.rows)-1].note = mainSource(a, r)
	}
	if more > 0 {
		rest := sum(rules[len(first):])
		t.add(plain, "  "+plural(more, "more rule"), share(float64(rest.Bytes), bytes), share(rest.CPUNs, cpu), perOp(rest.Events, a.Ops))
	}
	if silent := len(v.arm(a.Arm).Rules) - len(rules); silent > 0 {
		t.add(plain, fmt.Sprintf("  %s recorded nothing here", plural(silent, "rule")), "0 %", "", "0")
	}
	return t
}

// brief leaves out what nearly every rule begins with: the rest of the line tells rules apart.
func brief(text string) string {
	return strings.TrimPrefix(text, "-a always,exit ")
}

func sum(rules []result.RuleShare) (total result.RuleShare) {
	for _, r := range rules {
		total.Events += r.Events
		total.Bytes += r.Bytes
		total.CPUNs += r.CPUNs
	}
	return total
}

// mainSource names the program and the system call behind most of a rule's bytes.
func mainSource(a result.Attribution, rule result.RuleShare) string {
	type source struct{ exe, syscall string }
	bytes := map[source]uint64{}
	for _, row := range a.Rows {
		if row.Rule == rule.Rule {
			bytes[source{row.Exe, row.Syscall}] += row.Bytes
		}
	}
	var top source
	for s, b := range bytes {
		// equal volumes must not change places from one print to the next
		if b > bytes[top] || b == bytes[top] && (s.exe+"\x00"+s.syscall < top.exe+"\x00"+top.syscall) {
			top = s
		}
	}
	if bytes[top] == 0 {
		return ""
	}
	text := cmp.Or(top.exe, "no program")
	if top.syscall != "" {
		text += " in " + top.syscall
	}
	return share(float64(bytes[top]), float64(rule.Bytes)) + " " + text
}

// types prints record types by bytes with their CPU.
func (v *view) types(p *page, a result.Attribution) {
	bytes, cpu := float64(totalBytes(a)), totalCPU(a)
	var parts []string
	types := slices.SortedStableFunc(slices.Values(a.Types), func(x, y result.TypeCount) int { return cmp.Compare(y.Bytes, x.Bytes) })
	first, more := several(types, 6)
	for _, t := range first {
		parts = append(parts, fmt.Sprintf("%s %s (%s)", t.Type, share(float64(t.Bytes), bytes), share(t.CPUNs, cpu)))
	}
	if more > 0 {
		parts = append(parts, plural(more, "more type"))
	}
	if len(parts) > 0 {
		p.prose(plain, "types", "of bytes (of CPU of auditd and kauditd): %s", strings.Join(parts, ", "))
	}
}

func (v *view) books(p *page, a result.Attribution) {
	for _, b := range v.run.Books {
		if b.Scenario != a.Scenario || b.Arm != a.Arm {
			continue
		}
		var parts []string
		for _, o := range b.Origins {
			if o.Bytes > 0 {
				parts = append(parts, o.Name+" "+share(float64(o.Bytes), float64(b.LogBytes)))
			}
		}
		s := plain
		if b.UnexplainedBytes > 0 || b.UnexplainedEvents > 0 {
			s = alarm
		}
		p.prose(s, "books", "%s of %s bytes unexplained: %s", count(float64(b.UnexplainedBytes)), count(float64(b.LogBytes)), strings.Join(parts, ", "))
		lines, _ := several(b.Unexplained, 5)
		for _, l := range lines {
			p.row(s, "    "+l)
		}
	}
}

// agreement holds the attribution slot against the timed ones: a rule set with extra keys must record the same events.
func (v *view) agreement(p *page, a result.Attribution) {
	if a.EventsPerOpTimed == 0 && a.EventsPerOp == 0 {
		return
	}
	here, timed := unit.Digits(a.EventsPerOp), unit.Digits(a.EventsPerOpTimed)
	if here == timed {
		p.prose(plain, "", "%s events per %s, as in the timed slots", here, v.op(a.Scenario))
		return
	}
	p.prose(bold, "", "%s events per %s here, %s in the timed slots: shares are of a slot that did not do quite the same", here, v.op(a.Scenario), timed)
}

// unnamed lists the rules that no event can name.
func (v *view) unnamed(p *page, arm result.Arm) {
	var rules []result.Rule
	for _, r := range arm.Rules {
		if r.NoKey != "" {
			rules = append(rules, r)
		}
	}
	first, more := several(rules, 3)
	for _, r := range first {
		p.prose(plain, "", "events cannot name %s:%d %s: %s", v.file(r.File), r.Line, r.Text, r.NoKey)
	}
	if more > 0 {
		p.prose(plain, "", "and %s more that events cannot name", plural(more, "rule"))
	}
}
