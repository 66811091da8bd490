package scenarios

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestRecordedOperations(t *testing.T) {
	const create, write, dir = openCreate | 1, 1, atRemoveDir
	for _, c := range []struct {
		call RecordedCall
		want string
	}{
		{RecordedCall{Syscall: "openat"}, "open-close"},
		{RecordedCall{Syscall: "openat", Flags: create, Created: true}, "create"},
		{RecordedCall{Syscall: "openat", Flags: create}, "append"},
		{RecordedCall{Syscall: "open", Flags: write}, "append"},
		{RecordedCall{Syscall: "creat"}, "append"},
		{RecordedCall{Syscall: "creat", Created: true}, "create"},
		{RecordedCall{Syscall: "open", Errno: "ENOENT"}, "open-missing"},
		{RecordedCall{Syscall: "openat2", Errno: "EACCES"}, "open-denied"},
		{RecordedCall{Syscall: "openat", Errno: "EPERM", Flags: write}, "write-denied"},
		{RecordedCall{Syscall: "openat", Errno: "EEXIST"}, ""},
		{RecordedCall{Syscall: "openat", Errno: "?"}, ""},
		{RecordedCall{Syscall: "unlink"}, "unlink"},
		{RecordedCall{Syscall: "unlinkat", Flags: dir}, "rmdir"},
		{RecordedCall{Syscall: "unlink", Flags: dir}, "unlink"},
		{RecordedCall{Syscall: "unlinkat", Errno: "EACCES"}, "unlink-denied"},
		{RecordedCall{Syscall: "unlinkat", Errno: "ENOENT"}, ""},
		{RecordedCall{Syscall: "statx"}, "stat"},
		{RecordedCall{Syscall: "newfstatat", Errno: "ENOENT"}, "stat-missing"},
		{RecordedCall{Syscall: "chmod", Errno: "ENOENT"}, ""},
		{RecordedCall{Syscall: "setxattr", Errno: "EOPNOTSUPP"}, "setxattr"},
		{RecordedCall{Syscall: "connect", Family: familyInet6}, "tcp-accepted"},
		{RecordedCall{Syscall: "connect", Family: familyInet, Errno: "EINPROGRESS"}, "tcp-accepted"},
		{RecordedCall{Syscall: "connect", Family: familyInet, Errno: "ECONNREFUSED"}, "tcp-refused"},
		{RecordedCall{Syscall: "connect", Family: familyUnix, Errno: "ENOENT"}, "unix-missing"},
		{RecordedCall{Syscall: "connect", Family: familyUnix}, "unix-accepted"},
		{RecordedCall{Syscall: "connect", Family: 16}, ""},
		{RecordedCall{Syscall: "execve"}, "exec"},
		{RecordedCall{Syscall: "execve", Errno: "ENOENT"}, ""},
		{RecordedCall{Syscall: "mount"}, ""},
		{RecordedCall{}, ""},
	} {
		if got := c.call.operation(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.call, got, c.want)
		}
	}
	for call, op := range plain {
		if operationNamed(op).Name == "" {
			t.Errorf("%s becomes %s, which is no operation", call, op)
		}
	}
}

func TestReplay(t *testing.T) {
	var r Recording
	add := func(n int, c RecordedCall) {
		for range n {
			r.Add(c)
		}
	}
	add(60, RecordedCall{Syscall: "openat", Depth: 9, Login: true})
	add(20, RecordedCall{Syscall: "unlink", Depth: 11, Login: true})
	add(10, RecordedCall{Syscall: "execve", Login: true})
	add(10, RecordedCall{Syscall: "bpf", Errno: "EPERM"})
	got, err := r.Replay(1.5)
	must(t, err)
	want := `# The system calls of a recorded log as a mix: 90.0 % of 100 are in it.
# A log holds what the rules of its host recorded: calls that no rule there asked for are missing here.
# not replayed: bpf EPERM, 10 calls (10.0 %)
# put in: create, as many as 22.2 % of the calls that are replayed, so that the files neither run out nor fill the disk
imitates: The system calls that a recorded log holds, in its shares.
session: login
rate: 60.0 # per second, as in the log
files: {min_depth: 3, max_depth: 5}
mix:
  open-close: 6
  unlink: 2
  exec: 1
  create: 2
`
	if got.Text != want || got.Replayed != 90 || len(got.Left) != 1 {
		t.Errorf("%+v\n%s", got, got.Text)
	}
	slow, err := r.Replay(60)
	must(t, err)
	if strings.Contains(slow.Text, "\nrate:") || !strings.Contains(slow.Text, "--at 1.5/s") {
		t.Errorf("a log with 1.5 calls a second: %s", slow.Text)
	}
	var none Recording
	none.AddOther("io_uring")
	if _, err := none.Replay(1); err == nil || !strings.Contains(err.Error(), "no system call of the log can be replayed") {
		t.Errorf("error %v", err)
	}
}

