// Package scenarios is the workloads: what a slot runs while rules are loaded, each in a process of its own.
//
// What comes in: one Spec, a line of JSON on standard input, then orders ("go 1000"). What goes out: a Ready line, and an Outcome line for
// each order: the operations done, wall time, CPU, latency, and how many operations of each kind, so that equal work can be checked.
//
// What it refuses to know: rules, arms, auditd, the log, and which numbers matter. It touches no audit state but its own login uid.
//
// The process has two stages, because login uid, personality and credentials belong to a thread in Linux (kernel include/linux/sched.h,
// struct task_struct) and a Go program has many: stage 1 changes its main thread only and executes the binary again, so that every thread of
// stage 2 is a descendant of the changed one. The same seed gives the same operations in the same order.
package scenarios
