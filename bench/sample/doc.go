// Package sample reads cumulative counters of processes and of the machine: CPU time, memory, write calls, stolen time, pressure.
//
// What comes in: a /proc tree, named by its root so that tests bring their own. What goes out: plain numbers in nanoseconds, bytes and
// counts that only ever grow; a slot is after minus before. It refuses to know what a slot, an arm or an audit rule is.
//
// Process CPU comes from task/*/schedstat (kernel/sched/stats.c), exact to the nanosecond: utime and stime of /proc/PID/stat are sampled
// by the tick on many kernels and say nothing about a process that runs for microseconds at a time.
package sample
