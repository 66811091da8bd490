package livetest

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// An auditctl that never ends holds no test up for longer than it may take.
func TestAnAuditctlThatHangsIsNoState(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "auditctl"), []byte("#!/bin/sh\nexec sleep 60\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	defer func(d time.Duration) { listTime = d }(listTime)
	listTime = 100 * time.Millisecond
	if state, ok := State(t); ok {
		t.Errorf("a state of %q", state)
	}
}
