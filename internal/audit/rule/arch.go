package rule

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

const legalArch = "b64, b32, a machine (x86_64 i386 i486 i586 i686 aarch64 armv8l arm armeb armv5tejl armv5tel armv6l armv7l ppc64 " +
	"ppc64le ppc s390x s390 riscv64 riscv32) or its number"

// archNames are the machines that libaudit knows (lib/lookup_table.c: elftab; riscv from 4.1 on), fewer than the kernel's.
var archNames = map[string]bool{
	"x86_64": true, "i386": true, "aarch64": true, "arm": true, "ppc64": true, "ppc64le": true, "ppc": true, "s390x": true,
	"s390": true, "riscv64": true, "riscv32": true,
}

// isArch tells what auditctl takes as an architecture: b64 and b32, a machine, or its number.
func isArch(v string) bool {
	if low := strings.ToLower(v); low == "b64" || low == "b32" {
		return true
	}
	_, ok := archNumber(v)
	return ok
}

// archNumber is the AUDIT_ARCH_* of a machine, or of its number: one that begins with a digit is read with its prefix (0x40000003),
// any other as hexadecimal (c000003e), which makes 40000003 wrong (lib/libaudit.c: audit_rule_fieldpair_data, audit_determine_machine).
func archNumber(v string) (uint32, bool) {
	low := strings.ToLower(v)
	if low == "armeb" {
		return names.ArchARM, true
	}
	nr, ok := names.ArchNumber(low)
	if !ok && startsWithDigit(v) {
		n, _ := cNumber(v, 0)
		nr = uint32(n)
	} else if !ok {
		n, _ := cNumber(v, 16)
		nr = uint32(n)
	}
	name, known := names.Arch(nr)
	return nr, known && archNames[name]
}
