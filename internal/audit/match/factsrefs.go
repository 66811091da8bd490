package match

// refState is what a log of one host has shown of one path of a rule.
type refState struct {
	sighted bool // a name at or below it led to an inode: the spelling of the rule is in use
	real    bool // a working directory or an executable lies at or below it, so no symlink is on the way to it nor at its end
	parent  bool // the same of the directory that it is in
	// plain and link: what a call that follows no symlink found there first, a symlink or something else.
	plain, link bool
	dir, file   bool    // what carried the name: a directory, something else
	has         bool    // anything has been seen to carry it
	now         bool    // key still does
	key         fileKey // of what carried it last; first of what carried it first
	first       fileKey
	// moved is where a directory of a rule, or one above it, was renamed to: the rule goes along. dead: it went away, and the rule with it.
	moved string
	dead  bool
	// unbound: two names changed places, and the watch of the second is left with nothing until a file comes to it.
	unbound   bool
	path      string // of resolved, worked out at pathEpoch
	pathEpoch uint32
	waited    bool // an undecided event might have been decided had it been sighted
	bound     []binding
	maybe     []mayBinding
	forgot    bool  // bound has lost its beginning
	updates   uint8 // how often a file came to the very name or went from it, 255 for more: each time the kernel binds its watches anew
}

// isLink tells that the path is a symlink for sure.
func (s *refState) isLink() bool { return s.link && !s.plain && !s.real }

// unseen tells that nothing is known of where the path leads: it may be the same as another that ends alike.
func (s *refState) unseen() bool { return !s.sighted && !s.parent && !s.real }

// sight enters that a name which a rule's path is, or is above, led to an inode. It reports whether that is new.
func (s *refState) sight() bool {
	fresh := !s.sighted
	s.sighted = true
	return fresh
}

// update enters that a file came to the very name, or went from it (kernel/audit_watch.c: audit_update_watch).
func (s *refState) update() {
	if s.updates < 255 {
		s.updates++
	}
}

// carry enters what carries the very name; made: it came there in this event, and the rule was bound to something else before. It
// reports whether that may change a reading.
func (s *refState) carry(key fileKey, mode uint32, own, made bool) bool {
	before := *s
	if !s.has {
		s.first = key
	}
	s.has, s.now, s.key = true, true, key
	if own && !made {
		s.bind(mode)
	}
	s.kind(mode)
	return s.link != before.link || s.plain != before.plain || s.dir != before.dir || s.file != before.file
}

// kind enters what a call finds there, as long as it may be what auditctl found.
func (s *refState) kind(mode uint32) {
	if s.updates == 0 {
		s.dir = s.dir || mode&modeType == modeDir
		s.file = s.file || mode&modeType != modeDir && mode != 0
	}
}

// bind enters what a call that follows no symlink finds there, as long as it is what was there when the log began: rules of directories
// are bound to that for good.
func (s *refState) bind(mode uint32) {
	if s.link || s.plain {
		return
	}
	s.link = mode&modeType == modeLink
	s.plain = !s.link
}

// resolved is a rule's path with the symlinks followed that were on the way to it when the rule was loaded, that at its end only of a dir= with a slash there.
func (h *host) resolved(f *Facts, r *pathRef) string {
	s := &h.refs[r.id]
	if s.moved != "" {
		return s.moved
	}
	if len(h.links.first.to) == 0 {
		return r.path
	}
	if s.pathEpoch != f.epoch {
		text, met := h.links.first.resolve(nil, []byte(r.path), r.slash && r.kind == pathDir)
		s.path, s.pathEpoch = r.path, f.epoch
		if met {
			s.path = string(text)
		}
	}
	return s.path
}
