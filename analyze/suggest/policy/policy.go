package policy

import (
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// Policy is a suggest.Grader, for one goroutine.
type Policy struct {
	host host
}

// New is the policy for a host. Of a snapshot that is nil, or lacks what is asked, conventions stand in, and grades say what they assume.
func New(s *match.Snapshot) *Policy { return &Policy{newHost(s)} }

// Look has whatever the snapshot does not have looked at when it is asked: on the host itself snapshot.Files does it. Then nothing has to be
// assumed of programs and folders.
func (p *Policy) Look(at func(path string) *match.SnapshotAccess) { p.host.look = at }

// Grade says how much an attacker could hide in a change that takes these behaviours away.
func (p *Policy) Grade(c *suggest.Change, of []*suggest.Behaviour) suggest.Grade {
	return p.judge(c, of).grade(hide(c))
}

func (p *Policy) judge(c *suggest.Change, of []*suggest.Behaviour) *verdict {
	v := new(verdict)
	exactConds(v, c)
	switch c.Kind {
	case suggest.Exit:
		p.exit(v, c, of)
	case suggest.Exclude, suggest.User:
		p.recordType(v, c, of)
	case suggest.Filesystem:
		fileSystem(v, c)
	case suggest.Narrow:
		p.narrow(v, c, of)
	default:
		v.say(suggest.Forbidden, "nobody has judged this kind of change")
	}
	return v
}

// verdict gathers what speaks against a change.
type verdict struct {
	risk    suggest.Risk
	reasons []reason
	assumes []string
}

type reason struct {
	risk suggest.Risk
	text string
}

// say raises the risk and keeps why. What is low needs no reason.
func (v *verdict) say(r suggest.Risk, format string, args ...any) {
	if r == suggest.Low {
		return
	}
	text := fmt.Sprintf(format, args...)
	v.risk = max(v.risk, r)
	if !slices.ContainsFunc(v.reasons, func(o reason) bool { return o.text == text }) {
		v.reasons = append(v.reasons, reason{r, text})
	}
}

// assume notes what nobody has looked at.
func (v *verdict) assume(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(v.assumes, text) {
		v.assumes = append(v.assumes, text)
	}
}

// maxReasons is how many reasons are worth reading.
const maxReasons = 8

func (v *verdict) grade(hide string) suggest.Grade {
	slices.SortStableFunc(v.reasons, func(a, b reason) int { return int(b.risk) - int(a.risk) })
	g := suggest.Grade{Risk: v.risk, Assumes: v.assumes, Hide: hide}
	for i, r := range v.reasons {
		if i == maxReasons {
			g.Reasons = append(g.Reasons, fmt.Sprintf("and %d more", len(v.reasons)-i))
			break
		}
		g.Reasons = append(g.Reasons, r.text)
	}
	return g
}
