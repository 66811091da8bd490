package scenarios

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// acceptor takes connections on a thread of its own and serves each, one after the other.
type acceptor struct {
	fd       int
	serve    func(fd int) error // closes fd
	stopping atomic.Bool
	err      atomic.Pointer[error]
	done     chan struct{}
}

// bindTCP makes a socket on a free loopback port and says which.
func bindTCP() (int, *unix.SockaddrInet4, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, nil, fmt.Errorf("make TCP socket: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		unix.Close(fd)
		return -1, nil, fmt.Errorf("bind to 127.0.0.1: %w: is the loopback interface up?", err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		unix.Close(fd)
		return -1, nil, fmt.Errorf("read own port: %w", err)
	}
	return fd, name.(*unix.SockaddrInet4), nil
}

func acceptUnix(at *unix.SockaddrUnix) (*acceptor, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("make Unix socket: %w", err)
	}
	if err := unix.Bind(fd, at); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("bind to %s: %w", at.Name, err)
	}
	return listen(fd)
}

// listen starts an acceptor on a bound socket that closes every connection at once. The socket is the acceptor's from then on, also after an error.
func listen(fd int) (*acceptor, error) { return listenAndServe(fd, unix.Close) }

// listenAndServe is listen with another service.
func listenAndServe(fd int, serve func(fd int) error) (*acceptor, error) {
	if err := unix.Listen(fd, 128); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("listen: %w", err)
	}
	a := &acceptor{fd: fd, serve: serve, done: make(chan struct{})}
	go a.accept()
	return a, nil
}

// accept never unlocks its thread, so the thread ends with it.
func (a *acceptor) accept() {
	defer close(a.done)
	runtime.LockOSThread()
	for {
		fd, _, err := unix.Accept4(a.fd, unix.SOCK_CLOEXEC)
		if err == nil {
			err = a.serve(fd)
		}
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			if !a.stopping.Load() {
				err = fmt.Errorf("accept: %w", err)
				a.err.Store(&err)
				unix.Shutdown(a.fd, unix.SHUT_RDWR) // refuse further clients rather than leave them waiting
			}
			return
		}
	}
}

// failure is why the acceptor gave up, nil while it works.
func (a *acceptor) failure() error {
	if a == nil {
		return nil
	}
	if err := a.err.Load(); err != nil {
		return *err
	}
	return nil
}

// stop wakes the acceptor out of accept, waits for it and closes its socket.
func (a *acceptor) stop() error {
	if a == nil {
		return nil
	}
	a.stopping.Store(true)
	unix.Shutdown(a.fd, unix.SHUT_RDWR)
	<-a.done
	return errors.Join(a.failure(), unix.Close(a.fd))
}
