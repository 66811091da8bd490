// Package ruleprice says what each rule of a set adds to the system calls of a workload: counted steps of the kernel times what a step
// costs on this host.
//
// What comes in: rules in the kernel's form, every system call of a workload as the log has it under a rule that records them all (a
// census), and times of loops of one system call under synthetic sets (a calibration). What goes out: steps by rule, nanoseconds by step,
// nanoseconds by rule.
//
// It refuses to know how rules are loaded, how a loop is timed and where a log comes from: it does no I/O.
//
// Facts: kernel/auditsc.c (__audit_filter_op, audit_filter_rules, audit_filter_inodes, __audit_inode), kernel/auditfilter.c
// (audit_data_to_entry: fields are asked in the order in which they were loaded), include/linux/audit.h. A rule is one object of 512 bytes
// (struct audit_entry: 64 words of mask), so all of them lie in an eighth of a cache's sets and a walk over more than some 64 no longer fits the
// nearest one: coming to a rule has a price for
// each set.
package ruleprice
