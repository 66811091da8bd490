package sample

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/livetest"
	"golang.org/x/sys/unix"
)

// tree writes files below a new folder and gives a Proc that reads it.
func tree(t *testing.T, files map[string]string) Proc {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Proc{Root: root}
}

func TestCPUSumsThreads(t *testing.T) {
	p := tree(t, map[string]string{
		"7/task/7/schedstat": "1000000123 55 9\n",
		"7/task/8/schedstat": "77 1 1\n",
		"8/task/8/schedstat": "5 1 1\n",
	})
	if ns, err := p.CPUNs(7); err != nil || ns != 1000000200 {
		t.Errorf("got %d, %v; want both threads of process 7", ns, err)
	}
	if _, err := p.CPUNs(9); err == nil || !strings.Contains(err.Error(), "process 9") {
		t.Errorf("a process that is gone: got %v", err)
	}
}

func TestOwnCPUGrows(t *testing.T) {
	var p Proc
	before, err := p.CPUNs(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	x := 1
	for i := range 20_000_000 {
		x = x*31 + i
	}
	after, err := p.CPUNs(os.Getpid())
	if err != nil || after <= before {
		t.Errorf("cpu time went from %d to %d (%v) over a loop that ended at %d", before, after, err, x)
	}
}

func TestPeakRSSFallsAfterReset(t *testing.T) {
	var p Proc
	b := make([]byte, 64<<20)
	for i := range b {
		b[i] = 1
	}
	high, err := p.PeakRSSBytes(os.Getpid())
	if err != nil || high < 64<<20 {
		t.Errorf("peak %d, %v with 64 MiB in use", high, err)
	}
	if _, err := p.WriteCalls(os.Getpid()); err != nil {
		t.Error(err)
	}
}

func TestMulticastInodes(t *testing.T) {
	table := "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n" +
		"000000003e56cebe 9   0          00000000 0        0        0     2        0        6       \n" +
		"00000000aaaaaaaa 9   341        00000001 0        0        0     2        0        15821   \n" +
		"00000000bbbbbbbb 0   341        00000011 0        0        0     2        0        15822   \n"
	got := multicastInodes([]byte(table))
	if len(got) != 1 || !got["15821"] {
		t.Errorf("got %v, want only the audit socket that joined a group", got)
	}
}

func TestReadersAreFoundByTheirSocket(t *testing.T) {
	p := tree(t, map[string]string{
		"net/netlink": "h\nsk 9 1 00000001 0 0 0 2 0 42\n",
		"100/comm":    "systemd-journal\n",
		"200/comm":    "other\n",
	})
	for pid, to := range map[string]string{"100": "socket:[42]", "200": "socket:[43]"} {
		dir := filepath.Join(p.Root, pid, "fd")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(dir, "3")); err != nil {
			t.Fatal(err)
		}
	}
	pids, err := p.AuditReaders()
	if err != nil || len(pids) != 1 || pids[0] != 100 || p.Comm(100) != "systemd-journal" {
		t.Errorf("got %v, %v; want process 100", pids, err)
	}
	if got := p.Named("other"); len(got) != 1 || got[0] != 200 {
		t.Errorf("Named: got %v", got)
	}
}

func TestPressureAndHZ(t *testing.T) {
	if v := parsePressure([]byte("some avg10=6.31 avg60=1.66 avg300=0.56 total=3526534\n")); v != 6.31 {
		t.Errorf("pressure %v", v)
	}
	if v := parseStalled([]byte("some avg10=6.31 avg60=1.66 avg300=0.56 total=3526534\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n")); v != 3.526534 {
		t.Errorf("stalled %v s", v)
	}
	if v := parseStalled([]byte("full avg10=0.00 total=7\nsome total=x\n")); v != 0 {
		t.Errorf("stalled %v s of lines that do not say", v)
	}
	if hz := parseHZ(strings.NewReader("# CONFIG_HZ_100 is not set\nCONFIG_HZ_250=y\nCONFIG_HZ=250\n")); hz != 250 {
		t.Errorf("HZ %d", hz)
	}
	p := tree(t, map[string]string{"comm": ""})
	if hz := p.HZ(filepath.Join(p.Root, "absent")); hz != SafeHZ {
		t.Errorf("a kernel that tells nothing: HZ %d, want the safe %d", hz, SafeHZ)
	}
}

func TestStealShare(t *testing.T) {
	a, b := CPUTimes{TotalSec: 100, StealSec: 1}, CPUTimes{TotalSec: 110, StealSec: 2}
	if got := StealShare(a, b); got != 0.1 {
		t.Errorf("got %v", got)
	}
	if got := StealShare(a, a); got != 0 {
		t.Errorf("no time passed: got %v", got)
	}
}

func TestThisHost(t *testing.T) {
	var p Proc
	h := p.ThisHost()
	if h.Kernel == "" || h.CPUs < 1 || h.MemoryBytes == 0 || h.HZ < 100 {
		t.Errorf("host %+v", h)
	}
}

func TestNoJournal(t *testing.T) {
	p := tree(t, map[string]string{
		"fs/ext4/vda/journal_task":   "<none>\n",
		"fs/ext4/sdb1/journal_task":  "312\n",
		"fs/ext4/sdc/something_else": "",
		"dev/block/keep":             "",
	})
	for dev, to := range map[string]string{"254:0": "../../devices/virtio/vda", "8:17": "../../devices/sdb/sdb1", "8:32": "../../devices/sdc"} {
		if err := os.Symlink(to, filepath.Join(p.Root, "dev", "block", dev)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		major, minor uint32
		want         bool
	}{{254, 0, true}, {8, 17, false}, {8, 32, false}, {9, 9, false}} {
		if got := noJournal(p.Root, c.major, c.minor); got != c.want {
			t.Errorf("device %d:%d: %t, want %t", c.major, c.minor, got, c.want)
		}
	}
}

// A process that joins the audit multicast group, as journald does, is found on the real machine.
func TestThisProcessAsAReader(t *testing.T) {
	if os.Geteuid() != 0 {
		livetest.Missing(t, "root, to join the kernel's audit multicast group (CAP_AUDIT_READ)")
	}
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_AUDIT)
	if err != nil {
		livetest.Missing(t, "a kernel with audit: "+err.Error())
	}
	defer unix.Close(fd)
	const readLog = 1 // AUDIT_NLGRP_READLOG
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: 1 << (readLog - 1)}); err != nil {
		t.Fatal(err)
	}
	pids, err := Proc{}.AuditReaders()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(pids, os.Getpid()) {
		t.Errorf("readers %v, this process is %d", pids, os.Getpid())
	}
}
