package rule

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// unset is the login uid or session of a process that has none.
const unset = 1<<32 - 1

// user is the value of a field that holds a user.
func (c *compiler) user(t Token, v string) (uint32, *Error) {
	switch {
	case startsWithDigit(v):
		return unsigned32(v), nil
	case startsNumber(v):
		return signed32(v), nil
	case v == "unset":
		return unset, nil
	}
	return lookUp(t, "user", v, c.env.User)
}

// group is the value of a field that holds a group. Negative numbers and unset are names here.
func (c *compiler) group(t Token, v string) (uint32, *Error) {
	if startsWithDigit(v) {
		return signed32(v), nil
	}
	return lookUp(t, "group", v, c.env.Group)
}

func lookUp(t Token, what, name string, ids func(string) (uint32, bool)) (uint32, *Error) {
	if ids != nil {
		if id, ok := ids(name); ok {
			return id, nil
		}
	}
	return 0, wrong(t, "a "+what+" of this machine, or a number", "unknown %s %s", what, quote(name))
}

// errno is the value of an error name, -EACCES being negative.
func errno(v string) uint32 {
	name, negative := strings.CutPrefix(v, "-")
	nr, _ := names.ErrnoNumber(name)
	if negative {
		return -uint32(nr)
	}
	return uint32(nr)
}

// newRecordTypes are those whose names audit 3.0.9 does not have, and the first version that does (lib/msg_typetab.h); never is one
// that none does so far.
var newRecordTypes = map[int]Dialect{
	1338: 3_01_00, 1339: 3_01_00, 1420: never, 1421: never, 1422: never, 1423: never, 1424: never, 1425: never, 1426: never, 1808: never,
}

const never = Dialect4_2 + 1

// recordType is the number of a record type by its name. UNKNOWN[n] has to be in upper case.
func (c *compiler) recordType(t Token, v string) (uint32, *Error) {
	upper := strings.ToUpper(v)
	nr, ok := names.RecordTypeNumber(upper)
	if strings.HasPrefix(upper, "UNKNOWN[") && !strings.HasPrefix(v, "UNKNOWN[") {
		ok = false
	}
	if !ok {
		return 0, wrong(t, "a record type such as SYSCALL, or its number", "unknown record type %s", quote(v))
	}
	if c.env.Dialect < newRecordTypes[nr] && names.RecordType(nr) == upper {
		return 0, c.tooNew(t, "record type", v, nr)
	}
	return uint32(nr), nil
}

// tooNew refuses a name that is known here but not to the auditctl that is imitated.
func (c *compiler) tooNew(t Token, what, name string, nr int) *Error {
	return wrong(t, "its number, "+itoa(nr), "%s does not know %s %s", c.version(), what, quote(name))
}

// archValue is the value of an arch field, by which syscalls are read from here on.
func (c *compiler) archValue(t Token, v string) (uint32, *Error) {
	low := strings.ToLower(v)
	nr, ok := archNumber(v)
	if low == "b64" || low == "b32" {
		nr, ok = names.ArchBits(c.env.Machine, low)
	}
	name, _ := names.Arch(nr)
	if !ok || strings.HasPrefix(name, "riscv") && c.env.Dialect < sinceRISCV {
		return 0, wrong(t, legalArch, "architecture %s, which this machine or %s does not have", quote(v), c.version())
	}
	c.arch = nr
	return nr, nil
}

// fsType is the magic number of a filesystem.
func (c *compiler) fsType(t Token, v string) (uint32, *Error) {
	nr, legal := fsTypes[strings.ToLower(v)], "tracefs, debugfs or a number; cgroup and cgroup2 from auditctl 4.2 on"
	if startsWithDigit(v) {
		nr = unsigned32(v)
	} else if strings.HasPrefix(strings.ToLower(v), "cgroup") && c.env.Dialect < sinceCgroup {
		return 0, wrong(t, legal, "%s does not know filesystem %s", c.version(), quote(v))
	}
	if nr == 1<<32-1 {
		return 0, wrong(t, legal, "filesystem %s", quote(v))
	}
	return nr, nil
}

// session is a session's number. auditctl takes any other word for 0.
func (c *compiler) session(t Token, v string) uint32 {
	switch {
	case startsWithDigit(v):
		return unsigned32(v)
	case startsNumber(v):
		return signed32(v)
	case v == "unset":
		return unset
	}
	c.note(t.Pos, "sessionid=%s is read as 0: only numbers and unset are known", printable(v))
	return 0
}

// family is the number of an address family. auditctl takes a word for 0.
func (c *compiler) family(t Token, v string) uint32 {
	v = strings.TrimLeft(v, " \t\n\v\f\r")
	if !startsWithDigit(v) {
		c.note(t.Pos, "saddr_fam=%s is read as 0: families have numbers here, 2 for IPv4, 10 for IPv6", printable(v))
	}
	return unsigned32(v)
}
