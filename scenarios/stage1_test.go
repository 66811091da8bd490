package scenarios

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const (
	nobody   = 65534
	testMark = 0x80000 // an unused personality bit
)

// copyBinary makes a copy of the test binary named after the scenario, as the harness does.
func copyBinary(t *testing.T, name string) string {
	t.Helper()
	dir := openTempDir(t, "") // memory may be mounted noexec
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	path := filepath.Join(dir, name)
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestStage1 starts a workload the way the harness will, and asks /proc what every thread of it became.
func TestStage1(t *testing.T) {
	needRoot(t)
	binary := copyBinary(t, "file-churn")
	dir := workDir(t, nobody)
	login := uint32(1234)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	old := personality(t, testMark)
	defer personality(t, old)

	p := launch(t, binary, "file-churn")
	p.tell(Spec{Scenario: "file-churn", Dir: dir, Binary: binary, UID: nobody, GID: nobody, LoginUID: &login})
	p.ready()
	p.order(100)

	proc := fmt.Sprintf("/proc/%d", p.cmd.Process.Pid)
	tasks, err := filepath.Glob(proc + "/task/*")
	if err != nil || len(tasks) < 2 {
		t.Fatalf("tasks %v, %v", tasks, err)
	}
	for _, task := range tasks {
		checkTask(t, task)
	}
	if got := content(t, proc+"/comm"); got != "file-churn" {
		t.Errorf("comm %q", got)
	}
	if exe, err := os.Readlink(proc + "/exe"); err != nil || exe != binary {
		t.Errorf("exe %q, %v", exe, err)
	}
	if cwd, err := os.Readlink(proc + "/cwd"); err != nil || cwd != dir {
		t.Errorf("cwd %q, %v", cwd, err)
	}
	checkEnvironment(t, content(t, proc+"/environ"))
	p.end(0)
	wantEmpty(t, dir)
}

func checkTask(t *testing.T, task string) {
	t.Helper()
	status := content(t, task+"/status")
	for _, want := range []string{
		"Uid:\t65534\t65534\t65534\t65534\n",
		"Gid:\t65534\t65534\t65534\t65534\n",
		"Umask:\t0022\n",
		"CapPrm:\t0000000000000000\n",
	} {
		if !strings.Contains(status, want) {
			t.Errorf("%s/status lacks %q", task, want)
		}
	}
	for line := range strings.Lines(status) {
		if groups, ok := strings.CutPrefix(line, "Groups:"); ok && strings.TrimSpace(groups) != "" {
			t.Errorf("%s has supplementary groups %q", task, groups)
		}
	}
	if got := content(t, task+"/loginuid"); got != "1234" {
		t.Errorf("%s/loginuid %s", task, got)
	}
	if got := content(t, task+"/personality"); got != "00080000" {
		t.Errorf("%s/personality %s: the mark is gone", task, got)
	}
}

func checkEnvironment(t *testing.T, environ string) {
	t.Helper()
	var names []string
	for _, v := range strings.Split(strings.TrimRight(environ, "\x00"), "\x00") {
		name, _, _ := strings.Cut(v, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	want := []string{specVariable, "GODEBUG", "GOGC", "GOMAXPROCS", "GOMEMLIMIT", "LANG", "PATH", "SQLITE_TMPDIR"}
	if !slices.Equal(names, want) {
		t.Errorf("environment %v, want %v", names, want)
	}
}

func personality(t *testing.T, persona uintptr) uintptr {
	t.Helper()
	old, _, e := unix.RawSyscall(unix.SYS_PERSONALITY, persona, 0, 0)
	if e != 0 {
		t.Fatal(e)
	}
	return old
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(b), "\n")
}

// TestServiceSession: a login uid that is set is taken away.
func TestServiceSession(t *testing.T) {
	needRoot(t)
	dir := workDir(t, nobody)
	unset := LoginUIDUnset
	binary := copyBinary(t, "idle")
	onOwnThread(func() {
		if err := setLoginUID(1000); err != nil {
			t.Error(err)
			return
		}
		p := launch(t, binary, "idle")
		p.tell(Spec{Scenario: "idle", Dir: dir, Binary: binary, UID: nobody, GID: nobody, LoginUID: &unset})
		p.ready()
		if got := content(t, fmt.Sprintf("/proc/%d/loginuid", p.cmd.Process.Pid)); got != "4294967295" {
			t.Errorf("loginuid %s", got)
		}
		p.end(0)
	})
}

// onOwnThread runs f on a thread that ends with it, so that what f does to the thread hurts nobody.
func onOwnThread(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		f()
	}()
	<-done
}

func TestLoginUIDRefused(t *testing.T) {
	needRoot(t)
	onOwnThread(func() {
		if err := setLoginUID(1000); err != nil {
			t.Error(err)
			return
		}
		if err := setUser(nobody, nobody); err != nil {
			t.Error(err)
			return
		}
		if err := setLoginUID(1000); err != nil {
			t.Errorf("a login uid that is there already: %v", err)
		}
		err := setLoginUID(1001)
		if err == nil || !strings.Contains(err.Error(), "login uid is 1000, not 1001") {
			t.Errorf("error %v", err)
		}
	})
}

func TestStage1Errors(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	for name, c := range map[string]struct {
		line string
		want []string
	}{
		"no JSON":         {"go 100\n", []string{"spec line"}},
		"other scenario":  {`{"scenario":"db-churn","dir":"/x"}` + "\n", []string{`"db-churn"`, `"idle"`}},
		"relative dir":    {`{"scenario":"idle","dir":"x"}` + "\n", []string{"clean absolute path"}},
		"missing dir":     {`{"scenario":"idle","dir":"/nonexistent/x"}` + "\n", []string{"/nonexistent/x", "harness must make it"}},
		"missing binary":  {fmt.Sprintf(`{"scenario":"idle","dir":%q,"binary":"/nonexistent/b"}`+"\n", dir), []string{"execute /nonexistent/b"}},
		"endless line":    {strings.Repeat("x", maxLineBytes), []string{"longer than"}},
		"rate":            {`{"scenario":"idle","dir":"/x","ops_per_second":0.1}` + "\n", []string{"ops_per_second"}},
		"misspelt member": {`{"scenario":"idle","dir":"/x","sed":1}` + "\n", []string{"sed"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := launch(t, "/proc/self/exe", "idle")
			p.write(c.line)
			p.failure(c.want...)
		})
	}
}

func TestStage2NeedsStage1(t *testing.T) {
	launch(t, "/proc/self/exe", "idle", stage2Word).failure("stage 1")
	launch(t, "/proc/self/exe", "idle", "stage3").failure("stage3")
}
