package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// ErrAttribution: a slot that must tell which rule recorded what lost records again and again. The run is invalid.
var ErrAttribution = errors.New("the attribution slot lost records")

// ErrBooks: bytes of an attribution log have no origin. What the run says of the rules cannot be believed.
var ErrBooks = errors.New("the books do not close")

// maxRepeats is how often an attribution slot is tried with half the work before the run is given up: to an eighth of it.
const maxRepeats = 3

// attributionLimits replace the candidate's own: here nothing may be lost, so nothing may be limited. 65536 records of room, no rate
// limit, and a second to wait at most.
func (r *Runner) attributionLimits() kernel.Limits {
	room, rate, wait := uint32(65536), uint32(0), uint32(r.Plan.HZ)
	return kernel.Limits{BacklogLimit: &room, RateLimit: &rate, BacklogWaitTime: &wait}
}

// attribute runs one slot per scenario and set under the keyed copy of the set: the kernel itself says which rule recorded each event.
func (r *Runner) attribute(ctx context.Context) error {
	for i := range r.Plan.Arms {
		a := r.Plan.Arms[i]
		if !a.candidate() {
			continue
		}
		if err := r.useAuditd(a); err != nil {
			return err
		}
		keyed, _ := Keyed(a.Rules)
		if err := r.Kernel.Apply(keyed, r.attributionLimits()); err != nil {
			return fmt.Errorf("load the keyed copy of arm %s: %w", a.Info.Name, err)
		}
		for j := range r.Plan.Scenarios {
			r.step("attribution " + r.Plan.Scenarios[j].Name + " " + a.Info.Name)
			if err := r.attributeOne(ctx, i, j); err != nil {
				return err
			}
		}
		if err := r.Kernel.Check(); err != nil {
			return err
		}
	}
	return r.unload()
}

// attributeOne repeats a slot with half the work while anything is lost.
func (r *Runner) attributeOne(ctx context.Context, arm, scenario int) error {
	ops := r.ops[scenario]
	for repeat := 0; ; repeat++ {
		s, reg, err := r.slot(ctx, slotSpec{kind: result.SlotAttribution, arm: arm, scenario: scenario, ops: ops, marked: true})
		if err != nil {
			return err
		}
		if s.Valid && s.Complete() && !s.Ended {
			return r.keepAttribution(arm, scenario, repeat, s, reg)
		}
		if repeat == maxRepeats || ops == 1 {
			return fmt.Errorf("%w: arm %s, scenario %s: %s", ErrAttribution, s.Arm, s.Scenario, whyIncomplete(s))
		}
		ops = max(1, ops/2)
	}
}

func whyIncomplete(s result.Slot) string {
	if !s.Valid {
		return s.Why
	}
	if s.Ended {
		return fmt.Sprintf("it did not end within %v", time.Duration(s.WallNs))
	}
	return fmt.Sprintf("%d records lost, %d events missing, %d partial", s.Lost, s.EventsMissing, s.PartialEvents)
}

// fullKeys finds the rules that record events and could not get a key of their own. Where two have the same key neither is named.
func fullKeys(a Arm) map[string]int {
	m := map[string]int{}
	twice := map[string]bool{}
	for i, w := range a.Rules {
		if i >= len(a.Info.Rules) || a.Info.Rules[i].NoKey == "" || !recordsSyscalls(w.List) || w.Action != rule.ActionAlways {
			continue
		}
		k := w.Key()
		_, taken := m[k]
		twice[k] = twice[k] || taken
		m[k] = i
	}
	for k := range twice {
		if twice[k] {
			delete(m, k)
		}
	}
	return m
}

func (r *Runner) keepAttribution(arm, scenario, repeats int, s result.Slot, reg region) error {
	a := r.Plan.Arms[arm]
	at, bk, err := r.Attributor.Attribute(r.tail.section(reg.from, reg.to), AttributionInput{
		Scenario: s.Scenario, Arm: s.Arm, Ops: s.Ops, Rules: a.Info.Rules, KeyPrefix: KeyPrefix,
		Wires: a.Rules, Machine: machines[runtime.GOARCH], Kernel: r.Base.Environment.Kernel,
		FullKeys: fullKeys(a), FirstSerial: reg.firstSerial, LastSerial: reg.lastSerial,
		Personality: kernel.MarkPersonality, PIDs: r.unmarked(reg), Marks: MarkPrefix, HarnessPIDs: r.HarnessPIDs,
	})
	if err != nil {
		return fmt.Errorf("attribute arm %s, scenario %s: %w", s.Arm, s.Scenario, err)
	}
	at.Repeats = repeats
	r.warnOfMatcher(at)
	r.attr, r.books = append(r.attr, at), append(r.books, bk)
	if bk.UnexplainedBytes > 0 || bk.UnexplainedEvents > 0 {
		return fmt.Errorf("%w: arm %s, scenario %s: %d of %d bytes, see books in result.json", ErrBooks, s.Arm, s.Scenario, bk.UnexplainedBytes, bk.LogBytes)
	}
	return nil
}

// warnOfMatcher says where the matcher, with which logs of other hosts are decided, differs from the kernel. The run's own figures are the
// kernel's word and stand.
func (r *Runner) warnOfMatcher(at result.Attribution) {
	const cure = "report it with the event, which is in result.json: analyze would name the wrong rule there"
	a := at.Agreement
	if a.NotCompared != "" {
		r.warn = append(r.warn, result.Warning{Text: fmt.Sprintf("the matcher was not compared with the kernel on %s, arm %s: %s", at.Scenario, at.Arm, a.NotCompared), Cure: cure})
	}
	if a.Disagree == 0 {
		return
	}
	text := fmt.Sprintf("the matcher disagrees with the kernel on %d of %d events of %s, arm %s", a.Disagree, a.Agree+a.Disagree, at.Scenario, at.Arm)
	if len(a.Disagreements) > 0 {
		d := a.Disagreements[0]
		text += fmt.Sprintf(": event %s was recorded by %s, and the matcher says %s", d.Event, r.ruleName(at.Arm, d.Kernel), r.ruleName(at.Arm, d.Matcher))
	}
	r.warn = append(r.warn, result.Warning{Text: text, Cure: cure})
}

// ruleName is file:line of a rule of an arm.
func (r *Runner) ruleName(arm string, n int) string {
	for _, a := range r.Plan.Arms {
		if a.Info.Name == arm && n >= 0 && n < len(a.Info.Rules) {
			return fmt.Sprintf("%s:%d", a.Info.Rules[n].File, a.Info.Rules[n].Line)
		}
	}
	return "no rule"
}
