// Package pprof writes a profile or a run for go tool pprof and whatever else reads its form: flame graphs of what makes an audit log.
//
// What comes in: an analyze.Profile, or a result.Run. What goes out: a gzipped profile.proto (github.com/google/pprof, proto/profile.proto) with the
// sample types events/count, records/count and bytes/bytes. The stack of a profile is, from the root to the leaf: the rule, the program, the system
// call, the record type. That of a run's attribution is: the rule set, the key, the rule, the system call, the program, the record type; it has
// cpu/nanoseconds too, of auditd and kauditd as fitted over the run's slots, and the label scenario. It refuses to count an event for each of its
// records, as cells and rows do: sums of samples must mean something, so an event counts at its SYSCALL or URINGOP record.
package pprof
