package event

import "github.com/auditprof/auditprof/internal/audit/names"

// missing returns the first record type that should be in the event and is not, "" where nothing is known to be. A type in absent is
// not waited for.
func (e *Event) missing(absent map[string]bool) string {
	t := &e.tally
	switch {
	case t.torn:
		return "newline"
	case t.syscall && !t.proctitle && !absent["PROCTITLE"]:
		return "PROCTITLE"
	case (t.syscall || t.uringop) && t.paths < t.items && !absent["PATH"] && t.paths < t.items-e.hiddenNames():
		return "PATH"
	case (t.syscall || t.uringop) && t.paths > 0 && !t.cwd && !absent["CWD"] && e.hasName():
		return "CWD"
	case !t.syscall && (t.auxiliary || t.proctitle):
		return e.missingSyscall(absent)
	case !t.syscall && !t.uringop && (t.paths > 0 || t.cwd) && !absent["URINGOP"]:
		return "SYSCALL"
	}
	return ""
}

// missingSyscall judges records that belong to a syscall without one. SOCKADDR and OPENAT2 may belong to an io_uring operation.
func (e *Event) missingSyscall(absent map[string]bool) string {
	t := &e.tally
	if !t.proctitle && (t.uringop || absent["URINGOP"]) {
		return ""
	}
	return "SYSCALL"
}

// hasName reports whether a PATH record has a name. Calls on a file descriptor have none, and some kernels then log no CWD
// (seen: fchown on Ubuntu in 2023; 6.18 logs it).
func (e *Event) hasName() bool {
	for n := range e.Records {
		if kindOf(e.Records[n].Type) != path {
			continue
		}
		if v, ok := e.Records[n].Value("name"); ok && !v.Null() {
			return true
		}
	}
	return false
}

// hiddenNames is the number of names that items= counts and no PATH record shows: the root of the message queues' file system, in
// mq_open and mq_unlink (ipc/mqueue.c through audit_inode_parent_hidden).
func (e *Event) hiddenNames() int {
	rec := e.Syscall()
	if rec == nil {
		return 0
	}
	arch, _ := rec.Hex("arch")
	nr, ok := rec.Uint("syscall")
	if !ok || arch > 1<<32-1 || nr > 1<<31-1 {
		return 0
	}
	if name, _ := names.Syscall(uint32(arch), int(nr)); name == "mq_open" || name == "mq_unlink" {
		return 1
	}
	return 0
}
