// Package hostlog writes the audit logs of hosts that never were: a database, its connection pool, a web server, cron, the clock, upgrades and
// administrators, over days with nights, as auditd would have written them under the rules of Rules. It is for tests and benchmarks.
//
// In come a seed, how many hosts and days, and Guests: events of anybody else, an attacker's say, that are to happen among the hosts' own. Out
// goes the text of one log, record by record in the order of time, always the same for the same Options. Every event has the key of the rule
// that it is made for; package match agrees, and a test says so.
//
// Attackers are here too: Flood is noise of an unprivileged user who learns from what is made of it, Acts are what must stay visible, and
// Vanished says what does not.
//
// It refuses to know rules: no event of a log is decided as it is made. What records an event has, and how values are written, is from kernel/auditsc.c
// (audit_log_exit, audit_log_name, audit_log_execve_info, audit_log_proctitle) and kernel/audit.c (audit_log_n_untrustedstring, audit_log_key).
package hostlog
