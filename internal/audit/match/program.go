package match

import (
	"encoding/binary"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// program is what a system call is asked, in the order of its rules. The plain fields of all of them, numbers compared with numbers, are
// asked once for all rules that share them (auid>=1000 is in most), and which rules are left is then a matter of bits.
type program struct {
	plain   []plain
	returns uint64  // those of plain that ask for the result of the call
	exit    []entry // the exit list, or that of io_uring
	inode   []entry // the inode hash: path= and inode=
}

// entry is one form of a rule in a program.
type entry struct {
	need uint64 // bits of the plain fields that must be true
	form int32  // index into Matcher.forms
	rule int32  // its rule
	slow bool   // the plain fields of the form did not all find room among the bits
}

// plain is a field that compares two numbers.
type plain struct {
	left  uint8 // register
	right uint8 // register, or noRegister: value
	ids   bool  // by audit_uid_comparator
	op    uint32
	value uint32
	has   event.Has // what the record must have for the field to be answered
}

// Registers: the numbers of a call.
const (
	regPID uint8 = iota
	regPPID
	regPers
	regSession
	regAUIDSet
	regExit
	regResult // as success= sees it: resultSuccess or resultFailure
	regAUID
	regUID
	regEUID
	regSUID
	regFSUID
	regGID
	regEGID
	regSGID
	regFSGID
	regA0
	regA3 = regA0 + 3
	regs  = regA3 + 1

	noRegister = regs
)

// The results of a call (kernel/audit.h: AUDITSC_SUCCESS, AUDITSC_FAILURE).
const (
	resultSuccess = 1
	resultFailure = 2
)

// registers are the numbers of a call, by register.
type registers [regs + 1]uint32

func (r *registers) read(c *event.Call) {
	r[regPID], r[regPPID], r[regPers], r[regSession] = c.PID, c.PPID, c.Per, c.Ses
	r[regAUID], r[regAUIDSet] = c.AUID, 1
	if c.AUID == unset {
		r[regAUIDSet] = 0
	}
	r[regExit], r[regResult] = uint32(c.Exit), resultFailure
	if c.Success {
		r[regResult] = resultSuccess
	}
	r[regUID], r[regEUID], r[regSUID], r[regFSUID] = c.UID, c.EUID, c.SUID, c.FSUID
	r[regGID], r[regEGID], r[regSGID], r[regFSGID] = c.GID, c.EGID, c.SGID, c.FSGID
	for n, a := range c.A {
		r[regA0+uint8(n)] = uint32(a) // the low 32 bits
	}
}

// idRegisters has the register, and the flag of the record, of a field that is a user or a group of the process.
var idRegisters = map[uint32]struct {
	reg uint8
	has event.Has
}{
	fieldUID: {regUID, event.HasUID}, fieldEUID: {regEUID, event.HasEUID}, fieldSUID: {regSUID, event.HasSUID}, fieldFSUID: {regFSUID, event.HasFSUID},
	fieldAUID: {regAUID, event.HasAUID}, fieldGID: {regGID, event.HasGID}, fieldEGID: {regEGID, event.HasEGID},
	fieldSGID: {regSGID, event.HasSGID}, fieldFSGID: {regFSGID, event.HasFSGID},
}

// plainOf is a field as a plain one, where it is.
func plainOf(t *test) (plain, bool) {
	p := plain{right: noRegister, op: t.op, value: t.value}
	switch t.field {
	case fieldPID:
		p.left, p.has = regPID, event.HasPID
	case fieldPPID:
		p.left, p.has = regPPID, event.HasPPID
	case fieldPers: // written where it is not 0
		p.left = regPers
	case fieldSession:
		p.left, p.has = regSession, event.HasSes
	case fieldAUIDSet:
		p.left, p.has = regAUIDSet, event.HasAUID
	case fieldExit:
		p.left, p.has = regExit, event.HasExit
	case fieldSuccess:
		p.left, p.has, p.value = regResult, event.HasSuccess, resultOf(t.value)
	case fieldArg0, fieldArg0 + 1, fieldArg0 + 2, fieldArg3:
		p.left, p.has = regA0+uint8(t.field-fieldArg0), event.HasA0<<(t.field-fieldArg0)
	case fieldCompare:
		return plainPair(t)
	default:
		id, ok := idRegisters[t.field]
		p.left, p.has, p.ids = id.reg, id.has, true
		return p, ok && t.name < 0
	}
	return p, true
}

// resultOf is what the value of success= stands for (kernel/auditsc.c: audit_filter_rules).
func resultOf(value uint32) uint32 {
	if value != 0 {
		return resultSuccess
	}
	return resultFailure
}

// plainPair is -C of two ids of the process.
func plainPair(t *test) (plain, bool) {
	if t.value == 0 || t.value >= uint32(len(pairFields)) {
		return plain{}, false
	}
	left, ok := idRegisters[pairFields[t.value][0]]
	right, ok2 := idRegisters[pairFields[t.value][1]]
	return plain{left: left.reg, right: right.reg, ids: true, op: t.op, has: left.has | right.has}, ok && ok2
}

// holds is the answer of the numbers.
func (p *plain) holds(r *registers) bool {
	right := p.value
	if p.right != noRegister {
		right = r[p.right]
	}
	if p.ids {
		return compareID(r[p.left], p.op, right)
	}
	return compare(r[p.left], p.op, right)
}

// plainBits is how many fields a program can answer by bits.
const plainBits = 64

// newProgram makes the program of the forms that a system call meets.
func (m *Matcher) newProgram(exit, inode []int32) *program {
	pr := new(program)
	bits := map[plain]int{}
	for _, n := range exit {
		pr.exit = append(pr.exit, m.entry(pr, bits, n))
	}
	for _, n := range inode {
		pr.inode = append(pr.inode, m.entry(pr, bits, n))
	}
	return pr
}

func (m *Matcher) entry(pr *program, bits map[plain]int, n int32) entry {
	e := entry{form: n, rule: m.forms[n].rule}
	for _, p := range m.forms[n].plain {
		bit, ok := bits[p.plain]
		if !ok {
			if bit = len(pr.plain); bit == plainBits {
				e.slow = true
				continue
			}
			bits[p.plain] = bit
			pr.plain = append(pr.plain, p.plain)
			if p.left == regExit || p.left == regResult {
				pr.returns |= 1 << bit
			}
		}
		e.need |= 1 << bit
	}
	return e
}

// plainTest is a plain field with the field that it was made of, which is asked where the record does not answer.
type plainTest struct {
	plain
	test test
}

// run answers the plain fields of a program: bits of those that are true, and of those that the record does not answer.
func (j *Judge) run(pr *program) (is, unsure uint64) {
	for n := range pr.plain {
		p := &pr.plain[n]
		if p.has&^j.call.Has != 0 {
			unsure |= 1 << n
		} else if p.holds(&j.regs) {
			is |= 1 << n
		}
	}
	if j.m.quirks.noReturn != no {
		unsure |= pr.returns
	}
	return is | unsure, unsure
}

// passes tells whether the plain fields of an entry are true.
func (j *Judge) passesPlain(e *entry, is, unsure uint64) bool {
	if e.need&^is != 0 {
		return false
	}
	if e.need&unsure == 0 && !e.slow {
		return true
	}
	for i := range j.m.forms[e.form].plain {
		if !j.holds(&j.m.forms[e.form].plain[i].test, anyName) {
			return false
		}
	}
	return true
}

// programs keeps one of equal programs: most system calls meet the same rules.
type programs map[string]*program

// of is the program of the forms that a system call meets.
func (ps programs) of(m *Matcher, exit, inode []int32) *program {
	key := make([]byte, 0, 4*(len(exit)+len(inode)+1))
	for _, n := range slices.Concat(exit, []int32{noForm}, inode) {
		key = binary.NativeEndian.AppendUint32(key, uint32(n))
	}
	if ps[string(key)] == nil {
		ps[string(key)] = m.newProgram(exit, inode)
	}
	return ps[string(key)]
}
