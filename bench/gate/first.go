package gate

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// firstLimits are what a first budget has of each workload, with the room that it leaves above what was measured.
var firstLimits = []struct {
	metric, severity, why string
	room                  float64
}{
	{result.LogBytesPerOp, "", "what is written is exact: it holds on any machine", 1.1},
	{result.EventsPerOp, "", "", 1.1},
	{result.Slowdown, "warn", "wall time beside no audit at all", 1.05},
	{result.CPUPerOp, "warn", "CPU of all processes; only the machine of the run knows it", 1.2},
	{result.FilterTaxPerOp, "warn", "what every call pays though no rule matches", 1.5},
	{result.LatencyP99, "warn", "", 1.5},
}

// WriteFirst writes a first budget from figures, with comments: limits a little above what was measured. name is what they are of. The text reads
// back without an error, and the run that it is of keeps what is exact in it.
func WriteFirst(w io.Writer, f *Figures, name string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# A first budget, written by auditprof gate init from %s.\n", printable(name))
	b.WriteString("# Limits are a little above what was measured: lower them to what you can afford. docs/gate.md says what can be limited.\n")
	b.WriteString("# A limit fails only where the interval lies beyond it, and passes only where it lies within; else the gate cannot tell.\n")
	fmt.Fprintf(&b, "version: %s\n\n", BudgetVersion)
	b.WriteString("# What is no longer recorded fails. Lost records fail too, unless a limit here allows some: lost <= 5\nseen: error\n")
	if len(f.Scenarios) > 0 {
		b.WriteString("\nscenarios:\n")
	}
	for i := range f.Scenarios {
		s := &f.Scenarios[i]
		fmt.Fprintf(&b, "  %s:\n", strconv.QuoteToASCII(s.Name))
		writeLimits(&b, s)
	}
	if f.Log != nil {
		b.WriteString("\n# Of the recorded logs, as the rules would have written them.\nlog:\n")
		fmt.Fprintf(&b, "  - %s <= %s\n", result.LogBytes, typed(f.Log.Figures[result.LogBytes].High*1.1, Size))
	}
	if f.Rules != nil {
		b.WriteString("\n# Of the rule set itself.\nrules:\n")
		writeRuleSet(&b, f.Rules)
	}
	b.WriteString("\n# What may go unseen, each with who answers for it and until when:\n# unseen:\n")
	b.WriteString("#   - what: -a never,exit -F arch=b64 -S openat -F exe=/usr/lib/postgresql/16/bin/postgres\n")
	b.WriteString("#     reason: data files of the database\n#     owner: dba@example.org\n#     expires: 2030-06-30\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func writeLimits(b *strings.Builder, s *Subject) {
	wrote := false
	for _, l := range firstLimits {
		f, ok := s.Figures[l.metric]
		if !ok || f.N == 0 || f.Kind == Timed && s.Broken != "" {
			continue
		}
		if l.why != "" {
			fmt.Fprintf(b, "    # %s\n", l.why)
		}
		text := shown(l.metric) + " <= " + typed(max(f.High*l.room, 0), f.Dimension)
		if l.severity == "" {
			fmt.Fprintf(b, "    - %s\n", text)
		} else {
			fmt.Fprintf(b, "    - limit: %s\n      severity: %s\n", text, l.severity)
		}
		wrote = true
	}
	if !wrote {
		b.WriteString("    - lost <= 0\n")
	}
}

func writeRuleSet(b *strings.Builder, s *Subject) {
	for _, name := range sortedKeys(s.Figures) {
		fmt.Fprintf(b, "  - %s <= %d\n", name, int64(s.Figures[name].High)+10)
	}
}

// typed is a number as a limit has it, rounded up to three digits so that it is not below what was measured.
func typed(v float64, of Dimension) string {
	unit, size := "", 1.0
	switch {
	case of == Time && v >= 1e9:
		unit, size = "s", 1e9
	case of == Time && v >= 1e6:
		unit, size = "ms", 1e6
	case of == Time && v >= 1e3:
		unit, size = "us", 1e3
	case of == Time:
		unit = "ns"
	case of == Size && v >= 1<<30:
		unit, size = "GiB", 1<<30
	case of == Size && v >= 1<<20:
		unit, size = "MiB", 1<<20
	case of == Size && v >= 1<<10:
		unit, size = "KiB", 1<<10
	case of == Size:
		unit = "B"
	}
	return strconv.FormatFloat(roundUp(v/size), 'f', -1, 64) + unit
}

// roundUp is the next number above v with three significant digits.
func roundUp(v float64) float64 {
	near, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 2, 64), 64)
	if err != nil || near >= v {
		return near
	}
	up, err := strconv.ParseFloat(strconv.FormatFloat(v*1.005, 'e', 2, 64), 64)
	if err != nil {
		return v
	}
	return up
}
