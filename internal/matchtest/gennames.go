package matchtest

import (
	"math/rand/v2"
	"path"
	"strings"
)

// maker makes random scripts and rules about one tree.
type maker struct {
	*rand.Rand
	dir   string // of the tree
	cwd   string // of the process whose script is made, as far as it is known
	style Style
	typed map[string]string // how rules spell a file, by its true name
}

// Style turns a generator to hard things.
type Style struct {
	Descriptors int  `json:"descriptors"` // of 10 names, those opened first and then used through a descriptor
	Spellings   int  `json:"spellings"`   // of 10 names, those typed through symlinks, with dots or with double slashes
	Watches     int  `json:"watches"`     // of 10 rules, those with -w, path= or dir=
	Keyless     bool `json:"keyless"`     // no rule has a key
	Odd         bool `json:"odd"`         // things of which a log tells nothing: names through a bind mount, names exchanged for each other
}

func pick[T any](m *maker, from []T) T { return from[m.IntN(len(from))] }

// in tells one case in so many of ten.
func (m *maker) in(ofTen int) bool { return m.IntN(10) < ofTen }

var outside = []string{"/etc/hostname", "/etc/passwd", "/dev/null", "/nonexistent/x", "/proc/self/status", "/etc", "/usr/bin/true", "/dev/zero"}

var newNames = []string{"n1", "n2", "n3", "n4", "new file", "N\x01", "äö", "n5.txt"}

// name is the true name of something in the tree that is there, may be there or is not.
func (m *maker) name() string {
	switch n := m.IntN(20); {
	case n < 9:
		return path.Join(m.dir, pick(m, treeFiles))
	case n < 14:
		return path.Join(m.dir, m.place(), pick(m, newNames))
	case n < 16:
		return path.Join(m.dir, m.place())
	case n < 18:
		return path.Join(m.dir, pick(m, treeLinks)[0])
	}
	return path.Join(m.dir, pick(m, treeHard)[0])
}

// seen is the name of something that is only looked at: a few are outside of the tree.
func (m *maker) seen() string {
	if m.IntN(12) == 0 {
		return pick(m, outside)
	}
	return m.name()
}

// fresh is a name that is not there unless a script made it.
func (m *maker) fresh() string { return path.Join(m.dir, m.place(), pick(m, newNames)) }

// file is the name of a file that was there at the beginning.
func (m *maker) file() string { return path.Join(m.dir, pick(m, treeFiles)) }

// folder is the name of a folder that was there at the beginning.
func (m *maker) folder() string { return path.Join(m.dir, m.place()) }

// bindMount is where a/b is mounted once more.
const bindMount = "bm"

// place is one of the tree's folders.
func (m *maker) place() string {
	for {
		if d := pick(m, treeDirs); d != bindMount || m.style.Odd {
			return d
		}
	}
}

// aliases are ways to the same folder, by symlink and by bind mount.
var aliases = [][2]string{{"a/b", "abs"}, {"a", "lnk"}, {"ro", "w/up"}, {"a/b", "bm"}, {"d", "dlnk"}}

// spell is one of the ways in which a program may type a name.
func (m *maker) spell(name string) string {
	if m.in(m.style.Spellings) {
		name = m.detour(name)
	}
	if m.IntN(10) < 4 && m.cwd != "" {
		name = relative(m.cwd, name)
	}
	return name
}

func (m *maker) detour(name string) string {
	switch m.IntN(5) {
	case 0, 1, 2:
		for _, i := range m.Perm(len(aliases)) {
			below, ok := strings.CutPrefix(name, path.Join(m.dir, aliases[i][0])+"/")
			if ok && (m.style.Odd || aliases[i][1] != bindMount) {
				return path.Join(m.dir, aliases[i][1], below)
			}
		}
	case 3:
		return path.Dir(name) + "//" + path.Base(name)
	case 4:
		return path.Dir(name) + "/../" + path.Base(path.Dir(name)) + "/./" + path.Base(name)
	}
	return name
}

// trueName undoes the tree's own aliases in a name.
func (m *maker) trueName(name string) string {
	for range len(aliases) {
		for _, a := range aliases {
			if below, ok := strings.CutPrefix(name+"/", path.Join(m.dir, a[1])+"/"); ok {
				name = path.Join(m.dir, a[0], below)
			}
		}
	}
	return name
}

// relative is name as seen from cwd, both absolute. A name typed with dots keeps them.
func relative(cwd, name string) string {
	common, up := cwd, ""
	for common != "/" && common != name && !strings.HasPrefix(name, common+"/") {
		common, up = path.Dir(common), up+"../"
	}
	below := strings.TrimLeft(strings.TrimPrefix(name, common), "/")
	if up+below == "" {
		return "."
	}
	return up + below
}

// atFDCWD is AT_FDCWD.
const atFDCWD = -100

// at is the pair of arguments that a call of the *at family names something with, and the calls that must come before it in its step.
// first is the number of calls that the step already has.
func (m *maker) at(name string, first int) (before []Call, dirfd, typed Arg) {
	if !m.in(m.style.Descriptors) {
		return nil, num(atFDCWD), str(m.spell(name))
	}
	base := path.Dir(name)
	if m.in(4) && strings.HasPrefix(name, m.dir+"/") {
		base = m.dir
	}
	flags := oDirectory
	if m.in(5) {
		flags |= oPath
	}
	open := call("openat", num(atFDCWD), str(m.spell(base)), num(flags), num(0))
	return []Call{open}, res(first), str(relative(base, name))
}
