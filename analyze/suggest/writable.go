package suggest

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// maxValue is the longest text that a rule's field may have (include/uapi/linux/limits.h: PATH_MAX with its NUL).
const maxValue = 4095

// writable refuses a change whose values a rule file cannot hold exactly. A name is chosen by whoever is audited: a newline in one would be
// another rule.
func (s *search) writable(c *Change) error {
	for _, cond := range c.Conds {
		if err := writableValue(cond); err != nil {
			return err
		}
	}
	if c.Kind != Narrow {
		if err := readsBack(c); err != nil {
			return err
		}
	}
	if s.o.Check != nil {
		return s.o.Check(c)
	}
	return nil
}

func writableValue(c Cond) error {
	switch {
	case c.Value == "":
		return fmt.Errorf("%s has no value", c.Field)
	case len(c.Value) > maxValue:
		return fmt.Errorf("the name in %s is %d bytes long: a rule takes %d", c.Field, len(c.Value), maxValue)
	}
	for _, b := range []byte(c.Value) {
		if b < ' ' || b > '~' {
			return fmt.Errorf("the name in %s holds the byte %#02x: it cannot be written in a rule for certain", c.Field, b)
		}
	}
	if c.Field != "exe" && c.Field != "dir" && c.Field != "path" {
		return nil
	}
	clean, ok := appendClean(nil, []byte(c.Value))
	if !ok || string(clean) != c.Value || strings.TrimSpace(c.Value) != c.Value {
		return fmt.Errorf("the name in %s is not the whole, plain name of a file", c.Field)
	}
	return nil
}

// readsBack refuses a change whose lines, read as auditctl reads them, have other conditions: an operator in a name may be taken for that of
// the condition (lib/libaudit.c: audit_rule_fieldpair_data).
func readsBack(c *Change) error {
	lines := c.Lines()
	set, err := rule.ParseFile("the change", strings.NewReader(strings.Join(lines, "\n")+"\n"))
	if err != nil {
		return fmt.Errorf("its names cannot be written in a rule: %w", err)
	}
	rules := set.Rules()
	if len(rules) != len(lines) || len(set.Controls()) > 0 {
		return fmt.Errorf("its names make %d rules of %d lines", len(rules), len(lines))
	}
	for _, r := range rules {
		fields := r.Fields
		if len(fields) > 0 && c.Kind != Filesystem {
			fields = fields[1:] // arch= or msgtype=
		}
		if len(fields) != len(c.Conds) {
			return fmt.Errorf("its names make %d conditions of %d", len(fields), len(c.Conds))
		}
		for n, f := range fields {
			if (Cond{f.Name, f.Op, f.Value}) != c.Conds[n] {
				return fmt.Errorf("the name in %s is read back as %s %s", c.Conds[n].Field, f.Name, f.Op)
			}
		}
	}
	return nil
}
