package bench

import (
	"fmt"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/kernel"
)

// baselines are the arms that sets are compared with. Their room is that of the host, as with a set that names none. So is their wait, as far as it is
// measured: a sender of user messages that sleeps for room looks once, and may miss the wake-up (kernel/audit.c, audit_receive: it joins the
// queue of waiters behind its look at the backlog). It then sleeps for all of that time, a minute where nobody set it.
func baselines(found kernel.State, hz int) []Arm {
	arms := []Arm{
		{Info: result.Arm{Name: "no audit", Kind: result.ArmNoAudit}, Rules: noAuditRules()},
		{Info: result.Arm{Name: "no rules", Kind: result.ArmNoRules}},
	}
	for i := range arms {
		arms[i].waitAsFound(found, hz)
	}
	return arms
}

// waitAsFound gives an arm whose lines name no backlog wait time that of the host, as far as it is measured.
func (a *Arm) waitAsFound(found kernel.State, hz int) {
	wait, note := waitTime(found.BacklogWaitTime, hz)
	a.Limits.BacklogWaitTime = &wait
	if note != "" {
		a.Info.Controls = append(a.Info.Controls, result.Control{Text: fmt.Sprintf("(as found: backlog_wait_time %d)", found.BacklogWaitTime),
			Measured: fmt.Sprintf("--backlog_wait_time %d", wait), Note: note})
	}
}
