package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// reading is the answer to one question that a rule asks of the names of an event.
type reading struct {
	value bool
	open  bool       // the other value is plausible too
	why   Why        // where it is open
	rests Assumption // what it takes for granted where it is not open; 0: the log says so
}

// phase is when the kernel evaluates names against watches.
type phase uint8

const (
	// atExit is the end of the syscall: a watch is bound to what carries its name now.
	atExit phase = iota
	// atRemoval is the moment when a watched name goes away, by unlink, rmdir or the old name of a rename, while the watch is still bound
	// to what had it (kernel/audit_watch.c: audit_update_watch). There is such a moment only where such a call succeeded.
	atRemoval
)

// places answers what rules ask of the names of one event: which file or directory each is. It is used by one goroutine, and again for
// the next event. Name i is the name of item order i, an index into Call.Names.
type places struct {
	set   *pathSet
	call  *event.Call
	names []place
	buf   []byte
	hits  []hit
}

// newPlaces returns places without an event. f may be nil: then only the event itself is asked.
func newPlaces(set *pathSet, f *Facts) *places { return &places{set: set} }

// reset begins with an event. What was read of the one before is forgotten.
func (p *places) reset(c *event.Call) {
	p.call = c
	p.buf = p.buf[:0]
	p.hits = p.hits[:0]
	if cap(p.names) < len(c.Names) {
		p.names = make([]place, len(c.Names)+8)
	}
	p.names = p.names[:len(c.Names)]
	clear(p.names)
}

// below tells whether name i is the directory of a dir= rule or in it, at any depth. A name that was never found is in none
// (kernel/auditsc.c: handle_path is asked for inodes only).
func (p *places) below(i int, d *dirRef) reading {
	if !p.call.Names[i].HasInode {
		return reading{}
	}
	pl := p.name(i)
	if pl.whole != wholeName {
		return reading{open: true, why: pl.why}
	}
	return reading{value: p.under(pl, d), rests: AssumeNames}
}

// at tells whether name i is the file of a path= or inode= rule.
func (p *places) at(i int, w *watchRef, when phase) reading {
	nm := &p.call.Names[i]
	if !nm.HasInode || when == atRemoval && nm.Type == event.NameCreate {
		return reading{}
	}
	if w.kind == pathInode {
		return reading{value: uint32(nm.Inode) == w.inode}
	}
	pl := p.name(i)
	if p.bound(pl, nm, w, when) || when == atExit && p.shares(i, w) {
		return reading{value: true, rests: AssumeNames}
	}
	switch {
	case pl.whole == wholeNone, pl.whole == wholeTail && endsWith(w.path, p.text(pl)):
		return reading{open: true, why: pl.why}
	}
	return reading{rests: AssumeNames}
}

// bound tells whether a watch is bound to what name i itself names. A name that went away takes the watch's file with it.
func (p *places) bound(pl *place, nm *event.Name, w *watchRef, when phase) bool {
	if when == atExit && nm.Type == event.NameDelete && p.call.Success {
		return false
	}
	return pl.whole == wholeName && string(p.text(pl)) == w.path
}

// shares tells whether another name of the event is bound to the watch and has the same inode: the new name of a rename, a link.
func (p *places) shares(i int, w *watchRef) bool {
	nm := &p.call.Names[i]
	for j := range p.call.Names {
		other := &p.call.Names[j]
		if j != i && sameInode(nm, other) && p.bound(p.name(j), other, w, atExit) {
			return true
		}
	}
	return false
}

// exe tells whether the process's executable is the file of an exe= rule.
func (p *places) exe(w *exeRef) reading {
	start := len(p.buf)
	buf, ok := p.call.Exe.AppendUntrusted(p.buf)
	p.buf = buf
	if p.call.Has&event.HasExe == 0 || !ok {
		return reading{}
	}
	name, gone := bytes.CutSuffix(p.buf[start:], []byte(" (deleted)"))
	same := string(name) == w.path
	if gone && same {
		return reading{open: true, why: WhyExe}
	}
	return reading{value: same, rests: AssumeExe}
}

// isDir tells whether a -w of unknown kind watches a directory.
func (p *places) isDir(f *formRef) reading {
	for i := range p.call.Names {
		if !p.call.Names[i].HasInode || p.name(i).whole != wholeName {
			continue
		}
		for _, h := range p.hits[p.names[i].hitLo:p.names[i].hitHi] {
			if h.ref == f {
				return reading{value: !h.exact || p.call.Names[i].Mode&modeType == modeDir, rests: AssumeKind}
			}
		}
	}
	return reading{value: f.slash, open: true, why: WhyForm}
}

// userID is the number of a user's or a group's name, as far as the log or the snapshot tells.
func (p *places) userID(name string, group bool) (id uint32, known bool) { return 0, false }

// inGroup tells whether the process has a group among its supplementary ones, which no record holds.
func (p *places) inGroup(gid uint32) reading { return reading{open: true, why: WhyGroup} }

// facts tells whether Facts could know more of what was asked since reset: it is what Decision.Open reports.
func (p *places) wantsFacts() bool { return false }

// undecided says that the event remained undecided: what was asked since reset and not known is waited for, see Facts.News.
func (p *places) undecided() {}

// under tells whether a full name is a rule's path or below it.
func (p *places) under(pl *place, d *dirRef) bool {
	for _, h := range p.hits[pl.hitLo:pl.hitHi] {
		if h.ref == d {
			return true
		}
	}
	return false
}

// File types as PATH's mode= has them (include/uapi/linux/stat.h).
const (
	modeType = 0o170000
	modeDir  = 0o040000
	modeLink = 0o120000
)

// sameInode tells whether two names of an event are one file.
func sameInode(a, b *event.Name) bool {
	return a.HasInode && b.HasInode && a.Inode == b.Inode && a.DevMajor == b.DevMajor && a.DevMinor == b.DevMinor
}

// endsWith tells whether tail is path or the end of it from a slash on.
func endsWith(path string, tail []byte) bool {
	n := len(path) - len(tail)
	return n > 0 && path[n-1] == '/' && path[n:] == string(tail)
}
