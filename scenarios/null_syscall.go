package scenarios

// nullSyscall reads no clock per operation: that would cost as much as the call.
var nullSyscall = scenario{
	Info: Info{
		Name:     "null-syscall",
		Imitates: "A program that does nothing but the cheapest system call, getppid, as lmbench null and audit-testsuite's audit_bench do.",
		Hurts:    "No rule records it, so all it loses is the filter tax: what every system call of every process pays because rules are loaded.",
		Op:       "getppid",
		Session:  SessionService,
		PilotOps: 150_000,
		MaxOps:   1_000_000_000,
	},
	workload: mix{ops: []weighted{{"getppid", 1}}}.workload,
}
