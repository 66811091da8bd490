package rule

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// Field numbers that the grammar treats in a way of their own (include/uapi/linux/audit.h).
const (
	fieldAuid      = 9
	fieldArch      = 11
	fieldMsgtype   = 12
	fieldPPID      = 18
	fieldSessionID = 25
	fieldFSType    = 26
	fieldInode     = 102
	fieldExit      = 103
	fieldPerm      = 106
	fieldFiletype  = 108
	fieldObjUID    = 109
	fieldObjGID    = 110
	fieldCompare   = 111
	fieldSaddrFam  = 113
)

// afMax is AF_MAX of the headers audit 3.0.9 is built with (include/linux/socket.h).
const afMax = 46

// checkField judges list, operator and value of a field as far as auditctl does without asking the machine. Users, groups and
// paths are not looked up. Fields that older versions refuse on the exclude list are taken.
func (p *lineParser) checkField(t Token, nr uint32, f Field) *Error {
	if legal := listsOf(nr); legal != "" && !strings.Contains(" "+legal+" ", " "+p.rule.List.String()+" ") {
		return wrong(t, "only on the "+strings.ReplaceAll(legal, " ", ", ")+" list", "field %s on the %s list", f.Name, p.rule.List)
	}
	if legal := opsOf(nr); legal != "" && !strings.Contains(" "+legal+" ", " "+f.Op+" ") {
		return wrong(t, "only "+strings.ReplaceAll(legal, " ", " or "), "operator %s for field %s", f.Op, f.Name)
	}
	if nr == fieldArch && p.syscalls {
		return wrong(t, "-F arch= before -S, and no -w", "field arch after the syscalls")
	}
	if nr == FieldFilterKey && !p.keyed() {
		return wrong(t, legalKey, "key without what a key is for")
	}
	if legal := valueWrong(nr, f.Value); legal != "" {
		return wrong(t, legal, "%s%s%s", f.Name, f.Op, quote(f.Value))
	}
	return nil
}

// listsOf are the lists a field is legal on, "" where auditctl takes it on any.
func listsOf(nr uint32) string {
	switch {
	case nr == fieldMsgtype:
		return "exclude user"
	case nr == fieldFSType:
		return "filesystem"
	case nr == fieldSessionID:
		return "exclude user exit"
	case nr == fieldPerm:
		return "exit exclude" // exclude from 3.1 on
	case nr == fieldPPID, nr >= 19 && nr <= 23, nr >= 100 && nr <= 105, nr == FieldDir, nr == fieldFiletype:
		return "exit"
	}
	return ""
}

// opsOf are the operators a field takes, "" for all.
func opsOf(nr uint32) string {
	switch nr {
	case fieldPerm:
		return "="
	case fieldArch, fieldInode, FieldExe, fieldFSType:
		return "= !="
	}
	return ""
}

// valueWrong says what values a field takes where this is not one, "" where it may be.
func valueWrong(nr uint32, v string) (legal string) {
	ok := true
	switch {
	case isName(nr):
	case hasString(nr):
		legal = "at most 4096 bytes, a key at most 256"
		ok = len(v) <= maxPath && (nr != FieldFilterKey || len(v) <= MaxKeyLen)
	case nr == fieldExit:
		_, known := names.ErrnoNumber(strings.TrimPrefix(v, "-"))
		legal, ok = "a number, or an errno name such as -EACCES", known || startsNumber(v)
	case nr == fieldMsgtype:
		legal, ok = "a record type such as SYSCALL, or its number", startsWithDigit(v) || isRecordType(v)
	case nr == fieldArch:
		legal, ok = legalArch, isArch(v)
	case nr == fieldPerm:
		legal, ok = legalPerms, checkPerms(Token{}, v) == nil
	case nr == fieldFiletype:
		legal, ok = "file, dir, link, socket, block, character or fifo", fileTypes[strings.ToLower(v)] != 0
	case nr == fieldFSType:
		legal, ok = "tracefs, debugfs, cgroup, cgroup2 or a number", startsWithDigit(v) || fsTypes[strings.ToLower(v)] != 0
	case nr == fieldSaddrFam:
		n, _ := cNumber(v, 0)
		legal, ok = "the number of an address family, 0 to 45", uint32(n) < afMax
	case nr >= 200 && nr <= 203:
		legal, ok = "a number", startsNumber(v)
	default:
		legal, ok = "a number without a sign", startsWithDigit(v)
	}
	if ok {
		return ""
	}
	return legal
}

// isName tells the fields whose value may be a name that only the machine knows, or that auditctl takes whatever it is.
func isName(nr uint32) bool {
	return nr >= 1 && nr <= 9 || nr == fieldSessionID || nr == 109 || nr == 110
}

// isRecordType tells what audit_name_to_msg_type of lib/lookup_table.c takes.
func isRecordType(v string) bool {
	nr, ok := names.RecordTypeNumber(strings.ToUpper(v))
	return ok && nr > 0
}

// fileTypes are the S_IF* of include/uapi/linux/stat.h by the names of lib/ftypetab.h.
var fileTypes = map[string]uint32{
	"socket": 0o140000, "link": 0o120000, "file": 0o100000, "block": 0o60000, "dir": 0o40000, "character": 0o20000, "fifo": 0o10000,
}

// fsTypes are the magic numbers of include/uapi/linux/magic.h by the names of lib/fstypetab.h; cgroup and cgroup2 from audit 4.2 on.
var fsTypes = map[string]uint32{"tracefs": 0x74726163, "debugfs": 0x64626720, "cgroup": 0x27e0eb, "cgroup2": 0x63677270}
