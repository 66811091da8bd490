package kernel

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// emptyWithin bounds the wait for the queue; a restore tries it several times. Tests have less time.
var emptyWithin = 5 * time.Second

// emptyLook is the pause between two looks at the queue.
const emptyLook = 50 * time.Millisecond

// awaitEmptyQueue waits until two looks in a row find no record under way to auditd: a host that panics at a lost record
// must not get that setting back while one may still be lost. The backlog is the main queue only. What waits to be sent
// again has no number, but kauditd sends it before anything else and waits for room in auditd's socket, so a socket that
// is found empty twice says that this queue is empty too (kernel/audit.c: kauditd_thread, kauditd_send_queue).
func (b bring) awaitEmptyQueue() error {
	empty := 0
	for deadline := time.Now().Add(emptyWithin); ; pause(emptyLook) {
		b.beat()
		why, err := b.queueHolds()
		if err != nil {
			return fmt.Errorf("failure is not put back to panic: %w", err)
		}
		if empty++; why != "" {
			empty = 0
		}
		if empty == 2 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("failure is not put back to panic: after %v %s: do it when the queue is empty", emptyWithin, why)
		}
	}
}

// queueHolds says what still waits, "" for nothing.
func (b bring) queueHolds() (string, error) {
	st, err := b.door.Status()
	if err != nil {
		return "", err
	}
	if st.Backlog > 0 {
		return fmt.Sprintf("%d records wait in the kernel", st.Backlog), nil
	}
	pid, err := registered(b.door)
	switch {
	case err != nil:
		return "", err
	case pid == 0 && b.hostAuditd:
		return "", errors.New("the host's auditd ended, and records wait for it: start it first (service auditd start)")
	case pid == 0:
		return "", nil
	}
	n, err := b.door.unread(pid)
	if err != nil || n == 0 {
		return "", err
	}
	return fmt.Sprintf("auditd has %d bytes to read", n), nil
}

// unread looks at the receive queue of the process's audit socket. The kernel names sockets by their inode; the port that
// /proc/net/netlink shows need not be the pid.
func (c *Client) unread(pid int) (int64, error) {
	table, err := readBounded("/proc/net/netlink")
	if err != nil {
		return 0, fmt.Errorf("look at auditd's socket: %w", err)
	}
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("look at auditd's socket: %w", err)
	}
	sockets := map[string]bool{}
	for _, e := range entries {
		to, err := os.Readlink(dir + "/" + e.Name())
		if inode, ok := strings.CutPrefix(to, "socket:["); err == nil && ok {
			sockets[strings.TrimSuffix(inode, "]")] = true
		}
	}
	return auditSocketBytes(string(table), sockets)
}

// netlinkAudit is NETLINK_AUDIT, the number in the column Eth of /proc/net/netlink.
const netlinkAudit = "9"

// auditSocketBytes adds up the column Rmem of the audit sockets with these inodes (net/netlink/af_netlink.c:
// netlink_seq_show). Without one of them it cannot tell.
func auditSocketBytes(table string, inodes map[string]bool) (int64, error) {
	var sum int64
	found := false
	for line := range strings.Lines(table) {
		f := strings.Fields(line) // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
		if len(f) < 10 || f[1] != netlinkAudit || !inodes[f[9]] {
			continue
		}
		n, err := strconv.ParseInt(f[4], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("look at auditd's socket: %w", err)
		}
		found, sum = true, sum+n
	}
	if !found {
		return 0, errors.New("look at auditd's socket: it is not listed in /proc/net/netlink: is auditd in another network namespace?")
	}
	return sum, nil
}
