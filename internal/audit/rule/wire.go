package rule

import (
	"encoding/binary"
	"fmt"
)

// Limits of the kernel's binary rule form.
const (
	// MaxFields is AUDIT_MAX_FIELDS (include/uapi/linux/audit.h).
	MaxFields = 64
	// MaxKeyLen is AUDIT_MAX_KEY_LEN, the longest joined key in bytes.
	MaxKeyLen = 256
	// KeySeparator joins several keys of one rule (AUDIT_KEY_SEPARATOR in libaudit).
	KeySeparator = '\x01'

	maskWords = 64
	fixedLen  = 4 * (3 + maskWords + 3*MaxFields + 1)
)

// List is a kernel filter list, numbered as in include/uapi/linux/audit.h.
type List uint32

// The lists, in the order in which AUDIT_LIST_RULES returns them.
const (
	ListUser List = iota
	ListTask
	ListEntry
	ListWatch
	ListExit
	ListExclude
	ListFilesystem
	ListIOUring
)

// String is auditctl's word for the list.
func (l List) String() string {
	names := [...]string{"user", "task", "entry", "watch", "exit", "exclude", "filesystem", "io_uring"}
	if int(l) < len(names) {
		return names[l]
	}
	return fmt.Sprintf("list-%d", uint32(l))
}

// Action is what a matching rule does, numbered as in include/uapi/linux/audit.h.
type Action uint32

// The actions. Possible is refused by every kernel that auditprof runs on.
const (
	ActionNever Action = iota
	ActionPossible
	ActionAlways
)

// Field types that auditprof itself reads or adds (include/uapi/linux/audit.h).
const (
	FieldPers      uint32 = 10
	FieldWatch     uint32 = 105
	FieldDir       uint32 = 107
	FieldExe       uint32 = 112
	FieldFilterKey uint32 = 210
)

// OpEqual is AUDIT_EQUAL, the "=" of a field.
const OpEqual uint32 = 0x40000000

// flagPrepend is AUDIT_FILTER_PREPEND: a request to the kernel, never part of a listed rule.
const flagPrepend = 0x10

// WireField is one field of a rule in binary form. For fields that carry text Str holds it and Value is its length.
type WireField struct {
	Type  uint32
	Op    uint32
	Value uint32
	Str   string
}

// Wire is a rule as the kernel lists it: struct audit_rule_data (include/uapi/linux/audit.h).
type Wire struct {
	List   List
	Action Action
	Mask   [maskWords]uint32
	Fields []WireField
}

// hasString tells the fields whose value is text in the rule's buffer
// (kernel/auditfilter.c: audit_data_to_entry).
func hasString(t uint32) bool {
	switch {
	case t >= 13 && t <= 17, t >= 19 && t <= 23: // subj_*, obj_*
		return true
	}
	return t == FieldWatch || t == FieldDir || t == FieldExe || t == FieldFilterKey
}

// DecodeWire reads the payload of an AUDIT_LIST_RULES message. It refuses what is shorter than it says.
func DecodeWire(b []byte) (Wire, error) {
	var w Wire
	if len(b) < fixedLen {
		return w, fmt.Errorf("decode rule: %d bytes, a rule has at least %d", len(b), fixedLen)
	}
	u := func(i int) uint32 { return binary.NativeEndian.Uint32(b[4*i:]) }
	w.List, w.Action = List(u(0)&^flagPrepend), Action(u(1))
	n := int(u(2))
	if n > MaxFields {
		return w, fmt.Errorf("decode rule: %d fields, the kernel's limit is %d", n, MaxFields)
	}
	for i := range w.Mask {
		w.Mask[i] = u(3 + i)
	}
	const types, values, ops = 3 + maskWords, 3 + maskWords + MaxFields, 3 + maskWords + 2*MaxFields
	buf := b[fixedLen:]
	if l := int(u(ops + MaxFields)); l <= len(buf) {
		buf = buf[:l]
	}
	for i := range n {
		f := WireField{Type: u(types + i), Value: u(values + i), Op: u(ops + i)}
		if hasString(f.Type) {
			if int(f.Value) > len(buf) {
				return w, fmt.Errorf("decode rule: field %d says %d bytes of text, %d are left", i, f.Value, len(buf))
			}
			f.Str, buf = string(buf[:f.Value]), buf[f.Value:]
		}
		w.Fields = append(w.Fields, f)
	}
	return w, nil
}

// Encode is the payload of an AUDIT_ADD_RULE or AUDIT_DEL_RULE message; DecodeWire of it gives the rule back.
func (w Wire) Encode() []byte {
	b := make([]byte, fixedLen)
	put := func(i int, v uint32) { binary.NativeEndian.PutUint32(b[4*i:], v) }
	put(0, uint32(w.List))
	put(1, uint32(w.Action))
	put(2, uint32(len(w.Fields)))
	for i, m := range w.Mask {
		put(3+i, m)
	}
	text := 0
	for i, f := range w.Fields {
		v := f.Value
		if hasString(f.Type) {
			v = uint32(len(f.Str))
			b = append(b, f.Str...)
			text += len(f.Str)
		}
		put(3+maskWords+i, f.Type)
		put(3+maskWords+MaxFields+i, v)
		put(3+maskWords+2*MaxFields+i, f.Op)
	}
	put(3+maskWords+3*MaxFields, uint32(text))
	return b
}

// Key is the rule's whole key string: several keys joined by KeySeparator, "" where there is none.
func (w Wire) Key() string {
	for _, f := range w.Fields {
		if f.Type == FieldFilterKey {
			return f.Str
		}
	}
	return ""
}

// WithExtraKey is a copy of the rule whose key string ends with one more key.
// It reports false where the kernel would refuse it: no room in the key or in the fields.
func (w Wire) WithExtraKey(key string) (Wire, bool) {
	out := w.clone()
	for i, f := range out.Fields {
		if f.Type != FieldFilterKey {
			continue
		}
		joined := f.Str + string(KeySeparator) + key
		if len(joined) > MaxKeyLen {
			return w, false
		}
		out.Fields[i].Str, out.Fields[i].Value = joined, uint32(len(joined))
		return out, true
	}
	if len(out.Fields) >= MaxFields {
		return w, false
	}
	out.Fields = append(out.Fields, WireField{Type: FieldFilterKey, Op: OpEqual, Value: uint32(len(key)), Str: key})
	return out, true
}

// WithField is a copy of the rule that tests one more number, after the rule's own fields and before its key.
// It reports false where the rule has no field left.
func (w Wire) WithField(typ, op, value uint32) (Wire, bool) {
	if len(w.Fields) >= MaxFields {
		return w, false
	}
	out := w.clone()
	f := WireField{Type: typ, Op: op, Value: value}
	if n := len(out.Fields); n > 0 && out.Fields[n-1].Type == FieldFilterKey {
		out.Fields = append(out.Fields, out.Fields[n-1])
		out.Fields[n-1] = f
		return out, true
	}
	out.Fields = append(out.Fields, f)
	return out, true
}

// Equal tells whether two rules are the same to the kernel (kernel/auditfilter.c: audit_compare_rule):
// list, action, mask and fields in order.
func (w Wire) Equal(o Wire) bool {
	if w.List != o.List || w.Action != o.Action || w.Mask != o.Mask || len(w.Fields) != len(o.Fields) {
		return false
	}
	for i, f := range w.Fields {
		if f != o.Fields[i] {
			return false
		}
	}
	return true
}

func (w Wire) clone() Wire {
	w.Fields = append([]WireField(nil), w.Fields...)
	return w
}
