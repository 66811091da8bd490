package scenarios

import (
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// deniedName is the directory of the family, in the work directory.
const deniedName = "denied"

// denied are operations that the kernel refuses to whoever has no rights: EACCES. What they work on is the workload's own; no file of the
// host is tried.
type denied struct {
	dir, closed, readOnly, kept, fresh string
}

func (x *denied) operations() []operation {
	return []operation{
		{"open-denied", func() error { return openRefused(x.closed, unix.O_RDONLY) }},
		{"write-denied", func() error { return openRefused(x.readOnly, unix.O_WRONLY) }},
		{"create-denied", func() error { return openRefused(x.fresh, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL) }},
		{"unlink-denied", func() error { return wantDenied("unlink", x.kept, unix.Unlink(x.kept)) }},
	}
}

func (x *denied) setup(site *Site) error {
	if unix.Geteuid() == 0 {
		return errors.New("operations that are denied need a user without rights: root may do them all")
	}
	x.dir = filepath.Join(site.Dir, deniedName)
	x.closed, x.readOnly = filepath.Join(x.dir, "closed"), filepath.Join(x.dir, "read-only")
	x.kept, x.fresh = filepath.Join(x.dir, "kept"), filepath.Join(x.dir, "fresh")
	if err := unix.Mkdir(x.dir, 0o700); err != nil {
		return fmt.Errorf("make directory %s: %w", x.dir, err)
	}
	for path, mode := range map[string]uint32{x.closed: 0, x.readOnly: 0o444, x.kept: 0o644} {
		fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, mode)
		if err != nil {
			return fmt.Errorf("make %s: %w", path, err)
		}
		unix.Close(fd)
	}
	if err := unix.Chmod(x.dir, 0o555); err != nil {
		return fmt.Errorf("close %s to writers: %w", x.dir, err)
	}
	return nil
}

// teardown has nothing to let go of: the clean-up of the work directory opens it again.
func (x *denied) teardown() error { return nil }

func openRefused(path string, flags int) error {
	fd, err := unix.Open(path, flags|unix.O_CLOEXEC, 0o644)
	if err == nil {
		unix.Close(fd)
	}
	return wantDenied("open", path, err)
}

func wantDenied(call, path string, err error) error {
	if !errors.Is(err, unix.EACCES) {
		return fmt.Errorf("%s of %s, which is denied, gave %v, not %v", call, path, err, unix.EACCES)
	}
	return nil
}
