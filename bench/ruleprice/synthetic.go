package ruleprice

import (
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// synthetic is a field of rules that record nothing: where it is false, it is so for every call of the loops.
type synthetic struct {
	field, op, value uint32
	text             string // of path=, dir= and exe=
	each             bool   // the text is different in each rule
}

// Operators of include/uapi/linux/audit.h.
const (
	opNotEqual       uint32 = 0x30000000
	opGreaterOrEqual uint32 = 0x60000000
)

// nobodys is a number that no argument, user, group or process has.
const nobodys = 0x7a5a5a00

var (
	falseArg = synthetic{field: fieldArg0, op: rule.OpEqual, value: nobodys}
	trueArg  = synthetic{field: fieldArg1, op: opGreaterOrEqual}
)

// falseField is a field of a group that no call of the loops fulfils; ok is false for what has none.
func falseField(s Step, f Files) (v synthetic, ok bool) {
	v = synthetic{op: rule.OpEqual, value: nobodys}
	switch s {
	case groupStep("arch"):
		v.field, v.value = fieldArch, names.ArchARM
	case groupStep("auid"):
		v.field = fieldAUID
	case groupStep("uid"):
		v.field = fieldUID
	case groupStep("gid"):
		v.field = fieldGID
	case groupStep("pid"):
		v.field = fieldPPID
	case groupStep("pers"):
		v.field = rule.FieldPers
	case groupStep("exit"):
		v.field = fieldExit
	case groupStep("success"):
		v.field, v.value = fieldSuccess, 0
	case groupStep("perm"):
		v.field, v.value = fieldPerm, 8 // changes of attributes
	case groupStep("filetype"):
		v.field, v.value = fieldFileType, 0o140000 // a socket
	case groupStep("compare"):
		v.field, v.op, v.value = fieldCompare, opNotEqual, 11 // uid to euid
	case groupStep("dir"):
		v.field, v.text = rule.FieldDir, f.Dir
	case groupStep("path"):
		v.field, v.text = rule.FieldWatch, f.Neighbour
	case groupStep("exe"):
		v.field, v.text, v.each = rule.FieldExe, f.Exe, true
	default:
		return v, s == groupStep("a0-a3")
	}
	return v, v.text != "" || v.field != rule.FieldDir && v.field != rule.FieldWatch && v.field != rule.FieldExe
}

// maskAll is what the kernel makes of -S all: the last 16 bits stand for classes and go (kernel/auditfilter.c: audit_to_entry_common).
func maskAll() (m [64]uint32) {
	for i := range m {
		m[i] = ^uint32(0)
	}
	m[len(m)-1] = 1<<16 - 1
	return m
}

// passedBy is a word of the mask with calls that no loop makes (x86_64: chroot to swapoff and others of their kind).
const passedBy = 5

// syntheticRule is rule i of a set: with the mask of all calls, or of some that the loops do not make. Its key makes it unlike the others.
func syntheticRule(i int, asked bool, fields []synthetic) rule.Wire {
	w := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways}
	if asked {
		w.Mask = maskAll()
	} else {
		w.Mask[passedBy], fields = 1<<8, []synthetic{falseArg}
	}
	for _, f := range fields {
		text := f.text
		if f.each {
			text = fmt.Sprintf("%s%d", f.text, i)
		}
		v := f.value
		if text != "" {
			v = uint32(len(text))
		}
		w.Fields = append(w.Fields, rule.WireField{Type: f.field, Op: f.op, Value: v, Str: text})
	}
	key := fmt.Sprintf("calibration.%d", i)
	w.Fields = append(w.Fields, rule.WireField{Type: rule.FieldFilterKey, Op: rule.OpEqual, Value: uint32(len(key)), Str: key})
	return w
}
