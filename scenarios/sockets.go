package scenarios

import (
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// maxSocketPath is what sun_path holds with its final zero byte (unix(7)).
const maxSocketPath = 107

// sockets are operations that connect over loopback and Unix sockets. All sockets block: the net package's would show up in the log as
// connects that fail with EINPROGRESS.
//
// An accepted connection is read until the acceptor has closed it. So client and acceptor go in step, no listen queue overflows however slow
// rules make accept, and every accept happens inside the window.
type sockets struct {
	open     *unix.SockaddrInet4
	closed   *unix.SockaddrInet4
	local    *unix.SockaddrUnix
	missing  *unix.SockaddrUnix
	closedFD int
	tcp      *acceptor
	unix     *acceptor
	buf      []byte
}

func (s *sockets) operations() []operation {
	return []operation{
		{"tcp-accepted", s.tcpAccepted}, {"tcp-refused", s.tcpRefused},
		{"unix-accepted", s.unixAccepted}, {"unix-missing", s.unixMissing},
	}
}

func (s *sockets) setup(site *Site) error {
	s.closedFD = -1
	s.buf = make([]byte, 16)
	s.local = &unix.SockaddrUnix{Name: filepath.Join(site.Dir, "app.sock")}
	s.missing = &unix.SockaddrUnix{Name: filepath.Join(site.Dir, "nscd", "socket")}
	if n := len(s.missing.Name); n > maxSocketPath {
		return fmt.Errorf("socket path %s has %d bytes, the kernel takes %d: use a shorter data directory", s.missing.Name, n, maxSocketPath)
	}
	fd, open, err := bindTCP()
	if err != nil {
		return err
	}
	s.open = open
	if s.tcp, err = listen(fd); err != nil {
		return err
	}
	// Bound and never listening: whatever connects is refused, and nobody else can take the port.
	if s.closedFD, s.closed, err = bindTCP(); err != nil {
		return err
	}
	s.unix, err = acceptUnix(s.local)
	return err
}

func (s *sockets) teardown() error {
	err := errors.Join(s.tcp.stop(), s.unix.stop())
	if s.closedFD >= 0 {
		err = errors.Join(err, unix.Close(s.closedFD))
	}
	return err
}

func (s *sockets) tcpAccepted() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("make TCP socket: %w", err)
	}
	// Reset instead of TIME_WAIT: thousands of connections a second would use up the ports.
	err = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
	if err == nil {
		err = s.converse(fd, s.open)
	}
	return closing(fd, err, "TCP connection", s.tcp)
}

func (s *sockets) unixAccepted() error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("make Unix socket: %w", err)
	}
	return closing(fd, s.converse(fd, s.local), "Unix connection", s.unix)
}

// converse connects and reads to the end, which the acceptor sends by closing.
func (s *sockets) converse(fd int, to unix.Sockaddr) error {
	if err := unix.Connect(fd, to); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	n, err := unix.Read(fd, s.buf)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if n != 0 {
		return fmt.Errorf("read %d bytes: another program listens here", n)
	}
	return nil
}

// closing closes fd and, where something failed, names it together with what the acceptor says.
func closing(fd int, err error, what string, a *acceptor) error {
	err = errors.Join(err, unix.Close(fd))
	if err != nil {
		return fmt.Errorf("%s: %w", what, errors.Join(err, a.failure()))
	}
	return nil
}

func (s *sockets) tcpRefused() error {
	return refused(unix.AF_INET, s.closed, unix.ECONNREFUSED)
}

func (s *sockets) unixMissing() error {
	return refused(unix.AF_UNIX, s.missing, unix.ENOENT)
}

// refused connects to where nobody is and insists on being told so.
func refused(domain int, to unix.Sockaddr, want error) error {
	fd, err := unix.Socket(domain, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("make socket: %w", err)
	}
	got := unix.Connect(fd, to)
	if err := unix.Close(fd); err != nil {
		return fmt.Errorf("close socket: %w", err)
	}
	if !errors.Is(got, want) {
		return fmt.Errorf("connect where nobody listens gave %v, not %v", got, want)
	}
	return nil
}
