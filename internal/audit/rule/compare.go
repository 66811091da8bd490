package rule

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

const legalCompare = "NAME=OTHER or NAME!=OTHER, either two of uid auid euid suid fsuid obj_uid, or two of gid egid sgid fsgid obj_gid"

// compareKind are the fields that -C compares, user with user and group with group (lib/libaudit.c:
// audit_rule_interfield_comp_data; include/uapi/linux/audit.h: AUDIT_COMPARE_*). All pairs exist but a field with itself.
var compareKind = map[string]byte{
	"uid": 'u', "auid": 'u', "loginuid": 'u', "euid": 'u', "suid": 'u', "fsuid": 'u', "obj_uid": 'u',
	"gid": 'g', "egid": 'g', "sgid": 'g', "fsgid": 'g', "obj_gid": 'g',
}

// compare reads one -C.
func (p *lineParser) compare(o option) *Error {
	if !p.listed && !p.lost {
		return p.needsList(o, "-C")
	}
	if err := p.room(o.value); err != nil {
		return err
	}
	left, op, right, err := cutField(o.value, []string{"!=", "="})
	if err != nil {
		return wrong(o.value, legalCompare, "no operator in %s", quote(o.value.Text))
	}
	right = strings.ToLower(right)
	nrLeft, okLeft := names.FieldNumber(left)
	nrRight, okRight := names.FieldNumber(right)
	kind := compareKind[left]
	switch {
	case !okLeft || !okRight:
		return wrong(o.value, legalCompare, "unknown field in %s", quote(o.value.Text))
	case !p.lost && p.rule.List != ListExit:
		return wrong(o.value, "only on the exit list", "-C on the %s list", p.rule.List)
	case kind == 0 || kind != compareKind[right] || nrLeft == nrRight:
		return wrong(o.value, legalCompare, "fields %s and %s do not compare", left, right)
	}
	return p.add(o.value, Field{Pos: o.value.Pos, Flag: "-C", Name: left, Op: op, Value: right})
}

// compareCodes are the numbers of the pairs, whose order is free (include/uapi/linux/audit.h: AUDIT_COMPARE_*).
var compareCodes = map[[2]string]uint32{
	{"uid", "obj_uid"}: 1, {"gid", "obj_gid"}: 2, {"euid", "obj_uid"}: 3, {"egid", "obj_gid"}: 4, {"auid", "obj_uid"}: 5,
	{"suid", "obj_uid"}: 6, {"sgid", "obj_gid"}: 7, {"fsuid", "obj_uid"}: 8, {"fsgid", "obj_gid"}: 9, {"uid", "auid"}: 10,
	{"uid", "euid"}: 11, {"uid", "fsuid"}: 12, {"uid", "suid"}: 13, {"auid", "fsuid"}: 14, {"auid", "suid"}: 15,
	{"auid", "euid"}: 16, {"euid", "suid"}: 17, {"euid", "fsuid"}: 18, {"suid", "fsuid"}: 19, {"gid", "egid"}: 20,
	{"gid", "fsgid"}: 21, {"gid", "sgid"}: 22, {"egid", "fsgid"}: 23, {"egid", "sgid"}: 24, {"sgid", "fsgid"}: 25,
}

// compareCode is the number of a pair of -C.
func compareCode(left, right string) (uint32, bool) {
	if left == "loginuid" {
		left = "auid"
	}
	if right == "loginuid" {
		right = "auid"
	}
	if nr, ok := compareCodes[[2]string{left, right}]; ok {
		return nr, true
	}
	nr, ok := compareCodes[[2]string{right, left}]
	return nr, ok
}
