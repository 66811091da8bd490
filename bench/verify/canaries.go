package verify

import "github.com/auditprof/auditprof/bench/result"

// canariesOf compares what was seen under the old set with what was seen under the new one. What was not done under both says nothing.
func canariesOf(run *result.Run, arms Arms) Canaries {
	type act struct{ name, session, by string }
	under := map[act]result.Canary{}
	for _, c := range run.Canaries {
		if c.Arm == arms.New {
			under[act{c.Name, c.Session, c.By}] = c
		}
	}
	out := Canaries{Lost: []result.Canary{}}
	for _, old := range run.Canaries {
		now, both := under[act{old.Name, old.Session, old.By}]
		if old.Arm != arms.Old || !both || !old.Done || !now.Done {
			continue
		}
		out.Done++
		if now.Events > 0 {
			out.After++
		}
		if old.Events == 0 {
			continue
		}
		if out.Before++; now.Events == 0 {
			out.Lost = append(out.Lost, now)
		}
	}
	return out
}
