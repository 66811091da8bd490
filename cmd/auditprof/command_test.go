package main

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A pipe that nobody writes to is waited for in open(2), which no signal's channel ends: the program ends all the same.
func TestASignalEndsWhatOnlyReads(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"gate", "--budget", pipe, "--rules", pipe}, {"scenarios", "replay", "--from", pipe}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(build(t), args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() { cmd.Wait(); close(ended) }()
			time.Sleep(300 * time.Millisecond) // until it listens to signals
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatalf("it did not wait for the pipe: %v", err)
			}
			select {
			case <-ended:
			case <-time.After(patience + 20*time.Second):
				cmd.Process.Kill()
				<-ended
				t.Error("it waits for ever")
			}
		})
	}
}
