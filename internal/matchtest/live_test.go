//go:build linux && amd64

package matchtest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/internal/livetest"
	"golang.org/x/sys/unix"
)

func init() {
	kernel.InitHidden()
	InitActor()
}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if code, hidden := kernel.MainHidden(os.Args[1]); hidden {
			os.Exit(code)
		}
		if code, actor := MainActor(); actor {
			os.Exit(code)
		}
	}
	os.Exit(m.Run())
}

// machine gives a test the live kernel, its own mounts and a folder for its files.
func machine(t *testing.T) (*Machine, string) {
	t.Helper()
	livetest.Take(t)
	runtime.LockOSThread() // never unlocked: the thread ends with the test, and its mounts with it
	if err := unix.Unshare(unix.CLONE_NEWNS | unix.CLONE_FS); err != nil {
		livetest.Missing(t, "mount namespaces: "+err.Error())
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "auditprof-match")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	m, err := NewMachine(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m, filepath.Join(dir, "tree")
}

// TestWriteLogs writes logs with truth into the folder of AUDITPROF_MATCHLOGS.
func TestWriteLogs(t *testing.T) {
	out := os.Getenv("AUDITPROF_MATCHLOGS")
	if out == "" {
		t.Skip("AUDITPROF_MATCHLOGS names no folder to write logs with truth to")
	}
	m, dir := machine(t)
	first, _ := strconv.Atoi(os.Getenv("AUDITPROF_SEED"))
	for name, style := range Styles {
		for range 3 {
			seed := first
			first++
			l, err := m.Run(NewPlan(uint64(seed), dir, style, 2500), Options{})
			if err != nil {
				t.Fatal(err)
			}
			again, err := m.Run(NewPlan(uint64(seed), dir, style, 2500), Options{OwnKeys: true})
			if err != nil {
				t.Fatal(err)
			}
			real, err := again.CaseOwnKeys(l)
			if err != nil {
				t.Log(err)
			} else {
				t.Logf("own keys: %d of %d events with truth", len(real.Truth), len(l.Case(NoKeys).Truth))
				if err := os.WriteFile(filepath.Join(out, fmt.Sprintf("%s-%d-realkeys.txtar", name, seed)), real.Text(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			t.Logf("%s %d: %d rules, %d refused, %d bytes, %d lost", name, seed, len(l.Rules), len(l.Refused), len(l.Text), l.Lost)
			write(t, filepath.Join(out, fmt.Sprintf("%s-%d", name, seed)), l)
		}
	}
}

const readme = `A log with ground truth from the live kernel (6.18, x86_64, auditd 3.0.9, ENRICHED), random rules and a random actor.

audit.log, rules.rules   as given, with the rules' own keys (shared, double, missing). An inode rule without a key that beats an exit-list rule with
                         one would have logged that rule's key (stale key): here it is (null).
keyless/                 the same without any key in log and rules (line numbers are the same)
truth.tsv                timestamp:serial TAB file:line of the rule whose unique key the kernel logged
unique.log               the log as written, key="mtN" is line N+1 of rules.rules

Rules with -A were loaded in the order of lines, each put first. There are lines of the lists exclude, user and filesystem; records that they kept out are
missing. The tree has symlinks (lnk -> a, abs -> TREE/a/b, w/up -> ../ro, dlnk -> d, flnk -> a/f1, a/fl2 -> b/g1), hard links (w/hard = ro/r1,
a/hard2 = a/f2), a tmpfs on tm and a bind mount of a/b on bm, all made before the rules were loaded.
`

func write(t *testing.T, dir string, l *Log) {
	if err := os.MkdirAll(filepath.Join(dir, "keyless"), 0o755); err != nil {
		t.Fatal(err)
	}
	own, keyless := l.Case(OwnKeys), l.Case(NoKeys)
	truth := strings.Builder{}
	for _, stamp := range sortedKeys(own.Truth) {
		if own.Truth[stamp] != NoRule {
			truth.WriteString(stamp + "\t" + place(own.Truth[stamp]) + "\n")
		}
	}
	for name, text := range map[string]string{"audit.log": string(own.Log), "rules.rules": strings.Join(own.Rules, "\n") + "\n", "truth.tsv": truth.String(),
		"keyless/audit.log": string(keyless.Log), "keyless/rules.rules": strings.Join(keyless.Rules, "\n") + "\n", "unique.log": string(l.Text), "README": readme,
		"keys.txtar": string(own.Text()), "keyless.txtar": string(keyless.Text())} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReplay compares the cases in the folder of AUDITPROF_MATCHCASES, without the kernel.
func TestReplay(t *testing.T) {
	names, _ := filepath.Glob(os.Getenv("AUDITPROF_MATCHCASES") + "/*/key*.txtar")
	more, _ := filepath.Glob(os.Getenv("AUDITPROF_MATCHCASES") + "/*.txtar")
	names = append(names, more...)
	total := map[string]*Agreement{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ParseCase(text)
		if err != nil {
			t.Fatal(name, err)
		}
		a, err := Compare(c)
		if err != nil {
			t.Fatal(name, err)
		}
		t.Logf("%s: %v", name, a)
		if total[filepath.Base(name)] == nil {
			total[filepath.Base(name)] = &Agreement{}
		}
		total[filepath.Base(name)].Add(a)
		for i, w := range a.Wrong {
			if i < 4 {
				t.Errorf("%s: %s", name, w.Text(c))
			}
		}
	}
	t.Log(total)
}
