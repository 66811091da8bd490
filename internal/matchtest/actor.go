//go:build linux && amd64

package matchtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ActorCommand is the hidden command under which a program that imports this package becomes an actor.
const ActorCommand = "__matchtest-actor"

// InitActor must be called from an init function of the test binary: an actor forks from its main thread.
func InitActor() {
	if len(os.Args) > 1 && os.Args[1] == ActorCommand {
		runtime.LockOSThread()
	}
}

// MainActor runs an actor and returns its exit code: the arguments are the file with its script, its login uid and the tree it works in. It
// reports false where the program was not started as one.
//
// The script runs in a child forked without exec: it has one thread, so that none of the Go runtime's own system calls mix with the
// script's. The child is confined (see confine), says with one byte on descriptor 3 that it is ready, and begins at one byte from
// descriptor 0.
func MainActor() (code int, actor bool) {
	if len(os.Args) != 5 || os.Args[1] != ActorCommand {
		return 0, false
	}
	l, err := loadScript(os.Args[2])
	if err == nil {
		err = l.mapArena()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		if errors.Is(err, unix.EEXIST) {
			return exitArenaTaken, true
		}
		return 1, true
	}
	a := newInterpreter(l, os.Args[3], os.Args[4])
	own := uintptr(unix.SIGCHLD | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWIPC)
	pid, _, errno := unix.RawSyscall6(unix.SYS_CLONE, own, 0, 0, 0, 0, 0)
	if errno != 0 {
		fmt.Fprintln(os.Stderr, "fork with namespaces of its own:", errno)
		return 1, true
	}
	if pid == 0 {
		a.confine()
		a.ignoreChildren()
		a.begin()
		a.run()
	}
	var status unix.WaitStatus
	if _, err := unix.Wait4(int(pid), &status, 0, nil); err != nil || status != 0 {
		fmt.Fprintf(os.Stderr, "the actor's child ended with status %#x (exit %d), %v\n", uint32(status), status.ExitStatus(), err)
		return 1, true
	}
	return 0, true
}

func loadScript(name string) (*layout, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var s Script
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("read script %s: %w", name, err)
	}
	return flatten(s)
}

// exitArenaTaken is the exit code of an actor whose arena has no room: where the kernel put the program's heap is random (fs/binfmt_elf.c:
// load_elf_binary, arch_randomize_brk).
const exitArenaTaken = 75

// mapArena puts the arena where the layout says. EEXIST: something lies there.
func (l *layout) mapArena() error {
	size := (uintptr(len(l.arena)) + 0xfff) &^ 0xfff
	at, _, errno := unix.RawSyscall6(unix.SYS_MMAP, ArenaBase, size, unix.PROT_READ|unix.PROT_WRITE,
		unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_FIXED_NOREPLACE, ^uintptr(0), 0)
	if errno != 0 || at != ArenaBase {
		return fmt.Errorf("map the arena at %#x: %w", uintptr(ArenaBase), errno)
	}
	copy(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), len(l.arena)), l.arena)
	return nil
}

// interpreter executes a layout. After the fork it makes raw system calls only and allocates nothing: the Go runtime's other threads are
// gone.
type interpreter struct {
	*layout
	results                          []uintptr
	login, one, noHandler            []byte
	loginFile, root, proc, etc, tree []byte // file names
	readOnly, writable, private      unix.MountAttr
}

func newInterpreter(l *layout, login, tree string) *interpreter {
	c := func(s string) []byte { return append([]byte(s), 0) }
	return &interpreter{layout: l, results: make([]uintptr, len(l.ops)), login: c(login), one: make([]byte, 8), noHandler: make([]byte, 32), loginFile: c("/proc/self/loginuid"),
		root: c("/"), proc: c("/proc"), etc: c("/etc"), tree: c(tree),
		private:  unix.MountAttr{Propagation: unix.MS_PRIVATE},
		readOnly: unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}, writable: unix.MountAttr{Attr_clr: unix.MOUNT_ATTR_RDONLY}}
}

// Exit codes of an actor's child that could not begin or go on.
const (
	exitNotConfined = 3
	exitNoLogin     = 4
	exitNoFork      = 5
)

