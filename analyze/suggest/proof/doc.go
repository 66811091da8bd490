// Package proof replays a log under a changed rule set and says, event by event, what is no longer recorded and which change took it.
//
// In come the events of a log with the decisions of the rules that they were recorded under (Replay is an analyze.Ledger), the changed rules,
// and which of these are whose change. Out goes a Result: what each change saves in the part learnt from and in the rest, what it takes from
// other rules, which behaviours are given up, and what is gone that no change names: a change that has such events has failed. Keep does the
// same for single events that must still be recorded.
//
// What would be recorded is the word of match.Judge.Foretell, which takes the kernel's decision for every record of an event. What the log
// leaves open is counted apart and never as saved.
//
// It refuses to know how changes were found, whether they are dangerous, and how rule files are written.
package proof
