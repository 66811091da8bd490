package match

import (
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Record types that the filter treats by themselves (include/uapi/linux/audit.h).
const (
	recordUser        = 1005
	recordFirstUser   = 1100
	recordLastUser    = 1199
	recordFirstDaemon = 1200
	recordLastDaemon  = 1299
	recordSyscall     = 1300
	recordPath        = 1302
	recordIPC         = 1303
	recordSockaddr    = 1306
	recordCwd         = 1307
	recordIPCSetPerm  = 1311
	recordUringop     = 1336
	recordFirstUser2  = 2100
	recordLastUser2   = 2999
)

// recordKind says who writes a record and which lists it passes.
type recordKind uint8

const (
	ofCall   recordKind = iota // written for a system call that a rule records (kernel/auditsc.c: audit_log_exit)
	ofKernel                   // written by the kernel for itself
	ofUser                     // sent by a program: it passes the user list too (kernel/audit.c: audit_receive_msg)
	ofDaemon                   // written by auditd: it passes no list
)

// kindOf is the kind of a record by the number of its type.
func kindOf(nr uint32) recordKind {
	switch nr {
	case recordSyscall, recordPath, recordIPC, 1304, recordSockaddr, recordCwd, 1309, recordIPCSetPerm, 1312, 1313, 1314, 1315, 1317, 1318, 1320, 1321, 1322, 1323,
		1327, 1330, 1332, 1333, recordUringop, 1337:
		return ofCall
	case recordUser:
		return ofUser
	}
	switch {
	case nr >= recordFirstUser && nr <= recordLastUser, nr >= recordFirstUser2 && nr <= recordLastUser2:
		return ofUser
	case nr >= recordFirstDaemon && nr <= recordLastDaemon:
		return ofDaemon
	}
	return ofKernel
}

// typeNumber is the number of a record's type, 0 where nobody knows it.
func typeNumber(rec *record.Record) uint32 {
	switch string(rec.Type) { // the frequent ones without a look-up
	case "SYSCALL":
		return recordSyscall
	case "PATH":
		return recordPath
	case "CWD":
		return 1307
	case "PROCTITLE":
		return 1327
	}
	nr, _ := names.RecordTypeNumber(string(rec.Type))
	return uint32(nr)
}
