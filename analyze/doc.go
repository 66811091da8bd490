// Package analyze gives the events of an audit log to the rules that recorded them.
//
// What comes in: a log and a Decider. What goes out: a Profile, counts of events, records and bytes by rule × record type × exe × syscall,
// and the books: every byte of the log has an origin, or is named as unexplained. It refuses to know where the log is from, what it cost to
// write, and how a profile is printed.
//
// A Decider answers for one event. ExtraKeys reads a key that only one rule carries: in the slots of a bench run the kernel itself says which
// rule recorded what.
package analyze
