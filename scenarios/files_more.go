package scenarios

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

func (f *files) openClose() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		err = unix.Close(fd)
	}
	return named("open", path, err)
}

func (f *files) statMissing() error { return statAbsent(f.fresh('m')) }

func statAbsent(path string) error {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("stat of missing %s gave %v, not %v", path, err, unix.ENOENT)
	}
	return nil
}

func (f *files) access() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	return named("access", path, unix.Access(path, unix.R_OK))
}

// chown changes nothing, and is recorded like one that does.
func (f *files) chown() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	return named("chown", path, unix.Chown(path, unix.Geteuid(), unix.Getegid()))
}

// setxattr: a file system without attributes of users refuses it behind the audit's entry, so the event is the same but for its success.
func (f *files) setxattr() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	err = unix.Setxattr(path, "user.auditprof", f.data[:1], 0)
	if errors.Is(err, unix.EOPNOTSUPP) {
		return nil
	}
	return named("set attribute of", path, err)
}

func (f *files) truncate() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	return named("truncate", path, unix.Truncate(path, int64(f.pool.minBytes+1)/2))
}

func (f *files) fsync() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return named("open", path, err)
	}
	_, err = unix.Write(fd, f.data[:f.pool.minBytes])
	if err == nil {
		err = unix.Fsync(fd)
	}
	return named("sync", path, errors.Join(err, unix.Close(fd)))
}

func (f *files) link() error {
	i, path, err := f.pick()
	if err != nil {
		return err
	}
	to := f.fresh('f')
	if err := unix.Link(path, to); err != nil {
		return named("link", path, err)
	}
	f.exists(to)
	f.grown[len(f.grown)-1] = f.grown[i] // it is the same file
	return nil
}

// symlink makes one, reads it and removes it: a link that stayed would point nowhere once its file is gone.
func (f *files) symlink() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	link := f.fresh('y')
	if err := unix.Symlink(path, link); err != nil {
		return named("make link", link, err)
	}
	if _, err := unix.Readlink(link, f.buf); err != nil {
		return named("read link", link, err)
	}
	return named("unlink", link, unix.Unlink(link))
}

// copy writes what it reads of one file into a new one.
func (f *files) copy() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	from, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return named("open", path, err)
	}
	defer unix.Close(from)
	var st unix.Stat_t
	if err := unix.Fstat(from, &st); err != nil {
		return named("stat", path, err)
	}
	to := f.fresh('f')
	fd, err := unix.Open(to, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0o644)
	if err != nil {
		return named("open", to, err)
	}
	n, err := unix.Read(from, f.buf)
	if err == nil {
		_, err = unix.Write(fd, f.buf[:max(n, 0)])
	}
	if err := errors.Join(err, unix.Close(fd)); err != nil {
		return named("copy", path, err)
	}
	f.exists(to)
	return nil
}

// replace writes a file anew beside the old one and renames it over that.
func (f *files) replace() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	fresh := f.fresh('n')
	fd, err := unix.Open(fresh, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return named("open", fresh, err)
	}
	size := f.pool.minBytes + f.site.Rand.IntN(f.pool.maxBytes-f.pool.minBytes+1)
	_, err = unix.Write(fd, f.data[:size])
	if err == nil {
		err = unix.Fchmod(fd, 0o644)
	}
	if err == nil {
		err = unix.Fsync(fd)
	}
	if err := errors.Join(err, unix.Close(fd)); err != nil {
		return named("write", fresh, err)
	}
	return named("rename", fresh, unix.Rename(fresh, path))
}

// named gives an error its call and path.
func named(call, path string, err error) error {
	if err != nil {
		return fmt.Errorf("%s %s: %w", call, path, err)
	}
	return nil
}
