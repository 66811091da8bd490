package kernel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

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
	plugins := h.process.descendants()
	for deadline := time.Now().Add(5 * time.Second); len(plugins) == 0; plugins = h.process.descendants() {
		if pause(5 * time.Millisecond); time.Now().After(deadline) {
			t.Fatal("auditd started no plugin: the test is no test")
		}
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
	usual := emptyWithin
	emptyWithin = 300 * time.Millisecond // one that works may need longer on a busy machine
	err := b.awaitEmptyQueue()
	emptyWithin = usual
	if err == nil || !strings.Contains(err.Error(), "bytes to read") {
		t.Errorf("a stopped auditd: %v", err)
	}
	h.process.signal(unix.SIGCONT)
	if err := b.awaitEmptyQueue(); err != nil {
		t.Errorf("after SIGCONT: %v", err)
	}
}
