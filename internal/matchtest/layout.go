package matchtest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// ArenaBase is where an actor keeps everything that its arguments point to: below 4 GiB, so that both ABIs reach it, and the same in every
// run, so that the address in a logged argument tells which call of the script it was.
const (
	ArenaBase = 0x10000000
	arenaMax  = 64 << 20
)

// layout is a script made flat: operations in the order of execution, and the arena they point to.
type layout struct {
	ops    []op
	arena  []byte
	racing bool    // while the script of a child is laid out that its parent does not wait for
	owner  []int32 // by arena offset / cellBytes: the operation that the cell belongs to
}

const cellBytes = 16

// Numbers of the calls that the interpreter makes by itself, on x86-64.
const (
	sysClone     = 56
	sysExitGroup = 231
)

// op is one operation of the interpreter.
type op struct {
	kind   opKind
	number uintptr
	args   [6]uintptr
	slots  [6]int32 // 1 + the operation whose result replaces the argument, 0 for none
	jump   int      // forking: the parent's next operation
	wait   bool     // forking: the parent waits
	races  bool     // in a child that its parent does not wait for: whether it comes to pass differs from run to run
	cell   uintptr
	name   string
}

type opKind uint8

const (
	opCall opKind = iota
	opCompat
	opFork
	opExit
)

// flatten lays a script out. The same script gives the same layout in every process.
func flatten(s Script) (*layout, error) {
	l := &layout{}
	if err := l.script(s); err != nil {
		return nil, err
	}
	l.add(op{kind: opExit, number: sysExitGroup, name: "exit_group"})
	if len(l.arena) > arenaMax {
		return nil, fmt.Errorf("the script's arguments take %d bytes, more than %d: make it shorter", len(l.arena), arenaMax)
	}
	return l, nil
}

func (l *layout) script(s Script) error {
	for _, step := range s {
		first := make([]int, len(step)) // operation of each call of the step
		for i, c := range step {
			first[i] = len(l.ops)
			if err := l.call(c, first[:i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *layout) call(c Call, earlier []int) error {
	if c.Name == "clone" {
		at := l.add(op{kind: opFork, number: sysClone, wait: !c.NoWait, name: "clone"})
		defer func(before bool) { l.racing = before }(l.racing)
		l.racing = l.racing || c.NoWait
		if err := l.script(c.Child); err != nil {
			return err
		}
		l.add(op{kind: opExit, number: sysExitGroup, name: "exit_group"})
		l.ops[at].jump = len(l.ops)
		return nil
	}
	machine, kind := names.ArchX86_64, opCall
	if c.Compat {
		machine, kind = names.ArchI386, opCompat
	}
	nr, ok := names.SyscallNumber(machine, c.Name)
	if !ok || len(c.Args) > 6 {
		return fmt.Errorf("call %s with %d arguments: no such system call here", c.Name, len(c.Args))
	}
	if err := errors.Join(harmless(c), onlyMessages(c)); err != nil {
		return err
	}
	at := l.add(op{kind: kind, number: uintptr(nr), name: c.Name})
	tagged := false
	for i, a := range c.Args {
		if err := l.arg(at, i, a, earlier, c.Compat); err != nil {
			return fmt.Errorf("call %s: %w", c.Name, err)
		}
		tagged = tagged || i < 4 && a.Kind.pointer()
	}
	if !tagged && len(c.Args) < 4 {
		l.ops[at].args[3] = l.ops[at].cell // a register that the call does not look at
	}
	return nil
}

// harmless refuses what must never be in a script, wherever it came from: signals to anything but a child, which a Result is.
func harmless(c Call) error {
	kills := c.Name == "kill" || c.Name == "tkill" || c.Name == "tgkill" || c.Name == "rt_sigqueueinfo"
	if kills && (len(c.Args) != 2 || c.Args[0].Kind != Result && (c.Args[0].Value != noProcess || c.Args[1].Value != 0)) {
		return fmt.Errorf("call %s: signals go to a child of the script only", c.Name)
	}
	return nil
}

// onlyMessages refuses what would be sent to the audit system besides a user message, and every other way to send bytes of one's own.
func onlyMessages(c Call) error {
	if c.Name == "sendmsg" || c.Name == "sendmmsg" {
		return fmt.Errorf("call %s: bytes are sent with sendto only", c.Name)
	}
	if c.Name != "sendto" || len(c.Args) < 2 || c.Args[1].Kind != Bytes {
		return nil
	}
	b := c.Args[1].Bytes
	if len(b) < 16 || !slices.Contains(userTypes, binary.LittleEndian.Uint16(b[4:])) || int(binary.LittleEndian.Uint32(b)) != len(b) {
		return fmt.Errorf("call sendto: not one user message, which is all that may be sent to the audit system")
	}
	return nil
}

// noProcess is a pid that nobody has in the actor's own pid namespace.
const noProcess = 32767

// add appends an operation with a cell of its own, which is its tag where nothing else points into the arena.
func (l *layout) add(o op) int {
	at := len(l.ops)
	o.races = l.racing
	l.ops = append(l.ops, o)
	l.ops[at].cell = l.put(at, make([]byte, cellBytes))
	return at
}

// put stores bytes for an operation and returns their address.
func (l *layout) put(at int, b []byte) uintptr {
	where := len(l.arena)
	l.arena = append(l.arena, b...)
	for len(l.arena)%cellBytes != 0 || len(l.arena) == where {
		l.arena = append(l.arena, 0)
	}
	for len(l.owner) < len(l.arena)/cellBytes {
		l.owner = append(l.owner, int32(at))
	}
	return ArenaBase + uintptr(where)
}

func (l *layout) arg(at, i int, a Arg, earlier []int, compat bool) error {
	o := &l.ops[at]
	switch a.Kind {
	case Number:
		o.args[i] = uintptr(a.Value)
	case Result:
		if a.Value >= uint64(len(earlier)) {
			return fmt.Errorf("argument %d takes the result of call %d of its step, which is not before it", i, a.Value)
		}
		o.slots[i] = int32(earlier[a.Value]) + 1
	case Text:
		o.args[i] = l.put(at, append([]byte(a.Text), 0))
	case Bytes:
		o.args[i] = l.put(at, a.Bytes)
	case Space:
		o.args[i] = l.put(at, make([]byte, min(a.Value, 1<<16)))
	case Vector:
		l.ops[at].args[i] = l.vector(at, a.Vector, compat)
	default:
		return fmt.Errorf("argument %d is of no kind", i)
	}
	return nil
}

func (l *layout) vector(at int, texts []string, compat bool) uintptr {
	var b []byte
	for _, s := range append(texts, "") {
		p := uint64(0)
		if len(b) < len(texts)*8 {
			p = uint64(l.put(at, append([]byte(s), 0)))
		}
		b = binary.LittleEndian.AppendUint64(b, p)
	}
	if compat {
		short := []byte{}
		for i := 0; i < len(b); i += 8 {
			short = append(short, b[i:i+4]...)
		}
		b = short
	}
	return l.put(at, b)
}

// operation finds the operation that a logged call was, by its number and its first four arguments; -1 where they do not tell.
func (l *layout) operation(compat bool, number uint32, a [4]uint64) int {
	for _, v := range a {
		if v < ArenaBase || v >= ArenaBase+uint64(len(l.arena)) {
			continue
		}
		n := int(l.owner[(v-ArenaBase)/cellBytes])
		if o := &l.ops[n]; o.number == uintptr(number) && (o.kind == opCompat) == compat {
			return n
		}
	}
	return -1 // also what a signal handler returns with: the registers are an earlier call's
}
