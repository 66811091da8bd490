package testrun

import "github.com/auditprof/auditprof/bench/result"

// HostileRun is a run whose every text is this one where a text may be chosen freely. What its parts say of each other stays together: its
// arms are of the kinds that a report looks for, and every table has the rows of a scenario and an arm.
func HostileRun(text string) *result.Run {
	run := Filled[*result.Run](text)
	run.Schema, run.Rounds, run.RoundsDone, run.Quick = result.Schema, 12, 12, false
	run.Arms[0].Name, run.Arms[0].Kind, run.Arms[0].TwinOf = "no audit", result.ArmNoAudit, ""
	run.Arms[1].Kind, run.Arms[1].TwinOf = result.ArmCandidate, ""
	run.Results[0].Arm = "no audit"
	for i := range run.Arms {
		for j := range run.Arms[i].Sources {
			run.Arms[i].Sources[j].Lines = []string{"#" + text, ""} // as rules they would have notes, by what they begin with
		}
	}
	for i := range run.Results {
		run.Results[i].Metrics = map[string]result.Metric{}
		for name, unit := range result.Units {
			run.Results[i].Metrics[name] = result.Metric{Unit: unit, Value: 1.5, Low: 1.2, High: 1.8, N: 12}
		}
		for _, name := range []string{result.Lost, result.EventsMissing, result.PartialEvents} {
			run.Results[i].Metrics[name] = result.Metric{Unit: result.Units[name], N: 12}
		}
	}
	return run
}
