package rule

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

const (
	// firstClass is the first of the 16 greatest numbers, which the kernel takes for classes of syscalls and never lists
	// (kernel/auditfilter.c: audit_to_entry_common).
	firstClass = maxSyscall - 16
	// classless is the last word of a mask without them.
	classless = 1<<16 - 1
)

func itoa(n int) string { return strconv.Itoa(n) }

func (c *compiler) allSyscalls() {
	for i := range c.wire.Mask {
		c.wire.Mask[i] = 1<<32 - 1
	}
}

func (c *compiler) setSyscall(nr int) { c.wire.Mask[nr/32] |= 1 << (nr % 32) }

// syscalls reads all -S. Without an arch before it the names are those of the machine, and perm then has an arch.
func (c *compiler) syscalls() {
	if len(c.rule.Syscalls) == 0 {
		return
	}
	c.given = true
	if c.rule.List == ListIOUring {
		for _, t := range c.rule.Syscalls {
			c.fail(c.uringOp(t))
		}
		return
	}
	guessed := c.arch == 0
	if guessed {
		c.arch = c.env.Machine
	}
	for _, t := range c.rule.Syscalls {
		c.fail(c.syscall(t))
	}
	if guessed {
		c.noteGuess()
	}
}

func (c *compiler) syscall(t Token) *Error {
	if t.Text == "all" {
		c.allSyscalls()
		return nil
	}
	nr, err := c.syscallNumber(t, strings.ToLower(t.Text))
	if err != nil && startsWithDigit(t.Text) {
		nr, err = int(min(uint64(unsigned32(t.Text)), maxSyscall)), nil
	}
	if err != nil {
		return err
	}
	if nr >= firstClass {
		return wrong(t, "0 to 2031; the 16 numbers above stand for classes of syscalls that differ by kernel", "syscall number %s", quote(t.Text))
	}
	c.setSyscall(nr)
	return nil
}

// call is a syscall of one machine.
type call struct {
	arch uint32
	name string
}

// late are names that libaudit's tables had later than their numbers say.
var late = map[call]Dialect{
	{names.ArchARM, "pselect6"}: 4_00_03, {names.ArchARM, "ppoll"}: 4_00_03, {names.ArchARM, "epoll_pwait"}: 4_00_03,
	{names.ArchX86_64, "uretprobe"}: never, {names.ArchX86_64, "uprobe"}: never,
}

// syscallNumber is the number of a name on the rule's architecture, as far as the dialect knows it.
func (c *compiler) syscallNumber(t Token, name string) (int, *Error) {
	machine, _ := names.Arch(c.arch)
	if !names.HasSyscalls(c.arch) {
		return 0, wrong(t, "numbers, or a rule for x86_64, i386, aarch64 or arm", "no names of syscalls are known for %s: %s", machine, quote(name))
	}
	nr, ok := names.SyscallNumber(c.arch, name)
	if !ok {
		return 0, wrong(t, "a name that ausyscall "+machine+" --dump prints, or a number", "no syscall %s on %s", quote(name), machine)
	}
	if d := c.env.Dialect; nr > newest(newestSyscall, d) || d < late[call{c.arch, name}] {
		return 0, c.tooNew(t, "syscall", name, nr)
	}
	return nr, nil
}

// noteGuess says so where the 32-bit programs of the machine have other numbers for the syscalls of a rule without arch. The kernel
// tests the number alone (src/auditctl.c: check_rule_mismatch).
func (c *compiler) noteGuess() {
	small, ok := names.ArchBits(c.arch, "b32")
	if !ok || small == c.arch {
		return
	}
	for _, t := range c.rule.Syscalls {
		name := strings.ToLower(t.Text)
		nr, named := names.SyscallNumber(c.arch, name)
		if other, same := names.SyscallNumber(small, name); named && !(same && other == nr) {
			meant, _ := names.Syscall(small, nr)
			c.note(t.Pos, "syscall %s without arch is number %d, which is %s to 32-bit programs: -F arch=b64 before -S, and a second rule for b32",
				name, nr, cmp.Or(meant, "nothing"))
			return
		}
	}
}

// uringAll is where auditctl ends when it is told all io_uring operations: libaudit.c defines IORING_OP_LAST as 37, since the header's is
// no macro. A rule without -S has every operation.
const uringAll = 37

// uringOp reads one -S of the io_uring list.
func (c *compiler) uringOp(t Token) *Error {
	most := newest(newestUringOp, c.env.Dialect)
	if t.Text == "all" {
		for _, name := range names.UringOps() {
			if nr, _ := names.UringOpNumber(name); nr < uringAll {
				c.setSyscall(nr)
			}
		}
		c.note(t.Pos, "all is no io_uring operation after unlinkat to auditctl: leave -S out for all of them")
		return nil
	}
	nr, ok := names.UringOpNumber(strings.ToLower(t.Text))
	if ok && nr > most {
		return c.tooNew(t, "io_uring operation", t.Text, nr)
	}
	if !ok {
		nr = int(min(uint64(unsigned32(t.Text)), maxSyscall))
	}
	if !ok && !startsWithDigit(t.Text) || nr >= firstClass {
		return wrong(t, strings.Join(names.UringOps(), " ")+", or a number up to 2031", "no io_uring operation %s", quote(t.Text))
	}
	c.setSyscall(nr)
	return nil
}

// permBits are the AUDIT_PERM_* of include/uapi/linux/audit.h.
var permBits = map[byte]uint32{'x': 1, 'w': 2, 'r': 4, 'a': 8}

func permValue(letters string) uint32 {
	var bits uint32
	for i := range len(letters) {
		bits |= permBits[letters[i]|0x20]
	}
	return bits
}

// perm reads a perm field. Where an arch is known -F perm= also gives the mask its syscalls, from 3.1.3 on; -p never does
// (lib/libaudit.c: audit_add_perm_syscalls).
func (c *compiler) perm(t Token, f Field) uint32 {
	if f.Flag == "-F" && c.env.Dialect >= sincePermSyscalls {
		if c.arch == 0 {
			c.note(t.Pos, "perm without an arch before it leaves the rule on every syscall, which is slow")
		} else {
			c.addPermSyscalls(t, f.Value)
		}
	}
	return permValue(f.Value)
}

func (c *compiler) addPermSyscalls(t Token, letters string) {
	c.given = true
	for i := range len(letters) {
		for _, name := range c.env.Dialect.permSyscalls(letters[i] | 0x20) {
			nr, err := c.syscallNumber(t, name)
			switch {
			case err == nil:
				c.setSyscall(nr)
			case !names.HasSyscalls(c.arch) || c.env.Dialect < sincePermSkips:
				c.fail(err)
				return
			}
		}
	}
}
