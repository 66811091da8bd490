package match

import "github.com/auditprof/auditprof/internal/audit/record"

// subject is AUDIT_SUBJ_*: the label of the process.
func (j *Judge) subject(t *test) bool {
	return j.labelled(t, t.label.holds(labelText(j.call.Subj)))
}

// object is AUDIT_OBJ_*: the label of any name, or of the name that is asked about, or of an IPC object.
func (j *Judge) object(t *test, name int) bool {
	c := j.call
	says := t.label.holds(labelText(c.IPCObj))
	for i := range c.Names {
		if says == yes || name >= 0 && name != i {
			continue
		}
		is := t.label.holds(labelText(c.Names[i].Obj))
		if len(c.Names[i].Obj.Text) == 0 && len(c.Subj.Text) != 0 && !c.Names[i].HasInode {
			is = maybe // a name without a file has the label that the policy gives to none
		}
		if is != no {
			says = is
		}
	}
	if says == no && j.missing && len(c.Subj.Text) != 0 && (name < 0 || name == len(c.Names)) {
		says = maybe
	}
	return j.labelled(t, says)
}

func (j *Judge) labelled(t *test, says ternary) bool {
	if says == maybe {
		return j.unsaid(t, WhyLabel)
	}
	return says == yes
}

func labelText(v record.Value) string { return string(v.Text) }
