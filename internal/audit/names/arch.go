package names

import (
	"strconv"
	"strings"
)

// The machines whose syscalls have a table, as AUDIT_ARCH_* of include/uapi/linux/audit.h.
const (
	ArchX86_64  uint32 = 0xc000003e
	ArchI386    uint32 = 0x40000003
	ArchAArch64 uint32 = 0xc00000b7
	ArchARM     uint32 = 0x40000028
)

// arch64 is __AUDIT_ARCH_64BIT of include/uapi/linux/audit.h.
const arch64 = 0x80000000

var archByName = index(arches)

// archWords are the other words for a machine that auditctl takes (audit-userspace lib/machinetab.h).
var archWords = map[string]string{
	"i486": "i386", "i586": "i386", "i686": "i386", "armv5tejl": "arm", "armv5tel": "arm", "armv6l": "arm", "armv7l": "arm",
	"armv8l": "aarch64",
}

// Arch is the name of an architecture, such as x86_64 for 0xc000003e.
func Arch(arch uint32) (string, bool) { return nameOf(arches, int(arch)) }

// ArchNumber is the number of an architecture by its name or by one of auditctl's other words for it, in any case.
// b32 and b64 depend on the machine: see ArchBits.
func ArchNumber(name string) (uint32, bool) {
	name = strings.ToLower(name)
	if other, ok := archWords[name]; ok {
		name = other
	}
	nr, ok := archByName()[name]
	return uint32(nr), ok
}

// Arch64Bit tells whether an architecture is one of 64 bits.
func Arch64Bit(arch uint32) bool { return arch&arch64 != 0 }

// ArchBits is what b64 or b32 means on a machine whose own architecture is native (audit-userspace lib/libaudit.c:
// audit_determine_machine). It reports false where that machine has no such calls.
func ArchBits(native uint32, word string) (uint32, bool) {
	small := map[uint32]uint32{ArchX86_64: ArchI386, ArchAArch64: ArchARM}
	switch strings.ToLower(word) {
	case "b64":
		return native, Arch64Bit(native)
	case "b32":
		if !Arch64Bit(native) {
			return native, true
		}
		arch, ok := small[native]
		return arch, ok
	}
	return 0, false
}

// ArchHex reads the arch= of a record: hexadecimal without 0x, as the kernel logs it (kernel/auditsc.c: audit_log_exit).
func ArchHex(s string) (uint32, bool) {
	nr, err := strconv.ParseUint(s, 16, 32)
	return uint32(nr), err == nil
}
