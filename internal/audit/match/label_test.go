package match

import "testing"

func TestLabels(t *testing.T) {
	const full = "staff_u:sysadm_r:sudo_t:s1:c0.c3,c9-s2:c0.c1023"
	for _, c := range []struct {
		field uint32
		op    uint32
		text  string
		label string
		want  ternary
	}{
		{fieldSubjUser, opEqual, "staff_u", full, yes}, {fieldSubjRole, opEqual, "staff_u", full, no}, {fieldSubjType, opNotEqual, "sudo_t", full, no},
		{fieldObjUser, opEqual, "staff_u", full, yes}, {fieldObjType, opEqual, "sudo_t", full, yes}, {fieldSubjType, opLess, "sudo_t", full, no},
		{fieldSubjSen, opEqual, "s1:c0.c3,c9", full, yes}, {fieldSubjSen, opEqual, "s1:c0,c1,c2,c3,c9", full, yes}, {fieldSubjSen, opEqual, "s1", full, no},
		{fieldSubjSen, opNotEqual, "s1", full, yes}, {fieldSubjClr, opEqual, "s2:c0.c1023", full, yes}, {fieldObjLevHigh, opGreaterOrEqual, "s1", full, yes},
		{fieldObjLevLow, opLess, "s2:c0.c9", full, yes}, {fieldObjLevLow, opLess, "s1:c0.c3,c9", full, no}, {fieldObjLevLow, opGreater, "s0", full, yes},
		{fieldObjLevLow, opLessOrEqual, "s5:c1", full, no}, // neither dominates
		{fieldSubjSen, opEqual, "s0", "u:r:t", maybe}, {fieldSubjSen, opEqual, "SystemLow", full, maybe},
		{fieldSubjRole, opEqual, "/usr/sbin/cupsd", "/usr/sbin/cupsd (enforce)", yes}, {fieldSubjRole, opEqual, "x", "unconfined", no},
		{fieldSubjUser, opEqual, "unconfined", "unconfined", no}, {fieldSubjRole, opEqual, "a", "a//b (complain)", maybe},
		{fieldSubjUser, opEqual, "_", "_", yes}, {fieldSubjUser, opNotEqual, "_", "_", no}, {fieldSubjRole, opEqual, "_", "_", no},
		{fieldSubjUser, opEqual, "x", "", no}, {fieldSubjUser, opNotEqual, "x", "", no}, {fieldSubjUser, opEqual, "x", "?", maybe},
	} {
		if got := newLabel(c.field, c.op, c.text).holds(c.label); got != c.want {
			t.Errorf("field %d op %#x %q of %q: %d, want %d", c.field, c.op, c.text, c.label, got, c.want)
		}
	}
}

func TestLevelsRefuse(t *testing.T) {
	for _, text := range []string{"", "s", "0", "s0:", "s0:c", "s0:c3.c1", "s0:c1024", "s0:c0.c99999", "s-1", "s0:c1,", "S0"} {
		if l, ok := parseLevel(text); ok {
			t.Errorf("%q is read as %+v", text, l)
		}
	}
}
