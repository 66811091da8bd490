package match

import (
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// fields sorts the fields of a wire into those of a form.
func (c *compiler) fields(f *form, r *Rule, w *rule.Wire) error {
	paths := 0
	for n, field := range w.Fields {
		if field.Type == rule.FieldFilterKey {
			continue // the kernel does not look at it
		}
		t, err := c.test(n, field, r)
		if err != nil {
			return err
		}
		switch {
		case field.Type == fieldWatch:
			f.watch = c.m.paths.watch(field.Str)
			paths++
		case field.Type == fieldInode && field.Op == opEqual:
			f.watch = c.m.paths.inode(field.Value)
			paths++
		case mayStayOpen(t):
			paths += boolInt(field.Type == fieldDir)
			f.asked = append(f.asked, t)
		case field.Type == fieldArch:
			f.archs = append(f.archs, t)
		default:
			if p, ok := plainOf(&t); ok {
				f.plain = append(f.plain, plainTest{p, t})
			} else {
				f.sure = append(f.sure, t)
			}
		}
	}
	if paths > 1 {
		return fmt.Errorf("two of path=, dir= and inode= in one rule: no kernel takes that (kernel/auditfilter.c: audit_to_watch)")
	}
	if f.watch != nil {
		f.splitNamed()
	}
	sortByCost(f.sure)
	sortByCost(f.asked)
	return nil
}

// ordered keeps the fields of a rule as they are: on these lists their order decides what happens (see exclude.go).
func (c *compiler) ordered(f *form, r *Rule, w *rule.Wire) error {
	for n, field := range w.Fields {
		t, err := c.test(n, field, r)
		if err != nil {
			return err
		}
		f.ordered = append(f.ordered, t)
	}
	return nil
}

// splitNamed takes the fields that a rule of the inode hash asks of one name out of those that it asks of the call.
func (f *form) splitNamed() {
	sure := f.sure[:0:0]
	for _, t := range f.sure {
		switch t.field {
		case fieldDevMajor, fieldDevMinor, fieldInode, fieldObjUID, fieldObjGID:
			f.named = append(f.named, t)
		default:
			sure = append(sure, t)
		}
	}
	f.sure = sure
}

// mayStayOpen tells the fields about which a log is often silent: they are asked last.
func mayStayOpen(t test) bool {
	switch t.field {
	case fieldGID, fieldEGID:
		return t.op == opEqual || t.op == opNotEqual || t.name >= 0
	case fieldDir, fieldExe, fieldSubjUser, fieldSubjRole, fieldSubjType, fieldSubjSen, fieldSubjClr,
		fieldObjUser, fieldObjRole, fieldObjType, fieldObjLevLow, fieldObjLevHigh, fieldFSType, fieldSocketFam:
		return true
	}
	return t.name >= 0
}

// test compiles field n of a rule.
func (c *compiler) test(n int, field rule.WireField, r *Rule) (test, error) {
	t := test{field: field.Type, op: field.Op, value: field.Value, text: field.Str, name: -1}
	if t.field >= fieldMax {
		return t, fmt.Errorf("field %d: no kernel knows it", t.field)
	}
	for _, u := range r.Unknown {
		if u.Field == n {
			t.name = c.name(nameID{u.Name, u.Group})
		}
	}
	switch t.field {
	case fieldAUID:
		if t.value == unset && t.name < 0 { // kernel/auditfilter.c: audit_data_to_entry
			t.field, t.value = fieldAUIDSet, 0
		}
	case fieldDir:
		t.dir = c.m.paths.dir(t.text)
	case fieldExe:
		t.exe = c.m.paths.exe(t.text)
	case fieldSubjUser, fieldSubjRole, fieldSubjType, fieldSubjSen, fieldSubjClr,
		fieldObjUser, fieldObjRole, fieldObjType, fieldObjLevLow, fieldObjLevHigh:
		t.label = newLabel(t.field, t.op, t.text)
	}
	t.id = c.question(question{t.field, t.op, t.value, t.text, t.name})
	return t, nil
}

// name is the number of a user or group without one.
func (c *compiler) name(id nameID) int32 {
	nr, ok := c.names[id]
	if !ok {
		nr = int32(len(c.m.names))
		c.names[id] = nr
		c.m.names = append(c.m.names, id)
	}
	return nr
}

func (c *compiler) question(q question) int32 {
	nr, ok := c.questions[q]
	if !ok {
		nr = int32(len(c.questions))
		c.questions[q] = nr
	}
	return nr
}

// cost orders fields: those that fail most often for least work first.
func cost(field uint32) int {
	switch field {
	case fieldPerm:
		return 0
	case fieldExit, fieldSuccess, fieldAUID, fieldAUIDSet, fieldUID, fieldEUID:
		return 1
	case fieldDevMajor, fieldDevMinor, fieldInode, fieldObjUID, fieldObjGID, fieldFileType, fieldCompare:
		return 3
	case fieldDir:
		return 4
	case fieldExe:
		return 5
	case fieldGID, fieldEGID:
		return 6
	case fieldSubjUser, fieldSubjRole, fieldSubjType, fieldObjUser, fieldObjRole, fieldObjType:
		return 7
	}
	return 2
}

// sortByCost is an insertion sort: rules have few fields, and equal ones keep their order.
func sortByCost(tests []test) {
	for i := 1; i < len(tests); i++ {
		for j := i; j > 0 && cost(tests[j].field) < cost(tests[j-1].field); j-- {
			tests[j], tests[j-1] = tests[j-1], tests[j]
		}
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
