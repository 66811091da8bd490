package probe

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestFirstLine(t *testing.T) {
	for text, want := range map[string]string{
		"short":             "short",
		"a\nverifier's log": "a…",
	} {
		if got := firstLine(errors.New(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := firstLine(errors.New(strings.Repeat("x", 5000))); len(got) > 320 {
		t.Errorf("%d bytes", len(got))
	}
}

func TestOnlineCPUs(t *testing.T) {
	for text, want := range map[string][]int{"0\n": {0}, "0-3,8\n": {0, 1, 2, 3, 8}, "0,2-3": {0, 2, 3}} {
		got, err := onlineCPUs(file(t, text))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "x", "3-1", "-1", "0-99999999"} {
		if got, err := onlineCPUs(file(t, text)); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A level that cannot be had is a note, and the others still work.
func TestLiveAMissingLevelIsANote(t *testing.T) {
	a := startActor(t)
	requireProbes(t)
	whole := tracepoints[Scheduler]
	tracepoints[Scheduler] = append(whole[:1:1], struct{ program, point string }{"on_wakeup", "no_such_tracepoint"})
	defer func() { tracepoints[Scheduler] = whole }()
	s, err := Start(Targets{Workload: []int{a.pid()}})
	if err != nil {
		t.Fatal(err)
	}
	a.do("getppid 12")
	seen := stop(t, s)
	if slices.Contains(seen.Levels, Scheduler) || !slices.Contains(seen.Levels, Syscalls) {
		t.Errorf("levels %q", seen.Levels)
	}
	if !slices.ContainsFunc(seen.Notes, func(n string) bool { return strings.HasPrefix(n, "no scheduler: attach to no_such_tracepoint") }) {
		t.Errorf("notes %q", seen.Notes)
	}
	if got := seen.Calls[syscall.SYS_GETPPID].Count; got != 12 {
		t.Errorf("%d calls, want 12", got)
	}
}
