package match

import (
	"strconv"
	"strings"
)

// label is what a subj_* or obj_* field asks of the label of a security module.
type label struct {
	field uint32 // as for subjects: obj_user is asked like subj_user
	op    uint32
	text  string
	level level // of the level fields
	sound bool  // level was read
}

func newLabel(field, op uint32, text string) *label {
	l := &label{field: field, op: op, text: text}
	switch field {
	case fieldObjUser, fieldObjRole, fieldObjType:
		l.field = field - fieldObjUser + fieldSubjUser
	case fieldObjLevLow:
		l.field = fieldSubjSen
	case fieldObjLevHigh:
		l.field = fieldSubjClr
	}
	if l.field == fieldSubjSen || l.field == fieldSubjClr {
		l.level, l.sound = parseLevel(text)
	}
	return l
}

// holds tells what a label in a record says to the field. None (a host without a security module that has labels) is never true: the
// kernel keeps the rule and has nothing to ask (kernel/auditfilter.c: audit_data_to_entry).
func (l *label) holds(text string) ternary {
	text, _, _ = strings.Cut(text, "\x00") // some kernels log the terminator of a Smack or AppArmor label
	switch {
	case text == "":
		return no
	case text == "?": // several modules: the labels are in records of their own
		return maybe
	case strings.Count(text, ":") >= 2:
		return l.selinux(text)
	}
	return l.plain(text)
}

// selinux is security/selinux/ss/services.c: selinux_audit_rule_match on user:role:type[:low[-high]].
func (l *label) selinux(text string) ternary {
	parts := strings.SplitN(text, ":", 4)
	switch l.field {
	case fieldSubjUser, fieldSubjRole, fieldSubjType:
		switch is := parts[l.field-fieldSubjUser] == l.text; l.op {
		case opEqual:
			return ternaryOf(is)
		case opNotEqual:
			return ternaryOf(!is)
		}
		return no
	}
	if len(parts) < 4 || !l.sound {
		return maybe
	}
	low, high, ok := strings.Cut(parts[3], "-")
	if !ok {
		high = low
	}
	if l.field == fieldSubjClr {
		low = high
	}
	is, sound := parseLevel(low)
	if !sound {
		return maybe
	}
	return ternaryOf(l.level.compare(l.op, is))
}

// plain is a label without parts: AppArmor's, which knows subj_role only (security/apparmor/audit.c: aa_audit_rule_init), or Smack's,
// which knows the users (security/smack/smack_lsm.c: smack_audit_rule_init).
func (l *label) plain(text string) ternary {
	profile, mode, found := strings.Cut(text, " (")
	apparmor := text == "unconfined" || found && strings.HasSuffix(mode, ")")
	switch {
	case l.op != opEqual && l.op != opNotEqual:
		return no
	case l.field == fieldSubjRole && apparmor:
		if strings.Contains(profile, "//") { // stacked or nested profiles are compared as sets
			return maybe
		}
		return ternaryOf((profile == l.text) == (l.op == opEqual))
	case l.field == fieldSubjUser && !apparmor:
		return ternaryOf((text == l.text) == (l.op == opEqual))
	}
	return no
}

// level is a sensitivity and its categories, of SELinux.
type level struct {
	sensitivity int
	categories  [16]uint64
}

// parseLevel reads s0:c0.c3,c7.
func parseLevel(text string) (level, bool) {
	var l level
	sens, cats, some := strings.Cut(text, ":")
	n, ok := numbered(sens, 's')
	if !ok {
		return l, false
	}
	l.sensitivity = n
	if !some {
		return l, true
	}
	for part := range strings.SplitSeq(cats, ",") {
		first, last, isRange := strings.Cut(part, ".")
		if !isRange {
			last = first
		}
		from, ok1 := numbered(first, 'c')
		to, ok2 := numbered(last, 'c')
		if !ok1 || !ok2 || from > to || to >= 64*len(l.categories) {
			return l, false
		}
		for c := from; c <= to; c++ {
			l.categories[c/64] |= 1 << (c % 64)
		}
	}
	return l, true
}

func numbered(text string, letter byte) (int, bool) {
	if len(text) < 2 || text[0] != letter {
		return 0, false
	}
	n, err := strconv.ParseUint(text[1:], 10, 16)
	return int(n), err == nil
}

// dominates is mls_level_dom: at least as sensitive, and with all the categories.
func (l level) dominates(o level) bool {
	for n := range l.categories {
		if o.categories[n]&^l.categories[n] != 0 {
			return false
		}
	}
	return l.sensitivity >= o.sensitivity
}

// compare compares a rule's level with that of a label.
func (l level) compare(op uint32, is level) bool {
	switch op {
	case opEqual:
		return is == l
	case opNotEqual:
		return is != l
	case opLess:
		return l.dominates(is) && is != l
	case opLessOrEqual:
		return l.dominates(is)
	case opGreater:
		return is.dominates(l) && is != l
	case opGreaterOrEqual:
		return is.dominates(l)
	}
	return false
}

func ternaryOf(b bool) ternary {
	if b {
		return yes
	}
	return no
}
