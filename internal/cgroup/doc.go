// Package cgroup makes control groups for processes of ours, reads the CPU that a group used, and finds the group of a service.
//
// What comes in: the mounts and groups that /proc/self names, a name for a group. What goes out: groups that count or limit, and their end. It
// refuses to know what runs in them. Version 1, version 2, and both mounted beside each other are taken as found: nothing is mounted, and no
// controller is handed on. Groups are made below this process's own, so that every limit that holds for it holds for them too.
// Facts are from the kernel's Documentation/admin-guide/cgroup-v1/{cpuacct,memory}.rst and cgroup-v2.rst, and from kernel/sched/core.c
// (cpu.cfs_quota_us) and kernel/sched/cpuacct.c.
package cgroup
