package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// looker looks paths up below a root, "/" but in tests, and keeps the symlinks that it meets.
type looker struct {
	root    string
	mounts  []match.SnapshotMount
	met     map[string]string // symlink, its parents resolved → what its text says
	remarks []string
}

func newLooker(root string) *looker { return &looker{root: root, met: map[string]string{}} }

// maxRemarks bounds what is said of paths that cannot be seen.
const maxRemarks = 100

func (l *looker) remark(text string) {
	if len(l.remarks) < maxRemarks {
		l.remarks = append(l.remarks, text)
	}
}

// path is one path of a rule. It reports false, with a remark, where it cannot be told what is there.
func (l *looker) path(p string) (match.SnapshotPath, bool) {
	out := match.SnapshotPath{Path: p, Kind: match.SnapshotMissing}
	if !strings.HasPrefix(p, "/") || !utf8.ValidString(p) {
		l.remark(fmt.Sprintf("%q is left out: no absolute path in UTF-8", p))
		return out, false
	}
	trimmed := path.Clean(p)
	parent, err := l.resolve(path.Dir(trimmed))
	if err == nil {
		out.Real = path.Join(parent, path.Base(trimmed))
		err = l.look(&out)
	}
	if err != nil && !missing(err) {
		l.remark(fmt.Sprintf("%s is left out: %v", p, err))
		return out, false
	}
	if out.Followed, err = l.resolve(trimmed); err != nil {
		out.Followed = ""
		return out, true
	}
	if st, err := os.Lstat(l.at(out.Followed)); err == nil {
		out.FollowedKind = kind(st.Mode())
	}
	return out, true
}

// look fills in what Real is.
func (l *looker) look(p *match.SnapshotPath) error {
	st, err := os.Lstat(l.at(p.Real))
	if err != nil {
		return err
	}
	p.Kind = kind(st.Mode())
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		p.Inode = sys.Ino
		p.DevMajor, p.DevMinor = l.device(p.Real, uint64(sys.Dev))
	}
	return nil
}

func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, errLoop)
}

func (l *looker) at(p string) string { return filepath.Join(l.root, p) }

func kind(m fs.FileMode) match.SnapshotKind {
	switch {
	case m.IsRegular():
		return match.SnapshotFile
	case m.IsDir():
		return match.SnapshotDir
	case m&fs.ModeSymlink != 0:
		return match.SnapshotSymlink
	}
	return match.SnapshotOther
}

// errLoop: more symlinks than the kernel follows.
var errLoop = errors.New("too many symlinks")

// maxLinks is how many symlinks a lookup follows (include/linux/namei.h: MAXSYMLINKS).
const maxLinks = 40

// resolve is an absolute path with all its symlinks resolved, which are kept.
func (l *looker) resolve(p string) (string, error) { return l.walk(p, func(string) {}) }

// walk is resolve, and visits every component on the way, links and / included.
func (l *looker) walk(p string, visit func(component string)) (string, error) {
	visit("/")
	done, todo := "/", p
	for hops := 0; todo != ""; {
		var name string
		name, todo, _ = strings.Cut(strings.TrimLeft(todo, "/"), "/")
		if name == "" || name == "." {
			continue
		}
		if name == ".." {
			done = path.Dir(done)
			continue
		}
		next := path.Join(done, name)
		visit(next)
		target, err := l.link(next)
		if err != nil {
			return "", err
		}
		if target == "" {
			done = next
			continue
		}
		if hops++; hops > maxLinks {
			return "", errLoop
		}
		if target[0] == '/' {
			done = "/"
		}
		todo = target + "/" + todo
	}
	return done, nil
}

// link is the text of a symlink, "" for what is none.
func (l *looker) link(p string) (string, error) {
	st, err := os.Lstat(l.at(p))
	if err != nil || st.Mode()&fs.ModeSymlink == 0 {
		return "", err
	}
	target, err := os.Readlink(l.at(p))
	if err == nil && target != "" {
		l.met[p] = target
	}
	return target, err
}

// linkFolders are where a host keeps the symlinks that make two names of most of what it has: /bin, /lib, /var/run and the like.
var linkFolders = []string{"/", "/usr", "/var"}

// commonLinks adds them: programs come by those names, whatever the rules say.
func (l *looker) commonLinks() {
	for _, dir := range linkFolders {
		entries, err := os.ReadDir(l.at(dir))
		if err != nil {
			continue
		}
		for _, e := range entries {
			if e.Type()&fs.ModeSymlink != 0 {
				_, _ = l.resolve(path.Join(dir, e.Name())) // one that leads nowhere is no second name of anything
			}
		}
	}
}

// links are the symlinks that lead somewhere, sorted.
func (l *looker) links() []match.SnapshotLink {
	var out []match.SnapshotLink
	for _, p := range sortedKeys(l.met) {
		target, err := l.resolve(p)
		if err == nil && utf8.ValidString(p) && utf8.ValidString(target) {
			out = append(out, match.SnapshotLink{Path: p, Target: target})
		}
	}
	return out
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
