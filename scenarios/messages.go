package scenarios

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Types of user messages (kernel include/uapi/linux/audit.h; audit-userspace lib/audit-records.h has those from 1100 on).
const (
	userAcct     = 1101
	credAcq      = 1103
	credDisp     = 1104
	userStart    = 1105
	userEnd      = 1106
	serviceStart = 1130
	serviceStop  = 1131
)

const netlinkHeaderBytes = 16

// messages are operations that send user messages to the kernel's audit, as PAM and systemd do. They take CAP_AUDIT_WRITE (kernel/audit.c:
// audit_netlink_ok). Each says in exe= and acct= that it is a workload's, since on a host whose own auditd runs they are in the host's log.
type messages struct {
	fd  int
	who string // the end of each message
	seq uint32
	buf []byte
}

func (m *messages) operations() []operation {
	return []operation{{"login-messages", m.login}, {"service-messages", m.service}}
}

func (m *messages) setup(*Site) (err error) {
	m.fd = -1
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return fmt.Errorf("own program: %w", err)
	}
	m.who = fmt.Sprintf(` exe="%.200s" hostname=? addr=? terminal=cron res=success`, exe)
	m.buf = make([]byte, 8192)
	if m.fd, err = unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_AUDIT); err != nil {
		return fmt.Errorf("make audit socket: %w: this kernel has no audit, or the namespace is not the first one", err)
	}
	return nil
}

func (m *messages) teardown() error {
	if m.fd < 0 {
		return nil
	}
	return unix.Close(m.fd)
}

func (m *messages) login() error {
	for _, c := range []struct {
		kind uint16
		text string
	}{
		{userAcct, `op=PAM:accounting grantors=pam_permit acct="auditprof"`},
		{credAcq, `op=PAM:setcred grantors=pam_permit acct="auditprof"`},
		{userStart, `op=PAM:session_open grantors=pam_unix acct="auditprof"`},
		{credDisp, `op=PAM:setcred grantors=pam_permit acct="auditprof"`},
		{userEnd, `op=PAM:session_close grantors=pam_unix acct="auditprof"`},
	} {
		if err := m.send(c.kind, c.text+m.who); err != nil {
			return err
		}
	}
	return nil
}

func (m *messages) service() error {
	for _, kind := range []uint16{serviceStart, serviceStop} {
		if err := m.send(kind, `unit=auditprof-noise comm="auditprof"`+m.who); err != nil {
			return err
		}
	}
	return nil
}

// send sends one message and waits for the kernel's answer, as libaudit does.
func (m *messages) send(kind uint16, text string) error {
	m.seq++
	size := netlinkHeaderBytes + len(text) + 1
	b := append(m.buf[:0], make([]byte, netlinkHeaderBytes)...)
	binary.NativeEndian.PutUint32(b[0:], uint32(size))
	binary.NativeEndian.PutUint16(b[4:], kind)
	binary.NativeEndian.PutUint16(b[6:], unix.NLM_F_REQUEST|unix.NLM_F_ACK)
	binary.NativeEndian.PutUint32(b[8:], m.seq)
	b = append(append(b, text...), 0)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	if err := unix.Sendto(m.fd, b, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return fmt.Errorf("send user message: %w", err)
	}
	n, _, err := unix.Recvfrom(m.fd, m.buf, 0)
	if err != nil {
		return fmt.Errorf("answer to a user message: %w", err)
	}
	return acknowledged(m.buf[:max(n, 0)], m.seq)
}

// acknowledged reads an NLMSG_ERROR, of which 0 means done (netlink(7)).
func acknowledged(b []byte, seq uint32) error {
	if len(b) < netlinkHeaderBytes+4 || binary.NativeEndian.Uint16(b[4:]) != unix.NLMSG_ERROR || binary.NativeEndian.Uint32(b[8:]) != seq {
		return fmt.Errorf("an answer of %d bytes that is none to this message", len(b))
	}
	errno := unix.Errno(-int32(binary.NativeEndian.Uint32(b[netlinkHeaderBytes:])))
	switch {
	case errno == 0:
		return nil
	case errors.Is(errno, unix.EPERM):
		return fmt.Errorf("user message: %w: it takes CAP_AUDIT_WRITE, which this process was not given: is it in the bounding set of the one that started it?", errno)
	}
	return fmt.Errorf("user message: %w", errno)
}
