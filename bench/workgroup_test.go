package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/cgroup"
	"github.com/auditprof/auditprof/internal/livetest"
)

// testGroups are cgroups as a run makes them, below a name of the test's own.
func testGroups(t *testing.T) *workGroups {
	t.Helper()
	list, err := cgroup.Mounted()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cgroup.CountsIn(list)
	if err != nil || os.Geteuid() != 0 {
		livetest.Missing(t, fmt.Sprintf("cgroups that may be made, and root: %v", err))
	}
	dir, err := os.MkdirTemp(in, fmt.Sprintf("%s-%s-", groupName(), strings.ToLower(filepath.Base(t.Name()))))
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		livetest.Missing(t, fmt.Sprintf("cgroups that may be made, and root: %v", err))
	}
	if err != nil {
		t.Fatal(err)
	}
	w := &workGroups{dir: dir}
	t.Cleanup(func() {
		if err := w.remove(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// rusageOf is what getrusage tells a process of itself and of the children that it waited for (proc(5), stat fields 14 to 17, ticks of 10 ms).
func rusageOf(t *testing.T, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	var ticks int
	for _, field := range f[11:15] {
		n, _ := strconv.Atoi(field)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

const (
	burn    = `i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done`
	outcome = `printf '{"ops":1,"wall_ns":1,"cpu_ns":1}\n'`
)

// The CPU of a workload is its group's. Of one that waits for its children that is what it would report of itself; of a child that nobody
// waits for it would report nothing.
func TestTheCPUOfAWorkloadIsItsGroups(t *testing.T) {
	for _, c := range []struct {
		name, script string
		all          bool // getrusage has it all
	}{
		{"it works itself", `read o; ` + burn + `; ` + outcome + `; read end`, true},
		{"it waits for a child", `read o; (` + burn + `); ` + outcome + `; read end`, true},
		{"nobody waits for its child", `read o; (` + burn + `; ` + outcome + `; read end) & read end`, false},
	} {
		groups := testGroups(t)
		p, _ := shell(t, c.script)
		if err := p.inGroup(groups); err != nil {
			t.Fatal(err)
		}
		out, err := p.Run(context.Background(), 1)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		got, own := time.Duration(out.CPUNs), rusageOf(t, p.cmd.Process.Pid)
		if got < 50*time.Millisecond {
			t.Errorf("%s: the group used %v", c.name, got)
		}
		if same := own > got*3/4-20*time.Millisecond && own < got*5/4+20*time.Millisecond; same != c.all {
			t.Errorf("%s: the group used %v, getrusage would say %v", c.name, got, own)
		}
		dir := p.Cgroup()
		if err := p.Close(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: its cgroup is still there", c.name)
		}
		if err := groups.remove(); err != nil {
			t.Error(err)
		}
	}
}

// Who left the workload's process group and its session is still in its cgroup.
func TestCloseEndsWhoLeftTheProcessGroup(t *testing.T) {
	p, _ := shell(t, `read go; setsid sleep 60 >/dev/null 2>&1 & echo $!; read end`)
	if err := p.inGroup(testGroups(t)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(p.in)
	<-p.lines
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if pids, err := cgroup.PIDs(p.group.Dir); len(pids) > 0 {
		t.Errorf("left: %v, %v", pids, err)
	}
}

func TestWithoutGroupsAWorkloadSaysItself(t *testing.T) {
	p, _ := shell(t, `read o; `+outcome+`; read end`)
	defer p.Close()
	if err := p.inGroup(nil); err != nil || p.Cgroup() != "" {
		t.Errorf("%v, %q", err, p.Cgroup())
	}
	if out, err := p.Run(context.Background(), 1); err != nil || out.CPUNs != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	s := &session{noGroups: errors.New("read-only file system")}
	if from, ws := s.cpuSource(); from != cpuOfProcess || len(ws) != 1 || !strings.Contains(ws[0].Text, "read-only") {
		t.Errorf("%s, %+v", from, ws)
	}
}
