package cgroup

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/livetest"
)

const mountsBoth = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:3 - cgroup cgroup rw,cpu,cpuacct
34 31 0:31 /jail/7 /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
35 31 0:32 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
36 31 0:33 / /sys/fs/cgroup/uni\040fied rw,relatime - cgroup2 cgroup2 rw
`

func TestHierarchiesAreJoinedWithThisProcesssGroups(t *testing.T) {
	own := "4:memory:/jail/7/work\n3:name=systemd:/user.slice\n2:cpu,cpuacct:/a:b\n0::/user.slice/session-1.scope\n"
	var got []string
	for _, h := range hierarchies(mountsBoth, own) {
		got = append(got, fmt.Sprintf("%t %s", h.V2, h.Own))
	}
	want := []string{"false /sys/fs/cgroup/cpu,cpuacct/a:b", "false /sys/fs/cgroup/memory/work", "false /sys/fs/cgroup/systemd/user.slice",
		"true /sys/fs/cgroup/uni fied/user.slice/session-1.scope"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := hierarchies(mountsBoth, "4:memory:/elsewhere\n"); len(got) != 1 || got[0].Own != "/sys/fs/cgroup/memory" {
		t.Errorf("a group outside of the mount: %+v", got)
	}
	for _, broken := range []string{"", "x", " - cgroup", "1 2 3 4 5 - cgroup2 a b"} {
		_ = hierarchies(broken, own) // no panic
		_ = hierarchies(mountsBoth, broken)
	}
}

func TestUsageIsReadFromBothVersions(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int64
		ok         bool
	}{
		{usageV1, "35931933574\n", 35931933574, true},
		{usageV2, "usage_usec 1500\nuser_usec 1000\n", 1500000, true},
		{usageV2, "core_sched.force_idle_usec 1\nusage_usec 7\n", 7000, true},
		{usageV2, "nr_periods 0\nnr_throttled 0\n", 0, false},
		{usageV2, "usage_usec 9223372036854775807\n", 0, false},
		{usageV1, "-1", 0, false},
		{usageV1, "", 0, false},
	} {
		got, err := parseUsage(c.name, []byte(c.text))
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%s %q: %d, %v", c.name, c.text, got, err)
		}
	}
}

// place is where this machine lets a test make groups.
func place(t *testing.T) (list []Hierarchy, dir string) {
	t.Helper()
	list, err := Mounted()
	if err != nil {
		t.Fatal(err)
	}
	dir, err = CountsIn(list)
	if err != nil || os.Geteuid() != 0 {
		livetest.Missing(t, fmt.Sprintf("cgroups that may be made, and root: %v", err))
	}
	return list, filepath.Join(dir, "auditprof-test-"+strconv.Itoa(os.Getpid())+"-"+strings.ToLower(t.Name()))
}

func makeGroup(t *testing.T, dir string) *Group {
	t.Helper()
	g, err := Make(dir)
	if errors.Is(err, os.ErrPermission) || err != nil && strings.Contains(err.Error(), "read-only") {
		livetest.Missing(t, "a writable cgroup file system: "+err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { RemoveTree(dir) })
	return g
}

// A child that nobody waits for is in the group's CPU, and the group goes when all have ended.
func TestAGroupCountsWhatNobodyWaitsFor(t *testing.T) {
	_, dir := place(t)
	g := makeGroup(t, dir)
	cmd := exec.Command("sh", "-c", `read go; (i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; echo done) & read end; kill $! 2>/dev/null`)
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := g.Add(cmd.Process.Pid); err != nil {
		t.Fatal(err)
	}
	before, err := g.CPUNs()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in)
	if _, err := out.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	if pids, err := PIDs(dir); err != nil || !slices.Contains(pids, cmd.Process.Pid) {
		t.Errorf("processes %v, %v", pids, err)
	}
	after, err := g.CPUNs()
	if err != nil || after-before < int64(2*time.Millisecond) {
		t.Errorf("%v of CPU, %v", time.Duration(after-before), err)
	}
	in.Close()
	cmd.Wait()
	if err := g.Remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("the group is still there")
	}
}

func TestEndLeavesNobodyInTheGroup(t *testing.T) {
	list, dir := place(t)
	dirs := []string{dir}
	if h, ok := with(list, "cpuacct"); ok { // version 1 has no cgroup.kill
		dirs = append(dirs, filepath.Join(h.Own, filepath.Base(dir)))
	}
	for _, dir := range dirs {
		g := makeGroup(t, dir)
		cmd := exec.Command("sh", "-c", "read go; sleep 60 & setsid sleep 60 & sleep 60")
		in, _ := cmd.StdinPipe()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if err := g.Add(cmd.Process.Pid); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(in)
		for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if pids, _ := PIDs(dir); len(pids) == 4 {
				break
			}
		}
		if err := g.End(); err != nil {
			t.Error(err)
		}
		cmd.Wait()
		if err := g.Remove(); err != nil {
			t.Error(err)
		}
	}
}

func TestRemoveTreeRemovesGroupsOnly(t *testing.T) {
	_, dir := place(t)
	makeGroup(t, dir)
	for _, below := range []string{"a", "a/b", "c"} {
		if err := os.Mkdir(filepath.Join(dir, below), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := RemoveTree(dir); err != nil {
		t.Error(err)
	}
	if err := RemoveTree(dir); err != nil {
		t.Errorf("what is not there: %v", err)
	}
	if err := RemoveTree(t.TempDir()); !errors.Is(err, ErrNotCgroup) {
		t.Errorf("a plain folder: %v", err)
	}
}

func TestAServiceIsFoundByNameAndByPath(t *testing.T) {
	list, dir := place(t)
	makeGroup(t, dir)
	name := filepath.Base(dir)
	for _, service := range []string{name, dir} {
		g, err := Find(list, service)
		if err != nil {
			t.Errorf("%s: %v", service, err)
			continue
		}
		g.Close()
	}
	for _, service := range []string{"", "no-such.service", "../etc", "/etc", "/"} {
		g, err := Find(list, service)
		if service == "/" && err == nil {
			g.Close() // the root is a group where it is one; who asks for it is refused elsewhere
			continue
		}
		if !errors.Is(err, ErrNoService) {
			t.Errorf("%q: %v", service, err)
		}
	}
}

func TestLimitsSayWhereTheyWouldBeSet(t *testing.T) {
	v1 := []Hierarchy{{Mount: "/c", Own: "/c/x", Controllers: []string{"cpu"}}, {Mount: "/m", Own: "/m", Controllers: []string{"memory"}}}
	places, err := LimitsIn(v1, Limits{CPUs: 0.5, MemoryBytes: 64 << 20})
	if err != nil || len(places) != 2 || places[0].Dir != "/c/x" || places[1].settings[0].value != "67108864" || places[0].settings[1].value != "50000" {
		t.Errorf("%+v, %v", places, err)
	}
	root := t.TempDir()
	own := filepath.Join(root, "user.slice", "session.scope")
	if err := os.MkdirAll(own, 0o700); err != nil {
		t.Fatal(err)
	}
	v2 := []Hierarchy{{Mount: root, Own: own, V2: true}}
	if _, err := LimitsIn(v2, Limits{CPUs: 1}); !errors.Is(err, ErrNoLimits) {
		t.Errorf("nothing handed on: %v", err)
	}
	os.WriteFile(filepath.Join(root, "cgroup.subtree_control"), []byte("cpuset cpu memory pids\n"), 0o600)
	places, err = LimitsIn(v2, Limits{CPUs: 1.5, MemoryBytes: 1 << 20})
	if err != nil || len(places) != 1 || places[0].Dir != root || places[0].settings[0] != (setting{"cpu.max", "150000 100000"}) {
		t.Errorf("%+v, %v", places, err)
	}
	if _, err := LimitsIn(nil, Limits{MemoryBytes: 1}); !errors.Is(err, ErrNoLimits) {
		t.Errorf("no hierarchy: %v", err)
	}
}

func TestLimitsHold(t *testing.T) {
	list, dir := place(t)
	places, err := LimitsIn(list, Limits{CPUs: 0.25, MemoryBytes: 64 << 20})
	if err != nil {
		livetest.Missing(t, "cgroup controllers: "+err.Error())
	}
	l, err := MakeLimited(places, filepath.Base(dir))
	if err != nil {
		livetest.Missing(t, "cgroups that may be limited: "+err.Error())
	}
	cmd := exec.Command("sh", "-c", "read go; while :; do :; done")
	in, _ := cmd.StdinPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := l.Add(cmd.Process.Pid); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	fmt.Fprintln(in)
	time.Sleep(600 * time.Millisecond)
	cmd.Process.Kill()
	cmd.Wait()
	// The quota comes in periods of 100 ms, of which one has begun and one ends with the process; CPU time is counted in ticks.
	took := time.Since(began)
	if used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(); used > took/4+170*time.Millisecond {
		t.Errorf("%v of CPU in %v under a limit of 0.25", used, took)
	}
	if err := l.Remove(); err != nil {
		t.Error(err)
	}
}
