package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// filePool is how many files of which size lie in how many directories, how deep, before the first operation, and how they are called.
type filePool struct {
	dirs, files        int
	minBytes, maxBytes int
	minDepth, maxDepth int // directories between the work directory and a file; 0 is 1
	// folder is the one directory in which all of them lie, below the work directory; "": directories with names of ours.
	folder         string
	prefix, suffix string // of each file's name, around its number
}

// complete fills in what a scenario file left out.
func (p *filePool) complete() {
	if p.folder != "" {
		p.dirs = 1
	}
	for _, f := range []struct {
		n      *int
		absent int
	}{{&p.dirs, 16}, {&p.files, 300}, {&p.minBytes, min(512, cmp.Or(p.maxBytes, 512))}, {&p.maxBytes, max(8192, p.minBytes)},
		{&p.minDepth, 1}, {&p.maxDepth, max(1, p.minDepth)}} {
		if *f.n == 0 {
			*f.n = f.absent
		}
	}
}

// depth is how deep directory i lies: all depths are equally frequent.
func (p filePool) depth(i int) int {
	least := max(1, p.minDepth)
	return least + i%(max(least, p.maxDepth)-least+1)
}

const (
	spareDirs      = 8 // empty directories to begin with, at the least
	maxAppendBytes = 1024
	// maxGrownBytes is how much append adds to a file before it begins it anew: without a bound a mix of appends fills the disk.
	maxGrownBytes = 64 << 10
)

// files are operations on a pool of small files, each done with plain blocking system calls.
type files struct {
	pool   filePool
	rmdirs int // in a deck: all of them may come before the first mkdir
	site   *Site

	dirs  []string
	live  []string // files that exist
	grown []int    // bytes that append added to each of live since it was begun
	empty []string // directories that rmdir may take
	made  int      // names given so far; a name is never used twice, and all are equally long

	data []byte // what is written
	buf  []byte // what is read into
	// listing is where directories are read into, nil before the first.
	listing []byte
}

func (f *files) operations() []operation {
	return []operation{
		{"create", f.create}, {"append", f.appendTo}, {"read", f.read}, {"stat", f.stat}, {"rename", f.rename},
		{"chmod", f.chmod}, {"unlink", f.unlink}, {"mkdir", f.mkdir}, {"rmdir", f.rmdir}, {"open-missing", f.openMissing},
		{"open-close", f.openClose}, {"stat-missing", f.statMissing}, {"access", f.access}, {"chown", f.chown}, {"setxattr", f.setxattr},
		{"truncate", f.truncate}, {"fsync", f.fsync}, {"link", f.link}, {"symlink", f.symlink}, {"copy", f.copy}, {"replace", f.replace},
		{"list-dir", f.listDir}, {"import", f.importModule},
	}
}

func (f *files) setup(site *Site) error {
	p := f.pool
	if p.dirs < 1 || p.files < 1 || p.minBytes < 1 || p.maxBytes < p.minBytes {
		return fmt.Errorf("file pool %+v: directories, files and sizes must be at least 1, the sizes in order", p)
	}
	f.site = site
	f.data = make([]byte, max(p.maxBytes, maxAppendBytes))
	f.buf = make([]byte, 2*len(f.data))
	for i := range f.data {
		f.data[i] = byte(site.Rand.Uint32())
	}
	if err := f.makeDirs(); err != nil {
		return err
	}
	for range max(spareDirs, f.rmdirs+1) {
		if err := f.mkdir(); err != nil {
			return err
		}
	}
	for range p.files {
		if err := f.create(); err != nil {
			return err
		}
	}
	return nil
}

// makeDirs makes the folder of the pool, or its directories.
func (f *files) makeDirs() error {
	if f.pool.folder != "" {
		return f.makeFolder()
	}
	for i := range f.pool.dirs {
		if err := f.makeDir(i); err != nil {
			return err
		}
	}
	return nil
}

// makeFolder makes the one folder with those above it. All of them must be new: what is there already is nobody knows whose, a link perhaps.
func (f *files) makeFolder() error {
	dir := f.site.Dir
	for name := range strings.SplitSeq(f.pool.folder, "/") {
		dir += "/" + name
		if err := unix.Mkdir(dir, 0o755); err != nil {
			return fmt.Errorf("make directory %s: %w", dir, err)
		}
	}
	f.dirs = append(f.dirs, dir)
	return nil
}

// makeDir makes directory i of the pool, below as many others as its depth says.
func (f *files) makeDir(i int) error {
	dir := f.site.Dir
	for range f.pool.depth(i) - 1 {
		dir += "/sub"
		if err := unix.Mkdir(dir, 0o755); err != nil && !errors.Is(err, unix.EEXIST) {
			return fmt.Errorf("make directory %s: %w", dir, err)
		}
	}
	dir = fmt.Sprintf("%s/d%03d", dir, i)
	if err := unix.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("make directory %s: %w", dir, err)
	}
	f.dirs = append(f.dirs, dir)
	return nil
}

// teardown has nothing to let go of: no file is held open, and the work directory goes as a whole.
func (f *files) teardown() error { return nil }

// fresh is a path that was never used, of the same length each time up to 10^8 names.
func (f *files) fresh(kind byte) string { return f.freshAround(f.pool.prefix, kind, f.pool.suffix) }

// freshDir is fresh for a directory: what the scenario says of names is said of files.
func (f *files) freshDir() string { return f.freshAround("", 's', "") }

func (f *files) freshAround(prefix string, kind byte, suffix string) string {
	dir := f.dirs[f.site.Rand.IntN(len(f.dirs))]
	f.made++
	path := make([]byte, 0, len(dir)+len(prefix)+len(suffix)+10)
	path = append(append(append(append(path, dir...), '/'), prefix...), kind)
	for unit := 10_000_000; unit > 0; unit /= 10 {
		path = append(path, byte('0'+f.made/unit%10))
	}
	return string(append(path, suffix...))
}

// exists takes up a file that was made.
func (f *files) exists(path string) {
	f.live, f.grown = append(f.live, path), append(f.grown, 0)
}

// room is what append may add to one file: all of them together stay within what a pool may hold.
func (f *files) room() int {
	return min(maxGrownBytes, max(maxAppendBytes, maxPoolBytes/max(1, f.pool.files)))
}

// pick chooses a file that exists.
func (f *files) pick() (int, string, error) {
	if len(f.live) == 0 {
		return 0, "", fmt.Errorf("no file left: the mix removes more than it makes")
	}
	i := f.site.Rand.IntN(len(f.live))
	return i, f.live[i], nil
}