// confine makes sure that a script, which is random and partly runs as root, can change nothing but its tree: in the child's own mount
// namespace everything is read-only but the tree, which is a mount, and /proc, for the login uid. Other processes it cannot see, it has a
// pid namespace of its own. A child that is not confined ends.
func (a *interpreter) confine() {
	attr := func(path []byte, m *unix.MountAttr) {
		_, _, errno := unix.RawSyscall6(unix.SYS_MOUNT_SETATTR, ^uintptr(99), addr(path), unix.AT_RECURSIVE, uintptr(unsafe.Pointer(m)), unsafe.Sizeof(*m), 0)
		if errno != 0 {
			exit(exitNotConfined)
		}
	}
	attr(a.root, &a.private)
	attr(a.root, &a.readOnly)
	attr(a.tree, &a.writable)
	attr(a.proc, &a.writable)
	_, _, etc := unix.RawSyscall(unix.SYS_ACCESS, addr(a.etc), unix.W_OK, 0)
	_, _, tree := unix.RawSyscall(unix.SYS_ACCESS, addr(a.tree), unix.W_OK, 0)
	pid, _, _ := unix.RawSyscall(unix.SYS_GETPID, 0, 0, 0)
	if etc != unix.EROFS || tree != 0 || pid != 1 {
		exit(exitNotConfined)
	}
}

func exit(code uintptr) {
	for {
		unix.RawSyscall(unix.SYS_EXIT_GROUP, code, 0, 0)
	}
}

// ignoreChildren takes the Go runtime's signal handler away where children end: it would return with a system call of its own.
func (a *interpreter) ignoreChildren() {
	unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGCHLD), addr(a.noHandler), 0, 8, 0, 0)
}

// begin makes the child an actor: login uid, the byte that says so, the byte that starts it.
func (a *interpreter) begin() {
	fd, _, _ := unix.RawSyscall6(unix.SYS_OPENAT, ^uintptr(99), addr(a.loginFile), unix.O_WRONLY, 0, 0, 0)
	if _, _, errno := unix.RawSyscall(unix.SYS_WRITE, fd, addr(a.login), uintptr(len(a.login)-1)); errno != 0 {
		exit(exitNoLogin)
	}
	unix.RawSyscall(unix.SYS_CLOSE, fd, 0, 0)
	unix.RawSyscall(unix.SYS_WRITE, 3, addr(a.one), 1)
	unix.RawSyscall(unix.SYS_CLOSE, 3, 0, 0)
	unix.RawSyscall(unix.SYS_READ, 0, addr(a.one), 1)
}

func addr(b []byte) uintptr { return uintptr(unsafe.Pointer(&b[0])) }

// run never returns: a script ends with an exit.
func (a *interpreter) run() {
	for pc := 0; ; {
		o := &a.ops[pc]
		args := o.args
		for i, s := range o.slots {
			if s > 0 {
				args[i] = a.results[s-1]
			}
		}
		switch o.kind {
		case opExit:
			unix.RawSyscall6(unix.SYS_EXIT_GROUP, 0, 0, 0, o.cell, 0, 0)
		case opFork:
			pid, _, errno := unix.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, o.cell, 0, 0)
			if errno != 0 {
				exit(exitNoFork) // a later kill must not take the error for a process
			}
			a.results[pc] = pid
			if pid == 0 {
				pc++
				continue
			}
			if o.wait {
				unix.RawSyscall6(unix.SYS_WAIT4, pid, o.cell, 0, 0, 0, 0)
			}
			pc = o.jump
			continue
		case opCompat:
			a.results[pc] = uintptr(int80(uint32(o.number), uint32(args[0]), uint32(args[1]), uint32(args[2]), uint32(args[3]), uint32(args[4])))
		default:
			r, _, errno := unix.RawSyscall6(o.number, args[0], args[1], args[2], args[3], args[4], args[5])
			a.results[pc] = r
			if errno != 0 {
				a.results[pc] = ^uintptr(0) // no descriptor
			}
		}
		pc++
	}
}

// int80 makes a system call by the numbers and with the registers of i386.
//
//go:noescape
func int80(nr, a, b, c, d, e uint32) int32
