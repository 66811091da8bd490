package scenarios

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

const (
	maxListed     = 32 // entries of a directory that list-dir asks about
	missesOfOne   = 5  // directories of a search path in which a module is not
	direntRoom    = 8192
	moduleVariant = 'm'
)

// listDir is what find does with a directory.
func (f *files) listDir() error {
	dir := f.dirs[f.site.Rand.IntN(len(f.dirs))]
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return named("open", dir, err)
	}
	return named("list", dir, errors.Join(f.list(fd), unix.Close(fd)))
}

func (f *files) list(fd int) error {
	if f.listing == nil {
		f.listing = make([]byte, direntRoom)
	}
	var entries []string
	for {
		n, err := unix.Getdents(fd, f.listing)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if len(entries) < maxListed {
			_, _, entries = unix.ParseDirent(f.listing[:n], maxListed-len(entries), entries)
		}
	}
	var st unix.Stat_t
	for _, name := range entries {
		if err := unix.Fstatat(fd, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
			return err
		}
	}
	return nil
}

// importModule looks for a module in one directory after the other, as an interpreter does along its path, and reads it in the last.
func (f *files) importModule() error {
	for range missesOfOne {
		path := f.fresh(moduleVariant)
		if err := statAbsent(path); err != nil {
			return err
		}
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			unix.Close(fd)
		}
		if !errors.Is(err, unix.ENOENT) {
			return fmt.Errorf("open of missing %s gave %v, not %v", path, err, unix.ENOENT)
		}
	}
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return named("open", path, err)
	}
	var st unix.Stat_t
	err = unix.Fstat(fd, &st)
	if err == nil {
		_, err = unix.Read(fd, f.buf)
	}
	return named("read", path, errors.Join(err, unix.Close(fd)))
}
