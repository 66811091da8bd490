package event

import "bytes"

// kind is what a record type means to the completeness of an event.
type kind uint8

const (
	other     kind = iota // stands alone, or before a syscall record: USER_*, AVC, CONFIG_CHANGE
	syscall               // begins what kernel/auditsc.c:audit_log_exit writes
	uringop               // the same for io_uring (audit_log_uring)
	path                  // counted by items=
	cwd                   // there if a name is
	proctitle             // ends a syscall event in audit.log
	eoe                   // ends an event on the netlink socket; auditd does not write it
	auxiliary             // belongs to a syscall record, as do:
	sockaddr
	openat2
	ipc
)

// kindOf knows newer types under their numbers too, which is how an auditd older than the kernel writes them.
func kindOf(recordType []byte) kind {
	switch string(recordType) {
	case "SYSCALL":
		return syscall
	case "PATH":
		return path
	case "CWD":
		return cwd
	case "PROCTITLE", "UNKNOWN[1327]":
		return proctitle
	case "EOE":
		return eoe
	case "URINGOP", "UNKNOWN[1336]":
		return uringop
	case "SOCKADDR":
		return sockaddr
	case "OPENAT2", "UNKNOWN[1337]":
		return openat2
	case "IPC":
		return ipc
	case "EXECVE", "SOCKETCALL", "FD_PAIR", "OBJ_PID", "BPRM_FCAPS", "CAPSET", "MMAP",
		"IPC_SET_PERM", "MQ_OPEN", "MQ_SENDRECV", "MQ_NOTIFY", "MQ_GETSETATTR",
		"KERN_MODULE", "UNKNOWN[1330]", "TIME_INJOFFSET", "UNKNOWN[1332]", "TIME_ADJNTPVAL", "UNKNOWN[1333]":
		return auxiliary
	}
	return other
}

// isDaemon reports whether auditd itself wrote the record, with serials of its own (record types 1200 to 1299).
func isDaemon(recordType []byte) bool {
	return bytes.HasPrefix(recordType, []byte("DAEMON_")) ||
		bytes.HasPrefix(recordType, []byte("UNKNOWN[12")) && len(recordType) == len("UNKNOWN[1200]")
}
