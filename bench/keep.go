package bench

import (
	"errors"
	"fmt"
	"io"

	"github.com/auditprof/auditprof/bench/result"
)

// LogKeeper keeps the logs of slots: result.Writer is one.
type LogKeeper interface {
	// Log keeps the log of an arm on a scenario in at most room bytes, in place of one kept before, and tells how many it took.
	// result.ErrNoRoom: it does not fit.
	Log(arm, scenario string, log io.Reader, room int64) (packedBytes int64, err error)
}

// keepLog keeps the log of the first timed slot of each arm with rules and scenario, of a later one where nothing was lost then. It is what
// suggest-exclusions reads: the rule set exactly as given, no extra keys.
func (r *Runner) keepLog(arm int, s result.Slot, reg region) error {
	if r.Logs == nil || !r.Plan.Arms[arm].candidate() || s.Kind != result.SlotTimed || !s.Valid {
		return nil
	}
	at, room := -1, int64(result.MaxKeptLogBytes)
	for i, l := range r.kept {
		if l.Arm == s.Arm && l.Scenario == s.Scenario {
			at = i
			continue
		}
		room -= l.PackedBytes
	}
	whole := s.Complete() && !s.Ended
	if at >= 0 && (r.kept[at].Complete || !whole) {
		return nil
	}
	name, err := result.LogFile(s.Arm, s.Scenario)
	if err != nil {
		return r.notKept(s, err)
	}
	packed, err := r.Logs.Log(s.Arm, s.Scenario, r.tail.section(reg.from, reg.to), room)
	if errors.Is(err, result.ErrNoRoom) {
		return r.notKept(s, err)
	}
	if err != nil {
		return err
	}
	l := result.Log{Scenario: s.Scenario, Arm: s.Arm, File: name, Round: s.Round, Ops: s.OpsDone, Bytes: reg.to - reg.from, PackedBytes: packed, Complete: whole,
		PIDs: reg.pids}
	if at >= 0 {
		r.kept[at] = l
		return nil
	}
	r.kept = append(r.kept, l)
	return nil
}

// notKept is no reason to end a run; it is said once for each log.
func (r *Runner) notKept(s result.Slot, err error) error {
	w := result.Warning{Text: fmt.Sprintf("the log of arm %s on %s is not kept: %v", s.Arm, s.Scenario, err),
		Cure: "none needed for this report; for suggest-exclusions --run measure fewer scenarios or rule sets at a time"}
	for _, said := range r.warn {
		if said == w {
			return nil
		}
	}
	r.warn = append(r.warn, w)
	return nil
}
