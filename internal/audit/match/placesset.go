package match

import (
	"path"
	"strings"
)

// pathKind says what a rule does with a path.
type pathKind uint8

const (
	pathDir   pathKind = iota // dir=: everything at or below it
	pathWatch                 // path=: this name, whatever file carries it
	pathInode                 // inode=: no name at all
	pathExe                   // exe=
	pathForm                  // -w: dir or path, by what is there
)

// pathRef is one path of a rule set, once for all rules that name it for the same use.
type pathRef struct {
	id    int // index into pathSet.refs
	kind  pathKind
	text  string // as the rule has it
	path  string // cleaned: absolute, no slash at its end but for the root
	base  string // its last component
	slash bool   // the text ends with a slash: dir= then follows a symlink that the path ends in
	inode uint32 // of pathInode
	exe   bool   // of pathWatch: a rule asks for exe= besides
}

// What a pathRef is asked for.
type (
	dirRef   = pathRef // dir=
	watchRef = pathRef // path= and inode=
	exeRef   = pathRef // exe=
	formRef  = pathRef // a -w
)

// pathSet is what the rules of a set name: files and directories. It is filled when a set is compiled, and then only read.
type pathSet struct {
	refs  []*pathRef
	byKey map[pathKey]*pathRef
	// at has the refs with a path by that path: the one place where names are looked up.
	at   map[string][]*pathRef
	lens []bool // whether any path of at has that length
	// within has the refs by the directory that they are in, above by all directories above, bases by the last component.
	within, above, bases map[string][]*pathRef
	hasExes              bool
}

type pathKey struct {
	kind  pathKind
	text  string
	inode uint32
}

func newPathSet() *pathSet {
	by := func() map[string][]*pathRef { return map[string][]*pathRef{} }
	return &pathSet{byKey: map[pathKey]*pathRef{}, at: by(), within: by(), above: by(), bases: by()}
}

// dir is the ref of dir=text.
func (s *pathSet) dir(text string) *dirRef { return s.ref(pathKey{kind: pathDir, text: text}) }

// watch is the ref of path=text.
func (s *pathSet) watch(text string) *watchRef { return s.ref(pathKey{kind: pathWatch, text: text}) }

// inode is the ref of inode=n.
func (s *pathSet) inode(n uint32) *watchRef { return s.ref(pathKey{kind: pathInode, inode: n}) }

// exe is the ref of exe=text.
func (s *pathSet) exe(text string) *exeRef { return s.ref(pathKey{kind: pathExe, text: text}) }

// form is the ref of -w text, of which it is not known whether it is a directory.
func (s *pathSet) form(text string) *formRef { return s.ref(pathKey{kind: pathForm, text: text}) }

// ref is the ref of a key: the one that is there, or a new one.
func (s *pathSet) ref(key pathKey) *pathRef {
	if old, ok := s.byKey[key]; ok {
		return old
	}
	r := &pathRef{id: len(s.refs), kind: key.kind, text: key.text, inode: key.inode}
	s.byKey[key] = r
	s.hasExes = s.hasExes || r.kind == pathExe
	s.refs = append(s.refs, r)
	if r.kind != pathInode {
		s.enter(r)
	}
	return r
}

// enter puts a ref where its path is looked up.
func (s *pathSet) enter(r *pathRef) {
	r.path = path.Clean("/" + r.text)
	r.slash = len(r.path) > 1 && strings.HasSuffix(r.text, "/")
	r.base = r.path[strings.LastIndexByte(r.path, '/')+1:]
	s.at[r.path] = append(s.at[r.path], r)
	for len(s.lens) <= len(r.path) {
		s.lens = append(s.lens, false)
	}
	s.lens[len(r.path)] = true
	s.bases[r.base] = append(s.bases[r.base], r)
	dir := path.Dir(r.path)
	s.within[dir] = append(s.within[dir], r)
	for ; dir != "/" && r.path != "/"; dir = path.Dir(dir) {
		s.above[dir] = append(s.above[dir], r)
	}
}

// touches tells whether a path of a rule is a name, above it or below it.
func (s *pathSet) touches(name []byte) bool {
	if len(s.above[string(name)]) > 0 {
		return true
	}
	found := false
	s.prefixes(name, func([]*pathRef, bool) { found = true })
	return found
}

// hasLen tells whether any path of a rule has n bytes.
func (s *pathSet) hasLen(n int) bool { return n < len(s.lens) && s.lens[n] }

// prefixes calls found with the refs of each path that is name or a directory above it, the root first.
func (s *pathSet) prefixes(name []byte, found func(refs []*pathRef, whole bool)) {
	if s.hasLen(1) {
		if refs := s.at["/"]; refs != nil {
			found(refs, len(name) == 1)
		}
	}
	for n := 1; n < len(name); n++ {
		if name[n] == '/' && s.hasLen(n) {
			if refs := s.at[string(name[:n])]; refs != nil {
				found(refs, false)
			}
		}
	}
	if len(name) > 1 && s.hasLen(len(name)) {
		if refs := s.at[string(name)]; refs != nil {
			found(refs, true)
		}
	}
}
