package names

import (
	"strconv"
	"strings"
)

var recordTypeByName = index(recordTypes)

// MaxRecordType is the greatest number a record type can have: netlink message types are 16 bits wide.
const MaxRecordType = 1<<16 - 1

// RecordType is auditd's name of a record type, such as SYSCALL for 1300, or UNKNOWN[1334] as an auditd writes a type that
// is newer than itself (audit-userspace lib/libaudit.c: audit_msg_type_to_name and its callers).
func RecordType(nr int) string {
	if name, ok := nameOf(recordTypes, nr); ok {
		return name
	}
	return "UNKNOWN[" + strconv.Itoa(nr) + "]"
}

// RecordTypeNumber is the number of a record type by its name or its UNKNOWN[n] form. Plain numbers are no names.
func RecordTypeNumber(name string) (int, bool) {
	if nr, ok := recordTypeByName()[name]; ok {
		return nr, true
	}
	inner, ok := strings.CutPrefix(name, "UNKNOWN[")
	if !ok {
		return 0, false
	}
	inner, ok = strings.CutSuffix(inner, "]")
	if !ok || inner == "" || inner[0] < '0' || inner[0] > '9' {
		return 0, false
	}
	nr, err := strconv.Atoi(inner)
	return nr, err == nil && nr <= MaxRecordType
}
