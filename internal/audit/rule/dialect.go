package rule

import (
	"fmt"
	"strings"
)

// Dialect is a version of auditctl, which decides what a rule's text becomes, and whether it is taken at all:
// 10000*major + 100*minor + patch, 30009 for 3.0.9.
type Dialect int

// The dialects that were compared with auditctl itself, each the last of a kind: up to 3.0 the mask is what -S says; from 3.1.3
// on perm adds syscalls where an arch is known; 4.2 adds the stat family to reading. Releases between them differ in less, and
// have their own numbers.
const (
	Dialect3_0 Dialect = 3_00_09
	Dialect4_0 Dialect = 4_00_05
	Dialect4_2 Dialect = 4_02_01
)

// The versions that changed what a text means (audit-userspace ChangeLog; lib/libaudit.c: audit_rule_fieldpair_data,
// audit_add_perm_syscalls, filter_supported_syscalls; lib/fstypetab.h; src/auditctl.c: process_key_option).
const (
	sinceUring        Dialect = 3_01_00 // list io_uring, where auditctl was built with it
	sinceExcludeAny   Dialect = 3_01_00 // any field on the exclude list
	sincePermSyscalls Dialect = 3_01_03 // perm adds syscalls
	sinceRISCV        Dialect = 4_00_03
	sincePermSkips    Dialect = 4_00_04 // syscalls that the machine lacks are left out; before, the rule was refused
	sinceKeyBytes     Dialect = 4_02_00 // no separator byte in a key
	sinceCgroup       Dialect = 4_02_00 // fstype=cgroup and cgroup2

	prependDeletes, prependMended Dialect = 4_00_04, 4_01_01 // -A deletes instead
)

// DialectOf reads a version as auditctl -v prints it: "3.0.9", "4.0", "auditctl version 4.2.1". What follows the numbers, as in
// 4.0.4b, is left out. Versions before 3.0 are refused, and what is no version.
func DialectOf(version string) (Dialect, error) {
	text := strings.TrimPrefix(strings.TrimSpace(version), "auditctl version ")
	var parts [3]int
	rest := text
	for i := range parts {
		n := 0
		for ; n < len(rest) && n < 3 && isDigit(rest[n]); n++ {
			parts[i] = 10*parts[i] + int(rest[n]-'0')
		}
		if n == 0 || n > 2 {
			return 0, fmt.Errorf("auditctl version %s: want numbers such as 3.0.9 or 4.2", quote(text))
		}
		rest = rest[n:]
		if rest == "" || rest[0] != '.' {
			break
		}
		rest = rest[1:]
	}
	d := Dialect(10000*parts[0] + 100*parts[1] + parts[2])
	if d < 3_00_00 {
		return 0, fmt.Errorf("auditctl %s: only the rules of 3.0 and later are known", d)
	}
	return d, nil
}

// String is the version as auditctl -v prints it.
func (d Dialect) String() string {
	s := fmt.Sprintf("%d.%d", int(d)/10000, int(d)/100%100)
	if patch := int(d) % 100; patch > 0 {
		s += fmt.Sprintf(".%d", patch)
	}
	return s
}

// step is a number that holds from a version on.
type step struct {
	since Dialect
	nr    int
}

// newestSyscall is the greatest number with a name (lib/*_table.h). From 424 on all machines share them.
var newestSyscall = []step{
	{4_01_04, 471}, {4_01_03, 470}, {4_01_01, 469}, {4_00_04, 467}, {4_00_02, 462}, {4_00_00, 461}, {3_01_02, 451}, {0, 450},
}

// newestUringOp is the same for io_uring operations (lib/uringop_table.h).
var newestUringOp = []step{{4_01_03, 64}, {4_00_04, 57}, {4_00_00, 53}, {0, 48}}

// newest is the number of the last step that a version has taken. Versions after the last one know what our own tables know.
func newest(steps []step, d Dialect) int {
	if d > Dialect4_2 {
		return maxSyscall
	}
	for _, s := range steps {
		if d >= s.since {
			return s.nr
		}
	}
	return 0
}
