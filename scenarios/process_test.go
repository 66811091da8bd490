package scenarios

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func init() { Init() }

// The test binary is the workload, as the auditprof binary is; parentWord makes it a parent that starts a workload and waits to be killed.
const parentWord = "__parent"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == Word {
		os.Exit(Main(os.Args[2:], os.Stdin, os.Stdout, os.Stderr))
	}
	if len(os.Args) > 2 && os.Args[1] == parentWord {
		runtime.LockOSThread()
		cmd := exec.Command("/proc/self/exe", Word, os.Args[2])
		cmd.Stdin, cmd.Stdout = os.Stdin, os.Stdout
		fmt.Fprintln(os.Stderr, cmd.Run())
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// workDir is a data directory as the harness makes it: below directories that anybody may enter.
func workDir(t *testing.T, uid int) string {
	t.Helper()
	dir := openTempDir(t, memoryDir())
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(data, uid, uid); err != nil {
		t.Fatal(err)
	}
	return data
}

// memoryDir is where files cost nothing but the call, where there is such a place: a thousand of them take seconds on some disks.
func memoryDir() string {
	if unix.Access("/dev/shm", unix.W_OK) == nil {
		return "/dev/shm"
	}
	return ""
}

// openTempDir is a directory that anybody may enter.
func openTempDir(t *testing.T, in string) string {
	t.Helper()
	dir, err := os.MkdirTemp(in, "auditprof-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// process is a workload process and the harness's ends of its pipes.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	stdin io.WriteCloser
	out   *bufio.Scanner
}

// launch starts a workload without telling it anything yet. The calling goroutine's thread must outlive the process: the parent-death
// signal comes when that thread ends.
func launch(t *testing.T, binary string, args ...string) *process {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	cmd := exec.Command(binary, append([]string{Word}, args...)...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as the harness does
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: cmd, stdin: stdin, out: bufio.NewScanner(stdout)}
	p.out.Buffer(nil, maxLineBytes)
	t.Cleanup(func() {
		cmd.Process.Kill() // does nothing to one that was waited for
		cmd.Wait()
	})
	return p
}

// start launches a workload of the test binary, sends its spec and waits until it is ready.
func start(t *testing.T, spec Spec) *process {
	t.Helper()
	p := launch(t, "/proc/self/exe", spec.Scenario)
	p.tell(spec)
	p.ready()
	return p
}

func (p *process) tell(spec Spec) {
	p.t.Helper()
	line, err := json.Marshal(spec)
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(string(line) + "\n")
}

func (p *process) write(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.stdin, line); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) reply() Reply {
	p.t.Helper()
	if !p.out.Scan() {
		p.t.Fatalf("no line from the workload: %v", p.out.Err())
	}
	r, err := ParseReply(p.out.Bytes())
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

func (p *process) ready() {
	p.t.Helper()
	r := p.reply()
	if r.Ready == nil {
		p.t.Fatalf("not ready: %+v", r.Failure)
	}
	if r.Ready.PID != p.cmd.Process.Pid {
		p.t.Fatalf("ready says pid %d, the process is %d", r.Ready.PID, p.cmd.Process.Pid)
	}
}

func (p *process) order(ops uint64) Outcome {
	p.t.Helper()
	p.write(Order(ops))
	r := p.reply()
	if r.Outcome == nil {
		p.t.Fatalf("no outcome: %+v", r.Failure)
	}
	return *r.Outcome
}

// failure expects an error line that has all of want, and exit code 1.
func (p *process) failure(want ...string) {
	p.t.Helper()
	r := p.reply()
	if r.Failure == nil {
		p.t.Fatalf("no error line: %+v", r)
	}
	for _, w := range want {
		if !strings.Contains(r.Failure.Error, w) {
			p.t.Errorf("error %q does not say %q", r.Failure.Error, w)
		}
	}
	p.end(1)
}

// end closes stdin and expects no further line and the exit code.
func (p *process) end(code int) {
	p.t.Helper()
	p.stdin.Close()
	for p.out.Scan() {
		p.t.Errorf("line after the end: %.200s", p.out.Text())
	}
	p.cmd.Wait()
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.t.Errorf("exit code %d (%s), want %d", got, p.cmd.ProcessState, code)
	}
}

func wantEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Errorf("left in %s: %s", dir, e.Name())
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if unix.Geteuid() != 0 {
		t.Skip("needs root: changes user and login uid of a child process")
	}
}
