package scenarios

var connectStorm = scenario{
	Info: Info{
		Name:     "connect-storm",
		Imitates: "A web application without a connection pool: short TCP and Unix connections, some refused, and lookups that probe for a name service daemon that is not there.",
		Hurts:    "Rules on connect add a SOCKADDR record to each, and most of what they log are local sockets that nobody asked about.",
		Op:       "connect",
		Session:  SessionService,
		PilotOps: 1000,
		MaxOps:   5_000_000,
		Timed:    true,
	},
	workload: mix{ops: []weighted{
		{"tcp-accepted", 2}, {"tcp-refused", 1}, {"unix-accepted", 1}, {"unix-missing", 1},
	}}.workload,
}
