package detect

import (
	"bytes"
	"path"
	"strconv"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// sight is what one event says, in the form in which tests ask. It is used again for the next event.
type sight struct {
	on    machine
	facts factTable
	via   links

	ev     *event.Event
	call   *event.Call // nil: no system call
	arch   int         // index of the machine's architecture
	nr     uint32
	known  bool // arch and nr are known
	fact   callFacts
	access Access
	unsure bool // there may be more access than that

	texts           [2]text // exe= and comm=, where textsRead
	textsRead       [2]bool
	uid, euid, auid number
	files           []file
	filesRead       bool
	buf             []byte
}

// text and number are a value, or that there is none.
type text struct {
	bytes []byte
	ok    bool
}

type number struct {
	n  uint32
	ok bool
}

// file is a name of the event.
type file struct {
	typed, real []byte // as typed behind the working directory and cleaned; through the known links
	told        told
	kind        event.NameType
}

// told says how much of a name the log has.
type told uint8

const (
	toldNothing told = iota // an open file
	toldEnd                 // it is relative to a directory that the log does not name
	toldAll
)

func newSight(on machine, via links) *sight {
	return &sight{on: on, facts: on.facts(), via: via}
}

// atCalls are calls whose name is relative to their first argument.
const atCalls = "openat openat2 mkdirat mknodat fchownat futimesat newfstatat fstatat64 unlinkat renameat linkat readlinkat fchmodat faccessat" +
	" utimensat utimensat_time64 name_to_handle_at renameat2 execveat statx open_tree open_tree_attr move_mount fspick mount_setattr faccessat2 fchmodat2" +
	" setxattrat getxattrat listxattrat removexattrat file_getattr file_setattr open_by_handle_at"

// atCwd is AT_FDCWD in the low 32 bits of a register (include/uapi/linux/fcntl.h).
const atCwd = 0xffffff9c

// look turns to an event; c is nil where it has no system call.
func (s *sight) look(ev *event.Event, c *event.Call) {
	s.ev, s.call, s.buf, s.files, s.filesRead = ev, c, s.buf[:0], s.files[:0], false
	s.known, s.access, s.unsure, s.textsRead = false, 0, false, [2]bool{}
	if c == nil {
		s.lookMessage(&ev.Records[0])
		return
	}
	s.uid = number{c.UID, c.Has&event.HasUID != 0}
	s.euid = number{c.EUID, c.Has&event.HasEUID != 0}
	s.auid = number{c.AUID, c.Has&event.HasAUID != 0}
	s.lookCall()
}

// lookMessage takes who sent a message (kernel/audit.c: audit_log_common_recv_msg), or what the kernel wrote by itself of a process.
func (s *sight) lookMessage(rec *record.Record) {
	s.euid = number{}
	s.uid, s.auid = numberOf(rec, "uid"), numberOf(rec, "auid")
}

// exe is the program, of a message that of the first record.
func (s *sight) exe() text {
	if s.call != nil {
		return s.once(0, s.call.Exe, s.call.Has&event.HasExe != 0)
	}
	v, ok := s.ev.Records[0].Value("exe")
	return s.once(0, v, ok && string(v.Text) != "?")
}

func (s *sight) comm() text {
	if s.call != nil {
		return s.once(1, s.call.Comm, s.call.Has&event.HasComm != 0)
	}
	v, ok := s.ev.Records[0].Value("comm")
	return s.once(1, v, ok)
}

// once decodes a text where that has not been done.
func (s *sight) once(n int, v record.Value, ok bool) text {
	if !s.textsRead[n] {
		s.texts[n], s.textsRead[n] = s.text(v, ok), true
	}
	return s.texts[n]
}

func numberOf(rec *record.Record, name string) number {
	n, ok := rec.Uint(name)
	return number{uint32(n), ok && n <= unset}
}

// text decodes a value into the memory of the sight.
func (s *sight) text(v record.Value, ok bool) text {
	if !ok || v.Null() {
		return text{}
	}
	start := len(s.buf)
	s.buf, ok = v.AppendUntrusted(s.buf)
	return text{s.buf[start:len(s.buf):len(s.buf)], ok}
}

// lookCall finds which call it is and what it does to files.
func (s *sight) lookCall() {
	c := s.call
	if c.Has&event.HasSyscall == 0 {
		return
	}
	if c.Uring {
		name, ok := names.UringOp(int(c.Syscall))
		nr, known := names.SyscallNumber(s.on.arch[0], name)
		s.arch, s.nr, s.known = 0, uint32(nr), ok && known
	} else if c.Has&event.HasArch != 0 {
		s.nr = c.Syscall
		s.arch, s.known = s.on.index(c.Arch)
	}
	if s.known {
		s.fact = s.facts.of(s.arch, s.nr)
		s.access = s.fact.access
		if s.fact.flags != none {
			s.lookFlags(s.fact.flags)
		}
	}
}

func (s *sight) lookFlags(arg int8) {
	c := s.call
	switch {
	case c.Uring:
		s.unsure = true
	case arg == inRecord && c.Openat2Flags >= 0:
		s.access = openAccess(uint64(c.Openat2Flags))
	case arg >= 0 && c.Has&(event.HasA0<<arg) != 0:
		s.access = openAccess(c.A[arg])
	default:
		s.unsure = true
	}
}

// names are the files that the event names, without those that are only the folder of another.
func (s *sight) names() []file {
	if s.filesRead || s.call == nil {
		return s.files
	}
	s.filesRead = true
	for i := range s.call.Names {
		if nm := &s.call.Names[i]; nm.Type != event.NameParent {
			s.files = append(s.files, s.file(nm))
		}
	}
	return s.files
}

func (s *sight) file(nm *event.Name) file {
	typed := s.text(nm.Name, nm.HasName)
	f := file{kind: nm.Type}
	if !typed.ok || len(typed.bytes) == 0 {
		return f
	}
	f.told = toldAll
	if f.typed = typed.bytes; f.typed[0] != '/' {
		if f.typed = s.joined(typed.bytes); f.typed == nil {
			return file{typed: typed.bytes, real: typed.bytes, told: toldEnd, kind: nm.Type}
		}
	}
	f.typed = clean(f.typed)
	f.real = f.typed
	if s.via.first(f.typed, true) > 0 {
		f.real = []byte(s.via.follow(string(f.typed), len(f.typed)))
	}
	return f
}

// joined is a relative name behind the working directory, nil where it is not relative to that.
func (s *sight) joined(name []byte) []byte {
	c := s.call
	if c.Has&event.HasCwd == 0 || c.Uring || !s.known {
		return nil
	}
	if arg := s.fact.base; arg != none && uint32(c.A[arg]) != atCwd {
		return nil
	}
	start := len(s.buf)
	cwd := s.text(c.Cwd, true)
	if !cwd.ok || len(cwd.bytes) == 0 || cwd.bytes[0] != '/' {
		return nil
	}
	s.buf = append(append(s.buf, '/'), name...)
	return s.buf[start:len(s.buf):len(s.buf)]
}

// clean takes . and .. and doubled slashes out of an absolute name. A .. behind a symlink leads elsewhere, which no log tells.
func clean(name []byte) []byte {
	if !bytes.Contains(name, []byte("//")) && !bytes.Contains(name, []byte("/.")) && (len(name) == 1 || name[len(name)-1] != '/') {
		return name
	}
	return []byte(path.Clean(string(name)))
}

// arguments are those of the program that an EXECVE record says was run, in their order, and whether they are all.
func (s *sight) arguments() (args []string, all bool) {
	for i := range s.ev.Records {
		rec := &s.ev.Records[i]
		if string(rec.Type) != "EXECVE" && string(rec.Type) != "UNKNOWN[1309]" {
			continue
		}
		for n := len(args); n < maxArguments; n++ {
			text, ok := rec.Text("a" + strconv.Itoa(n))
			if !ok {
				break
			}
			args = append(args, text)
		}
	}
	argc := uint64(len(args)) + 1
	for i := range s.ev.Records {
		if n, ok := s.ev.Records[i].Uint("argc"); ok {
			argc = n
			break
		}
	}
	return args, argc == uint64(len(args))
}

// maxArguments bounds how many arguments of a program are looked at.
const maxArguments = 1024

// socket is the address of the first SOCKADDR record in bytes, nil where there is none.
func (s *sight) socket() []byte {
	for i := range s.ev.Records {
		if rec := &s.ev.Records[i]; string(rec.Type) == "SOCKADDR" {
			text, _ := rec.Text("saddr")
			return []byte(text)
		}
	}
	return nil
}

// keys are those of the rule that recorded the event.
func (s *sight) keys() []string {
	key := s.text(s.call.Key, s.call.Has&event.HasKey != 0)
	if !key.ok {
		return nil
	}
	return splitKeys(string(key.bytes))
}
