package ruleset

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Field types and bounds of the kernel (include/uapi/linux/audit.h, include/linux/socket.h of Linux 6.12).
const (
	fieldAUID      = 9
	fieldMsgtype   = 12
	fieldSessionID = 25
	fieldFSType    = 26
	fieldInode     = 102
	fieldPerm      = 106
	fieldObjUID    = 109
	fieldObjGID    = 110
	fieldSaddrFam  = 113

	opNotEqual = 0x30000000
	noID       = 1<<32 - 1
	afMax      = 46
	allPerms   = 15
	maxPath    = 4096
)

// KernelRefuses is why a kernel refuses a rule that auditctl takes, "" where it may take it (kernel/auditfilter.c: audit_field_valid,
// audit_data_to_entry; kernel/audit_watch.c: audit_to_watch; kernel/audit_tree.c: audit_make_tree). Whether files exist is not asked.
func KernelRefuses(w rule.Wire) string {
	places, exes, keys := 0, 0, 0
	for _, f := range w.Fields {
		if why := refusedField(w, f); why != "" {
			return why
		}
		switch f.Type {
		case rule.FieldWatch, rule.FieldDir, fieldInode:
			places++
		case rule.FieldExe:
			exes++
		case rule.FieldFilterKey:
			keys++
		}
	}
	switch {
	case places > 1:
		return "one path, dir or inode a rule"
	case exes > 1:
		return "one exe a rule"
	case keys > 1:
		return "one key field a rule"
	}
	return ""
}

func refusedField(w rule.Wire, f rule.WireField) string {
	switch {
	case w.List == rule.ListFilesystem && f.Type != fieldFSType && f.Type != rule.FieldFilterKey:
		return "the filesystem list tests fstype alone"
	case f.Type == fieldFSType && w.List != rule.ListFilesystem:
		return "fstype is for the filesystem list alone"
	case f.Type == fieldMsgtype && w.List != rule.ListExclude && w.List != rule.ListUser:
		return "msgtype is for the lists exclude and user alone"
	case f.Type == fieldPerm && w.List == rule.ListIOUring:
		return "the io_uring list has no perm"
	case f.Type == fieldPerm && f.Value > allPerms:
		return "perm is r, w, x and a"
	case f.Type == fieldSaddrFam && f.Value >= afMax:
		return "no such address family"
	case f.Value == noID && (holdsUser(f.Type) || holdsGroup(f.Type)):
		return refusedUnset(f)
	}
	return refusedPath(w, f)
}

// refusedUnset judges 4294967295, which is no id. As a login uid it means "unset", and is equal or not.
func refusedUnset(f rule.WireField) string {
	if f.Type == fieldAUID && (f.Op == rule.OpEqual || f.Op == opNotEqual) {
		return ""
	}
	return "4294967295 (unset, -1) is no user or group"
}

func refusedPath(w rule.Wire, f rule.WireField) string {
	if f.Type != rule.FieldWatch && f.Type != rule.FieldDir && f.Type != rule.FieldExe {
		return ""
	}
	slash := len(f.Str) > 0 && f.Str[len(f.Str)-1] == '/'
	switch {
	case !strings.HasPrefix(f.Str, "/"):
		return "paths begin with /"
	case len(f.Str) > maxPath:
		return "the path is too long"
	case slash && f.Type != rule.FieldDir:
		return "a path= or exe= that ends with /"
	case f.Type != rule.FieldExe && f.Op != rule.OpEqual:
		return "path and dir know = alone"
	case f.Type != rule.FieldExe && w.List != rule.ListExit && w.List != rule.ListIOUring:
		return "path and dir are for the exit list"
	}
	return ""
}
