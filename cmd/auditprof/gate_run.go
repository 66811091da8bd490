package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/text"
)

// gated is all that a verdict is made of, but for the budget.
type gated struct {
	of      string // what is judged, in a word
	figures *gate.Figures
	base    *gate.Figures
	baseOf  string
	apart   string
	sight   *gate.Sight
	noSight string
	loads   loadedRules
	remarks []string
	target  ruleset.Target         // as which texts of rules are read
	next    *gateSet               // the new rules, nil where nobody knows them
	prior   *gateSet               // the base rules, nil where there are none
	files   map[string]string      // file:line of the new rules as named, by base name:line
	propose func() []gate.Proposal // nil where no log was replayed
}

// runGate reads everything, judges, and writes the verdict.
func (c Command) runGate(ctx context.Context, f gateFlags, args []string) error {
	b, err := readBudget(f.budget)
	if err != nil {
		return usageError{err}
	}
	g, err := c.gateInputs(ctx, f, args)
	if err != nil {
		return err
	}
	v, err := gate.Judge(gate.Input{Budget: b, Figures: g.figures, Base: g.base, BaseName: g.baseOf, Apart: g.apart, Sight: g.sight, NoSight: g.noSight,
		SameRule: g.sameRule, NotLoaded: g.loads.problems, Loaded: g.loads.rules, Only: f.only, Of: g.of, Today: time.Now()})
	if errors.Is(err, gate.ErrFigures) {
		return err
	}
	if err != nil {
		return usageError{err}
	}
	v.Remarks = append(v.Remarks, g.remarks...)
	v.LetThrough = v.Outcome == gate.Inconclusive && (f.onInconclusive == "warn" || f.onInconclusive == "pass")
	v.Problems = append(v.Problems, problemsOf(v, g)...)
	if g.propose != nil && tooMuchWritten(v) {
		v.Proposals = append(v.Proposals, g.propose()...)
	}
	if err := c.writeVerdict(f, v); err != nil {
		return err
	}
	return verdictError(v, f.onInconclusive)
}

func (c Command) writeVerdict(f gateFlags, v *gate.Verdict) error {
	to, err := chosenForm(c, verdictForms, f.format, f.output)
	if err != nil {
		return err
	}
	also, err := alsoForms(f.also)
	if err != nil {
		return usageError{err}
	}
	for _, a := range also {
		if err := c.writeForm(f, a.form, a.file, verdictReport{verdict: v, text: text.VerdictOptions{Width: 80}}); err != nil {
			return err
		}
	}
	r := verdictReport{verdict: v, text: text.VerdictOptions{Width: 80}}
	if f.output == "" {
		r.text.Width, r.text.Color = terminal(c.Out)
	}
	return c.writeForm(f, to, f.output, r)
}

func (c Command) writeForm(f gateFlags, to form[verdictReport], file string, r verdictReport) error {
	if f.redact.wanted(to.leaves) {
		r = r.redacted()
	}
	return c.put(file, func(w io.Writer) error { return to.write(w, r) })
}

// readBudget reads --budget.
func readBudget(name string) (*gate.Budget, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("--budget: %w: auditprof gate init writes a first one", err)
	}
	if err != nil {
		return nil, fmt.Errorf("--budget: %w", err)
	}
	defer file.Close()
	if st, err := file.Stat(); err != nil || st.IsDir() {
		return nil, fmt.Errorf("--budget %s: it is no file", name)
	}
	return gate.ReadBudget(name, file)
}

// tooMuchWritten tells whether a limit on volume is broken: then an exclusion may help.
func tooMuchWritten(v *gate.Verdict) bool {
	for i := range v.Checks {
		switch c := &v.Checks[i]; {
		case c.Status != gate.Fail && c.Status != gate.Warn, c.CannotTell():
		case c.Subject != "seen" && c.Subject != gate.SectionRules:
			return true
		}
	}
	return false
}

