// Package logs opens audit logs, wherever they lie, and reads them as one.
//
// What comes in: names of files, directories of an auditd and "-" for standard input, in any order; plain, gzip or zstd, told apart by
// their first bytes.
//
// What goes out: an Input in the manner of record.Reader. Scan gives the records of all files, oldest first; a line that is no record is
// counted by its reason with the place of the first one (Skipped), and what went otherwise than it should is kept as a Remark: a file that
// shrank while it was read, a compressed one whose end is missing. A regular file is read up to the size it had at Open, through the
// descriptor that was opened then: a log that is written to or rotated meanwhile gives one state of it. Reopen reads the same bytes again.
//
// What it refuses to know: what a record means, which of them make an event (package event), rules, the machine's own auditd.
//
// Which file of a rotated set is the oldest: auditd writes audit.log and renames it to audit.log.1, that to audit.log.2 and so on
// (audit-userspace src/auditd-event.c: rotate_logs), so a greater number is older; logrotate(8) with dateext appends a date; where names
// do not say, the time stamps of the first records do.
//
// Files are hostile: a compressed one may be made to grow without end, which is only a long log here, as nothing is held but a window of
// at most 32 MiB (zstd) and a few buffers.
package logs
