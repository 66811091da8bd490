package kernel

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

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
