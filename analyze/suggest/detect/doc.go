// Package detect says which detections a change of a rule set would blind.
//
// In come detections: the built-in list (builtin.yaml), what the user wants kept (ReadKeep: lines of a log, or conditions in YAML) and Sigma rules
// (ReadSigma). Each is a list of Conditions, descriptions of events. Out goes a Set, which answers two questions:
//
//	Set.Blinds(change)  which detections would lose events, and what of them: could an event that the change removes be one of theirs?
//	Set.Wanted(row)     is this event of the log one that must still be seen?
//
// The first errs to one side: what cannot be ruled out is said to be lost. The second counts only what an event surely is. Keeps and built-in
// detections are hard, they must not be blinded; Sigma rules are named and left to the user.
//
// What it refuses to know: how likely a loss is and who could use it (suggest/policy), what is noise, files and users of the machine it runs on:
// numbers of users and the homes they have come from the caller. It decides by the names in rules and logs; whether a change really takes an event
// away is replayed (internal/audit/match), with the kept events of a log (Keep.Events) too.
//
// What a rule takes is from kernel/auditsc.c (audit_filter_rules, audit_match_perm, handle_path, audit_log_exit) and kernel/auditfilter.c
// (audit_filter, for the lists user and exclude); which records an event has is from kernel/auditsc.c: audit_log_exit.
package detect
