package suggest

import (
	"bytes"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
)

// Types of files in a mode (include/uapi/linux/stat.h).
const (
	modeType = 0170000
	modeDir  = 0040000
	modeFile = 0100000
	modeLink = 0120000
)

// locate finds the folder of the file that a call names. It marks in the key that the folder stands for others below it.
func (l *Learner) locate(k *key, r *analyze.Row, class *callClass) (dir uint32, names Names) {
	c := r.Call
	switch {
	case len(c.Names) == 0 && c.Items == 0 && !r.Partial:
		return 0, NoName
	case len(r.Path) == 0 || r.Partial:
		return 0, Unlocatable
	}
	var ok bool
	if l.text, ok = appendClean(l.text[:0], r.Path); !ok {
		return 0, Unlocatable
	}
	first := firstName(c.Names)
	folder := folderOf(l.text, &c.Names[first])
	upper, deeper := upperFolders(folder)
	if deeper {
		k.keyFlags |= keyDeeper
	} else {
		l.base = append(l.base, bytes.TrimPrefix(l.text[len(folder):], slash)...)
	}
	dir = l.dir(upper)
	names = OneName
	if class.twin || c.Items > len(c.Names) || !l.oneFile(c, first, folder) {
		names = MoreNames
	}
	return dir, names
}

// maxDepth is how many folders deep a Dir is at most. What lies deeper is counted there: a name may have two thousand folders.
const maxDepth = 32

// upperFolders are the first maxDepth folders of one, and whether there are more.
func upperFolders(folder []byte) (upper []byte, deeper bool) {
	n := 0
	for i := 1; i < len(folder); i++ {
		if folder[i] != '/' {
			continue
		}
		if n++; n == maxDepth {
			return folder[:i], true
		}
	}
	return folder, false
}

// folderOf is the folder of a name, without a slash at its end but for the root: the deepest that a dir= for it can have. That of an open
// folder is itself.
func folderOf(path []byte, n *event.Name) []byte {
	if n.Type == event.NameParent || n.Type != event.NameCreate && n.Mode&modeType == modeDir {
		return path
	}
	return parentOf(path)
}

// firstName is the item that Row.Path is of: the first named one that is not the folder of another, else the first named one.
func firstName(list []event.Name) int {
	first := -1
	for i := range list {
		switch {
		case !list[i].HasName:
		case list[i].Type != event.NameParent:
			return i
		case first < 0:
			first = i
		}
	}
	return max(first, 0)
}

// oneFile tells whether all other names of a call are the first one again, or its folder.
func (l *Learner) oneFile(c *event.Call, first int, folder []byte) bool {
	for i := range c.Names {
		if i == first {
			continue
		}
		n := &c.Names[i]
		if !n.HasName || !l.absolute(c, first, i) {
			return false
		}
		var ok bool
		if l.side, ok = appendClean(l.side[:0], l.side); !ok {
			return false
		}
		if n.Type == event.NameParent && bytes.Equal(l.side, folder) {
			l.seeFolder(folder, n)
			continue
		}
		if !bytes.Equal(l.side, l.text) {
			return false
		}
	}
	return true
}

// The beginnings of an absolute name, as it stands and in hex.
var slash, hexSlash = []byte("/"), []byte("2F")

// absolute puts the whole name of an item into l.side. A relative one is behind the working directory where the first one is, too: then the
// call takes its names from there.
func (l *Learner) absolute(c *event.Call, first, item int) bool {
	l.side, _ = c.Names[item].Name.AppendUntrusted(l.side[:0])
	if len(l.side) > 0 && l.side[0] == '/' {
		return true
	}
	if text := c.Names[first].Name.Text; bytes.HasPrefix(text, slash) || bytes.HasPrefix(text, hexSlash) {
		return false
	}
	l.side, _ = c.Cwd.AppendUntrusted(l.side[:0])
	l.side = append(l.side, '/')
	l.side, _ = c.Names[item].Name.AppendUntrusted(l.side)
	return l.side[0] == '/'
}
