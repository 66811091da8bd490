package scenarios

var execMix = mix{ops: []weighted{{"exec", 1}}}

var execStorm = scenario{
	Info: Info{
		Name:     "exec-storm",
		Imitates: "A monitoring agent, cron or a shell script run by a daemon, which starts short programs one after the other.",
		Hurts:    "Each exec makes five or more records, and the loader's opens and maps pay the filter tax; rules with auid>=1000 and auid!=unset let it pass, since no login stands behind it.",
		Op:       "exec",
		Session:  SessionService,
		PilotOps: 40,
		MaxOps:   1_000_000,
		Timed:    true,
	},
	workload: execMix.workload,
}

var execStormLogin = scenario{
	Info: Info{
		Name:     "exec-storm-login",
		Imitates: "A build or a shell loop in somebody's login session, which starts short programs one after the other.",
		Hurts:    "Each exec makes five or more records, and the login uid is set, so the many rules with auid>=1000 and auid!=unset record it as well.",
		Op:       "exec",
		Session:  SessionLogin,
		PilotOps: 40,
		MaxOps:   1_000_000,
		Timed:    true,
	},
	workload: execMix.workload,
}
