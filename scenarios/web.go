package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

const pageBytes = 4096

// webRequest is all that the client says; the server reads it and answers with a page from a file, as a web server without a cache.
var webRequest = []byte("GET /page HTTP/1.0\r\nHost: localhost\r\n\r\n")

// web are requests to a small HTTP server over loopback. The server is a thread of the workload, so its CPU counts, and what it waits for
// because of audit is in the client's latency.
type web struct {
	server *acceptor
	at     *unix.SockaddrInet4
	page   string
	answer []byte // the client's room
	asked  []byte // the server's
	reply  []byte
}

func (w *web) operations() []operation { return []operation{{"http-get", w.get}} }

func (w *web) setup(site *Site) error {
	w.page = filepath.Join(site.Dir, "page")
	fd, err := unix.Open(w.page, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0o644)
	if err != nil {
		return fmt.Errorf("make %s: %w", w.page, err)
	}
	_, err = unix.Write(fd, bytes.Repeat([]byte("p"), pageBytes))
	if err = errors.Join(err, unix.Close(fd)); err != nil {
		return fmt.Errorf("write %s: %w", w.page, err)
	}
	head := fmt.Sprintf("HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n", pageBytes)
	w.reply = append([]byte(head), make([]byte, pageBytes)...)
	w.answer, w.asked = make([]byte, 2*pageBytes), make([]byte, 1024)
	listening, at, err := bindTCP()
	if err != nil {
		return err
	}
	w.at = at
	w.server, err = listenAndServe(listening, w.serve)
	return err
}

func (w *web) teardown() error { return w.server.stop() }

// serve answers one request. It runs on the server's thread, alone.
func (w *web) serve(fd int) error {
	n, err := unix.Read(fd, w.asked)
	if err == nil && !bytes.Equal(w.asked[:max(n, 0)], webRequest) {
		err = fmt.Errorf("a request of %d bytes that the client did not send: another program connected", n)
	}
	if err == nil {
		err = w.readPage()
	}
	if err == nil {
		_, err = unix.Write(fd, w.reply)
	}
	return errors.Join(err, unix.Close(fd))
}

func (w *web) readPage() error {
	page, err := unix.Open(w.page, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", w.page, err)
	}
	n, err := unix.Read(page, w.reply[len(w.reply)-pageBytes:])
	return whole("read "+w.page, n, pageBytes, errors.Join(err, unix.Close(page)))
}

func (w *web) get() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("make TCP socket: %w", err)
	}
	// Reset instead of TIME_WAIT: thousands of connections a second would use up the ports.
	err = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
	if err == nil {
		err = w.ask(fd)
	}
	return closing(fd, err, "HTTP request", w.server)
}

func (w *web) ask(fd int) error {
	if err := unix.Connect(fd, w.at); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	if _, err := unix.Write(fd, webRequest); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	got := 0
	for {
		n, err := unix.Read(fd, w.answer)
		if err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		if n == 0 {
			break
		}
		got += n
	}
	if got != len(w.reply) {
		return fmt.Errorf("%d bytes of an answer of %d", got, len(w.reply))
	}
	return nil
}
