package kernel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
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

func TestHostAuditdIsLeftAlone(t *testing.T) {
	for _, format := range []string{"RAW", "ENRICHED"} {
		t.Run(format, func(t *testing.T) {
			c := live(t)
			found := varied(t, c)
			auditctl(t, "-e 1")
			found.Enabled = EnabledOn
			h := startHost(t, c, func(conf *auditdConf) { conf.set("log_format", format) })
			h.unharmed(t, c, found)
			if _, err := Acquire(context.Background(), Options{RunDir: runDir(t)}); !errors.Is(err, ErrAuditdRunning) {
				t.Fatalf("not allowed: %v, want ErrAuditdRunning", err)
			}
			l := acquire(t, Options{AllowAuditd: true})
			a, err := HostAuditd(l, HostOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if a.PID() != h.process.PID || a.LogPath() != h.log || a.LogFormat != format || len(a.Conf) < 10 || len(a.PluginsRun) != 0 || len(a.Warnings) != 0 {
				t.Errorf("pid %d, log %s, format %s, plugins %q, warnings %q, %d lines", a.PID(), a.LogPath(), a.LogFormat, a.PluginsRun, a.Warnings, len(a.Conf))
			}
			runInHostLog(t, c, l, a, h)
			if _, err := l.Restore(); err != nil {
				t.Fatal(err)
			}
			h.unharmed(t, c, found)
			end, _ := a.LogStart()
			if err := c.SendUser("op=test nonce=after"); err != nil {
				t.Fatal(err)
			}
			h.awaitText(t, end, "nonce=after")
		})
	}
}

// runInHostLog does what a run does: rules, messages, a look at the log from where it ended.
func runInHostLog(t *testing.T, c *Client, l *Lease, a *RunningAuditd, h *hostDaemon) {
	t.Helper()
	rate, room := uint32(0), uint32(4096)
	if err := l.Apply(harmless(5), Limits{RateLimit: &rate, BacklogLimit: &room}); err != nil {
		t.Fatal(err)
	}
	start, err := a.LogStart()
	if err != nil || start == 0 {
		t.Fatalf("start %d, %v", start, err)
	}
	text, err := HostMessage("begin", "run-1", "who's asking")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SendUser(text); err != nil {
		t.Fatal(err)
	}
	h.awaitText(t, start, `msg='op=auditprof-begin id=run-1 reason="who%27s%20asking"`)
	if err := errors.Join(a.Alive(), a.Truncate(), a.Stop(), a.Stop(), a.Alive()); err != nil {
		t.Error(err)
	}
	if now, err := a.LogStart(); err != nil || now <= start {
		t.Errorf("the log has %d bytes, %d before: it was emptied (%v)", now, start, err)
	}
}

func TestPluginsForward(t *testing.T) {
	c := live(t)
	found, err := snapshot(c)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	addPlugin(t, dir)
	h := startHost(t, c, func(conf *auditdConf) { conf.set("plugin_dir", dir) })
	if len(h.process.descendants()) == 0 {
		pause(200 * time.Millisecond)
	}
	plugins := h.process.descendants()
	if len(plugins) == 0 {
		t.Fatal("auditd started no plugin: the test is no test")
	}
	l := acquire(t, Options{AllowAuditd: true})
	if _, err := HostAuditd(l, HostOptions{}); !errors.Is(err, ErrForwards) || !strings.Contains(err.Error(), "forget") {
		t.Errorf("got %v, want ErrForwards that names the plugin", err)
	}
	a, err := HostAuditd(l, HostOptions{AllowForwarding: true})
	if err != nil || len(a.PluginsRun) != 1 || len(a.PluginPIDs()) != len(plugins) {
		t.Fatalf("allowed: %v, plugins %q", err, a.PluginsRun)
	}
	if err := l.Apply(harmless(2), Limits{}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Restore(); err != nil {
		t.Fatal(err)
	}
	h.unharmed(t, c, found)
	for _, p := range plugins {
		if !p.alive() {
			t.Errorf("plugin %d is gone", p.PID)
		}
	}
}

func TestHostsPreflight(t *testing.T) {
	c := live(t)
	startHost(t, c, nil)
	a, err := HostAuditd(acquire(t, Options{AllowAuditd: true}), HostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := a.Preflight(40 << 20)
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for _, f := range found {
		last = f.Setting
	}
	if !strings.HasPrefix(last, "max_log_file = ") {
		t.Errorf("40 MiB into five logs of 8: %v", found)
	}
}

func TestKilledOwnerLeavesHostAuditd(t *testing.T) {
	for i, delay := range []time.Duration{0, 5, 20, 0, 60, 300} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			c := live(t)
			found := varied(t, c)
			auditctl(t, "-e 1")
			found.Enabled = EnabledOn
			h := startHost(t, c, nil)
			o := startOwner(t, "15s", "host")
			if i > 2 { // the others while it acquires
				o.awaitAcquired(t)
			}
			time.Sleep(delay * time.Millisecond)
			o.end()
			awaitGuards(t, o.runDir, 5*time.Second)
			if _, err := RestoreStale(Options{RunDir: o.runDir}); err != nil { // killed before its first guard
				t.Error(err)
			}
			h.unharmed(t, c, found)
			if left := workloads(); len(left) != 0 {
				t.Errorf("workload processes are left: %v", left)
			}
		})
	}
}

