package scenarios

// idle sleeps on an absolute schedule, ten milliseconds per operation, so a slot of 100 operations takes one second under any rules. Its
// latency is how late the machine woke it.
var idle = scenario{
	Info: Info{
		Name:         "idle",
		Imitates:     "A host with nothing to do, which wakes up a hundred times a second.",
		Hurts:        "What is logged and burnt here comes from the rest of the machine and is the noise floor of every other scenario.",
		Op:           "sleep of 10 ms",
		Session:      SessionService,
		PilotOps:     100,
		MaxOps:       36_000,
		Timed:        true,
		FixedTime:    true,
		OpsPerSecond: 100,
	},
	workload: mix{ops: []weighted{{"nothing", 1}}}.workload,
}
