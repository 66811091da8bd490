package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// WorkName is the one entry of the data directory that is ours: everything a scenario makes lies below it.
const WorkName = "work"

// dataDir is a data directory held open. Its own clean-up goes through os.Root, which follows no link out of it.
type dataDir struct {
	path     string
	root     *os.Root
	keepWork bool // the work directory itself stays
}

// openDataDir checks the directory, wipes what a killed predecessor left and makes a fresh work directory.
func openDataDir(path string, keepWork bool) (*dataDir, error) {
	named, err := os.Lstat(path)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if !named.IsDir() {
		return nil, fmt.Errorf("data directory %s is a %s: must be a directory, not a link to one", path, named.Mode().Type())
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	d := &dataDir{path, root, keepWork}
	if err := d.prepare(named); err != nil {
		root.Close()
		return nil, err
	}
	return d, nil
}

func (d *dataDir) prepare(named os.FileInfo) error {
	opened, err := d.root.Stat(".")
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if !os.SameFile(named, opened) {
		return fmt.Errorf("data directory %s was exchanged while it was opened", d.path)
	}
	var st unix.Stat_t
	if err := unix.Stat(d.path, &st); err != nil {
		return fmt.Errorf("data directory %s: %w", d.path, err)
	}
	if int(st.Uid) != unix.Geteuid() || opened.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("data directory %s belongs to uid %d with mode %o: must belong to uid %d and be writable by nobody else",
			d.path, st.Uid, opened.Mode().Perm(), unix.Geteuid())
	}
	if err := d.wipe(); err != nil {
		return err
	}
	if err := d.root.Mkdir(WorkName, 0o700); err != nil && !(d.keepWork && errors.Is(err, fs.ErrExist)) {
		return fmt.Errorf("make work directory: %w", err)
	}
	return nil
}

// work is the path of the work directory.
func (d *dataDir) work() string { return filepath.Join(d.path, WorkName) }

func (d *dataDir) wipe() error {
	remove := []string{WorkName}
	if st, err := d.root.Lstat(WorkName); d.keepWork && err == nil && st.IsDir() {
		if remove, err = d.inWork(); err != nil {
			return fmt.Errorf("wipe %s: %w", d.work(), err)
		}
	}
	// A directory that nobody may write to (family denied) cannot be emptied before its mode is changed. Where that fails, so does the next.
	_ = d.root.Chmod(filepath.Join(WorkName, deniedName), 0o700)
	if _, err := d.root.Lstat(filepath.Join(WorkName, memberDir(0))); err == nil { // workers of a crew have one each
		for i := range maxWorkers {
			_ = d.root.Chmod(filepath.Join(WorkName, memberDir(i), WorkName, deniedName), 0o700)
		}
	}
	for _, name := range remove {
		if err := d.root.RemoveAll(name); err != nil {
			return fmt.Errorf("wipe %s: %w", d.work(), err)
		}
	}
	return nil
}

// inWork are the entries of the work directory.
func (d *dataDir) inWork() ([]string, error) {
	dir, err := d.root.Open(WorkName)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	for i, name := range names {
		names[i] = filepath.Join(WorkName, name)
	}
	return names, err
}

// close removes the work directory, or what is in it, and lets go of the data directory.
func (d *dataDir) close() error {
	err := d.wipe()
	if cerr := d.root.Close(); err == nil {
		err = cerr
	}
	return err
}
