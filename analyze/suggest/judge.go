package suggest

import (
	"fmt"
	"strings"
)

// judge asks everybody who may object to a candidate, once.
func (s *search) judge(x *candidate) {
	if x.judged {
		return
	}
	x.judged = true
	if x.wanted != "" {
		x.why, x.needs = "takes events that must still be seen: "+x.wanted, Forbidden
		return
	}
	if err := s.writable(&x.change); err != nil {
		x.why, x.needs = err.Error(), Forbidden
		return
	}
	x.grade = s.grade.Grade(&x.change, s.behaviours(x.of))
	if x.grade.Risk > s.o.MaxRisk || x.grade.Risk >= Forbidden {
		x.why, x.needs = strings.Join(x.grade.Reasons, "; "), x.grade.Risk
		return
	}
	if s.guard == nil {
		return
	}
	for _, b := range s.guard.Blinds(&x.change) {
		if b.Hard {
			x.why, x.needs = "would blind "+b.Name+": "+b.Why, Forbidden
			return
		}
		x.blinds = append(x.blinds, b)
	}
}

func (s *search) behaviours(of []int) []*Behaviour {
	list := make([]*Behaviour, len(of))
	for n, i := range of {
		list[n] = &s.Behaviours[i]
	}
	return list
}

// maxValue is the longest text that a rule's field may have (include/linux/limits.h: PATH_MAX with its NUL).
const maxValue = 4095

// writable refuses a change whose values a rule file cannot hold exactly. A name is chosen by whoever is audited: a newline in one would be
// another rule.
func (s *search) writable(c *Change) error {
	for _, cond := range c.Conds {
		if err := writableValue(cond); err != nil {
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
	if !ok || string(clean) != c.Value || clean[len(clean)-1] == ' ' {
		return fmt.Errorf("the name in %s is not the whole, plain name of a file", c.Field)
	}
	return nil
}
