package result

import "time"

// sample is a run in which every field of every part has a value.
func sample() *Run {
	m := Metric{Unit: "ns", Value: 2, Low: 1, High: 3, N: 12}
	rule := Rule{File: "a.rules", Line: 3, Col: 1, Text: "-a always,exit -S open", List: "exit", Action: "always", NoKey: "why"}
	types := []TypeCount{{Type: "SYSCALL", Records: 3, Bytes: 300, CPUNs: 2.5}}
	return &Run{
		Schema: Schema, Tool: "0.1.0", Started: time.Unix(1e9, 0).UTC(), Finished: time.Unix(1e9+60, 0).UTC(),
		Seed: 7, Rounds: 12, RoundsDone: 12, Quick: true, Ended: "complete",
		Environment: Environment{
			Host: "h", Kernel: "6.18", Arch: "amd64", HZ: 250, CPUs: 2, CPUModel: "m", MemoryBytes: 1 << 30, Auditctl: "3.0.9", Auditd: "3.0.9",
			AuditdConf: []string{"freq = 50"}, ConfChanged: []string{"log_file: a -> b"}, PluginsOff: []string{"syslog"}, LogFormat: "RAW",
			Readers: []string{"journald"}, StealShare: 0.01, PressureCPU: 3, WorkUID: 991, MuteField: "f", ProbeLevels: []string{"L0"},
			BootID: "b",
		},
		Arms: []Arm{{
			Name: "a", Kind: ArmCandidate, TwinOf: "b", Files: []string{"a.rules"}, Rules: []Rule{rule},
			LeftOut:  []LeftOut{{File: "a.rules", Line: 4, Col: 2, Text: "-x", Why: "no"}},
			Controls: []Control{{File: "a.rules", Line: 1, Text: "-b 1", Measured: "-b 1", Note: "n"}}, NotMuted: 1,
			Sources: []Source{{File: "a.rules", Lines: []string{"-b 1", ""}}},
		}},
		Scenarios: []Scenario{{Name: "s", Imitates: "i", Hurts: "h", Op: "transaction", Session: "service", Ops: 100}},
		Results:   []Result{{Scenario: "s", Arm: "a", Metrics: map[string]Metric{Wall: m}, Complete: true, Findings: []string{"f"}, Slots: 12, Invalid: 1}},
		Attribution: []Attribution{{
			Agreement: Agreement{Agree: 10, Disagree: 1, Unknown: 2, Disagreements: []Disagreement{{Event: "1.000:2", Kernel: -1, Matcher: 0, Records: []string{"type=SYSCALL"}}},
				NotCompared: "n"},
			Scenario: "s", Arm: "a", Ops: 100,
			Rules: []RuleShare{{Rule: 0, File: "a.rules", Line: 3, Text: "t", Events: 1, Records: 3, Bytes: 300, CPUNs: 2.5, ByType: types}},
			Types: types, Rows: []Row{{Rule: -1, Type: "SYSCALL", Exe: "/bin/a", Syscall: "open", Events: 1, Records: 1, Bytes: 100}},
			EventsPerOp: 1, EventsPerOpTimed: 1, Repeats: 1,
		}},
		Books: []Books{{Scenario: "s", Arm: "a", LogBytes: 400, Origins: []Origin{{Name: "rules", Events: 1, Records: 3, Bytes: 300}},
			UnexplainedBytes: 100, UnexplainedEvents: 1, Unexplained: []string{"type=X"}}},
		Prices:   Prices{NsPerRecord: map[string]float64{"SYSCALL": 9000}, Residual: 0.1, Slots: 4},
		Warnings: []Warning{{Text: "t", Cure: "c"}},
		Restored: Restored{OK: true, Commands: []string{"auditctl -e 0"}, AbsentNs: 5},
		Trust:    Trust{AA: map[string]Metric{"s": m}, ContextProof: "proven"},
		Logs:     []Log{{Scenario: "s", Arm: "a", File: "logs/a+s.log.zst", Round: 1, Ops: 100, Bytes: 1000, PackedBytes: 100, Complete: true, PIDs: []int{7}}},
		Canaries: []Canary{{Arm: "a", Name: "setuid-bit", What: "w", Session: "service", By: "s", Done: true, Why: "y", Events: 1}},
	}
}

func sampleSlot(round int) Slot {
	return Slot{
		Kind: SlotTimed, Round: round, Place: 1, Scenario: "s", Arm: "a", Excluded: "CWD", Started: time.Unix(1e9, 0).UTC(), Valid: true, Why: "w", Ended: true,
		Ops: 100, OpsDone: 100, WallNs: 5, Latency: "HIST", ByType: map[string]TypeTally{"SYSCALL": {Records: 1, Bytes: 2}}, EndedBy: "nonce",
	}
}
