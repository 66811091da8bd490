//go:build linux && amd64

package matchtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Tree is the private part of the file system that actors work in: folders and files of several owners, symlinks to both, hard links, a
// setgid folder, a tmpfs and a bind mount.
type Tree struct{ Dir string }

// Make makes the tree anew. The mounts are those of the caller's thread, which should have a mount namespace of its own.
func (t Tree) Make() error {
	if err := t.Remove(); err != nil {
		return err
	}
	if err := os.MkdirAll(t.Dir, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(t.Dir, t.Dir, "", unix.MS_BIND, ""); err != nil { // a mount, so that an actor can be kept inside
		return fmt.Errorf("mount %s on itself: %w", t.Dir, err)
	}
	if err := os.Mkdir(t.path("tm"), 0o777); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", t.path("tm"), "tmpfs", 0, "size=1m"); err != nil {
		return fmt.Errorf("mount a tmpfs on %s: %w", t.path("tm"), err)
	}
	steps := []func() error{t.dirs, t.files, t.links, t.programs, t.owners}
	for _, f := range steps {
		if err := f(); err != nil {
			return fmt.Errorf("make the tree: %w", err)
		}
	}
	return unix.Mount(t.path("a/b"), t.path("bm"), "", unix.MS_BIND, "")
}

// Remove takes the tree away with its mounts.
func (t Tree) Remove() error {
	for _, m := range []string{"bm", "tm", ""} {
		if err := unix.Unmount(t.path(m), unix.MNT_DETACH); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOENT) {
			return fmt.Errorf("unmount %s: %w", t.path(m), err)
		}
	}
	return os.RemoveAll(t.Dir)
}

func (t Tree) path(name string) string { return filepath.Join(t.Dir, name) }

func (t Tree) dirs() error {
	for _, d := range treeDirs {
		if err := os.MkdirAll(t.path(d), 0o777); err != nil {
			return err
		}
	}
	return nil
}

func (t Tree) files() error {
	for _, f := range treeFiles {
		if err := os.WriteFile(t.path(f), []byte("text of "+f+"\n"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (t Tree) links() error {
	for _, l := range treeLinks {
		to := l[1]
		if to[0] == '@' {
			to = t.Dir + to[1:]
		}
		if err := os.Symlink(to, t.path(l[0])); err != nil {
			return err
		}
	}
	for _, l := range treeHard {
		if err := os.Link(t.path(l[1]), t.path(l[0])); err != nil {
			return err
		}
	}
	return nil
}

// programs are a copy of a small program, a script and something that is neither.
func (t Tree) programs() error {
	program, err := os.ReadFile("/bin/true")
	if err != nil {
		return err
	}
	for name, text := range map[string][]byte{"bin/prog": program, "bin/script": []byte("#!/bin/sh\nexit 0\n"), "bin/junk": []byte("junk\n"),
		"bin/suid": program} {
		if err := os.WriteFile(t.path(name), text, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// owners gives the parts of the tree to different people. Modes are set here since the umask is the caller's.
func (t Tree) owners() error {
	for i, f := range treeFiles {
		p := people[i%len(people)]
		if err := os.Lchown(t.path(f), p.uid, p.gid); err != nil {
			return err
		}
	}
	modes := map[string]os.FileMode{"": 0o777, "a": 0o777, "a/b": 0o777, "a/b/c": 0o777, "w": 0o777, "w/x": 0o777, "ro": 0o755, "d": 0o700,
		"sg": 0o777 | os.ModeSetgid, "tm": 0o777, "tm/td": 0o777, "a/f1": 0o666, "w/o1": 0o666, "a/b/g1": 0o666, "ro/r2": 0o600, "tm/t1": 0o666,
		"bin/junk": 0o755, "bin/suid": 0o755 | os.ModeSetuid}
	if err := os.Chown(t.path("sg"), 0, 71600); err != nil {
		return err
	}
	for name, mode := range modes {
		if err := os.Chmod(t.path(name), mode); err != nil {
			return err
		}
	}
	return nil
}
