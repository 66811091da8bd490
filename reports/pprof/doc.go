// Package pprof writes a profile for go tool pprof and whatever else reads its form: flame graphs of what makes an audit log.
//
// What comes in: an analyze.Profile. What goes out: a gzipped profile.proto with the sample types events/count, records/count and bytes/bytes.
// A stack is, from the root to the leaf: the rule, the program, the system call, the record type. It refuses to count an event for each of
// its records, as the profile's cells do: sums of samples must mean something, so an event counts at its SYSCALL or URINGOP record.
package pprof
