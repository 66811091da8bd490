package detect

import (
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// mask is a set of system calls by number, as a rule has it.
type mask = [64]uint32

const maskBits = 32 * uint32(len(mask{}))

// calls is a set of system calls of both architectures of a machine: its own and the 32-bit one.
type calls struct{ by [2]mask }

// machine is the architectures of a kernel.
type machine struct {
	arch [2]uint32 // AUDIT_ARCH_*; the second is 0 where there is none
}

func machineOf(native uint32) machine {
	if native == 0 {
		native = names.ArchX86_64
	}
	m := machine{arch: [2]uint32{native}}
	if other, ok := names.ArchBits(native, "b32"); ok && other != native {
		m.arch[1] = other
	}
	return m
}

// index is the place of an architecture in calls.
func (m machine) index(arch uint32) (int, bool) {
	for i, a := range m.arch {
		if a == arch && a != 0 {
			return i, true
		}
	}
	return 0, false
}

// named is the calls of these names, and whether each name is a call of one of the architectures.
func (m machine) named(list ...string) (c calls, unknown []string) {
	for _, name := range list {
		found := false
		for i, arch := range m.arch {
			if nr, ok := names.SyscallNumber(arch, name); ok && nr/32 < len(c.by[i]) {
				c.by[i][nr/32] |= 1 << (nr % 32)
				found = true
			}
		}
		if !found {
			unknown = append(unknown, name)
		}
	}
	return c, unknown
}

// words is the calls of a table: names with blanks between them, of which one machine does not have all.
func (m machine) words(table string) calls {
	c, _ := m.named(strings.Fields(table)...)
	return c
}

func everyCall() (c calls) {
	for i := range c.by {
		for w := range c.by[i] {
			c.by[i][w] = ^uint32(0)
		}
	}
	return c
}

func (c *calls) intersect(o *calls) (out calls) {
	for i := range c.by {
		for w := range c.by[i] {
			out.by[i][w] = c.by[i][w] & o.by[i][w]
		}
	}
	return out
}

func (c *calls) union(o *calls) (out calls) {
	for i := range c.by {
		for w := range c.by[i] {
			out.by[i][w] = c.by[i][w] | o.by[i][w]
		}
	}
	return out
}

func (c *calls) without(o *calls) (out calls) {
	for i := range c.by {
		for w := range c.by[i] {
			out.by[i][w] = c.by[i][w] &^ o.by[i][w]
		}
	}
	return out
}

func (c *calls) empty() bool { return *c == calls{} }

func (c *calls) has(arch int, nr uint32) bool {
	return nr/32 < uint32(len(c.by[arch])) && c.by[arch][nr/32]>>(nr%32)&1 != 0
}

// maxListed is how many calls a report names before it says that there are more.
const maxListed = 6

// list is the names of calls, for a report.
func (m machine) list(c calls) string {
	var out []string
	for i, arch := range m.arch {
		for nr := range maskBits {
			name, ok := names.Syscall(arch, int(nr))
			if !ok || !c.has(i, nr) || slices.Contains(out, name) {
				continue
			}
			if len(out) == maxListed {
				return strings.Join(out, ", ") + " and other calls"
			}
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}
