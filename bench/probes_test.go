package bench

import "testing"

type otherAuditd struct{ Daemon }

func (otherAuditd) PID() int { return 43 }

// With several auditd.conf another auditd runs under each arm, and the one that ran first is gone when the explain slots come.
func TestProbesWatchTheAuditdThatRuns(t *testing.T) {
	r, _, _ := fakeRunner(t, 1)
	p := r.liveProbes(nil)
	before := p.auditd()
	r.Daemon = otherAuditd{r.Daemon}
	if after := p.auditd(); before != 42 || after != 43 {
		t.Errorf("process %d, then %d", before, after)
	}
}
