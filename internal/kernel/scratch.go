package kernel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// scratch is a folder that a lease's owner works in and what it makes there. Only these names are ever removed, and the folder where nothing
// else is left in it.
type scratch struct {
	Dir   string   `json:"dir"`
	Names []string `json:"names"`
}

// Scratch names what the owner is about to make below dir: a restore removes it, whoever does the restoring. dir must be absolute, and a
// folder that root alone may change; names are single path elements.
func (l *Lease) Scratch(dir string, names []string) error {
	s := scratch{Dir: dir, Names: names}
	if err := s.check(); err != nil {
		return err
	}
	return l.changeJournal(func(j *journal) { j.Scratch = append(j.Scratch, s) })
}

func (s scratch) check() error {
	if !filepath.IsAbs(s.Dir) || filepath.Clean(s.Dir) != s.Dir || s.Dir == "/" {
		return fmt.Errorf("scratch folder %q: want a clean absolute path", s.Dir)
	}
	for _, n := range s.Names {
		if n == "" || n == "." || n == ".." || filepath.Base(n) != n {
			return fmt.Errorf("scratch name %q: want one path element", n)
		}
	}
	return nil
}

// remove takes it away.
func (s scratch) remove() error {
	if err := s.check(); err != nil {
		return err
	}
	var errs []error
	for _, n := range s.Names {
		errs = append(errs, RemoveTree(filepath.Join(s.Dir, n)))
	}
	_ = os.Remove(s.Dir) // it stays where somebody keeps something else in it
	return errors.Join(errs...)
}

// removeScratch is the last of a settlement: what cannot be removed is named in the guard's log and keeps nobody from having the machine back.
func (s settlement) removeScratch() {
	for _, dir := range s.journal.Scratch {
		if err := dir.remove(); err != nil {
			fmt.Fprintf(os.Stderr, "auditprof: remove what the run made: %v\n", err)
		}
	}
}

// RemoveTree removes a folder and all in it; what is mounted at path is unmounted first. It follows no symbolic link.
func RemoveTree(path string) error {
	for unix.Unmount(path, unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW) == nil { // mounts may lie on each other; where none is left it fails
	}
	return os.RemoveAll(path)
}
