package testrun

import (
	"fmt"
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

// arm is what makes the figures of an arm.
type arm struct {
	name, kind string
	slower     float64 // its wall time by that without audit
	rules      int
	keeps      bool // records what its rules match
}

var arms = []arm{
	{"no audit", result.ArmNoAudit, 1, 0, false},
	{"no rules", result.ArmNoRules, 1.01, 0, false},
	{"loaded now", result.ArmLoaded, 1.06, 24, true},
	{"site.rules", result.ArmCandidate, 1.27, 60, true},
	{"stig.rules", result.ArmCandidate, 1.63, 120, true},
}

// Small is a run of three scenarios under five arms in twelve rounds, with its slots.
func Small() (*result.Run, []result.Slot) {
	run, slots := runOf([]string{"db-churn", "exec-storm", "null-syscall"}, 12)
	together(run, slots)
	return run, slots
}

// Large is a run of 20 scenarios under five arms in 30 rounds, and 120 rules: the size that a report is to be rendered at in less than 3 seconds.
func Large() (*result.Run, []result.Slot) {
	var names []string
	for i := range 20 {
		names = append(names, fmt.Sprintf("workload-%02d", i+1))
	}
	return runOf(names, 30)
}

var begin = time.Date(2026, 11, 22, 14, 2, 0, 0, time.UTC)

func runOf(scenarios []string, rounds int) (*result.Run, []result.Slot) {
	run := &result.Run{
		Schema: result.Schema, Tool: "test", Started: begin, Finished: begin.Add(40 * time.Minute), Seed: 42, Rounds: rounds, RoundsDone: rounds, Ended: "complete",
		Environment: result.Environment{Host: "pg-stage-03", Kernel: "6.12.48", Arch: "x86_64", HZ: 250, CPUs: 4, CPUModel: "a CPU",
			Auditctl: "4.0.2", Auditd: "4.0.2", AuditdKind: "private", LogFormat: "ENRICHED", StealShare: 0.004, PressureCPU: 3.2},
		Prices:   result.Prices{NsPerRecord: map[string]float64{"SYSCALL": 9000, "PATH": 4000, "CWD": 1500}, Residual: 0.031, Slots: 24},
		Warnings: []result.Warning{{Text: "journald reads audit records too and doubles the log", Cure: "systemctl mask systemd-journald-audit.socket"}},
		Restored: result.Restored{OK: true, AbsentNs: int64(131 * time.Second)},
		Trust:    result.Trust{AA: map[string]result.Metric{}, ContextProof: "proven in 4 of 4 arms"},
	}
	for _, a := range arms {
		run.Arms = append(run.Arms, result.Arm{Name: a.name, Kind: a.kind, Files: files(a), Rules: rules(a)})
	}
	for i, name := range scenarios {
		run.Scenarios = append(run.Scenarios, result.Scenario{Name: name, Imitates: "what it imitates", Hurts: "why rules hurt there", Op: "transaction",
			Session: "service", Ops: 20000})
		run.Trust.AA[name] = metric(result.CPURatio, 1, rounds)
		for _, a := range arms {
			run.Results = append(run.Results, resultOf(name, i, a, rounds))
			if a.kind == result.ArmCandidate {
				run.Attribution = append(run.Attribution, attribution(name, i, a))
				run.Books = append(run.Books, result.Books{Scenario: name, Arm: a.name, LogBytes: 262252604, Origins: []result.Origin{{Name: "rules", Bytes: 262252604}}})
			}
		}
	}
	return run, slots(scenarios, rounds)
}

func files(a arm) []string {
	if a.kind != result.ArmCandidate {
		return nil
	}
	return []string{"40-files.rules", "60-site.rules"}
}

func rules(a arm) []result.Rule {
	var list []result.Rule
	for i := range a.rules {
		r := result.Rule{File: "40-files.rules", Line: i + 1, Col: 1, List: "exit", Action: "always",
			Text: fmt.Sprintf("-a always,exit -F arch=b64 -S openat,open -F dir=/srv/part%d -F auid>=1000 -F auid!=unset -k files%d", i, i%7)}
		if i%3 == 2 {
			r.File, r.Text = "60-site.rules", fmt.Sprintf("-w /opt/app%d -p wa", i)
		}
		if a.kind == result.ArmLoaded {
			r.File = "loaded"
		}
		list = append(list, r)
	}
	return list
}
