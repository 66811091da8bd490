package gate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// ErrInvalidRun is a run of which no figure may be believed.
var ErrInvalidRun = errors.New("the run is invalid")

// complete is how a run says that it ended as planned.
const complete = "complete"

// maxAABound is how far A/A may be from 1 before a run is not believed, whatever its interval: the same set twice must cost the same.
const maxAABound = 1.0

// ValidRun says why a run cannot be judged, in an error that wraps ErrInvalidRun: it did not end as planned, its machine was not put back, its books
// are open, or the same set twice did not cost the same.
func ValidRun(run *result.Run) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrInvalidRun, fmt.Sprintf(format, args...))
	}
	switch {
	case run.Ended != complete:
		return fail("it did not end as planned (%s): measure again", quote(run.Ended))
	case run.RoundsDone < run.Rounds:
		return fail("%d of %d rounds are there: measure again", run.RoundsDone, run.Rounds)
	case !run.Restored.OK:
		return fail("its machine was not put back as it was found: restore it, and measure again")
	case len(run.Results) == 0:
		return fail("it has no result: measure again")
	}
	for _, b := range run.Books {
		if b.UnexplainedBytes > 0 || b.UnexplainedEvents > 0 {
			return fail("the books of %s under %s do not close: %d bytes of its log have no origin", quote(b.Scenario), quote(b.Arm), b.UnexplainedBytes)
		}
	}
	if differs := run.AADiffers(); len(differs) > 0 {
		return fail("on %s the same set twice did not cost the same: measure again on a quieter machine", list(differs))
	}
	if len(run.Comparisons) > 0 {
		return nil
	}
	for _, s := range sortedKeys(run.Trust.AA) { // of an earlier version, without tests
		aa := run.Trust.AA[s]
		if aa.N >= leastRounds && (aa.Low > maxAABound || aa.High < maxAABound) {
			return fail("on %s the same set twice did not cost the same: %.3f [%.3f %.3f]: measure again on a quieter machine", quote(s), aa.Value, aa.Low, aa.High)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// ArmOf finds the arm that is judged: the one that is named, or the only candidate.
func ArmOf(run *result.Run, name string) (*result.Arm, error) {
	var have []string
	var only *result.Arm
	for i := range run.Arms {
		a := &run.Arms[i]
		if a.Name == name && name != "" {
			return a, nil
		}
		if a.Kind == result.ArmCandidate && a.TwinOf == "" {
			only = a
			have = append(have, a.Name)
		}
	}
	switch {
	case name != "":
		return nil, fmt.Errorf("the run has no arm %s: it has %s%s", quote(name), list(have), nearest(name, have))
	case len(have) == 1:
		return only, nil
	case len(have) == 0:
		return nil, errors.New("the run measured no rule set that was named: measure one with --rules")
	}
	return nil, fmt.Errorf("the run measured %d rule sets: name one with --arm: %s", len(have), list(have))
}

// OfRun takes the figures of one arm of a run.
func OfRun(run *result.Run, arm string) *Figures {
	out := &Figures{run: run}
	for _, s := range run.Scenarios {
		for i := range run.Results {
			if r := &run.Results[i]; r.Scenario == s.Name && r.Arm == arm {
				out.Scenarios = append(out.Scenarios, subjectOf(run, r, s))
			}
		}
	}
	return out
}

func subjectOf(run *result.Run, r *result.Result, s result.Scenario) Subject {
	out := Subject{Name: s.Name, Figures: map[string]Figure{}, Definition: s.Definition, Ops: opsOf(r, s)}
	for name, m := range r.Metrics {
		of, known := metrics[name]
		if !known {
			of = metricOf{dimensionOf(m.Unit), Timed}
		}
		out.Figures[name] = Figure{Dimension: of.dimension, Kind: of.kind, Value: m.Value, Low: m.Low, High: m.High, N: m.N}
	}
	if records, ok := out.Figures[result.Records]; ok && out.Ops > 0 && out.Figures[RecordsPerOp].N == 0 { // of an earlier version
		ops := out.Ops
		out.Figures[RecordsPerOp] = Figure{Dimension: Plain, Kind: Counted, Value: records.Value / ops, Low: records.Low / ops, High: records.High / ops, N: records.N}
	}
	if atLeast, ended := r.Metrics[result.AtLeastSlowdown]; ended {
		out.Figures[result.Slowdown] = Figure{Dimension: Ratio, Kind: Timed, Value: atLeast.Value, Low: atLeast.Low, High: atLeast.High, N: atLeast.N, AtLeast: true,
			Why: "slots were ended early", Cure: "the set is too slow for this workload to end: look at the noisiest rule first"}
	}
	if !r.Complete {
		out.Broken = "this workload's slots are not complete"
		if len(r.Findings) > 0 {
			out.Broken = printable(strings.Join(r.Findings, "; "))
		}
	}
	out.Rules = rulesOf(run, s.Name, r.Arm)
	return out
}

// opsOf are the operations of a timed slot in the middle. A run says how many were planned; each round has some more or fewer, which its metrics tell:
// both what a slot wrote and what it wrote for each operation.
func opsOf(r *result.Result, s result.Scenario) float64 {
	for _, m := range [][2]string{{result.Events, result.EventsPerOp}, {result.LogBytes, result.LogBytesPerOp}} {
		if all, each := r.Metrics[m[0]].Value, r.Metrics[m[1]].Value; all > 0 && each > 0 {
			return all / each
		}
	}
	return float64(s.Ops)
}

// rulesOf are the exact figures of every rule, of the slot in which the kernel itself said which rule recorded what.
func rulesOf(run *result.Run, scenario, arm string) []RuleFigures {
	for i := range run.Attribution {
		a := &run.Attribution[i]
		if a.Scenario != scenario || a.Arm != arm || a.Ops == 0 {
			continue
		}
		ops := float64(a.Ops)
		var out []RuleFigures
		for _, s := range a.Rules {
			out = append(out, RuleFigures{File: baseName(s.File), Line: s.Line, Text: s.Text, Key: keyOf(s.Text), Figures: map[string]Figure{
				result.EventsPerOp: exact(Plain, float64(s.Events)/ops, 1), RecordsPerOp: exact(Plain, float64(s.Records)/ops, 1),
				result.LogBytesPerOp: exact(Size, float64(s.Bytes)/ops, 1), result.Events: exact(Plain, float64(s.Events), 1),
				result.Records: exact(Plain, float64(s.Records), 1), result.LogBytes: exact(Size, float64(s.Bytes), 1),
			}})
		}
		return out
	}
	return nil
}

func baseName(file string) string { return file[strings.LastIndexByte(file, '/')+1:] }

// keyOf is the first key of a rule's text.
func keyOf(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		switch {
		case w == "-k" && i+1 < len(words):
			return words[i+1]
		case strings.HasPrefix(w, "key="):
			return strings.TrimPrefix(w, "key=")
		}
	}
	return ""
}

// Apart says why times of two runs are not compared, "" where they may be: only the same host under the same kernel and auditd does the same work in
// the same time.
func Apart(a, b result.Environment) string {
	for _, f := range []struct{ what, a, b string }{
		{"host", a.Host, b.Host}, {"kernel", a.Kernel, b.Kernel}, {"architecture", a.Arch, b.Arch}, {"processor", a.CPUModel, b.CPUModel},
		{"number of CPUs", fmt.Sprint(a.CPUs), fmt.Sprint(b.CPUs)}, {"auditd", a.Auditd, b.Auditd}, {"kind of auditd", a.AuditdKind, b.AuditdKind},
	} {
		if f.a != f.b {
			return fmt.Sprintf("the %s was %s and is %s", f.what, quote(f.b), quote(f.a))
		}
	}
	if a.Host == "" || a.Kernel == "" {
		return "a run does not say on which host and kernel it was"
	}
	return ""
}

// Canaries adds what the canaries of two runs (which may be one) say of an arm of each: an act that left an event under the base and leaves none
// under the other. One that was not done under the other at all is not seen there, though not surely.
func (s *Sight) Canaries(baseRun *result.Run, base string, run *result.Run, arm string) {
	type act struct{ name, session, by string }
	seen := map[act]bool{}
	for _, c := range baseRun.Canaries {
		if c.Arm == base && c.Done && c.Events > 0 {
			seen[act{c.Name, c.Session, c.By}] = true
		}
	}
	if len(seen) == 0 {
		return
	}
	if s.Compared == nil {
		s.Compared = map[string]uint64{}
	}
	done := map[string]bool{}
	for _, c := range run.Canaries {
		done[c.Name] = done[c.Name] || c.Arm == arm
		if c.Arm != arm || !seen[act{c.Name, c.Session, c.By}] {
			continue
		}
		s.Compared[LostCanary]++
		if c.Events == 0 {
			s.Losses = append(s.Losses, Loss{Kind: LostCanary, Name: c.Name, Sure: c.Done, Example: c.What + ", by " + c.By + ", " + c.Session})
		}
	}
	for _, c := range baseRun.Canaries {
		if c.Arm == base && seen[act{c.Name, c.Session, c.By}] && !done[c.Name] {
			done[c.Name] = true
			s.Compared[LostCanary]++
			s.Losses = append(s.Losses, Loss{Kind: LostCanary, Name: c.Name, Example: "nobody did it under these rules: measure with bench --canaries"})
		}
	}
}
