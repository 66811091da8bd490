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
	facts *Facts // nil: only the event itself is asked
	host  *host  // of the event, nil without facts
	call  *event.Call
	does  nameCall
	names []place
	buf   []byte
	hits  []hit
	cands []candidate

	scratch     []byte
	isDirectory bool // the name whose candidates are looked for is one of a directory

	open  bool  // something was open
	asked []int // ids of the paths that were asked for and left open
}

// newPlaces returns places without an event. f may be nil: then only the event itself is asked.
func newPlaces(set *pathSet, f *Facts) *places { return &places{set: set, facts: f} }

// reset begins with an event. What was read of the one before is forgotten.
func (p *places) reset(c *event.Call) {
	p.call = c
	p.does = nameCall{}
	if !c.Uring {
		p.does = nameCallNumbers.of(c.Arch, c.Syscall)
	}
	if p.facts != nil {
		p.host = p.facts.host(c.Event.Node)
	}
	p.buf, p.hits, p.cands, p.asked = p.buf[:0], p.hits[:0], p.cands[:0], p.asked[:0]
	p.open = false
	if cap(p.names) < len(c.Names) {
		p.names = make([]place, len(c.Names)+8)
	}
	p.names = p.names[:len(c.Names)]
	clear(p.names)
}

// ask notes what was open about a path.
func (p *places) ask(r reading, of *pathRef) reading {
	if r.open {
		p.open = true
		if p.host != nil {
			p.asked = append(p.asked, of.id)
		}
	}
	return r
}

// exe tells whether the process's executable is the file of an exe= rule.
func (p *places) exe(w *exeRef) reading { return p.ask(p.readExe(w), w) }

func (p *places) readExe(w *exeRef) reading {
	r := p.exePlain(w)
	if p.host == nil || r.value || r.open {
		return r
	}
	start := len(p.buf)
	p.buf, _ = p.call.Exe.AppendUntrusted(p.buf)
	name := p.buf[start:]
	if string(bytes.TrimSuffix(name, deleted)) == p.host.resolved(p.facts, w) {
		return reading{value: true, rests: AssumeExe}
	}
	s := &p.host.refs[w.id]
	if _, base := split(name); string(base) == w.base && !s.parent && !s.real && p.host.resolved(p.facts, w) == w.path {
		return reading{open: true, why: WhyUnseen}
	}
	return r
}

// exePlain is exe by what the event itself says.
func (p *places) exePlain(w *exeRef) reading {
	start := len(p.buf)
	buf, ok := p.call.Exe.AppendUntrusted(p.buf)
	p.buf = buf
	if p.call.Has&event.HasExe == 0 || !ok {
		return reading{}
	}
	name, gone := bytes.CutSuffix(p.buf[start:], deleted)
	same := string(name) == w.path
	if gone && same {
		return reading{open: true, why: WhyExe}
	}
	return reading{value: same, rests: AssumeExe}
}

// isDir tells whether a -w of unknown kind watches a directory.
func (p *places) isDir(f *formRef) reading {
	if p.host != nil {
		switch s := &p.host.refs[f.id]; {
		case s.dir && !s.file:
			return reading{value: true, rests: AssumeKind}
		case s.file && !s.dir:
			return reading{rests: AssumeKind}
		}
	}
	for i := range p.call.Names {
		if !p.call.Names[i].HasInode || p.name(i).whole != wholeName || p.host != nil && p.host.refs[f.id].updates > 0 {
			continue
		}
		if h := p.hit(p.names[i].hits, f); h != nil {
			return reading{value: !h.exact || p.call.Names[i].Mode&modeType == modeDir, rests: AssumeKind}
		}
	}
	return p.ask(reading{value: f.slash, open: true, why: WhyForm}, f)
}

// userID is the number of a user's or a group's name, as far as the log or the snapshot tells.
func (p *places) userID(name string, group bool) (id uint32, known bool) {
	if p.host != nil {
		if id, known = p.host.users[nameID{name, group}]; known {
			return id, true
		}
	}
	p.open = true
	return 0, false
}

// wantsFacts tells whether facts could know more of what was asked since reset: it is what Decision.Open reports.
func (p *places) wantsFacts() bool { return p.open && p.facts == nil }

// undecided says that the event remained undecided: what was asked since reset and not known is waited for, see Facts.News.
func (p *places) undecided() {
	if p.host == nil {
		return
	}
	for _, id := range p.asked {
		p.host.refs[id].waited = true
	}
	for i := range p.call.Names {
		if nm := &p.call.Names[i]; nm.HasInode && p.name(i).whole != wholeName {
			p.facts.wait(p.host.key(nm))
		}
	}
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
