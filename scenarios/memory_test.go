package scenarios

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The data of one workload may lie in memory without anybody else noticing.
func TestDataInMemoryIsTheWorkloadsAlone(t *testing.T) {
	needRoot(t)
	dir, binary := workDir(t, 65534), copyBinary(t, "file-churn")
	p := launch(t, binary, "file-churn")
	p.tell(Spec{Scenario: "file-churn", Dir: dir, Binary: binary, UID: 65534, GID: 65534, Seed: 1, MemoryBytes: 64 << 20})
	p.ready()
	if got := mountOf(t, p.cmd.Process.Pid, dir); got != "tmpfs" {
		t.Errorf("the workload's data lies on %q, want tmpfs", got)
	}
	if got := mountOf(t, os.Getpid(), dir); got != "" {
		t.Errorf("the mount is seen outside: %q", got)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("outside, the folder holds %v (%v): the data is not in memory", entries, err)
	}
}

func TestDataInMemoryTakesRoot(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("runs as root, which may mount")
	}
	p := launch(t, "/proc/self/exe", "idle")
	p.tell(Spec{Scenario: "idle", Dir: workDir(t, os.Geteuid()), MemoryBytes: 1 << 20})
	if r := p.reply(); r.Failure == nil || !strings.Contains(r.Failure.Error, "root") {
		t.Errorf("reply %+v", r)
	}
}

// mountOf is the type of the file system mounted exactly at dir in the process's namespace, "" where nothing is.
func mountOf(t *testing.T, pid int, dir string) string {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/mountinfo", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 8 && f[4] == dir {
			_, after, _ := strings.Cut(line, " - ")
			return strings.Fields(after)[0]
		}
	}
	return ""
}
