package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/auditprof/auditprof/internal/livetest"
)

// A good event of the key "passwd", and one rule for it.
const (
	goodEvent = `type=SYSCALL msg=audit(1700000000.123:5): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd a2=241 a3=1b6 items=1 ppid=10 pid=11 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="vi" exe="/usr/bin/vi" key="passwd"
type=CWD msg=audit(1700000000.123:5): cwd="/root"
type=PATH msg=audit(1700000000.123:5): item=0 name="/etc/passwd" inode=77 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
type=PROCTITLE msg=audit(1700000000.123:5): proctitle="vi"
`
	oneRule = "-w /etc/passwd -p wa -k passwd\n"
)

// Whatever stands between good events: they are decided, and what is no record is counted with the place of the first line.
func TestAnalyzeOfDamagedLogs(t *testing.T) {
	for _, c := range []struct {
		name, log string
		want      []string // in the report, blanks of any length
	}{
		{"a line of 10 MB", goodEvent + "type=PATH msg=audit(1700000000.123:6): name=" + strings.Repeat("A", 10<<20) + "\n", []string{"1 line (10,485,", "too long", "audit.log:5"}},
		{"NUL bytes", goodEvent + strings.Repeat("\x00", 4096) + "\n" + goodEvent, []string{"1 line (4,097 bytes)", "audit.log:5"}},
		{"a torn last line", goodEvent + "type=SYSCALL msg=audit(17000", []string{"1 line (28 bytes)", "audit.log:5"}},
		{"binary rubbish in front", "\x7fELF\x02\x01\x01\x00\xff\xfe\n" + goodEvent, []string{"1 line (11 bytes)", "audit.log:1"}},
		{"CR at the ends of lines", strings.ReplaceAll(goodEvent, "\n", "\r\n"), []string{"a.rules:1"}},
		{"no newline anywhere", strings.ReplaceAll(goodEvent, "\n", " "), []string{"1 event,"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			put(t, "audit.log", []byte(c.log))
			put(t, "a.rules", []byte(oneRule))
			got := typed(t, "analyze", "--rules", "a.rules", "audit.log")
			report := strings.Join(strings.Fields(got.out), " ")
			if got.code != exitOK || !strings.Contains(report, "a.rules:1") {
				t.Errorf("exit %d: %s\n%s", got.code, got.err, got.out)
			}
			for _, want := range c.want {
				if !strings.Contains(report, want) {
					t.Errorf("no %q in\n%s", want, got.out)
				}
			}
		})
	}
}

// A compressed log without its end, as a copy of a log that is being packed: what is there is analyzed, and the report says so.
func TestAnalyzeOfATornGzip(t *testing.T) {
	dir := t.TempDir()
	packed := gzipped(t, []byte(strings.Repeat(goodEvent, 3000)))
	log, rules := filepath.Join(dir, "audit.log.gz"), filepath.Join(dir, "a.rules")
	put(t, log, packed[:len(packed)-100])
	put(t, rules, []byte(oneRule))
	got := typed(t, "analyze", "--rules", rules, log)
	if got.code != exitOK || !strings.Contains(got.out, "a.rules:1") || !strings.Contains(strings.Join(strings.Fields(got.out), " "), "ends before its end") {
		t.Errorf("exit %d: %s\n%s", got.code, got.err, got.out)
	}
}

// What cannot be analyzed is exit 4 with its name, and not one line on standard output.
func TestAnalyzeOfWhatIsNoLog(t *testing.T) {
	dir := t.TempDir()
	rules := filepath.Join(dir, "a.rules")
	put(t, rules, []byte(oneRule))
	put(t, filepath.Join(dir, "binary"), append([]byte("\x7fELF\x02\x01\x01\x00"), bytes.Repeat([]byte{0, 1, 0xff, 0x90}, 5000)...))
	put(t, filepath.Join(dir, "nul"), make([]byte, 1<<20))
	put(t, filepath.Join(dir, "newlines"), []byte("\n\n\n"))
	put(t, filepath.Join(dir, "xz"), []byte("\xfd7zXZ\x00\x00\x04rest"))
	put(t, filepath.Join(dir, "dir", "README"), []byte("no log"))
	if err := syscall.Mkfifo(filepath.Join(dir, "nobody"), 0); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"binary", "nul", "newlines", "xz", "dir", "nosuch"} {
		got := typed(t, "analyze", "--rules", rules, filepath.Join(dir, name))
		if got.code != exitEnvironment || got.out != "" || !strings.Contains(got.err, name) {
			t.Errorf("%s: exit %d, %q, %q", name, got.code, got.out, got.err)
		}
	}
}

// Root reads everything, so the program runs as nobody here.
func TestAnalyzeWithoutPermission(t *testing.T) {
	if os.Getuid() != 0 {
		livetest.Missing(t, "root, to become another user")
	}
	dir, err := os.MkdirTemp("", "auditprof-") // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "audit.log"), []byte(goodEvent))
	put(t, filepath.Join(dir, "a.rules"), []byte(oneRule))
	if err := os.Chmod(filepath.Join(dir, "a.rules"), 0o644); err != nil {
		t.Fatal(err)
	}
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "auditprof")
	if err := os.WriteFile(bin, self, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "analyze", "--rules", filepath.Join(dir, "a.rules"), filepath.Join(dir, "audit.log"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	cmd.Dir = "/"
	got := run(t, cmd)
	if got.code != exitEnvironment || !strings.Contains(got.err, "audit.log: permission denied") || !strings.Contains(got.err, "run as root") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}
