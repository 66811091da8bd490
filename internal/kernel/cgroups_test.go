package kernel

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/cgroup"
	"github.com/auditprof/auditprof/internal/livetest"
)

func TestACgroupOfALeaseHasItsName(t *testing.T) {
	for dir, ok := range map[string]bool{
		"/sys/fs/cgroup/auditprof-1": true, "/sys/fs/cgroup/system.slice": false, "auditprof-1": false,
		"/sys/fs/cgroup/auditprof-1/": false, "/sys/auditprof-1/../..": false, "/": false, "": false,
	} {
		if err := checkCgroup(dir); (err == nil) != ok {
			t.Errorf("%q: %v", dir, err)
		}
	}
}

// What a killed owner leaves in a cgroup is ended, whatever it did to be forgotten, and the cgroup goes.
func TestASettlementEndsACgroupWithAllInIt(t *testing.T) {
	list, err := cgroup.Mounted()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cgroup.CountsIn(list)
	if err != nil || os.Geteuid() != 0 {
		livetest.Missing(t, fmt.Sprintf("cgroups that may be made, and root: %v", err))
	}
	dir := filepath.Join(in, fmt.Sprintf("%stest-%d", CgroupPrefix, os.Getpid()))
	g, err := cgroup.Make(dir)
	if err != nil {
		livetest.Missing(t, fmt.Sprintf("cgroups that may be made, and root: %v", err))
	}
	defer g.Remove()
	cmd := exec.Command("setsid", "env", "-i", "/bin/sleep", "60")
	if err := cmd.Start(); err != nil {
		livetest.Missing(t, "setsid of util-linux: "+err.Error())
	}
	if err := g.Add(cmd.Process.Pid); err != nil {
		t.Fatal(err)
	}
	go cmd.Wait()
	s := settlement{journal: journal{Cgroups: []string{dir, "/etc"}}}
	workloads, _ := s.ours()
	if len(workloads) != 1 || workloads[0].PID != cmd.Process.Pid {
		t.Fatalf("ours are %v, want %d", workloads, cmd.Process.Pid)
	}
	workloads[0].killTree()
	workloads[0].awaitEnd(time.Second)
	s.removeCgroups()
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("the cgroup is still there")
	}
	if _, err := os.Stat("/etc"); err != nil {
		t.Error(err)
	}
}
