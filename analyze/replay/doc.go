// Package replay says what two rule sets would each have recorded of the events that a log holds, and what of it the second leaves out.
//
// In come the events of a log, read under the rules that it was written under (Replay is an analyze.Ledger), and two rule sets: base and new. Out
// goes a Result: the volume of each set by rule, what the log leaves open, and the losses, grouped by the rule that recorded them, the rule that
// takes them, program and record type. Keep does the same for single events; Outside names the rules whose events the log cannot hold, and Passed
// counts the rules that a system call has to pass.
//
// What would be recorded is the word of match.Judge.Foretell (kernel/auditsc.c, kernel/auditfilter.c). What is open under both sets for the same
// reason is no loss; what only the new one makes open is one that is not sure. All tables are bounded: names are chosen by whoever is audited.
//
// It refuses to know what a loss is worth, whether somebody has accepted it, and where rules and logs come from.
package replay
