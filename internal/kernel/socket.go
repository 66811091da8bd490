package kernel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	libaudit "github.com/elastic/go-libaudit/v2"
	"golang.org/x/sys/unix"
)

// receiveBuffer holds a listing of some 25,000 rules. The kernel sends a listing from a thread of its own that waits
// 100 ms for room and then throws a rule away (kernel/audit.c: audit_net_init sets sk_sndtimeo): seen on a busy machine
// with the usual 208 KiB.
const receiveBuffer = 64 << 20

// maxMessage is a netlink header and go-libaudit's longest message, and room for the header that an error repeats.
const maxMessage = libaudit.AuditMessageMaxLength + 2*unix.NLMSG_HDRLEN + 4

// socket is the netlink socket under go-libaudit's client, in place of its own: that one has the usual receive buffer,
// and its descriptor cannot be polled from outside.
type socket struct {
	fd  int
	seq uint32
	buf [maxMessage]byte
}

var _ libaudit.NetlinkSendReceiver = (*socket)(nil)

func openSocket() (*socket, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_AUDIT)
	if err != nil {
		return nil, fmt.Errorf("open a netlink socket: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("bind a netlink socket: %w", err)
	}
	// Without the right to it (not root) opening fails at the first message anyway, with a better reason.
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, receiveBuffer)
	return &socket{fd: fd}, nil
}

// Send sends one message to the kernel and returns its sequence number.
func (s *socket) Send(msg syscall.NetlinkMessage) (uint32, error) { return s.send(msg, 0) }

// SendNoWait is Send that fails with EAGAIN where it would wait.
func (s *socket) SendNoWait(msg syscall.NetlinkMessage) (uint32, error) {
	return s.send(msg, unix.MSG_DONTWAIT)
}

func (s *socket) send(msg syscall.NetlinkMessage, flags int) (uint32, error) {
	s.seq++
	b := rawMessage(msg.Header.Type, msg.Header.Flags, s.seq, msg.Data)
	for {
		err := unix.Sendto(s.fd, b, flags, &unix.SockaddrNetlink{Family: unix.AF_NETLINK})
		if !errors.Is(err, unix.EINTR) {
			return s.seq, err
		}
	}
}

// rawMessage is a netlink message with its header.
func rawMessage(typ, flags uint16, seq uint32, data []byte) []byte {
	b := make([]byte, unix.NLMSG_HDRLEN, unix.NLMSG_HDRLEN+len(data))
	binary.NativeEndian.PutUint32(b, uint32(cap(b)))
	binary.NativeEndian.PutUint16(b[4:], typ)
	binary.NativeEndian.PutUint16(b[6:], flags)
	binary.NativeEndian.PutUint32(b[8:], seq)
	return append(b, data...)
}

// Receive takes the next message. Blocking waits up to replyWithin and fails with os.ErrDeadlineExceeded.
func (s *socket) Receive(nonBlocking bool, parse libaudit.NetlinkParser) ([]syscall.NetlinkMessage, error) {
	if !nonBlocking {
		if err := s.await(replyWithin); err != nil {
			return nil, err
		}
	}
	n, from, err := unix.Recvfrom(s.fd, s.buf[:], unix.MSG_DONTWAIT)
	if err != nil {
		return nil, err
	}
	if a, ok := from.(*unix.SockaddrNetlink); !ok || a.Pid != 0 {
		return nil, errors.New("a message on the audit socket is not from the kernel")
	}
	return parse(s.buf[:n])
}

// await waits until there is something to receive.
func (s *socket) await(within time.Duration) error {
	fds := []unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLIN}}
	for deadline := time.Now().Add(within); ; {
		left := time.Until(deadline)
		if left <= 0 {
			return fmt.Errorf("the kernel did not answer within %v: %w", within, os.ErrDeadlineExceeded)
		}
		n, err := unix.Poll(fds, int(left.Milliseconds())+1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		if err == nil && n > 0 {
			return nil
		}
	}
}

// Close closes the descriptor.
func (s *socket) Close() error { return unix.Close(s.fd) }
