package kernel

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
	"unsafe"

	libaudit "github.com/elastic/go-libaudit/v2"
	"golang.org/x/sys/unix"
)

// replyWithin bounds the wait for one reply. The kernel answers at once; a slow one is an overloaded machine.
const replyWithin = 10 * time.Second

// Client is a control connection to the kernel's audit system: go-libaudit's client on a socket of ours.
// It serves one goroutine; open another Client for another.
type Client struct {
	audit *libaudit.AuditClient
}

// Open connects and proves with one status request that this process may control auditing.
// Errors: ErrNoPrivilege, ErrNoAudit, ErrNamespace.
func Open() (*Client, error) {
	root := os.Geteuid() == 0
	s, err := openSocket()
	if err != nil {
		return nil, fmt.Errorf("open audit: %w", explainOpen(err, root))
	}
	c := &Client{audit: &libaudit.AuditClient{Netlink: s}}
	if _, err := c.Status(); err != nil {
		c.Close()
		return nil, fmt.Errorf("open audit: %w", explainOpen(err, root))
	}
	return c, nil
}

// Close gives the socket back. The Client is of no use afterwards.
func (c *Client) Close() error { return c.audit.Close() }

// request sends one message and waits for its acknowledgement; the result is the sequence number of the replies.
// A refusal is the kernel's errno, unwrapped.
func (c *Client) request(typ uint16, data []byte) (uint32, error) {
	seq, err := c.audit.Netlink.Send(syscall.NetlinkMessage{
		Header: syscall.NlMsghdr{Type: typ, Flags: unix.NLM_F_REQUEST | unix.NLM_F_ACK},
		Data:   data,
	})
	if err != nil {
		return 0, err
	}
	return seq, c.acknowledged(seq)
}

func (c *Client) acknowledged(seq uint32) error {
	msg, err := c.receive(seq)
	if err != nil {
		return err
	}
	if msg.Header.Type != unix.NLMSG_ERROR {
		return fmt.Errorf("got message type %d where an acknowledgement was due", msg.Header.Type)
	}
	return libaudit.ParseNetlinkError(msg.Data)
}

// receive waits for the next message that answers request seq. Answers to requests given up earlier are dropped.
func (c *Client) receive(seq uint32) (syscall.NetlinkMessage, error) {
	for {
		msgs, err := c.audit.Netlink.Receive(false, parseMessage)
		if err != nil && !errors.Is(err, unix.EINTR) && !errors.Is(err, unix.EAGAIN) {
			return syscall.NetlinkMessage{}, fmt.Errorf("receive from the kernel: %w", err)
		}
		if err == nil && msgs[0].Header.Seq == seq {
			return msgs[0], nil
		}
	}
}

// parseMessage copies one message out of the read buffer. Audit sends one message per datagram.
func parseMessage(buf []byte) ([]syscall.NetlinkMessage, error) {
	if len(buf) < unix.NLMSG_HDRLEN {
		return nil, fmt.Errorf("%d bytes are no netlink message", len(buf))
	}
	return []syscall.NetlinkMessage{{
		Header: *(*syscall.NlMsghdr)(unsafe.Pointer(&buf[0])),
		Data:   append([]byte(nil), buf[unix.NLMSG_HDRLEN:]...),
	}}, nil
}

// pause sleeps on the calling thread. time.Sleep would need other threads of this process to run,
// and those may be held back by the audit backlog when the guard restores.
func pause(d time.Duration) {
	ts := unix.NsecToTimespec(d.Nanoseconds())
	_ = unix.Nanosleep(&ts, nil) // a signal only shortens it: every caller loops with a deadline
}
