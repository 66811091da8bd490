package text

import (
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

func metricOf(name string, value, low, high float64) result.Metric {
	return result.Metric{Unit: result.Units[name], Value: value, Low: low, High: high, N: 12}
}

// metrics makes the metrics of a result; every interval is 3 % wide on each side but that of the slowdown.
func metrics(slowdown [3]float64, values map[string]float64) map[string]result.Metric {
	m := map[string]result.Metric{result.Slowdown: metricOf(result.Slowdown, slowdown[0], slowdown[1], slowdown[2])}
	for name, v := range values {
		m[name] = metricOf(name, v, 0.97*v, 1.03*v)
	}
	return m
}

func arms() []result.Arm {
	rules := []result.Rule{
		{File: "40-files.rules", Line: 12, Col: 1, Text: "-a always,exit -F arch=b64 -S open,openat -F success=1 -F auid>=1000 -F auid!=unset -k file_accesses", List: "exit", Action: "always"},
		{File: "50-net.rules", Line: 3, Col: 1, Text: "-a always,exit -F arch=b64 -S connect -k net", List: "exit", Action: "always"},
		{File: "60-site.rules", Line: 88, Col: 1, Text: "-w /opt -p wa", List: "exit", Action: "always"},
		{File: "70-users.rules", Line: 1, Col: 1, Text: "-a always,user -F uid=0", List: "user", Action: "always", NoKey: "user messages carry no key of the rule"},
	}
	return []result.Arm{
		{Name: "no audit", Kind: result.ArmNoAudit},
		{Name: "no rules", Kind: result.ArmNoRules},
		{Name: "loaded now", Kind: result.ArmLoaded, Rules: rules[:1]},
		{Name: "site.rules", Kind: result.ArmCandidate, Files: []string{"site.rules"}, Rules: rules,
			Controls: []result.Control{
				{File: "10-base.rules", Line: 3, Text: "-b 8192", Measured: "-b 8192"},
				{File: "10-base.rules", Line: 4, Text: "-f 2", Measured: "-f 1", Note: "a panic is not measured"},
				{File: "99-lock.rules", Line: 1, Text: "-e 2", Note: "locking is never sent"},
			}},
		{Name: "site.rules again", Kind: result.ArmCandidate, TwinOf: "site.rules", Rules: rules},
	}
}

func environment() result.Environment {
	return result.Environment{
		Host: "pg-stage-03", Kernel: "6.12.48", Arch: "x86_64", HZ: 250, CPUs: 4, CPUModel: "a CPU", Auditctl: "4.0.2", Auditd: "4.0.2",
		LogFormat: "ENRICHED", StealShare: 0.004, PressureCPU: 3.2, PluginsOff: []string{"syslog"},
	}
}

func scenarios() []result.Scenario {
	return []result.Scenario{
		{Name: "db-churn", Op: "transaction", Session: "service", Ops: 20000},
		{Name: "null-syscall", Op: "getppid", Session: "service", Ops: 2000000},
	}
}

func results() []result.Result {
	r := func(scenario, arm string, slowdown [3]float64, values map[string]float64) result.Result {
		values[result.Lost], values[result.EventsMissing], values[result.PartialEvents] = 0, 0, 0
		return result.Result{Scenario: scenario, Arm: arm, Complete: true, Slots: 12, Metrics: metrics(slowdown, values)}
	}
	list := []result.Result{
		r("db-churn", "no audit", [3]float64{1, 1, 1}, map[string]float64{result.CPUPerOp: 2604e3, result.LatencyP99: 4.1e6, result.LogBytesPerOp: 0,
			result.OpsPerSecond: 310, result.LatencyP50: 2.2e6, result.LatencyMax: 9e6, result.EventsPerOp: 0, result.Wall: 2e9, result.AuditdCPU: 0}),
		r("db-churn", "no rules", [3]float64{1.004, .99, 1.02}, map[string]float64{result.CPUPerOp: 2610e3, result.LatencyP99: 4.1e6, result.LogBytesPerOp: 0}),
		r("db-churn", "loaded now", [3]float64{1.03, 1.01, 1.05}, map[string]float64{result.CPUPerOp: 2683e3, result.FilterTaxPerOp: 58e3,
			result.RecordCostPerOp: 21e3, result.LatencyP99: 4.3e6, result.LogBytesPerOp: 400, result.CPURatio: 1.03}),
		r("db-churn", "site.rules", [3]float64{1.24, 1.20, 1.29}, map[string]float64{result.CPUPerOp: 3310e3, result.FilterTaxPerOp: 66e3,
			result.RecordCostPerOp: 640e3, result.LatencyP99: 19.7e6, result.LogBytesPerOp: 13107, result.CPURatio: 1.27, result.OpsPerSecond: 250,
			result.LatencyP50: 2.9e6, result.LatencyMax: 91e6, result.EventsPerOp: 19.8, result.Wall: 2.48e9, result.AuditdCPU: 0.4e9,
			result.KauditdCPU: 0.12e9, result.BacklogPeak: 812, result.BacklogWait: 4.4e6, result.Drain: 31e6}),
		r("db-churn", "site.rules again", [3]float64{1.25, 1.20, 1.30}, map[string]float64{}),
		r("null-syscall", "no audit", [3]float64{1, 1, 1}, map[string]float64{result.CPUPerOp: 310, result.LogBytesPerOp: 0}),
		r("null-syscall", "site.rules", [3]float64{1.9, 1.8, 2.0}, map[string]float64{result.CPUPerOp: 600, result.CPURatio: 1.94, result.FilterTaxPerOp: 290, result.LogBytesPerOp: 0}),
	}
	list[3].Invalid = 3
	noisy := result.Metric{Unit: "ns", Value: -4, Low: -20, High: 15, N: 12}
	list[6].Metrics[result.RecordCostPerOp] = noisy
	return list
}

func attribution() result.Attribution {
	rules := arms()[3].Rules
	return result.Attribution{
		Scenario: "db-churn", Arm: "site.rules", Ops: 20000, EventsPerOp: 19.8, EventsPerOpTimed: 19.8, Agreement: result.Agreement{Agree: 396012, Unknown: 3},
		Rules: []result.RuleShare{
			{Rule: 0, File: rules[0].File, Line: rules[0].Line, Text: rules[0].Text, Events: 376000, Records: 1504000, Bytes: 239000000, CPUNs: 6e9},
			{Rule: 1, File: rules[1].File, Line: rules[1].Line, Text: rules[1].Text, Events: 20000, Records: 60000, Bytes: 13400000, CPUNs: 4e8},
		},
		Types: []result.TypeCount{
			{Type: "SYSCALL", Records: 396000, Bytes: 140000000, CPUNs: 4e9}, {Type: "PATH", Records: 376000, Bytes: 70000000, CPUNs: 1.5e9},
			{Type: "CWD", Records: 376000, Bytes: 29000000, CPUNs: 5e8}, {Type: "SOCKADDR", Records: 20000, Bytes: 13400000, CPUNs: 4e8},
		},
		Rows: []result.Row{
			{Rule: 0, Type: "SYSCALL", Exe: "/usr/lib/postgresql/16/bin/postgres", Syscall: "openat", Events: 370000, Records: 370000, Bytes: 232000000},
			{Rule: 0, Type: "SYSCALL", Exe: "/usr/bin/bash", Syscall: "openat", Events: 6000, Records: 6000, Bytes: 7000000},
			{Rule: 1, Type: "SYSCALL", Exe: "/usr/lib/postgresql/16/bin/postgres", Syscall: "connect", Events: 20000, Records: 20000, Bytes: 13400000},
		},
	}
}

// full is a run of twelve rounds in which all went well.
func full() *result.Run {
	return &result.Run{
		Schema: result.Schema, Seed: 42, Rounds: 12, RoundsDone: 12, Ended: complete, Environment: environment(),
		Arms: arms(), Scenarios: scenarios(), Results: results(), Attribution: []result.Attribution{attribution()},
		Books: []result.Books{{Scenario: "db-churn", Arm: "site.rules", LogBytes: 262252604, Origins: []result.Origin{
			{Name: "rules", Bytes: 260000000}, {Name: "other processes", Bytes: 2200000}, {Name: "harness", Bytes: 2604}, {Name: "auditd", Bytes: 50000}}}},
		Prices:   result.Prices{NsPerRecord: map[string]float64{"SYSCALL": 9000}, Residual: 0.031, Slots: 24},
		Warnings: []result.Warning{{Text: "journald reads audit records too and doubles the log", Cure: "systemctl mask systemd-journald-audit.socket"}},
		Restored: result.Restored{OK: true, AbsentNs: int64(131 * time.Second)},
		Trust: result.Trust{
			AA:           map[string]result.Metric{"db-churn": metricOf(result.Slowdown, 1, .98, 1.02), "null-syscall": metricOf(result.Slowdown, 1.001, .99, 1.01)},
			ContextProof: "proven in 4 of 4 arms",
		},
	}
}

// quick has three rounds: no verdict words anywhere.
func quick() *result.Run {
	run := full()
	run.Quick, run.Rounds, run.RoundsDone = true, 3, 3
	for i := range run.Results {
		for name, m := range run.Results[i].Metrics {
			m.N = 3
			run.Results[i].Metrics[name] = m
		}
	}
	return run
}

// lost has a candidate that lost records and would look fast by it.
func lost() *result.Run {
	run := full()
	r := &run.Results[3]
	r.Complete = false
	r.Findings = []string{"lost rose by 12345 in 4 of 12 slots"}
	r.Metrics[result.Lost] = metricOf(result.Lost, 12345, 12345, 12345)
	r.Metrics[result.EventsMissing] = metricOf(result.EventsMissing, 3000, 3000, 3000)
	r.Metrics[result.Slowdown] = metricOf(result.Slowdown, 0.8, 0.7, 0.9)
	return run
}

// endedSlots has a candidate whose slots were stopped at the limit.
func endedSlots() *result.Run {
	run := full()
	r := &run.Results[3]
	r.Findings = []string{"12 of 12 slots were ended after 10 s"}
	delete(r.Metrics, result.Slowdown)
	r.Metrics[result.AtLeastSlowdown] = metricOf(result.AtLeastSlowdown, 12.3, 12.3, 12.3)
	return run
}

// interrupted was stopped in its fifth round, and the machine could not be put back.
func interrupted() *result.Run {
	run := full()
	run.RoundsDone, run.Ended = 4, "interrupted (SIGINT) in round 5"
	run.Attribution, run.Books = nil, nil
	run.Prices = result.Prices{}
	run.Restored = result.Restored{AbsentNs: int64(20 * time.Second), Commands: []string{
		"auditctl -a always,exit -F arch=b64 -S openat -F dir=/srv/a/very/long/path/that/does/not/fit/into/eighty/columns -k long",
		"auditctl -e 1",
	}}
	for i := range run.Results {
		for name, m := range run.Results[i].Metrics {
			m.N = 4
			run.Results[i].Metrics[name] = m
		}
	}
	return run
}

// oneArm has nothing but the workload without audit.
func oneArm() *result.Run {
	run := full()
	run.Arms, run.Results, run.Scenarios = run.Arms[:1], run.Results[:1], run.Scenarios[:1]
	run.Attribution, run.Books, run.Trust.AA = nil, nil, nil
	return run
}

// leftOut was run with --keep-going; its books do not close, and A/A differs.
func leftOut() *result.Run {
	run := full()
	run.Arms[3].LeftOut = []result.LeftOut{
		{File: "40-files.rules", Line: 30, Col: 21, Text: "-a always,exit -F arch=b64 -S opent -k typo", Why: "unknown system call opent on x86_64"},
		{File: "60-site.rules", Line: 2, Col: 1, Text: "-w /nowhere/at/all -p wa", Why: "the kernel refused it: no such file or directory"},
	}
	run.Arms[3].NotMuted = 2
	run.Books[0].UnexplainedBytes, run.Books[0].UnexplainedEvents = 512, 2
	run.Books[0].Unexplained = []string{"type=AVC msg=audit(1.000:7): avc: denied"}
	run.Attribution[0].EventsPerOpTimed = 21
	run.Attribution[0].Agreement = result.Agreement{Agree: 396011, Disagree: 1}
	run.Trust.AA["db-churn"] = metricOf(result.Slowdown, 1.1, 1.05, 1.2)
	return run
}

// hostile has escape sequences and bytes that are no text in every name that comes from elsewhere.
func hostile() *result.Run {
	run := leftOut()
	const evil = "\x1b]0;owned\a\x1b[2J\xff\u202e名"
	run.Environment.Host = evil
	run.Arms[3].Rules[0].Text, run.Arms[3].LeftOut[0].Text, run.Arms[3].LeftOut[0].Why = evil, evil+"\n\n", evil
	a := &run.Attribution[0]
	a.Rules[0].File, a.Rules[0].Text = "a\nb.rules", evil
	a.Rows[0].Exe, a.Types[0].Type = "/tmp/"+evil, evil
	run.Books[0].Unexplained[0] = evil
	run.Warnings[0] = result.Warning{Text: evil, Cure: evil}
	run.Restored = result.Restored{Commands: []string{"auditctl -w '/" + evil + "'"}}
	run.Ended = evil
	return run
}