// gateInputs reads the run, the baseline, the rules and the logs.
func (c Command) gateInputs(ctx context.Context, f gateFlags, args []string) (*gated, error) {
	g := &gated{figures: &gate.Figures{}}
	r := &gatedRun{}
	if len(args) > 0 {
		if err := r.read(args[0], f); err != nil {
			return nil, err
		}
		g.of, g.figures = runName(args[0])+", "+r.arm, gate.OfRun(r.run, r.arm)
		g.loads.leftOut(r.run, r.arm)
	} else {
		g.of = rulesName(f.rules)
	}
	if err := g.takeBaseline(f, r); err != nil {
		return nil, err
	}
	from, err := f.sources(r)
	if err != nil {
		return nil, err
	}
	if err := c.gateRules(ctx, f, from, g); err != nil {
		return nil, err
	}
	if err := g.measured(f, r); err != nil {
		return nil, err
	}
	if g.sight != nil && r.run != nil && r.base != nil {
		g.sight.Canaries(r.base, r.baseArm, r.run, r.arm)
	}
	return g, nil
}

// gatedRun is the run that is judged, and the arm that it is held against.
type gatedRun struct {
	dir     string
	run     *result.Run
	arm     string
	baseDir string
	base    *result.Run // may be run itself; nil: there is none
	baseArm string
}

func (r *gatedRun) read(dir string, f gateFlags) error {
	run, err := readRun(dir)
	if err != nil {
		return err
	}
	arm, err := gate.ArmOf(run, f.arm)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", dir, err)}
	}
	r.dir, r.run, r.arm = dir, run, arm.Name
	return nil
}

// readRun reads a run that may be judged. What is there and is no valid run is invalid.
func readRun(dir string) (*result.Run, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("read a run: %w: give the directory that bench wrote", err)
	}
	run, _, err := result.Read(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", gate.ErrInvalidRun, err)
	}
	if err := gate.ValidRun(run); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return run, nil
}

// takeBaseline finds what relative limits are of: --baseline, or another arm of the same run.
func (g *gated) takeBaseline(f gateFlags, r *gatedRun) error {
	if f.baseline == "" {
		if f.baseArm == "" || r.run == nil {
			return nil
		}
		arm, err := gate.ArmOf(r.run, f.baseArm)
		if err != nil {
			return usageError{fmt.Errorf("--base-arm: %w", err)}
		}
		if arm.Name == r.arm {
			return usageError{fmt.Errorf("--base-arm: arm %q is held against itself: name another", r.arm)}
		}
		r.baseDir, r.base, r.baseArm = r.dir, r.run, arm.Name
		g.base, g.baseOf = gate.OfRun(r.run, arm.Name), "arm "+arm.Name
		g.figures.Pair(r.run, r.arm, arm.Name)
		return nil
	}
	st, err := os.Stat(f.baseline)
	if err != nil {
		return fmt.Errorf("--baseline: %w", err)
	}
	if !st.IsDir() {
		g.base, err = readBaseline(f.baseline)
		g.baseOf, g.apart = filepath.Base(f.baseline), "a file of exact figures has none"
		return err
	}
	if r.base, err = readRun(f.baseline); err != nil {
		return fmt.Errorf("--baseline: %w", err)
	}
	arm, err := gate.ArmOf(r.base, f.baseArm)
	if err != nil {
		return usageError{fmt.Errorf("--baseline %s: %w", f.baseline, err)}
	}
	r.baseDir, r.baseArm = f.baseline, arm.Name
	g.base, g.baseOf = gate.OfRun(r.base, arm.Name), runName(f.baseline)+", "+arm.Name
	if r.run != nil {
		g.apart = gate.Apart(r.run.Environment, r.base.Environment)
	}
	return nil
}

func readBaseline(name string) (*gate.Figures, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	defer file.Close()
	b, err := gate.DecodeBaseline(file)
	if err != nil {
		return nil, usageError{fmt.Errorf("--baseline %s: %w", name, err)}
	}
	return b.Figures(), nil
}

// runName calls a run by its directory, which many call run.
func runName(dir string) string {
	name := filepath.Base(filepath.Clean(dir))
	if strings.HasPrefix(name, "run") {
		return name
	}
	return "run " + name
}
