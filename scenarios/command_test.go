package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startDefined launches a scenario that a text defines, as the harness does.
func startDefined(t *testing.T, spec Spec) *process {
	t.Helper()
	p := launchDefined(t, spec)
	p.ready()
	return p
}

func launchDefined(t *testing.T, spec Spec) *process {
	t.Helper()
	p := launch(t, "/proc/self/exe", spec.Scenario, DefinedWord)
	p.tell(spec)
	return p
}

func TestCommand(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	text := `
name: mine
prepare: [[cp, a.txt, b.txt]]
command: [grep, -q, hello, b.txt]
cleanup: [[cp, b.txt, ../cleaned]]
sources: {a.txt: "hello\n"}
`
	p := startDefined(t, Spec{Scenario: "mine@50", Dir: dir, Definition: text, OpsPerSecond: 50})
	o := p.order(10)
	if o.Ops != 10 || o.Expected["command"] != 10 || o.LatencyCount != 10 || o.WallNs < 200e6 {
		t.Errorf("%+v", o)
	}
	p.end(0)
	if got := content(t, filepath.Join(dir, "cleaned")); got != "hello" {
		t.Errorf("the clean-up left %q", got)
	}
	must(t, os.Remove(filepath.Join(dir, "cleaned")))
	wantEmpty(t, dir)
}

func TestCommandFailures(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"command: [no-such-program]", "no program no-such-program in /usr/bin or /bin"},
		{"command: [ls, nosuch]", "nosuch"},
		{"command: [\"false\"]", "false: exit status 1"},
		{"command: [\"true\"]\nprepare: [[cat, nosuch]]", "cat: exit status 1: /usr/bin/cat: nosuch"},
		{"command: [/etc/passwd]", "permission denied"},
	} {
		dir := workDir(t, os.Geteuid())
		launchDefined(t, Spec{Scenario: "mine", Dir: dir, Definition: c.text}).failure("set up mine", c.want)
		wantEmpty(t, dir)
	}
	// One that fails later ends the order, with its status.
	dir := workDir(t, os.Geteuid())
	p := startDefined(t, Spec{Scenario: "mine", Dir: dir, Definition: "command: [rm, data]\nsources: {data: x}\nprepare: [[touch, data]]"})
	p.write(Order(1))
	p.failure("/rm ended with status 0x100")
}

func TestDefinitionIsChecked(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	launchDefined(t, Spec{Scenario: "mine", Dir: dir, Definition: "mix: {stta: 1}"}).failure("mine:1:7: no operation stta")
	launchDefined(t, Spec{Scenario: "mine", Dir: dir}).failure("unknown scenario")
	launchDefined(t, Spec{Scenario: "mine", Dir: dir, Definition: strings.Repeat("#", MaxFileBytes+1)}).failure("at most")
	// The largest text that is taken passes from one stage to the other, whatever its characters become in JSON.
	long := "mix: {getppid: 1}\n#" + strings.Repeat("<", MaxFileBytes)
	p := startDefined(t, Spec{Scenario: "mine", Dir: dir, Definition: long[:MaxFileBytes]})
	p.order(5)
	p.end(0)
}

// TestCommandDiesWithItsSlot: the harness kills the process group of a slot that takes too long, and what the command started goes with it.
func TestCommandDiesWithItsSlot(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	text := "command: [sh, -c, 'if test -e started; then sleep 1000 & echo $! > pid; wait; fi; touch started']"
	p := startDefined(t, Spec{Scenario: "mine", Dir: dir, Definition: text})
	p.write(Order(1))
	var pid int
	for began := time.Now(); pid == 0; time.Sleep(5 * time.Millisecond) {
		b, _ := os.ReadFile(filepath.Join(dir, WorkName, "pid"))
		if n, _ := fmt.Sscan(string(b), &pid); n == 0 && time.Since(began) > 20*time.Second {
			t.Fatal("the command did not start")
		}
	}
	if !alive(pid) {
		t.Fatal("the command's child is not there to begin with")
	}
	must(t, syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL))
	for began := time.Now(); alive(pid); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("process %d of the command outlives its slot", pid)
		}
	}
}
