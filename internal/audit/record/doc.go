// Package record reads audit.log: lines in, Records out.
//
// What comes in: RAW or ENRICHED lines as auditd writes them (auditd.conf(5), log_format), one record a line:
//
//	[node=NAME ]type=TYPE msg=audit(SEC.MMM:SERIAL): name=value name=value …[<0x1D>NAME="interpreted" …]
//
// and such lines in what they are carried in: syslog and the kernel's own log, the journal (journalctl -o export, -o json), strings in
// lines of JSON. Which of these is looked for only where a line is no record as it stands, so a plain log does not pay for it.
//
// What goes out: a Reader in the manner of bufio.Scanner. Every line becomes a Record, also one that is no audit record: it carries
// the reason in Bad, and its place and length like any other, so that the lengths of all records add up to the bytes read: that of a
// record in an envelope is with the envelope, and one line may hold several records.
// Fields are looked for only when asked for, and nothing is allocated per line.
//
// What it refuses to know: which records belong to one event (package event), what a record type or a syscall number means
// (package names), where lines come from (analyze/logs), and whether the sender of a line of syslog may be believed.
//
// How values are written is the kernel's doing: kernel/audit.c:audit_log_n_untrustedstring (quoted or in upper-case hex),
// kernel/audit.c:audit_log_key ((null) where there is none), kernel/auditsc.c:audit_log_exit (numbers).
// Lines are hostile: names in them are chosen by whoever is audited. No line makes a panic, a long one is cut and said to be.
package record
