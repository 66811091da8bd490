package main

import (
	"fmt"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
)

// misfitShare is the part of the events of rules above which a log is not one of these rules: what is proposed for them would be about
// something else.
const misfitShare = 0.2

// fitOf is how well log and rules belong together.
func fitOf(p *analyze.Profile) advice.Fit {
	return advice.Fit{Undecided: p.Origins.Of(analyze.Undecided), Unexplained: p.Origins.Of(analyze.Unexplained), Conflicts: p.Conflicts.Events}
}

// fits refuses a log that was written under other rules. flag is the one that names those.
func fits(p *analyze.Profile, logs, rules, flag string) error {
	unexplained := p.Origins.Of(analyze.Unexplained).Events
	all := p.Origins.Of(analyze.Rules).Events + p.Origins.Of(analyze.Undecided).Events + unexplained
	odd := max(unexplained, p.Conflicts.Events) // an event may be both
	if odd == 0 || float64(odd) <= misfitShare*float64(all) {
		return nil
	}
	why := fmt.Sprintf("%d of %d events of rules contradict %s", odd, all, rules)
	for _, k := range p.Conflicts.Keys {
		if k.Name != "" {
			why += fmt.Sprintf(", as those with the key %q", k.Name)
			break
		}
	}
	return usageError{fmt.Errorf("%s was not written under these rules: %s. Name the rules of the host that wrote it with %s (on it, auditctl -l > loaded.rules)", logs, why, flag)}
}
