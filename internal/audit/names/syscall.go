package names

type machine struct {
	table  []entry
	byName func() map[string]int
}

var machines = map[uint32]machine{
	ArchX86_64:  {syscallsX86_64, index(syscallsX86_64)},
	ArchI386:    {syscallsI386, index(syscallsI386)},
	ArchAArch64: {syscallsAArch64, index(syscallsAArch64)},
	ArchARM:     {syscallsARM, index(syscallsARM)},
}

// Syscall is libaudit's name of a syscall: arch is the arch= of a record as a number (ArchX86_64 and so on), nr its syscall=.
// It reports false for a machine without a table and for a number the table does not have, x32 calls (bit 30) among them.
func Syscall(arch uint32, nr int) (string, bool) {
	return nameOf(machines[arch].table, nr)
}

// SyscallNumber is the number of a syscall on a machine, by libaudit's name of it (lib/*_table.h: pread, not pread64, on x86_64).
func SyscallNumber(arch uint32, name string) (int, bool) {
	m, ok := machines[arch]
	if !ok {
		return 0, false
	}
	nr, ok := m.byName()[name]
	return nr, ok
}

// HasSyscalls tells whether a machine has a table.
func HasSyscalls(arch uint32) bool {
	_, ok := machines[arch]
	return ok
}