// TestReplayOfCreatesAlone: what is made by two operations is removed by one, whose weight must be a legal one still.
func TestReplayOfCreatesAlone(t *testing.T) {
	var r Recording
	for i := range 10_000 {
		c := RecordedCall{Syscall: "openat", Flags: openCreate | 1, Created: true}
		if i < 4 {
			c = RecordedCall{Syscall: "link"}
		}
		r.Add(c)
	}
	out, err := r.Replay(0)
	must(t, err)
	if !strings.Contains(out.Text, "\n  unlink: ") {
		t.Error(out.Text)
	}
}

// calls is every call that may be in a log, more or less.
func randomCall(g *rand.Rand) RecordedCall {
	var calls []string
	for name := range plain {
		calls = append(calls, name)
	}
	slices.Sort(calls)
	calls = append(calls, "open", "openat", "openat2", "creat", "unlink", "unlinkat", "connect", "mount", "")
	errnos := []string{"", "", "", "ENOENT", "EACCES", "EPERM", "EEXIST", "ECONNREFUSED", "?"}
	return RecordedCall{Syscall: calls[g.IntN(len(calls))], Errno: errnos[g.IntN(len(errnos))], Flags: g.Uint64() >> g.IntN(64), Created: g.IntN(3) == 0,
		Family: []int32{1, 2, 10, 16, -1}[g.IntN(5)], Depth: g.IntN(300), Login: g.IntN(2) == 0}
}

// TestReplayRuns: whatever was recorded, its mix is read, and runs.
func TestReplayRuns(t *testing.T) {
	for seed := range uint64(8) {
		g := rand.New(rand.NewPCG(seed, 1))
		var r Recording
		for range 1 + g.IntN(200) {
			c := randomCall(g)
			if unix.Geteuid() == 0 && c.denied() { // root may do them all
				continue
			}
			r.Add(c)
		}
		out, err := r.Replay(0)
		must(t, err)
		f, err := parse("x", out.Text)
		must(t, err)
		w := f.scenario().workload()
		err = w.Setup(newSite(workDir(t, unix.Geteuid()), Spec{Seed: seed}))
		for range 300 {
			if err == nil {
				err = w.Do()
			}
		}
		if err != nil {
			t.Errorf("seed %d: %v\n%s", seed, err, out.Text)
		}
		must(t, w.Teardown())
	}
}

// FuzzReplay: every recording that has an operation makes a file that is a scenario, within its bounds.
func FuzzReplay(f *testing.F) {
	f.Add(uint64(1), uint16(1), 0.0)
	f.Add(uint64(2), uint16(3000), 1e-9)
	f.Add(uint64(3), uint16(500), 1e12)
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, seconds float64) {
		g := rand.New(rand.NewPCG(seed, 2))
		var r Recording
		for range n {
			r.Add(randomCall(g))
		}
		out, err := r.Replay(seconds)
		if err != nil {
			if out.Replayed > 0 {
				t.Errorf("%v\n%s", err, out.Text)
			}
			return
		}
		if _, err := Read("x.yaml", out.Text); err != nil {
			t.Errorf("%v\n%s", err, out.Text)
		}
	})
}
