package rule

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// opCodes are the operators of a field (include/uapi/linux/audit.h: AUDIT_EQUAL and others).
var opCodes = map[string]uint32{
	"=": OpEqual, "!=": 0x30000000, "<": 0x10000000, ">": 0x20000000, "<=": 0x50000000, ">=": 0x60000000, "&": 0x08000000, "&=": 0x48000000,
}

// field adds one -F, -C or -p.
func (c *compiler) field(f Field) {
	w, err := c.wireField(f)
	c.fail(err)
	c.wire.Fields = append(c.wire.Fields, w)
}

func (c *compiler) wireField(f Field) (WireField, *Error) {
	t := Token{f.Pos, f.Name + f.Op + f.Value}
	op, ok := opCodes[f.Op]
	if !ok {
		return WireField{}, wrong(t, legalField, "operator %s", quote(f.Op))
	}
	if f.Flag == "-C" {
		code, ok := compareCode(f.Name, f.Value)
		if !ok {
			return WireField{}, wrong(t, legalCompare, "fields %s and %s do not compare", quote(f.Name), quote(f.Value))
		}
		return WireField{Type: fieldCompare, Op: op, Value: code}, nil
	}
	nr, ok := names.FieldNumber(f.Name)
	if !ok {
		return WireField{}, wrong(t, strings.Join(names.Fields(), " "), "unknown field %s", quote(f.Name))
	}
	if legal := valueWrong(nr, f.Value); legal != "" {
		return WireField{}, wrong(t, legal, "%s%s%s", f.Name, f.Op, quote(f.Value))
	}
	if f.Flag == "-F" {
		if err := c.allowed(t, nr, f.Name); err != nil {
			return WireField{}, err
		}
	}
	if hasString(nr) {
		return textField(nr, op, f.Value), nil
	}
	value, err := c.value(t, nr, f)
	return WireField{Type: nr, Op: op, Value: value}, err
}

// legalExclude are the fields that the exclude list takes before 3.1.
const legalExclude = "msgtype pid uid gid auid subj_user subj_role subj_type subj_sen subj_clr exe"

// allowed judges a field where the grammar left it to auditctl's version.
func (c *compiler) allowed(t Token, nr uint32, name string) *Error {
	if nr == fieldArch && c.given {
		return wrong(t, "-F arch= before -S, and before a perm that has its arch", "field arch after the syscalls")
	}
	if c.rule.List != ListExclude || c.env.Dialect >= sinceExcludeAny {
		return nil
	}
	if name == "loginuid" {
		name = "auid"
	}
	if strings.Contains(" "+legalExclude+" ", " "+name+" ") {
		return nil
	}
	return wrong(t, legalExclude+"; any field from auditctl "+sinceExcludeAny.String()+" on", "%s takes no %s on the exclude list", c.version(), name)
}

// value is the value of a field that is not text. The grammar has judged what it can.
func (c *compiler) value(t Token, nr uint32, f Field) (uint32, *Error) {
	v := f.Value
	switch {
	case nr >= 1 && nr <= 4, nr == fieldAuid, nr == fieldObjUID:
		return c.user(t, v)
	case nr >= 5 && nr <= 8, nr == fieldObjGID:
		return c.group(t, v)
	case nr == fieldExit && !startsNumber(v):
		return errno(v), nil
	case nr == fieldMsgtype && !startsWithDigit(v):
		return c.recordType(t, v)
	case nr == fieldArch:
		return c.archValue(t, v)
	case nr == fieldPerm:
		return c.perm(t, f), nil
	case nr == fieldFiletype:
		return fileTypes[strings.ToLower(v)], nil
	case nr == fieldFSType:
		return c.fsType(t, v)
	case nr == fieldSessionID:
		return c.session(t, v), nil
	case nr == fieldSaddrFam:
		return c.family(t, v), nil
	case nr == fieldInode, nr >= 200 && nr <= 203 && startsWithDigit(v):
		return unsigned32(v), nil
	}
	return signed32(v), nil
}
