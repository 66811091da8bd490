package event

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// NameType is what a system call did with a name (kernel/auditsc.c:audit_log_name; the 3.10 of RHEL 7 writes objtype=).
type NameType uint8

// The types. NameUnknown is also that of a name that was looked up in vain, and of one that the kernel has no type for.
const (
	NameUnknown NameType = iota
	NameNormal
	NameParent
	NameDelete
	NameCreate
)

var nameTypeText = [...]string{"UNKNOWN", "NORMAL", "PARENT", "DELETE", "CREATE"}

// String returns the type as the kernel writes it.
func (t NameType) String() string {
	if int(t) < len(nameTypeText) {
		return nameTypeText[t]
	}
	return "UNKNOWN"
}

// Name is one PATH record: a name that a system call used, and the inode that the kernel found.
type Name struct {
	Item    int          // number among the names of the call, from 0
	Name    record.Value // as written
	HasName bool         // false: (null), or there is none

	HasInode             bool // false: the name led to no inode, and what follows is zero but for Type
	Inode                uint64
	DevMajor, DevMinor   uint32
	Mode                 uint32 // st_mode: type and permissions
	OUID, OGID           uint32
	RdevMajor, RdevMinor uint32
	Obj                  record.Value
	Type                 NameType

	// Sum stands for the text of the record but for its item=, as Call.WhoSum does for that of another.
	Sum uint64
}

// readPath adds the name of a PATH record.
func (c *Call) readPath(rec *record.Record) {
	n := len(c.Names)
	if n < cap(c.Names) {
		c.Names = c.Names[:n+1]
	} else {
		c.Names = append(c.Names, Name{})
	}
	name := &c.Names[n]
	*name = Name{Item: n}
	if !name.readOrdered(rec.Body, c.memo) {
		*name = Name{Item: n}
		name.lookUp(rec)
	}
	name.HasName = name.HasName && !name.Name.Null()
}

// noCapabilities is what nearly every PATH record ends with.
const noCapabilities = "cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"

// readOrdered reads fields in the order of kernel/auditsc.c:audit_log_name, see Call.readOrdered.
func (n *Name) readOrdered(b []byte, memo *Memo) bool {
	at := 0
	if is(b, at, "item=") {
		item, next := decimal32(b, at+5)
		if item > math.MaxInt32 {
			return false
		}
		n.Item, at = int(item), next
	}
	if memo != nil && at < len(b) {
		return memo.file(n, b[at:])
	}
	return n.readFile(b, at)
}

// readFile reads all fields but the first.
func (n *Name) readFile(b []byte, at int) bool {
	if is(b, at, "name=") {
		n.Name, at = text(b, at+5)
		n.HasName = true
	}
	at = n.readInode(b, at)
	if is(b, at, "obj=") {
		n.Obj, at = text(b, at+4)
	}
	if is(b, at, "nametype=") {
		var v record.Value
		v, at = text(b, at+9)
		n.Type = nameType(v.Text)
	}
	return is(b, at, noCapabilities) && at+len(noCapabilities) == len(b) || passCapabilities(b, at) == len(b)
}

func (n *Name) readInode(b []byte, at int) int {
	if is(b, at, "inode=") {
		n.Inode, at = decimal(b, at+6)
		n.HasInode = true
	}
	if is(b, at, "dev=") {
		n.DevMajor, n.DevMinor, at = deviceAt(b, at+4)
	}
	if is(b, at, "mode=") {
		n.Mode, at = oct32(b, at+5)
	}
	if is(b, at, "ouid=") {
		n.OUID, at = decimal32(b, at+5)
	}
	if is(b, at, "ogid=") {
		n.OGID, at = decimal32(b, at+5)
	}
	if is(b, at, "rdev=") {
		n.RdevMajor, n.RdevMinor, at = deviceAt(b, at+5)
	}
	return at
}

// passCapabilities returns the place behind the file capabilities that begin at place at.
func passCapabilities(b []byte, at int) int {
	for _, name := range [...]string{"cap_fp=", "cap_fi=", "cap_fe=", "cap_fver=", "cap_frootid="} {
		if is(b, at, name) {
			_, at = text(b, at+len(name))
		}
	}
	return at
}

// lookUp reads a PATH record field by field, wherever each stands.
func (n *Name) lookUp(rec *record.Record) {
	if item, ok := rec.Uint("item"); ok && item <= math.MaxInt32 {
		n.Item = int(item)
	}
	n.Name, n.HasName = rec.Value("name")
	n.Inode, n.HasInode = rec.Uint("inode")
	n.DevMajor, n.DevMinor = device(rec, "dev")
	n.RdevMajor, n.RdevMinor = device(rec, "rdev")
	if mode, ok := rec.Oct("mode"); ok && mode <= math.MaxUint32 {
		n.Mode = uint32(mode)
	}
	n.OUID = id(rec, "ouid")
	n.OGID = id(rec, "ogid")
	n.Obj, _ = rec.Value("obj")
	text, ok := rec.Field("nametype")
	if !ok {
		text, _ = rec.Field("objtype")
	}
	n.Type = nameType(text)
}

func id(rec *record.Record, name string) uint32 {
	n, ok := rec.Uint(name)
	if !ok || n > math.MaxUint32 {
		return 0
	}
	return uint32(n)
}

// device is the value of dev= or rdev=, two hex numbers; 0, 0 where it is none.
func device(rec *record.Record, name string) (major, minor uint32) {
	text, _ := rec.Field(name)
	high, low, ok := bytes.Cut(text, []byte(":"))
	if !ok {
		return 0, 0
	}
	h, ok := deviceNumber(high)
	l, ok2 := deviceNumber(low)
	if !ok || !ok2 {
		return 0, 0
	}
	return h, l
}

func deviceNumber(text []byte) (uint32, bool) {
	n, at := hexDigits(text, 0)
	return uint32(n), len(text) > 0 && len(text) <= 8 && at == len(text)
}

func nameType(text []byte) NameType {
	switch string(text) {
	case "NORMAL":
		return NameNormal
	case "PARENT":
		return NameParent
	case "DELETE":
		return NameDelete
	case "CREATE":
		return NameCreate
	}
	return NameUnknown
}

// sortNames puts the names in the order of their items, which the lines of the log need not have.
func (c *Call) sortNames() {
	for n := 1; n < len(c.Names); n++ {
		if c.Names[n].Item < c.Names[n-1].Item {
			slices.SortStableFunc(c.Names, func(a, b Name) int { return cmp.Compare(a.Item, b.Item) })
			return
		}
	}
}
