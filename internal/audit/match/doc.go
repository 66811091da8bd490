// Package match takes the decision of the Linux kernel's audit filter again: which rule recorded an event of a log.
//
// In come rules in the kernel's binary form and order (Rule) and events in numbers (event.Call). Out go decisions:
//
//	New(rules, host) ─► Matcher ─► Judge.Decide(call) ─► Decision: yes (this rule), none (no rule of the exit list), unknown (why, and which may have)
//	                              Judge.Foretell(call) ─► Forecast: what these rules would do to a call, recorded or not, record by record
//
// A log does not answer every question that a rule asks: where a name led, in which groups a process was. Each question has one
// answer in one world; what a log shows has one of three readings: said, taken for granted (Decision.Rests says what) or open. Over open
// questions all worlds are tried, in each of which every question has one answer, whichever rules ask it. Worlds in which the event
// would not be in the log, or would carry another key, are no worlds of this event. What all that are left agree on is known.
//
// What it refuses to know: files (no I/O), users and groups of the machine it runs on, how rules came from text to binary form
// (package rule), anything of an event that its records and those of other events do not say.
//
// The kernel's side: kernel/auditsc.c (audit_filter_syscall, audit_filter_inodes, audit_filter_uring, audit_filter_rules),
// kernel/auditfilter.c (audit_filter, audit_comparator, audit_add_rule), kernel/audit_watch.c (audit_update_watch), lib/audit.c.
package match