// rotatingHost is a host whose auditd begins a new log after each mebibyte, and the lease with auditing on.
func rotatingHost(t *testing.T, c *Client, logs string) (*hostDaemon, *RunningAuditd) {
	t.Helper()
	h := startHost(t, c, func(conf *auditdConf) { conf.set("max_log_file", "1"); conf.set("num_logs", logs) })
	l := acquire(t, Options{AllowAuditd: true})
	a, err := HostAuditd(l, HostOptions{})
	if err != nil {
		t.Fatal(err)
	}
	room, wait := uint32(8192), uint32(100)
	if err := errors.Join(l.Apply(nil, Limits{BacklogLimit: &room, BacklogWaitTime: &wait}), a.Alive()); err != nil {
		t.Fatal(err)
	}
	return h, a
}

// floodUser sends user messages of 8 kB, numbered from 1 on: 140 are more than a mebibyte.
func floodUser(t *testing.T, c *Client, n int) {
	t.Helper()
	for i := range n {
		if err := c.SendUser(fmt.Sprintf("op=test number=%d. text=%s", i+1, strings.Repeat("x", 8000))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLogOfARotatingHost(t *testing.T) {
	c := live(t)
	h, a := rotatingHost(t, c, "9")
	l, err := OpenLog(a.LogPath())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	start, err := l.Size()
	if err != nil {
		t.Fatal(err)
	}
	if found, err := a.Preflight(3 << 20); err != nil || len(found) != 0 {
		t.Errorf("preflight: %v, %v", found, err)
	}
	floodUser(t, c, 500)
	text := ""
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(text, "number=500."); pause(5 * time.Millisecond) {
		if text = string(readAll(t, l, start)); time.Now().After(deadline) {
			t.Fatalf("the last message is not in the %d bytes of the log", len(text))
		}
	}
	at := 0
	for i := range 500 {
		next := strings.Index(text[at:], fmt.Sprintf("number=%d.", i+1))
		if next < 0 {
			t.Fatalf("message %d is missing or not in its place: %d of 500 are there, %d bytes from %d on", i+1, strings.Count(text, "number="), len(text), start)
		}
		at += next
	}
	if err := a.Alive(); err != nil {
		t.Error(err)
	}
	if f, err := hostFacts(h.log); err != nil || len(f.Rotated) < 3 || f.Oldest.IsZero() {
		t.Errorf("facts after the rotations: %+v, %v: the test is no test", f, err)
	}
}

func TestRotatedAwayIsNoticed(t *testing.T) {
	c := live(t)
	h, a := rotatingHost(t, c, "2")
	if found, err := a.Preflight(2 << 20); err != nil || len(found) != 1 || found[0].Action != "ROTATE" {
		t.Errorf("preflight of what comes now: %v, %v", found, err)
	}
	floodUser(t, c, 300)
	for deadline := time.Now().Add(5 * time.Second); a.Alive() == nil && time.Now().Before(deadline); {
		pause(5 * time.Millisecond)
	}
	if err := a.Alive(); !errors.Is(err, ErrLogRotated) || !strings.Contains(err.Error(), h.log) {
		t.Errorf("got %v, want ErrLogRotated", err)
	}
	if _, err := a.LogStart(); err != nil {
		t.Error(err)
	}
	if err := a.Alive(); err != nil {
		t.Errorf("after LogStart: %v", err)
	}
}

func TestHostsThatCannotBeMeasured(t *testing.T) {
	c := live(t)
	h := startHost(t, c, nil)
	l := acquire(t, Options{AllowAuditd: true})
	text, err := readSmall(filepath.Join(h.dir, "auditd.conf"))
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(h.dir, "other.log")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for line, word := range map[string]string{
		"write_logs = no": "writes no log", "local_events = no": "local_events", "log_file = " + other: "does not have its log " + other + " open",
		"log_file = " + h.dir + "/missing": "missing",
	} {
		h.writeConf(t, parseAuditdConf(text+line))
		if _, err := HostAuditd(l, HostOptions{}); !errors.Is(err, ErrNoHostAuditd) || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v, want ErrNoHostAuditd with %q", line, err, word)
		}
	}
	time.Sleep(1100 * time.Millisecond)
	h.writeConf(t, parseAuditdConf(text+"tcp_listen_port = 60"))
	a, err := HostAuditd(l, HostOptions{})
	if err != nil || len(a.Warnings) != 2 || !strings.Contains(strings.Join(a.Warnings, "\n"), "changed after auditd was started") {
		t.Errorf("changed since: %v, %q", err, a.Warnings)
	}
}

// TestQueueOfAStoppedAuditd: a backlog of 0 does not say that auditd has everything.
func TestQueueOfAStoppedAuditd(t *testing.T) {
	emptyWithin = 300 * time.Millisecond
	defer func() { emptyWithin = 5 * time.Second }()
	c := live(t)
	auditctl(t, "--backlog_wait_time 50")
	auditctl(t, "-b 1024")
	auditctl(t, "-e 1")
	h := startHost(t, c, nil)
	b := bring{door: c, beat: func() {}, hostAuditd: true}
	if err := b.awaitEmptyQueue(); err != nil {
		t.Fatalf("nothing waits: %v", err)
	}
	h.process.signal(unix.SIGSTOP)
	for range 5 {
		if err := c.SendUser("op=test nonce=waits"); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.awaitEmptyQueue(); err == nil || !strings.Contains(err.Error(), "bytes to read") {
		t.Errorf("a stopped auditd: %v", err)
	}
	h.process.signal(unix.SIGCONT)
	if err := b.awaitEmptyQueue(); err != nil {
		t.Errorf("after SIGCONT: %v", err)
	}
}
