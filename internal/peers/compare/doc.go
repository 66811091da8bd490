// Command compare measures `auditprof analyze` beside its peers, in one run on the same log, and prints a table with ratios and goals.
//
// What comes in: the path of our command, a rule set, the size of the log (package biglog makes it), where peers are to be found. What
// goes out: a Markdown table, to standard output and, with -doc, between the marks of a document. A peer that is not there is a line that
// says so.
//
// Every command is held to named cores (sched_setaffinity, through taskset), so that "one core" is that, its garbage collector and its
// decompression included. Times are of the wall clock and the best of some runs, since what disturbs a run only makes it longer; peak memory
// is VmHWM of /proc/PID/status (proc(5)), which unlike rusage begins anew at exec. The log is read once before, so all find it in memory.
package main
