package html

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// volume is what one arm recorded on one scenario.
type volume struct {
	Title  string
	Facts  string
	Open   bool
	Icicle *icicle
	Types  grid
	Books  string
	Alarm  bool
}

// maxDrawn bounds the drawings: those of a loud set on 20 workloads are as large as a page may be.
const maxDrawn = 8

// volumes adds what the rules recorded: the heaviest pairs of arm and scenario first, each behind its title, the first one open.
func (v *runView) volumes(d *document) {
	list := slices.Clone(v.run.Attribution)
	slices.SortStableFunc(list, func(a, b result.Attribution) int { return cmp.Compare(bytesPerOp(b), bytesPerOp(a)) })
	var shown []volume
	var silent []string
	for _, a := range list {
		if allBytes(a) == 0 {
			silent = append(silent, a.Arm+" on "+a.Scenario)
			continue
		}
		vol := v.volume(a)
		if vol.Open = len(shown) == 0; len(shown) >= maxDrawn {
			vol.Icicle = nil
		}
		shown = append(shown, vol)
	}
	if len(shown) == 0 && len(silent) == 0 {
		return
	}
	note := "By the kernel’s own word: in a slot of its own each rule carries a key that no other has. Bytes are those that the exact set would have written."
	if len(shown) > maxDrawn {
		note += fmt.Sprintf(" The %d heaviest are drawn; of the others the noisiest rules below have the figures.", maxDrawn)
	}
	quiet := ""
	if len(silent) > 0 {
		quiet = "Recorded nothing: " + strings.Join(silent, ", ") + "."
	}
	d.add("volume", "Volume by rule", note, "volume", struct {
		List  []volume
		Quiet string
	}{shown, quiet})
}

func allBytes(a result.Attribution) (all uint64) {
	for _, r := range a.Rules {
		all += r.Bytes
	}
	return all
}

func bytesPerOp(a result.Attribution) float64 {
	return float64(allBytes(a)) / float64(max(a.Ops, 1))
}

func (v *runView) volume(a result.Attribution) volume {
	vol := volume{Title: a.Arm + " on " + a.Scenario, Icicle: newIcicle(v.leaves(a), [3]string{"rule", "program", "record type"}), Types: typesGrid(a)}
	vol.Facts = fmt.Sprintf("%s and %s events per %s", bytesOf(bytesPerOp(a)), digitsOf(a.EventsPerOp), v.op(a.Scenario))
	if timed := digitsOf(a.EventsPerOpTimed); a.EventsPerOpTimed > 0 && timed != digitsOf(a.EventsPerOp) {
		vol.Facts += " (" + timed + " events in the timed slots)"
	}
	for _, b := range v.run.Books {
		if b.Scenario == a.Scenario && b.Arm == a.Arm {
			vol.Books, vol.Alarm = booksText(b), b.UnexplainedBytes > 0 || b.UnexplainedEvents > 0
		}
	}
	return vol
}

func booksText(b result.Books) string {
	var parts []string
	for _, o := range b.Origins {
		if o.Bytes > 0 {
			parts = append(parts, o.Name+" "+shareOf(float64(o.Bytes), float64(b.LogBytes)))
		}
	}
	return fmt.Sprintf("Books: %s of %s bytes unexplained. %s.", countOf(b.UnexplainedBytes), countOf(b.LogBytes), strings.Join(parts, ", "))
}

// leaves are the rows of an attribution; what rules recorded without rows (there are none in runs of ours) is of no program.
func (v *runView) leaves(a result.Attribution) []leaf {
	arm := v.arm(a.Arm)
	var list []leaf
	for _, r := range a.Rows {
		name := "kernel"
		if r.Rule >= 0 && r.Rule < len(arm.Rules) {
			name = place(v.file(arm.Rules[r.Rule].File), arm.Rules[r.Rule].Line)
		}
		list = append(list, leaf{[3]string{name, cmp.Or(r.Exe, "no program"), r.Type}, r.Bytes})
	}
	if len(list) > 0 {
		return list
	}
	for _, r := range a.Rules {
		for _, t := range r.ByType {
			list = append(list, leaf{[3]string{place(v.file(r.File), r.Line), "not told", t.Type}, t.Bytes})
		}
	}
	return list
}

func typesGrid(a result.Attribution) grid {
	var bytes, cpu float64
	for _, t := range a.Types {
		bytes, cpu = bytes+float64(t.Bytes), cpu+t.CPUNs
	}
	g := grid{Title: "By record type", Head: append(words("record type"), numbers("records", "bytes", "share", "CPU of auditd and kauditd")...)}
	types := slices.SortedStableFunc(slices.Values(a.Types), func(x, y result.TypeCount) int { return cmp.Compare(y.Bytes, x.Bytes) })
	for _, t := range types {
		g.Rows = append(g.Rows, []cell{{Text: t.Type, Code: true}, {Text: countOf(t.Records)}, {Text: bytesOf(float64(t.Bytes))},
			bar(shareOf(float64(t.Bytes), bytes), float64(t.Bytes), bytes), {Text: shareOf(t.CPUNs, cpu)}})
	}
	return g
}
