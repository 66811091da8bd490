package scenarios

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

func (f *files) create() error {
	path := f.fresh('f')
	size := f.pool.minBytes + f.site.Rand.IntN(f.pool.maxBytes-f.pool.minBytes+1)
	if err := f.write(path, unix.O_CREAT|unix.O_EXCL, size); err != nil {
		return err
	}
	f.exists(path)
	return nil
}

// appendTo makes a file longer. One that would grow beyond its room is begun anew by the same calls: the flags differ.
func (f *files) appendTo() error {
	i, path, err := f.pick()
	if err != nil {
		return err
	}
	flags, size := unix.O_APPEND, 1+f.site.Rand.IntN(maxAppendBytes)
	if f.grown[i]+size > f.room() {
		flags, f.grown[i] = flags|unix.O_TRUNC, 0
	}
	f.grown[i] += size
	return f.write(path, flags, size)
}

// write opens, writes once and closes.
func (f *files) write(path string, flags, size int) error {
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CLOEXEC|flags, 0o644)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	n, err := unix.Write(fd, f.data[:size])
	if cerr := unix.Close(fd); err == nil {
		err = cerr
	}
	if err == nil && n != size {
		err = fmt.Errorf("%d of %d bytes written", n, size)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// read takes the beginning of a file, all of it where it was not appended to many times.
func (f *files) read() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	_, err = unix.Read(fd, f.buf)
	if cerr := unix.Close(fd); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

func (f *files) stat() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return fmt.Errorf("stat %s: %w", path, err)
	}
	return nil
}

func (f *files) rename() error {
	i, path, err := f.pick()
	if err != nil {
		return err
	}
	to := f.fresh('f')
	if err := unix.Rename(path, to); err != nil {
		return fmt.Errorf("rename %s to %s: %w", path, to, err)
	}
	f.live[i] = to
	return nil
}

func (f *files) chmod() error {
	_, path, err := f.pick()
	if err != nil {
		return err
	}
	modes := [...]uint32{0o600, 0o640, 0o644}
	if err := unix.Chmod(path, modes[f.site.Rand.IntN(len(modes))]); err != nil {
		return fmt.Errorf("chmod %s: %w", path, err)
	}
	return nil
}

func (f *files) unlink() error {
	i, path, err := f.pick()
	if err != nil {
		return err
	}
	if err := unix.Unlink(path); err != nil {
		return fmt.Errorf("unlink %s: %w", path, err)
	}
	last := len(f.live) - 1
	f.live[i], f.grown[i] = f.live[last], f.grown[last]
	f.live, f.grown = f.live[:last], f.grown[:last]
	return nil
}

func (f *files) mkdir() error {
	path := f.freshDir()
	if err := unix.Mkdir(path, 0o755); err != nil {
		return fmt.Errorf("make directory %s: %w", path, err)
	}
	f.empty = append(f.empty, path)
	return nil
}

func (f *files) rmdir() error {
	last := len(f.empty) - 1
	if last < 0 {
		return errors.New("no directory left: the mix removes more than it makes")
	}
	path := f.empty[last]
	if err := unix.Rmdir(path); err != nil {
		return fmt.Errorf("remove directory %s: %w", path, err)
	}
	f.empty = f.empty[:last]
	return nil
}

// openMissing looks for a file that is not there, as programs do along a search path.
func (f *files) openMissing() error {
	path := f.fresh('m')
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		unix.Close(fd)
	}
	if !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("open of missing %s gave %v, not %v", path, err, unix.ENOENT)
	}
	return nil
}
