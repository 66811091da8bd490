// Package event puts records together to events.
//
// What comes in: the records of package record, in the order of the log. The kernel queues each record by itself
// (kernel/audit.c:audit_log_end), so the lines of an event need not be adjacent, and not in order either.
//
// What goes out:
//
//	Reader ─ record ─► Assembler.Push ─► Assembler.Next ─► Event (all records of one node, time and serial, or said to be Partial)
//	Event ─► Call.Read (what its SYSCALL or URINGOP, CWD, PATH, SOCKADDR … records say, in numbers)
//	Event ─► Gaps.Add ─► Count (serials that never came, came twice, or began anew at a boot)
//
// Events of Next are the assembler's own again at the next call; Take and Give hand them to other goroutines and back.
//
// Events are given out in the order in which they began, which is that of what happened: each as soon as everything that its syscall record
// promises is there, and no older one is still waited for; else when the log's own clock has moved on,
// when too many are open, or at Flush. The wall clock is never asked, so a log gives the same events however fast it is read.
//
// What it refuses to know: which rule recorded an event (package match), rule files, where lines come from. Which record types an
// exclude rule keeps out of the log it cannot know: the caller says so, see Options.Absent.
//
// What records an event has: kernel/auditsc.c:audit_log_exit and audit_log_uring. That SYSCALL's items= counts names which are never
// logged: ipc/mqueue.c through audit_inode_parent_hidden.
package event
