package sample

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// netlinkAudit is NETLINK_AUDIT (include/uapi/linux/netlink.h).
const netlinkAudit = "9"

// AuditReaders lists the processes that get a copy of every audit record through the multicast group: journald where its audit socket is
// on, log agents. Each of them costs CPU for every record that auditd writes, and kauditd a copy.
func (p Proc) AuditReaders() ([]int, error) {
	b, err := os.ReadFile(p.path("net", "netlink"))
	if err != nil {
		return nil, err
	}
	inodes := multicastInodes(b)
	if len(inodes) == 0 {
		return nil, nil
	}
	return p.owners(inodes), nil
}

// multicastInodes reads the sockets of protocol audit that have joined a group
// (net/netlink/af_netlink.c: netlink_native_seq_show; columns sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode).
func multicastInodes(table []byte) map[string]bool {
	inodes := map[string]bool{}
	for line := range bytes.Lines(table) {
		f := strings.Fields(string(line))
		if len(f) < 10 || f[1] != netlinkAudit || strings.Trim(f[3], "0") == "" {
			continue
		}
		inodes[f[9]] = true
	}
	return inodes
}

// owners finds the processes that hold one of the sockets.
func (p Proc) owners(inodes map[string]bool) []int {
	links, _ := filepath.Glob(p.path("[0-9]*", "fd", "*"))
	var pids []int
	seen := map[int]bool{}
	for _, l := range links {
		to, err := os.Readlink(l)
		if err != nil {
			continue
		}
		inode, ok := strings.CutPrefix(to, "socket:[")
		if !ok || !inodes[strings.TrimSuffix(inode, "]")] {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(l))))
		if err == nil && !seen[pid] {
			seen[pid] = true
			pids = append(pids, pid)
		}
	}
	return pids
}
