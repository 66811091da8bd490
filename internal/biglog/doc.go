// Package biglog makes a large audit log for benchmarks, by repeating a recorded one with new serials and times.
//
// What comes in: recorded/audit.log.zst of the corpus, which is no part of this repository (AUDITPROF_CORPUS names the corpus). What goes
// out: the path of a log of at least the size asked for, below the folder for temporary files, where it stays for the next run; `make
// clean` removes it.
//
// It refuses to know what the records mean: only stamps are changed, msg=audit(SEC.MMM:SERIAL), so that each repetition looks like the
// hours that follow. Serials stay below 32 bits (kernel/audit.c:audit_serial) up to some 2 TB.
package biglog
