package suggest

import (
	"bytes"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
)

// ownership is what one PATH record says.
func ownership(n *event.Name) Ownership {
	o := Ownership{Seen: true, UID: n.OUID}
	if n.Mode&modeType != modeLink { // whose permissions say nothing
		o.Writable = n.Mode&0002 != 0 || n.Mode&0020 != 0 && n.OGID != 0
	}
	o.SetID = n.Mode&modeType == modeFile && n.Mode&06000 != 0
	return o
}

// seeFolder takes in whose a folder is that a call names beside the file in it.
func (l *Learner) seeFolder(folder []byte, n *event.Name) {
	if id, known := l.dirs.find(folder); known && n.HasInode {
		l.dirOwners[id].own = l.dirOwners[id].own.Worst(ownership(n))
	}
}

// see takes in what an event says of its program and of the file that it names.
func (l *Learner) see(e *entry, r *analyze.Row, tested bool) {
	c := r.Call
	if c == nil || len(c.Names) == 0 {
		return
	}
	if n := &c.Names[firstName(c.Names)]; n.HasName && n.HasInode {
		e.file = e.file.Worst(ownership(n))
		l.seeFile(r, n)
	}
	switch class := l.classes.of(c.Arch, c.Syscall); {
	case c.Success && class.execs:
		l.seeProgram(e.exe, c)
	case class.loads && len(c.Names) > 1:
		l.mounts.load(r, tested)
	}
}

// seeFile takes in whose a file is that is a program, or a folder, of which the log has said something.
func (l *Learner) seeFile(r *analyze.Row, n *event.Name) {
	var ok bool
	if l.side, ok = appendClean(l.side[:0], r.Path); !ok {
		return
	}
	l.mounts.named(l.side, n)
	if n.Mode&modeType == modeDir {
		if id, known := l.dirs.find(l.side); known {
			l.dirOwners[id].own = l.dirOwners[id].own.Worst(ownership(n))
		}
		return
	}
	if id, known := l.exes.find(l.side); known && id != 0 {
		l.exeOwners[id] = l.exeOwners[id].Worst(ownership(n))
	}
}

// seeProgram takes in whose a program is that was started: the first name of an execve is the program, or a script that names it; the others
// are its interpreters (fs/exec.c: exec_binprm). The exe of the record is the program that runs then, with its links resolved.
func (l *Learner) seeProgram(exe uint32, c *event.Call) {
	name := l.exes.texts[exe]
	base := []byte(name[bytes.LastIndexByte([]byte(name), '/')+1:])
	for i := range c.Names {
		n := &c.Names[i]
		l.side, _ = n.Name.AppendUntrusted(l.side[:0])
		if !n.HasName || !n.HasInode {
			continue
		}
		if string(l.side) == name || i == 0 && bytes.Equal(l.side[bytes.LastIndexByte(l.side, '/')+1:], base) {
			l.exeOwners[exe] = l.exeOwners[exe].Worst(ownership(n))
		}
	}
}

func (l *Learner) exe(name []byte) uint32 {
	id := l.exes.id(name)
	if int(id) == len(l.exeOwners) {
		l.exeOwners = append(l.exeOwners, Ownership{})
	}
	return id
}

func (l *Learner) dir(name []byte) uint32 {
	id := l.dirs.id(name)
	if int(id) == len(l.dirOwners) {
		l.dirOwners = append(l.dirOwners, owners{})
	}
	return id
}
