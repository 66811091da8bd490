package names

import "strings"

var fieldByName = index(fields)

// Field is auditctl's name of a rule field, such as auid for 9 (AUDIT_LOGINUID).
func Field(nr uint32) (string, bool) { return nameOf(fields, int(nr)) }

// FieldNumber is the number of a rule field by its name, in any case, as auditctl reads it.
func FieldNumber(name string) (uint32, bool) {
	nr, ok := fieldByName()[strings.ToLower(name)]
	return uint32(nr), ok
}

// Fields are the names of all rule fields, in the order of their numbers.
func Fields() []string { return all(fields) }
