package livetest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// victimVariable makes this test the one that is killed; its value is a folder for what it found.
const victimVariable = "AUDITPROF_LIVETEST_VICTIM"

// panicVariable has the victim end as -test.timeout ends it: by a panic beside the test, which no clean-up sees.
const panicVariable = "AUDITPROF_LIVETEST_PANIC"

// TestLiveAKilledTestLeavesNothing: neither SIGKILL to all of its group nor a panic leaves rules, settings or processes.
func TestLiveAKilledTestLeavesNothing(t *testing.T) {
	if dir := os.Getenv(victimVariable); dir != "" {
		victim(t, dir)
		return
	}
	for name, panics := range map[string]bool{"SIGKILL": false, "a panic": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			cmd := exec.Command("/proc/self/exe", "-test.run=^TestLiveAKilledTestLeavesNothing$", "-test.timeout=0", "-test.v")
			cmd.Env = append(os.Environ(), victimVariable+"="+dir, panicVariable+"="+strconv.FormatBool(panics))
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			said := awaitLoaded(t, out)
			if !panics {
				unix.Kill(-cmd.Process.Pid, unix.SIGKILL)
			}
			cmd.Wait()
			if strings.Contains(said, "--- SKIP") {
				Missing(t, "what a live test needs: "+said)
			}
			cleanAgain(t, dir)
		})
	}
}

// awaitLoaded reads what the victim says until it has loaded its rule, or says no more.
func awaitLoaded(t *testing.T, out interface{ Read([]byte) (int, error) }) string {
	t.Helper()
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "loaded") {
			return said.String()
		}
	}
	return said.String()
}

// victim loads a rule, changes settings and starts a process that would outlive it.
func victim(t *testing.T, dir string) {
	Take(t)
	found, _ := State(t)
	Auditctl(t, "-w", "/etc/hosts", "-p", "wa", "-k", "victim")
	Auditctl(t, "-b", "777")
	Auditctl(t, "-f", "0")
	Auditctl(t, "-e", "1")
	cmd := exec.Command("sleep", "60")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "turn"), []byte(turnVariable+"="+os.Getenv(turnVariable)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "found"), []byte(found), 0o600); err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("loaded\n")
	if os.Getenv(panicVariable) == "true" {
		go panic("as -test.timeout does")
	}
	time.Sleep(time.Minute)
}

// cleanAgain takes the lock, which the guard holds until it is done, and looks.
func cleanAgain(t *testing.T, dir string) {
	t.Helper()
	found, err := os.ReadFile(filepath.Join(dir, "found"))
	if err != nil {
		t.Fatalf("the victim was not there: %v", err)
	}
	f, err := os.OpenFile(LockFile, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if now, ok := State(t); !ok || now != string(found) {
		t.Errorf("left behind:\n%s\nfound was\n%s", now, found)
	}
	turn, err := os.ReadFile(filepath.Join(dir, "turn"))
	if pids := ofTurn(string(turn)); err != nil || len(turn) == 0 || len(pids) > 0 {
		t.Errorf("%q: processes %v are left, %v", turn, pids, err)
	}
}
