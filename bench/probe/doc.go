// Package probe watches a workload, auditd and kauditd from inside the kernel: the explain slot. Timed slots carry no probes.
//
// What comes in: the numbers of the processes to watch. What goes out: how long each system call took on a CPU, with the time asleep and
// waiting apart; when auditd and kauditd ran and waited; where in the kernel's audit code clock ticks found each of them; what the probes add
// to a system call themselves; and in words what this machine does not allow. It refuses to know rules, slots, scenarios and the names of
// system calls.
//
// The programs are in bpf/watch.bpf.c (GPL-2.0-only or BSD-2-Clause, as the kernel asks of what it lends its helpers to), compiled by clang
// with bpf2go; the objects are committed. They are the same for every little-endian machine, since kernel structures are found by BTF when
// they are loaded; they were tried on x86-64 with Linux 6.18, and nowhere else. System calls of 32-bit programs are counted under their own,
// other numbers.
//
// Facts: the window between the raw tracepoints sys_enter and sys_exit holds all of audit's work for the call (Linux
// kernel/entry/syscall-common.c); what the tracepoints themselves cost lies in part inside of it, in every arm alike.
package probe
