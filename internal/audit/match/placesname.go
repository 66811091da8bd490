package match

import "github.com/auditprof/auditprof/internal/audit/event"

// whole says how much of a name a log tells.
type whole uint8

const (
	wholeName whole = iota + 1 // absolute, cleaned
	wholeTail                  // the end of it: relative to a directory that is not told
	wholeNone                  // nothing: an open file
)

// place is what an event itself says of one of its names.
type place struct {
	whole  whole // 0: not looked at yet
	why    Why   // why it is not wholeName
	lo, hi int   // the name, or its tail, in places.buf
	hits   span  // the paths of rules that are the name or above it, in places.hits

	// real is set for the file that an execve runs: exe= has its name without symlinks. lo and hi are that name, typed is the one given.
	real  bool
	typed span // in places.buf
	// byInode is set where the directory is known by its inode only.
	byInode bool

	// astray is set where no known name of the inode ends as the tail does: there is another one that is not known.
	astray bool

	asked bool // candidates have been looked for
	cands span // in places.cands
}

// span is a part of a slice.
type span struct{ lo, hi int }

// hit is a path of a rule that is a name, or a directory above it.
type hit struct {
	ref   *pathRef
	exact bool
}

// name returns what the event says of name i, worked out once.
func (p *places) name(i int) *place {
	pl := &p.names[i]
	if pl.whole == 0 {
		p.spell(i, pl)
	}
	return pl
}

// text is the name, or the tail of it.
func (p *places) text(pl *place) []byte { return p.buf[pl.lo:pl.hi] }

// spell finds the full name of name i: as typed where that is absolute, behind the working directory where the call is relative to it.
func (p *places) spell(i int, pl *place) {
	nm := &p.call.Names[i]
	start := len(p.buf)
	pl.lo, pl.hi = start, start
	if !nm.HasName {
		pl.whole, pl.why = wholeNone, WhyFD
		return
	}
	raw, ok := nm.Name.AppendUntrusted(p.buf)
	p.buf = raw
	typed := raw[start:]
	switch {
	case ok && p.does.queue && len(typed) > 0:
		p.spellQueue(pl, start)
	case !ok || len(typed) == 0:
		pl.whole, pl.why = wholeNone, WhyFD
	case typed[0] == '/' && !p.hidesDirfd(i, typed):
		pl.whole = wholeName
		pl.hi = start + len(cleanPath(typed))
	case typed[0] == '/':
		pl.whole, pl.why = wholeNone, WhyDirFD
	default:
		p.spellRelative(i, pl, start)
	}
	if pl.whole == wholeName {
		p.realName(i, pl)
	}
	if pl.whole == wholeTail || pl.whole == wholeNone && nm.Type == event.NameParent {
		p.spellByParent(i, pl)
	}
	if pl.whole == wholeName {
		p.lookUp(pl)
	}
}

// spellRelative is spell of a relative name, which lies in p.buf from start on.
func (p *places) spellRelative(i int, pl *place, start int) {
	typed := p.buf[start:]
	if p.hasDirfd(i) {
		pl.whole, pl.why = wholeTail, WhyDirFD
		pl.hi = start + len(cleanPath(typed))
		return
	}
	begin := len(p.buf)
	p.buf = p.appendCwd(p.buf)
	if len(p.buf) == begin || p.buf[begin] != '/' {
		pl.whole, pl.why = wholeTail, WhyNoCwd
		pl.hi = start + len(cleanPath(typed))
		return
	}
	p.buf = append(p.buf, '/')
	p.buf = append(p.buf, p.buf[start:begin]...)
	pl.whole, pl.lo = wholeName, begin
	pl.hi = begin + len(cleanPath(p.buf[begin:]))
}

// spellQueue is spell of a message queue, which is a file of a file system of its own, mounted there where it is at all
// (ipc/mqueue.c: do_mq_open; mq_overview(7)).
func (p *places) spellQueue(pl *place, start int) {
	pl.whole, pl.lo = wholeName, len(p.buf)
	p.buf = append(append(p.buf, "/dev/mqueue/"...), p.buf[start:pl.lo]...)
	pl.hi = pl.lo + len(cleanPath(p.buf[pl.lo:]))
}

// appendCwd appends the working directory of the call, nothing where the log has none.
func (p *places) appendCwd(dst []byte) []byte {
	if p.call.Has&event.HasCwd == 0 {
		return dst
	}
	dst, _ = p.call.Cwd.AppendUntrusted(dst)
	return dst
}

// lookUp finds the paths of rules that a full name is, or is below.
func (p *places) lookUp(pl *place) {
	pl.hits = p.hitsOf(p.text(pl))
}

// hitsOf are the paths of rules that a full name is, or is below.
func (p *places) hitsOf(name []byte) span {
	lo := len(p.hits)
	p.set.prefixes(name, func(refs []*pathRef, exact bool) {
		for _, r := range refs {
			p.hits = append(p.hits, hit{r, exact})
		}
	})
	return span{lo, len(p.hits)}
}

// hidesDirfd tells whether the kernel wrote the working directory in place of a directory that only the process knows: it does so for
// the parent of a name without a directory part, whatever dirfd was (kernel/auditsc.c: audit_log_name). A typed one ends with a slash.
func (p *places) hidesDirfd(i int, typed []byte) bool {
	return p.call.Names[i].Type == event.NameParent && (len(typed) == 1 || typed[len(typed)-1] != '/') && p.hasDirfd(i)
}

// hasDirfd tells whether a relative name i is relative to an open directory and not to the working directory. An io_uring operation
// does not log which.
func (p *places) hasDirfd(i int) bool {
	c := p.call
	if c.Uring {
		return true
	}
	switch side := p.side(i); {
	case side == sideFirst:
		return p.isDirfd(p.does.first)
	case side == sideSecond:
		return p.isDirfd(p.does.second)
	}
	return p.isDirfd(p.does.first) || p.isDirfd(p.does.second)
}

// isDirfd tells whether an argument, by its number plus one, is an open directory; 0 is no argument.
func (p *places) isDirfd(arg uint8) bool {
	if arg == 0 {
		return false
	}
	has := event.HasA0 << (arg - 1)
	return p.call.Has&has == 0 || uint32(p.call.A[arg-1]) != atFDCWD
}

// cleanPath takes doubled slashes, "." and ".." out of a path in place, as path.Clean does, and a slash at its end.
func cleanPath(b []byte) []byte {
	if isClean(b) {
		return b
	}
	rooted := b[0] == '/'
	w, floor := 0, 0 // floor: what no ".." takes away
	if rooted {
		w, floor = 1, 1
	}
	for r := 0; r < len(b); {
		end := r
		for end < len(b) && b[end] != '/' {
			end++
		}
		part := b[r:end]
		r = end + 1
		switch {
		case len(part) == 0 || string(part) == ".":
		case string(part) == ".." && w > floor:
			for w--; w > floor && b[w] != '/'; w-- {
			}
		case string(part) == ".." && rooted:
		default:
			if w > 0 && b[w-1] != '/' {
				b[w] = '/'
				w++
			}
			w += copy(b[w:], part)
			if string(part) == ".." {
				floor = w
			}
		}
	}
	return b[:w]
}

// isClean tells whether cleanPath has nothing to do.
func isClean(b []byte) bool {
	if len(b) > 1 && b[len(b)-1] == '/' {
		return false
	}
	for i, c := range b {
		if c == '/' && i+1 < len(b) && (b[i+1] == '/' || b[i+1] == '.') || c == '.' && i == 0 {
			return false
		}
	}
	return true
}
