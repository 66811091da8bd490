package rule

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

const (
	legalField = "NAME OP VALUE in one word, OP one of = != < <= > >= & &="
	// maxRuleFields is how many fields auditctl gives to the kernel, the key among them: one less than MaxFields
	// (lib/libaudit.c: audit_rule_fieldpair_data).
	maxRuleFields = MaxFields - 1
)

// field reads one -F (lib/libaudit.c: audit_rule_fieldpair_data).
func (p *lineParser) field(o option) *Error {
	if !p.listed && !p.lost {
		return p.needsList(o, "-F")
	}
	name, op, value, err := cutField(o.value, fieldOps)
	if err != nil {
		return err
	}
	if strings.HasPrefix(o.value.Text, "key=") { // in lower case only; KEY= is a field like others (src/auditctl.c: setopt)
		at := o.value.Pos.after(len(o.value.Text) - len(value))
		return p.takeKey(Token{at, value})
	}
	nr, known := names.FieldNumber(name)
	switch {
	case name == "":
		return wrong(o.value, legalField, "no field name before %s", op)
	case value == "":
		return wrong(o.value, legalField, "no value after %s%s", printable(name), op)
	case !known:
		return wrong(o.value, strings.Join(names.Fields(), " "), "unknown field %s", quote(name))
	}
	f := Field{Pos: o.value.Pos, Flag: "-F", Name: name, Op: op, Value: value}
	if err := p.room(o.value); err != nil {
		return err
	}
	if !p.lost {
		if err := p.checkField(o.value, nr, f); err != nil {
			return err
		}
	}
	p.note(f)
	return p.add(o.value, f)
}

// fieldOps are the operators in the order in which auditctl looks for them in the whole word, which decides what a=b!=c means.
var fieldOps = []string{"!=", ">=", "<=", "&=", "=", ">", "<", "&"}

// cutField cuts a word at its operator.
func cutField(t Token, ops []string) (name, op, value string, err *Error) {
	for _, op := range ops {
		if name, value, ok := strings.Cut(t.Text, op); ok {
			return strings.ToLower(name), op, value, nil
		}
	}
	return "", "", "", wrong(t, legalField, "no operator in %s", quote(t.Text))
}

// note keeps what later options of the line depend on.
func (p *lineParser) note(f Field) {
	switch f.Name {
	case "arch":
		p.rule.Arch = f.Value
	case "path", "dir", "perm":
		p.perms = true
	case "exe":
		p.exe = true
	case "fstype":
		p.fstype = true
	}
}

func (p *lineParser) add(t Token, f Field) *Error {
	if err := p.room(t); err != nil {
		return err
	}
	p.rule.Fields = append(p.rule.Fields, f)
	p.fields++
	return nil
}

// room tells whether the rule may have one more field.
func (p *lineParser) room(t Token) *Error {
	if p.fields >= maxRuleFields {
		return wrong(t, "63, the key and the two of a watch counted", "more than %d fields", maxRuleFields)
	}
	return nil
}

func (p *lineParser) needsList(o option, what string) *Error {
	if p.lost {
		return nil
	}
	p.lost = true
	return wrong(o.Token, "-a LIST,ACTION or -w PATH before "+what, "%s without a list before it", what)
}
