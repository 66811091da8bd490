package detect

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// region is the events, or on the lists user and exclude the records, that a rule can match: all of them and maybe more. What it does not
// say of an event may be anything.
type region struct {
	list  rule.List
	never bool
	calls calls
	exe   string          // "" is any
	exeNo []string        // and none of these
	below []string        // some name of the event is one of these, or in it: of every one of these
	ids   [idFields]spans // of uid, euid, auid, outcome and family
	args  [4]spans        // nil is any
	types spans           // record types, of the lists user and exclude
	key   string          // of the rule
	perm  Access          // of perm=, as access; 0 where there is none
	fs    []uint32        // magic of fstype=
	wire  *rule.Wire      // the rule itself
}

// permAccess are the bits of perm= as access.
var permAccess = map[uint32]Access{permExec: Exec, permWrite: Write, permRead: Read, permAttr: Attr}

// regionOf reads a rule. A field that it does not know narrows the rule further, which is left out: the region is too large then, never too small.
func (m machine) regionOf(w *rule.Wire) region {
	r := region{list: w.List, never: w.Action == rule.ActionNever, calls: calls{by: [2]mask{w.Mask, w.Mask}}, ids: everyID, types: everyNumber(), wire: w}
	if m.arch[1] == 0 {
		r.calls.by[1] = mask{}
	}
	if w.List != rule.ListExit {
		r.calls = everyCall()
	}
	for i := range w.Fields {
		r.narrow(m, &w.Fields[i])
	}
	return r
}

func (r *region) narrow(m machine, f *rule.WireField) {
	values := spansOf(f.Op, f.Value)
	switch f.Type {
	case fieldUID:
		r.id(ofUID, values)
	case fieldEUID:
		r.id(ofEUID, values)
	case fieldAUID:
		r.id(ofAUID, values)
	case fieldLoginUIDSet:
		r.id(ofAUID, loginSet(values))
	case fieldArch:
		r.narrowArch(m, values)
	case fieldMsgType:
		r.types = r.types.intersect(values)
	case fieldFSType:
		r.fs = append(r.fs, f.Value)
	case fieldSuccess:
		r.id(ofOutcome, outcomes(f))
	case fieldExit:
		if values.within(spans{{firstErrno, unset}}) {
			r.id(ofOutcome, oneNumber(0))
		}
	case fieldWatch, fieldDir:
		if f.Op == opEqual {
			r.below = append(r.below, strings.TrimRight(f.Str, "/"))
		}
	case fieldPerm:
		r.narrowPerm(m, f)
	case fieldExe:
		r.narrowExe(f)
	case fieldFamily:
		r.id(ofFamily, values)
	case fieldKey:
		r.key = f.Str
	default:
		r.narrowArgument(f, values)
	}
}

// firstErrno is the least exit code, as 32 bits, that is an error (include/linux/err.h: MAX_ERRNO).
const firstErrno = unset - 4095 + 1

// idFields are the fields of numbers of which a region has a set each.
const idFields = ofFamily - ofUID + 1

var everyID = [idFields]spans{everyNumber(), everyNumber(), everyNumber(), everyNumber(), everyNumber(), everyNumber()}

func (r *region) id(f field, values spans) { r.ids[f-ofUID] = r.ids[f-ofUID].intersect(values) }

// loginSet is the login uids of loginuid_set= values.
func loginSet(values spans) spans {
	var s spans
	if values.has(1) {
		s = oneNumber(unset).complement()
	}
	if values.has(0) {
		s = s.union(oneNumber(unset))
	}
	return s
}

// outcomes is what success= with a value asks for: the kernel compares (return_valid == AUDITSC_SUCCESS) with value != 0
// (kernel/auditsc.c: audit_filter_rules).
func outcomes(f *rule.WireField) spans {
	switch {
	case f.Op != opEqual && f.Op != opNotEqual:
		return everyNumber()
	case (f.Value != 0) == (f.Op == opEqual):
		return oneNumber(1)
	}
	return oneNumber(0)
}

func (r *region) narrowArch(m machine, values spans) {
	for i, arch := range m.arch {
		if !values.has(arch) {
			r.calls.by[i] = mask{}
		}
	}
}

// narrowPerm leaves the calls of the classes of perm= (kernel/auditsc.c: audit_match_perm), and some more.
func (r *region) narrowPerm(m machine, f *rule.WireField) {
	if f.Op != opEqual {
		return
	}
	for bit, access := range permAccess {
		if f.Value&bit != 0 {
			r.perm |= access
		}
	}
	c := m.permCalls(r.perm, true)
	r.calls = r.calls.intersect(&c)
}

func (r *region) narrowExe(f *rule.WireField) {
	switch f.Op {
	case opEqual:
		r.exe = f.Str
	case opNotEqual:
		r.exeNo = append(r.exeNo, f.Str)
	}
}

func (r *region) narrowArgument(f *rule.WireField, values spans) {
	if f.Type < fieldArg0 || f.Type > fieldArg3 {
		return
	}
	n := f.Type - fieldArg0
	if r.args[n] != nil {
		values = r.args[n].intersect(values)
	}
	if values == nil {
		r.calls = calls{} // it matches nothing
	}
	r.args[n] = values
}

func (r *region) arg(n int) spans {
	if r.args[n] == nil {
		return everyNumber()
	}
	return r.args[n]
}

// splitKeys are the keys of a rule.
func splitKeys(key string) []string {
	if key == "" {
		return nil
	}
	return strings.Split(key, string(rune(rule.KeySeparator)))
}
