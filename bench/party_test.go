package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/livetest"
	"github.com/auditprof/auditprof/scenarios"
	"golang.org/x/sys/unix"
)

func init() { scenarios.Init() }

// The test binary is a workload where it is told to be, as the auditprof binary is.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == scenarios.Word {
		os.Exit(scenarios.Main(os.Args[2:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

const twoUsers = "name: shop\nsession: login\nusers: [{user: nobody, weight: 3}, {user: daemon, weight: 1}]\nmix: {create: 1, unlink: 1, stat: 2, open-denied: 1}\nfiles: {count: 5}\n"

// startUsers starts the workload of a text, in a folder that everybody may enter, as bench's is.
func startUsers(t *testing.T, text string) (*liveWorkloads, *party) {
	t.Helper()
	if os.Geteuid() != 0 {
		livetest.Missing(t, "root")
	}
	info, err := scenarios.Read("shop.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.MkdirTemp("", "auditprof-users")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	if err := os.Chmod(root, 0o711); err != nil {
		t.Fatal(err)
	}
	w := &liveWorkloads{root: root, lease: &fakeLease{}}
	if err := w.prepare([]scenarios.Info{info}, false); err != nil {
		t.Fatal(err)
	}
	p, err := w.Start(context.Background(), Launch{Scenario: info, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return w, p.(*party)
}

// TestEachUserDoesItsShare: every process is its user's in every respect that rules ask for, in a folder that the others may not enter, and what
// they do is what was ordered, the same again with the same seed.
func TestEachUserDoesItsShare(t *testing.T) {
	var first map[string]uint64
	for range 2 {
		w, p := startUsers(t, twoUsers)
		if len(p.PIDs()) != 2 {
			t.Fatalf("processes %v", p.PIDs())
		}
		for i, want := range []struct {
			name string
			uid  int
		}{{"nobody", 65534}, {"daemon", 1}} {
			proc := fmt.Sprintf("/proc/%d/", p.PIDs()[i])
			status, _ := os.ReadFile(proc + "status")
			login, _ := os.ReadFile(proc + "loginuid")
			if !strings.Contains(string(status), fmt.Sprintf("Uid:\t%d\t%[1]d\t%[1]d\t%[1]d\n", want.uid)) || string(login) != fmt.Sprint(want.uid) {
				t.Errorf("%s runs with login uid %s and\n%s", want.name, login, status)
			}
			var st unix.Stat_t
			if err := unix.Stat(w.userDir("shop", want.name), &st); err != nil || int(st.Uid) != want.uid || st.Mode&0o777 != 0o700 {
				t.Errorf("folder of %s: %v, uid %d, mode %o", want.name, err, st.Uid, st.Mode&0o777)
			}
		}
		out, err := p.Run(context.Background(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		if out.Ops != 1000 || out.LatencyCount != 1000 || out.WallNs <= 0 || out.CPUNs <= 0 || out.LatencyMaxNs < out.LatencyP50Ns {
			t.Errorf("%+v", out)
		}
		if first != nil && !maps.Equal(first, out.Expected) {
			t.Errorf("the same seed did %v, then %v", first, out.Expected)
		}
		first = out.Expected
		if one, err := p.Run(context.Background(), 1); err != nil || one.Ops != 1 { // one of them has nothing to do
			t.Errorf("%+v %v", one, err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		left, err := filepath.Glob(filepath.Join(w.workDir("shop"), "*", scenarios.WorkName, "*"))
		if err != nil || len(left) > 0 {
			t.Errorf("left: %v %v", left, err)
		}
	}
}

// TestAUserWhoIsKilledEndsTheOthers: the error names the user, and nobody is waited for.
func TestAUserWhoIsKilledEndsTheOthers(t *testing.T) {
	_, p := startUsers(t, "users: [{user: nobody, weight: 1}, {user: daemon, weight: 1}]\nname: shop\nrate: 10\nmix: {stat: 1}\n")
	defer p.Close()
	if err := syscall.Kill(p.PIDs()[1], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	within(t, 5*time.Second, "Run", func() {
		if _, err := p.Run(context.Background(), 1000); !errors.Is(err, ErrWorkload) || !strings.Contains(err.Error(), "user daemon") {
			t.Errorf("%v", err)
		}
	})
}

// TestTheLimitOfASlotEndsAllUsers: a slot at its limit is told from a workload that failed.
func TestTheLimitOfASlotEndsAllUsers(t *testing.T) {
	_, p := startUsers(t, "users: [{user: nobody, weight: 1}, {user: daemon, weight: 1}]\nname: shop\nrate: 10\nmix: {stat: 1}\n")
	defer p.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Run(ctx, 1000); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestAccountsOfAWorkload(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"mix: {stat: 1}", "nobody"}, {"user: daemon\nmix: {stat: 1}", "daemon"},
		{"users: [{user: daemon, weight: 1}, {user: bin, weight: 2}]\nmix: {stat: 1}", "daemon bin"},
	} {
		info, err := scenarios.Read("x.yaml", c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(workNames(info), " "); got != c.want {
			t.Errorf("%q runs as %s", c.text, got)
		}
	}
	info, err := scenarios.Read("x.yaml", "users: [{user: nobody, weight: 1}, {user: no-such-user-here, weight: 1}]\nmix: {stat: 1}")
	if err != nil {
		t.Fatal(err)
	}
	err = refuse(Options{Scenarios: []scenarios.Info{info}, Target: "3.0", Load: "own"})
	if err == nil || !strings.Contains(err.Error(), "useradd --system --no-create-home no-such-user-here") {
		t.Errorf("%v", err)
	}
	if runs := slices.Contains((&Runner{Plan: Plan{Scenarios: []scenarios.Info{info}}}).ablatable(), 0); runs {
		t.Error("rules are left out one by one under several users")
	}
}
