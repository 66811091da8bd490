package ruleprice

import (
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Step is something that the kernel does because rules are loaded.
type Step int

// The steps that are no field.
const (
	Walk      Step = iota // a system call, once there is any rule that counts
	Name                  // a name that a system call looks up
	Asked                 // a rule whose mask has the call, in a list that fits the nearest cache: its fields are come to
	AskedFar              // the same in a list that does not
	firstRule             // a rule that is come to at all, by the length of the walk: see lengths
)

// lengths are those of the synthetic lists: coming to a rule, and asking it, has its price in each; between two of them it is on the line
// between theirs. On a processor with 32 KiB of first-level cache coming to a rule of the long one takes five times as much. See WithWalk.
var lengths = [...]int{32, 256}

const firstField = firstRule + Step(len(lengths))

// fieldGroups are fields that the kernel answers in one way, each group a step. The first number stands for the group in a calibration.
var fieldGroups = []struct {
	name   string
	fields []string
}{
	{"a0-a3", []string{"a0", "a1", "a2", "a3"}},
	{"arch", []string{"arch"}},
	{"auid", []string{"auid", "sessionid"}},
	{"uid", []string{"uid", "euid", "suid", "fsuid"}},
	{"gid", []string{"gid", "egid", "sgid", "fsgid"}},
	{"pid", []string{"pid", "ppid"}},
	{"pers", []string{"pers"}},
	{"exit", []string{"exit"}},
	{"success", []string{"success"}},
	{"perm", []string{"perm"}},
	{"dir", []string{"dir"}},
	{"path", []string{"path", "inode"}},
	{"exe", []string{"exe"}},
	{"filetype", []string{"filetype", "obj_uid", "obj_gid", "devmajor", "devminor"}},
	{"compare", []string{"field_compare"}},
	{"other", nil},
}

// Steps is how many steps there are.
var Steps = int(firstField) + len(fieldGroups)

// byField is the step of a field's number.
var byField = func() map[uint32]Step {
	m := map[uint32]Step{rule.FieldFilterKey: lastField()}
	for i, g := range fieldGroups {
		for _, f := range g.fields {
			if nr, ok := names.FieldNumber(f); ok {
				m[nr] = firstField + Step(i)
			}
		}
	}
	m[fieldAUIDSet] = m[fieldAUID] // auid!=unset is made that (kernel/auditfilter.c: audit_data_to_entry)
	return m
}()

// Numbers of include/uapi/linux/audit.h.
const (
	fieldUID      = 1
	fieldGID      = 5
	fieldAUID     = 9
	fieldArch     = 11
	fieldPPID     = 18
	fieldAUIDSet  = 24
	fieldInode    = 102
	fieldExit     = 103
	fieldSuccess  = 104
	fieldPerm     = 106
	fieldFileType = 108
	fieldCompare  = 111
	fieldArg0     = 200
	fieldArg1     = 201
)

func lastField() Step { return firstField + Step(len(fieldGroups)-1) }

func groupStep(name string) Step {
	for i, g := range fieldGroups {
		if g.name == name {
			return firstField + Step(i)
		}
	}
	return lastField()
}

// FieldStep is the step that asking a field is.
func FieldStep(field uint32) Step {
	if s, ok := byField[field]; ok {
		return s
	}
	return lastField()
}

// String is the step's name in results.
func (s Step) String() string {
	switch s {
	case Walk:
		return "walk"
	case Name:
		return "name"
	case Asked:
		return "rule asked"
	case AskedFar:
		return "rule asked in a long walk"
	}
	if s < firstField {
		return fmt.Sprintf("rule in a walk of %d", lengths[s-firstRule])
	}
	return "field " + fieldGroups[s-firstField].name
}

// Counts is how often each step is taken, by Step.
type Counts []float64

func newCounts() Counts { return make(Counts, Steps) }

func (c Counts) add(o Counts) {
	for i, n := range o {
		c[i] += n
	}
}

func (c Counts) beyond(o Counts) Counts {
	out := newCounts()
	for i := range c {
		out[i] = max(0, c[i]-o[i])
	}
	return out
}

// scaled is the counts divided by n.
func (c Counts) scaled(n float64) Counts {
	out := newCounts()
	for i := range c {
		out[i] = c[i] / n
	}
	return out
}

// Costs is what each step takes, in nanoseconds, by Step.
type Costs []float64

// Of is what the steps take together.
func (k Costs) Of(c Counts) float64 {
	sum := 0.0
	for i, n := range c {
		sum += n * k[i]
	}
	return sum
}
