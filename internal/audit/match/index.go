package match

import (
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// indexed is how many system calls have lists of their own; the few that lie above are looked through. x86_64 has about 470.
const indexed = 512

// slot is what a system call of one number meets.
type slot struct {
	*program
	perm permClass
	// socket: the call may leave a SOCKADDR record (net/socket.c, net/compat.c: move_addr_to_kernel, move_addr_to_user).
	socket bool
	queue  bool // names are of message queues, see queue.go
	// opens are, of a call that opens files, the slots for writing, reading and both: what perm= sees is then known, and few rules are left.
	opens *[3]slot
	asks  asks
}

const socketCalls = "bind connect accept accept4 sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg recvmmsg_time64 getsockname getpeername socketcall"

// arch is the slots of one machine's system calls.
type arch struct {
	machine uint32
	perms   permTable // nil where the machine is not known, and all may be
	slots   [indexed]slot
	all     slot // every form, for numbers above
}

// buildIndex makes the slots of every machine that a log or a rule may name.
func (m *Matcher) buildIndex() {
	m.index = map[uint32]*arch{}
	lists := programs{}
	known := []uint32{names.ArchX86_64, names.ArchI386, names.ArchAArch64, names.ArchARM}
	for i := range m.forms {
		for _, t := range m.forms[i].archs {
			if !slices.Contains(known, t.value) {
				known = append(known, t.value)
			}
		}
	}
	for _, machine := range known {
		m.index[machine] = m.newArch(machine, rule.ListExit, lists)
	}
	m.other = m.newArch(otherArch, rule.ListExit, lists)
	m.uring = m.newArch(0, rule.ListIOUring, lists)
}

// at is the slot of a system call or an operation. Above the indexed ones it is that of all rules, whose masks are still to be asked.
func (a *arch) at(nr uint32) *slot {
	if nr < indexed {
		return &a.slots[nr]
	}
	return &a.all
}

// otherArch stands for the machines that no rule names.
const otherArch = ^uint32(0)

// arch is the slots of a record's machine.
func (m *Matcher) arch(machine uint32) *arch {
	if a, ok := m.index[machine]; ok {
		return a
	}
	return m.other
}

func (m *Matcher) newArch(machine uint32, list rule.List, lists programs) *arch {
	a := &arch{machine: machine}
	if names.HasSyscalls(machine) || machine == 0 {
		a.perms = newPermTable(machine, m.host.Kernel)
	}
	sockets, queues := numbers(machine, socketCalls), numbers(machine, queueCalls)
	var of []int32
	for i := range m.forms {
		f := &m.forms[i]
		// The inode hash is one for both lists (kernel/auditfilter.c: audit_add_rule).
		if (f.list == list || f.watch != nil) && f.takesArch(machine) {
			of = append(of, int32(i))
		}
	}
	for nr := range uint32(indexed) {
		s := &a.slots[nr]
		s.queue = list == rule.ListExit && slices.Contains(queues, nr)
		s.perm, s.socket = a.class(nr), list == rule.ListIOUring || a.perms == nil || slices.Contains(sockets, nr)
		m.fill(s, of, list, nr, lists)
		s.asks = m.asksOf(s, machine, nr)
		if s.perm.flags == flagsA1 || s.perm.flags == flagsA2 || s.perm.flags == flagsOpenat2 {
			s.opens = new([3]slot)
			for way, perm := range [...]uint8{permWrite, permRead, permRead | permWrite} {
				s.opens[way].perm = permClass{sure: perm}
				m.fill(&s.opens[way], of, list, nr, lists)
			}
		}
	}
	exit, inode := []int32{}, []int32{}
	for _, i := range of {
		if m.forms[i].watch != nil {
			inode = append(inode, i)
		} else {
			exit = append(exit, i)
		}
	}
	a.all.program = lists.of(m, exit, inode)
	return a
}

// fill gives a slot those of the rules that a system call of its number can meet.
func (m *Matcher) fill(s *slot, of []int32, list rule.List, nr uint32, lists programs) {
	var exit, inode []int32
	for _, i := range of {
		f := &m.forms[i]
		switch {
		case !f.takesPerm(s.perm):
		case f.watch != nil:
			if f.hasBit(watchBit(list == rule.ListIOUring, nr)) {
				inode = append(inode, i)
			}
		case f.hasBit(nr):
			exit = append(exit, i)
		}
	}
	s.program = lists.of(m, exit, inode)
}

// numbers are those of system calls by name, of the names that a machine has.
func numbers(machine uint32, list string) []uint32 {
	var out []uint32
	for _, name := range strings.Fields(list) {
		if nr, ok := names.SyscallNumber(machine, name); ok {
			out = append(out, uint32(nr))
		}
	}
	return out
}

// watchBit is the bit that rules of the inode hash are asked for: the system call's, which is 0 for an operation of io_uring
// (kernel/auditsc.c: audit_filter_inode_name).
func watchBit(uring bool, nr uint32) uint32 {
	if uring {
		return 0
	}
	return nr
}

// class is what perm= sees in a system call.
func (a *arch) class(nr uint32) permClass {
	if a.perms == nil {
		return permClass{maybe: permAll}
	}
	return a.perms[nr]
}

// takesArch tells whether the arch= fields of a form let calls of a machine pass.
func (f *form) takesArch(machine uint32) bool {
	for _, t := range f.archs {
		if !compare(machine, t.op, t.value) {
			return false
		}
	}
	return true
}

// takesPerm tells whether the perm= fields of a form may let a class of calls pass.
func (f *form) takesPerm(c permClass) bool {
	for _, t := range f.sure {
		if t.field == fieldPerm && t.op != opNotEqual && c.flags == flagsNone && (c.sure|c.maybe)&uint8(t.value) == 0 {
			return false
		}
	}
	return true
}
