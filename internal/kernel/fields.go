package kernel

import (
	"strconv"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Field types that need words of their own (include/uapi/linux/audit.h).
const (
	fieldArch     = 11
	fieldExit     = 103
	fieldPerm     = 106
	fieldFiletype = 108
	fieldCompare  = 111
)

// fieldNames are auditctl's names of the fields (audit-userspace lib/fieldtab.h).
var fieldNames = map[uint32]string{
	0: "pid", 1: "uid", 2: "euid", 3: "suid", 4: "fsuid", 5: "gid", 6: "egid", 7: "sgid", 8: "fsgid", 9: "auid",
	10: "pers", 11: "arch", 12: "msgtype", 13: "subj_user", 14: "subj_role", 15: "subj_type", 16: "subj_sen",
	17: "subj_clr", 18: "ppid", 19: "obj_user", 20: "obj_role", 21: "obj_type", 22: "obj_lev_low", 23: "obj_lev_high",
	24: "loginuid_set", 25: "sessionid", 26: "fstype", 100: "devmajor", 101: "devminor", 102: "inode", 103: "exit",
	104: "success", 105: "path", 106: "perm", 107: "dir", 108: "filetype", 109: "obj_uid", 110: "obj_gid",
	111: "field_compare", 112: "exe", 113: "saddr_fam", 200: "a0", 201: "a1", 202: "a2", 203: "a3", 210: "key",
}

func fieldName(t uint32) string {
	if n, ok := fieldNames[t]; ok {
		return n
	}
	return "field" + strconv.FormatUint(uint64(t), 10)
}

// operator is auditctl's sign for the operator bits of a field.
func operator(op uint32) string {
	signs := map[uint32]string{
		0x08000000: "&", 0x10000000: "<", 0x20000000: ">", 0x30000000: "!=",
		0x40000000: "=", 0x48000000: "&=", 0x50000000: "<=", 0x60000000: ">=",
	}
	if s, ok := signs[op]; ok {
		return s
	}
	return "?"
}

// comparePairs are the two sides of -C by number (AUDIT_COMPARE_*).
var comparePairs = map[uint32][2]string{
	1: {"uid", "obj_uid"}, 2: {"gid", "obj_gid"}, 3: {"euid", "obj_uid"}, 4: {"egid", "obj_gid"}, 5: {"auid", "obj_uid"},
	6: {"suid", "obj_uid"}, 7: {"sgid", "obj_gid"}, 8: {"fsuid", "obj_uid"}, 9: {"fsgid", "obj_gid"}, 10: {"uid", "auid"},
	11: {"uid", "euid"}, 12: {"uid", "fsuid"}, 13: {"uid", "suid"}, 14: {"auid", "fsuid"}, 15: {"auid", "suid"},
	16: {"auid", "euid"}, 17: {"euid", "suid"}, 18: {"euid", "fsuid"}, 19: {"suid", "fsuid"}, 20: {"gid", "egid"},
	21: {"gid", "fsgid"}, 22: {"gid", "sgid"}, 23: {"egid", "fsgid"}, 24: {"egid", "sgid"}, 25: {"sgid", "fsgid"},
}

func fieldValue(f rule.WireField) string {
	if f.Str != "" {
		return f.Str
	}
	switch f.Type {
	case fieldArch:
		return archWord(f.Value)
	case fieldPerm:
		return permLetters(f.Value)
	case fieldFiletype:
		return filetypeWord(f.Value)
	case fieldExit:
		return strconv.FormatInt(int64(int32(f.Value)), 10)
	}
	return strconv.FormatUint(uint64(f.Value), 10)
}

// archWord is b64 or b32 for the two ABIs of the machines auditprof knows, else the number (AUDIT_ARCH_*).
func archWord(v uint32) string {
	switch v {
	case 0xc000003e, 0xc00000b7:
		return "b64"
	case 0x40000003, 0x40000028:
		return "b32"
	}
	return "0x" + strconv.FormatUint(uint64(v), 16)
}

// permLetters spells the bits AUDIT_PERM_*.
func permLetters(v uint32) string {
	s := ""
	for _, p := range []struct {
		bit    uint32
		letter string
	}{{4, "r"}, {2, "w"}, {1, "x"}, {8, "a"}} {
		if v&p.bit != 0 {
			s += p.letter
		}
	}
	return s
}

// filetypeWord is auditctl's word for the S_IFMT bits of a mode.
func filetypeWord(v uint32) string {
	words := map[uint32]string{0o140000: "socket", 0o120000: "link", 0o100000: "file", 0o060000: "block",
		0o040000: "dir", 0o020000: "character", 0o010000: "fifo"}
	if s, ok := words[v]; ok {
		return s
	}
	return strconv.FormatUint(uint64(v), 10)
}
