package scenarios

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// streams are operations on files that are open all the time: no path is looked up, no name collected.
type streams struct {
	bytes      int
	zero, null int
	buf        []byte
}

func (s *streams) operations() []operation {
	return []operation{{"read-zero", s.readZero}, {"write-null", s.writeNull}}
}

func (s *streams) setup(*Site) (err error) {
	s.zero, s.null = -1, -1
	s.buf = make([]byte, max(1, s.bytes))
	if s.zero, err = unix.Open("/dev/zero", unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
		return fmt.Errorf("open /dev/zero: %w", err)
	}
	if s.null, err = unix.Open("/dev/null", unix.O_WRONLY|unix.O_CLOEXEC, 0); err != nil {
		return fmt.Errorf("open /dev/null: %w", err)
	}
	return nil
}

func (s *streams) teardown() error {
	var err error
	for _, fd := range []int{s.zero, s.null} {
		if fd >= 0 {
			err = errors.Join(err, unix.Close(fd))
		}
	}
	return err
}

func (s *streams) readZero() error {
	n, err := unix.Read(s.zero, s.buf)
	return whole("read /dev/zero", n, len(s.buf), err)
}

func (s *streams) writeNull() error {
	n, err := unix.Write(s.null, s.buf)
	return whole("write /dev/null", n, len(s.buf), err)
}

func whole(what string, n, want int, err error) error {
	if err != nil || n != want {
		return fmt.Errorf("%s: %d of %d bytes: %w", what, n, want, err)
	}
	return nil
}
