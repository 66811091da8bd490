package ruleprice

import (
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/bench/stat"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Loops are the system calls that a calibration times: one that does nothing, and one that looks up one name.
const (
	LoopNothing = "getppid"
	LoopName    = "stat"
)

var loops = []string{LoopNothing, LoopName}

// Setting is one rule set of a calibration, the loop that is timed under it, and the steps that one call of the loop makes the kernel take.
type Setting struct {
	Name  string
	Loop  string
	Rules []rule.Wire
	Steps Counts
}

// Files are what the rules of a calibration name on the host.
type Files struct {
	Dir string // a folder that LoopName's file is not in
	// Neighbour is a file whose inode shares the bucket of LoopName's file, and is another.
	Neighbour string
	Inode     uint64 // of LoopName's file
	Exe       string // the beginning of paths in a folder that is there; nothing runs from them
}

// Sizes of the synthetic sets that are asked: short ones fit the nearest cache, long ones do not.
var short, long = lengths[0], lengths[len(lengths)-1]

// Settings are the sets that tell the steps apart which are in use: every field of rules has one, once.
func Settings(inUse []rule.Wire, f Files) []Setting {
	out := []Setting{
		setting("no rule", LoopNothing, 0, false, nil),
		setting("no rule", LoopName, 0, false, nil),
		setting("1 rule passed by", LoopNothing, 1, false, nil),
		setting("1 rule passed by", LoopName, 1, false, nil),
		setting("short list asked", LoopNothing, short, true, []synthetic{falseArg}),
		setting("short list asked twice", LoopNothing, short, true, []synthetic{trueArg, falseArg}),
		setting("long list asked", LoopNothing, long, true, []synthetic{falseArg}),
	}
	for _, n := range lengths {
		out = append(out, setting(fmt.Sprintf("list of %d passed by", n), LoopNothing, n, false, nil))
	}
	for _, s := range fieldsOf(inUse) {
		v, ok := falseField(s, f)
		switch {
		case !ok || s == groupStep("a0-a3"):
		case s == groupStep("path"):
			out = append(out, setting("bucket asked: "+s.String(), LoopName, short, true, []synthetic{v}))
		default:
			out = append(out, setting("short list asked: "+s.String(), LoopNothing, short, true, []synthetic{v}))
		}
	}
	return out
}

// fieldsOf are the steps of all fields of rules, ascending.
func fieldsOf(rules []rule.Wire) []Step {
	seen := map[Step]bool{}
	for _, w := range rules {
		for _, f := range w.Fields {
			if f.Type != rule.FieldFilterKey {
				seen[FieldStep(f.Type)] = true
			}
		}
	}
	var out []Step
	for s := range seen {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// setting is n rules which the loop's call passes by, or whose fields it is asked.
func setting(name, loop string, n int, asked bool, fields []synthetic) Setting {
	s := Setting{Name: name, Loop: loop, Steps: newCounts()}
	for i := range n {
		s.Rules = append(s.Rules, syntheticRule(i, asked, fields))
	}
	if n > 0 {
		s.Steps[Walk] = 1
		if loop == LoopName {
			s.Steps[Name] = 1
		}
	}
	s.Steps.comeTo(float64(n), n)
	if asked {
		s.Steps.ask(float64(n), n)
	}
	for _, f := range fields {
		s.Steps[FieldStep(f.field)] += float64(n)
	}
	return s
}

// Fit finds what each step costs from the time of one call under each setting, in nanoseconds, and which part of the times the steps leave
// unexplained (0..1). Every time counts by its relative error. A field that no setting has costs what the median field does.
func Fit(settings []Setting, ns []float64) (k Costs, residual float64) {
	var rows [][]float64
	var y []float64
	for i, s := range settings {
		if ns[i] <= 0 {
			continue
		}
		row := make([]float64, Steps+len(loops))
		for j, n := range s.Steps {
			row[j] = n / ns[i]
		}
		row[Steps+slices.Index(loops, s.Loop)] = 1 / ns[i]
		rows, y = append(rows, row), append(y, 1)
	}
	x, residual := stat.NNLS(rows, y)
	if len(x) < Steps {
		return Costs(newCounts()), residual
	}
	k = Costs(x[:Steps])
	fillFields(k, settings)
	return k, residual
}

// fillFields gives the fields without a setting the median of those that have one.
func fillFields(k Costs, settings []Setting) {
	seen := newCounts()
	for _, s := range settings {
		seen.add(s.Steps)
	}
	var known []float64
	for s := int(firstField); s < Steps; s++ {
		if seen[s] > 0 {
			known = append(known, k[s])
		}
	}
	for s := int(firstField); s < Steps && len(known) > 0; s++ {
		if seen[s] == 0 {
			k[s] = stat.Median(known)
		}
	}
}

// Fitted is what the steps make of setting i: its loop without rules, as measured, and the cost of its steps.
func Fitted(k Costs, settings []Setting, ns []float64, i int) float64 {
	for n, s := range settings {
		if len(s.Rules) == 0 && s.Loop == settings[i].Loop {
			return ns[n] + k.Of(settings[i].Steps)
		}
	}
	return 0
}

// Own is a set as a calibration times it: the same rules, none of which has the loop's call in its mask. What is left of their price is that
// of being come to, with as many rules around each as there are, and with the lists of the hash beside them.
func Own(name string, rules []rule.Wire) Setting {
	s := Setting{Name: name + " passed by", Loop: LoopNothing, Steps: newCounts()}
	for i, w := range rules {
		if w.List != rule.ListExit {
			continue
		}
		w.Mask = [64]uint32{passedBy: 1<<8 | uint32(i+1)<<9} // no two the same, or the kernel would refuse the second
		s.Rules = append(s.Rules, w)
		if !hashed(w) {
			s.Steps.comeTo(1, lengths[0])
			s.Steps[Walk] = 1
		}
	}
	return s
}

// hashed tells the rules that the kernel keeps by inode (kernel/auditfilter.c: audit_find_rule).
func hashed(w rule.Wire) bool {
	for _, f := range w.Fields {
		if f.Type == rule.FieldWatch || f.Type == fieldInode && f.Op == rule.OpEqual {
			return true
		}
	}
	return false
}

// WithWalk is the costs for one set, in which coming to a rule costs what Own has shown: nothing is the loop without rules, ns the loop under
// Own, whole that under Whole, in nanoseconds. The whole set comes to the same rules and asks some of them besides: where it took less, the loads
// of Own lay badly in memory, and it is believed. A set without a list to walk keeps the synthetic price, which its buckets have.
func (k Costs) WithWalk(own Setting, nothing, ns, whole float64) Costs {
	rules := 0.0
	for s := firstRule; s < firstField; s++ {
		rules += own.Steps[s]
	}
	out := append(Costs(nil), k...)
	if rules == 0 {
		return out
	}
	each := max(0, min(ns, whole)-nothing-k[Walk]) / rules
	for s := firstRule; s < firstField; s++ {
		out[s] = each
	}
	return out
}
