// Package bench measures rule sets on the live kernel: Plan in, slots and a result.Run out.
//
// The steps, each in a file of its own:
//
//	load.go       rule lines → the kernel's binary form, line by line
//	copies.go     a rule set → its mute copy (filter tax) and its keyed copy (attribution)
//	proof.go      warm-up: which arms give the workload an audit context
//	pilot.go      how many operations a slot has, the same in every arm
//	rounds.go     all arms in seeded random order, all scenarios in each
//	slot.go       before, workload, drain, after
//	drain.go      when the log of a slot is whole
//	tally.go      the log of a slot → counts and completeness
//	attribute.go  the slots in which every rule carries a key of its own
//	price.go      nanoseconds of auditd and kauditd per record of each type
//	summary.go    slots → metrics
//
// It refuses to know how the kernel is changed and put back (internal/kernel), what a workload does (scenarios), how an event is given to
// a rule (analyze, through the Attributor that the caller brings) and how anything is printed (reports).
package bench
