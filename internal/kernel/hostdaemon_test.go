package kernel

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hostDaemon is an auditd that a test started as the host's own.
type hostDaemon struct {
	process process
	dir     string
	log     string
	pidFile os.FileInfo
}

// startHost runs auditd with the installed auditd.conf, but for its log, its plugin directory and what change says.
func startHost(t *testing.T, c *Client, change func(*auditdConf)) *hostDaemon {
	t.Helper()
	text, err := readSmall("/etc/audit/auditd.conf")
	if err != nil {
		t.Fatal(err)
	}
	h := &hostDaemon{dir: t.TempDir()}
	h.log = filepath.Join(h.dir, "log", "audit.log")
	conf := parseAuditdConf(text)
	conf.set("log_file", h.log)
	conf.set("plugin_dir", filepath.Join(h.dir, "plugins.d"))
	if change != nil {
		change(&conf)
	}
	for _, dir := range []string{filepath.Dir(h.log), filepath.Join(h.dir, "plugins.d")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	h.writeConf(t, conf)
	program, err := findProgram("auditd")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-n", "-s", "nochange", "-c", h.dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h.process = mustIdentify(cmd.Process.Pid)
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		endAuditd(h.process, 2*time.Second)
		<-ended
		if _, err := registered(c); err != nil { // clears the pid of one that was killed
			t.Error(err)
		}
		os.Remove(auditdPIDFile)
	})
	h.awaitRegistered(t, c)
	if h.pidFile, err = os.Stat(auditdPIDFile); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *hostDaemon) writeConf(t *testing.T, conf auditdConf) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(h.dir, "auditd.conf"), []byte(conf.text()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (h *hostDaemon) awaitRegistered(t *testing.T, c *Client) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; pause(5 * time.Millisecond) {
		if st, err := c.Status(); err == nil && int(st.PID) == h.process.PID {
			pause(swallows + 10*time.Millisecond)
			return
		}
		if !h.process.alive() || time.Now().After(deadline) {
			t.Fatal("the host's auditd did not start")
		}
	}
}

// unharmed fails the test where the host's auditd is not what it was, or the kernel not in this state.
func (h *hostDaemon) unharmed(t *testing.T, c *Client, want State) {
	t.Helper()
	got, err := snapshot(c)
	if err != nil {
		t.Fatal(err)
	}
	if diffs := differences(want, got); len(diffs) > 0 {
		t.Errorf("state differs: %s", strings.Join(diffs, "; "))
	}
	if st, err := h.process.stat(); err != nil || st.state == 'T' {
		t.Errorf("the host's auditd: %v, state %c", err, st.state)
	}
	if st, err := c.Status(); err != nil || int(st.PID) != h.process.PID {
		t.Errorf("registered is pid %d, %v, want %d", st.PID, err, h.process.PID)
	}
	now, err := os.Stat(auditdPIDFile)
	if err != nil || !os.SameFile(now, h.pidFile) || !now.ModTime().Equal(h.pidFile.ModTime()) {
		t.Errorf("the pid file was touched (%v)", err)
	}
	if rcu, err := readRCU(); err != nil || rcu != "0" {
		t.Errorf("rcu_expedited is %q (%v)", rcu, err)
	}
}

// awaitText waits until the host's log holds a text behind an offset.
func (h *hostDaemon) awaitText(t *testing.T, from int64, text string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; pause(5 * time.Millisecond) {
		b, err := os.ReadFile(h.log)
		if err != nil || int64(len(b)) < from {
			t.Fatalf("the log has %d bytes, %d were there (%v)", len(b), from, err)
		}
		if bytes.Contains(b[from:], []byte(text)) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no %q in the log: %s", text, b)
		}
	}
}

// addPlugin makes an active plugin in dir that reads and forgets.
func addPlugin(t *testing.T, dir string) {
	t.Helper()
	program := filepath.Join(dir, "forget")
	if err := os.WriteFile(program, []byte("#!/bin/sh\nexec cat >/dev/null\n"), 0o750); err != nil {
		t.Fatal(err)
	}
	conf := "active = yes\ndirection = out\npath = " + program + "\ntype = always\nformat = string\n"
	if err := os.WriteFile(filepath.Join(dir, "forget.conf"), []byte(conf), 0o640); err != nil {
		t.Fatal(err)
	}
}
