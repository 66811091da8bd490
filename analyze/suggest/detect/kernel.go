package detect

// Field types and operators of rules in binary form (include/uapi/linux/audit.h: AUDIT_PID and so on, AUDIT_EQUAL and so on).
const (
	fieldUID         = 1
	fieldEUID        = 2
	fieldAUID        = 9
	fieldArch        = 11
	fieldMsgType     = 12
	fieldLoginUIDSet = 24
	fieldFSType      = 26
	fieldExit        = 103
	fieldSuccess     = 104
	fieldWatch       = 105
	fieldPerm        = 106
	fieldDir         = 107
	fieldExe         = 112
	fieldFamily      = 113
	fieldArg0        = 200
	fieldArg3        = 203
	fieldKey         = 210

	opLess           = 0x10000000
	opGreater        = 0x20000000
	opNotEqual       = 0x30000000
	opEqual          = 0x40000000
	opLessOrEqual    = 0x50000000
	opGreaterOrEqual = 0x60000000
)

// Bits of perm= (include/uapi/linux/audit.h: AUDIT_PERM_EXEC and so on).
const (
	permExec  = 1
	permWrite = 2
	permRead  = 4
	permAttr  = 8
)

// Address families (include/linux/socket.h).
const (
	familyUnix  = 1
	familyInet  = 2
	familyInet6 = 10
)

// Record types (include/uapi/linux/audit.h).
const (
	typeSyscall  = 1300
	typePath     = 1302
	typeSockaddr = 1306
	typeCwd      = 1307
	typeExecve   = 1309
	typeUringop  = 1336
	typeOpenat2  = 1337
)

// Open flags (include/uapi/asm-generic/fcntl.h); O_PATH and others are of no interest here.
const (
	openMode  = 0o3
	openCreat = 0o100
	openTrunc = 0o1000
)

// userRecord tells the types of messages that programs send, which pass the list user (kernel/audit.c: audit_receive_msg).
func userRecord(nr uint32) bool {
	return nr == 1005 || nr >= 1100 && nr <= 1199 || nr >= 2100 && nr <= 2999
}
