// Package redact takes out of a result what should not leave its host: names of hosts and of people, their numbers, what lies below their
// homes, arguments of programs.
//
// What comes in: a run, its slots, a profile, an advice, or a text that belongs to one of them. What goes out: a copy in which each such name
// is a placeholder, the same one wherever it stood: host-1, user-1, /home/user-1/path-1. The original stays as it is. It refuses to know a
// format, and to guess what a text means that names no home, user or host: rules, programs outside of homes, kernels and figures stay, since
// they are what a report is about. The forms of names are those of audit records (auditd's log, raw and enriched), of auditctl's rules
// (auditctl(8)), and of paths (hier(7)).
package redact
