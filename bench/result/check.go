package result

import "fmt"

// check refuses a run whose parts point at what is not there: whoever reads it may then index without asking.
func check(run *Run) error {
	arms, scenarios := map[string]int{}, map[string]bool{}
	for _, a := range run.Arms {
		if _, twice := arms[a.Name]; twice {
			return fmt.Errorf("two arms are named %q", a.Name)
		}
		arms[a.Name] = len(a.Rules)
	}
	for _, s := range run.Scenarios {
		if scenarios[s.Name] {
			return fmt.Errorf("two scenarios are named %q", s.Name)
		}
		scenarios[s.Name] = true
	}
	known := func(what string, i int, scenario, arm string) error {
		if _, ok := arms[arm]; !ok || !scenarios[scenario] {
			return fmt.Errorf("%s[%d] is of scenario %q and arm %q, which the run does not list", what, i, scenario, arm)
		}
		return nil
	}
	for i, r := range run.Results {
		if err := known("results", i, r.Scenario, r.Arm); err != nil {
			return err
		}
	}
	for i, l := range run.Logs {
		if err := known("logs", i, l.Scenario, l.Arm); err != nil {
			return err
		}
		if name, err := LogFile(l.Arm, l.Scenario); err != nil || name != l.File {
			return fmt.Errorf("logs[%d] is in file %q, and not in %q", i, l.File, name)
		}
	}
	for i, c := range run.Canaries {
		if _, ok := arms[c.Arm]; !ok {
			return fmt.Errorf("canaries[%d] is of arm %q, which the run does not list", i, c.Arm)
		}
	}
	for i, b := range run.Books {
		if err := known("books", i, b.Scenario, b.Arm); err != nil {
			return err
		}
	}
	for i, a := range run.Attribution {
		if err := known("attribution", i, a.Scenario, a.Arm); err != nil {
			return err
		}
		if err := checkRules(a, arms[a.Arm]); err != nil {
			return fmt.Errorf("attribution[%d]: %w", i, err)
		}
	}
	return nil
}

// checkRules holds a share to a rule of the arm; a row may also have rule -1, kernel-triggered events.
func checkRules(a Attribution, rules int) error {
	for _, s := range a.Rules {
		if s.Rule < 0 || s.Rule >= rules {
			return fmt.Errorf("rule %d of an arm with %d rules", s.Rule, rules)
		}
	}
	for _, d := range a.Agreement.Disagreements {
		if min(d.Kernel, d.Matcher) < -1 || max(d.Kernel, d.Matcher) >= rules {
			return fmt.Errorf("a disagreement over rules %d and %d of an arm with %d rules", d.Kernel, d.Matcher, rules)
		}
	}
	for _, r := range a.Rows {
		if r.Rule < -1 || r.Rule >= rules {
			return fmt.Errorf("a row of rule %d of an arm with %d rules", r.Rule, rules)
		}
	}
	return nil
}
