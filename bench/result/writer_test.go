package result

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/auditprof/auditprof/internal/livetest"
	"github.com/klauspost/compress/zstd"
)

func newWriter(t *testing.T) (*Writer, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "runs", "one")
	w, err := NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w, dir
}

func TestRoundTrip(t *testing.T) {
	w, dir := newWriter(t)
	var want []Slot
	for round := range 3 {
		want = append(want, sampleSlot(round))
		if err := errors.Join(w.Slot(want[round]), w.Run(sample())); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.RuleSet("a", []byte("-a always,exit -S open\n")); err != nil {
		t.Fatal(err)
	}
	run, slots, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(run, sample()) {
		t.Errorf("run: got %+v", run)
	}
	if !reflect.DeepEqual(slots, want) {
		t.Errorf("slots: got %+v", slots)
	}
}

func TestRunDirectoryIsPrivate(t *testing.T) {
	w, dir := newWriter(t)
	if err := errors.Join(w.Slot(sampleSlot(0)), w.Run(sample()), w.RuleSet("a", nil)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{".": 0o700, RulesDir: 0o700, RunFile: 0o600, SlotsFile: 0o600, "rules/a.rules": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestNewWriterRefuses(t *testing.T) {
	w, dir := newWriter(t)
	if err := w.Run(sample()); err != nil {
		t.Fatal(err)
	}
	if _, err := NewWriter(dir); err == nil || !strings.Contains(err.Error(), "already holds a run") {
		t.Errorf("a directory with a run: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewWriter(file); err == nil || !strings.Contains(err.Error(), "--out") {
		t.Errorf("a file: %v", err)
	}
}

func TestRuleFileStaysInside(t *testing.T) {
	for arm, want := range map[string]string{
		"site.rules":    "rules/site.rules.rules",
		"loaded now":    "rules/loaded%20now.rules",
		"../../etc/x":   "rules/%2E.%2F..%2Fetc%2Fx.rules",
		".":             "rules/%2E.rules",
		"a\x1b[2Jb\x00": "rules/a%1B%5B2Jb%00.rules",
		"größe":         "rules/gr%C3%B6%C3%9Fe.rules",
	} {
		if got, err := RuleFile(arm); err != nil || got != want {
			t.Errorf("%q: %q %v, want %q", arm, got, err, want)
		}
	}
	for _, arm := range []string{"", strings.Repeat("x", 251), strings.Repeat("/", 90)} {
		if _, err := RuleFile(arm); err == nil {
			t.Errorf("%q names a file", arm)
		}
	}
}

func TestNotFiniteIsLeftOutAndNamed(t *testing.T) {
	w, dir := newWriter(t)
	run, slot := sample(), sampleSlot(0)
	run.Results[0].Metrics[Slowdown] = Metric{Unit: "ratio", Value: 1, Low: math.NaN(), High: math.Inf(1)}
	run.Prices.Residual = math.Inf(-1)
	run.Warnings = nil
	slot.BacklogMean = math.NaN()
	if err := errors.Join(w.Run(run), w.Slot(slot)); err != nil {
		t.Fatal(err)
	}
	if run.Warnings != nil || len(run.Results[0].Metrics) != 2 {
		t.Error("the caller's run was changed")
	}
	got, slots, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, there := got.Results[0].Metrics[Slowdown]; there || len(got.Results[0].Metrics) != 1 || got.Prices.Residual != 0 || slots[0].BacklogMean != 0 {
		t.Errorf("got %+v %+v", got.Results[0].Metrics, got.Prices)
	}
	var text []string
	for _, warning := range got.Warnings {
		text = append(text, warning.Text)
	}
	for _, want := range []string{"Results[0].Metrics[slowdown]", "Prices.Residual"} {
		if !strings.Contains(strings.Join(text, "\n"), want) {
			t.Errorf("warnings %q do not name %s", text, want)
		}
	}
}

func TestEmptyRunHasNoNull(t *testing.T) {
	w, dir := newWriter(t)
	if err := w.Run(&Run{Results: []Result{{}}}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, RunFile))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "null") {
		t.Errorf("null in %s", data)
	}
}

// fullFile takes some bytes of a line and then has no room, as a disk does.
type fullFile struct {
	*os.File
	room int
}

func (f *fullFile) Write(p []byte) (int, error) {
	if f.room >= len(p) {
		f.room -= len(p)
		return f.File.Write(p)
	}
	n, _ := f.File.Write(p[:f.room])
	f.room = 0
	return n, &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
}

func TestTornSlotIsCutOff(t *testing.T) {
	w, dir := newWriter(t)
	full := &fullFile{File: w.slots.(*os.File), room: 1100}
	w.slots = full
	if err := errors.Join(w.Run(sample()), w.Slot(sampleSlot(0))); err != nil {
		t.Fatal(err)
	}
	err := w.Slot(sampleSlot(1))
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "--out") {
		t.Fatalf("got %v", err)
	}
	full.room = 1 << 20
	if err := w.Slot(sampleSlot(2)); err != nil {
		t.Fatal(err)
	}
	run, slots, err := Read(dir)
	if err != nil || len(slots) != 2 || slots[1].Round != 2 || len(run.Warnings) != 1 {
		t.Errorf("%v: slots %+v", err, slots)
	}
}

func TestDiskFull(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k"); err != nil {
		livetest.Missing(t, "root, to mount a small disk: "+err.Error())
	}
	t.Cleanup(func() { syscall.Unmount(disk, 0) })
	dir := filepath.Join(disk, "run")
	w, err := NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := errors.Join(w.Run(sample()), w.Slot(sampleSlot(0))); err != nil {
		t.Fatal(err)
	}
	fill, err := os.Create(filepath.Join(disk, "fill"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = fill.Write(make([]byte, 4096))
	}
	fill.Close()
	big := sample()
	big.Ended = strings.Repeat("x", 8192)
	slot := sampleSlot(1)
	slot.Latency = strings.Repeat("x", 8192)
	for what, err := range map[string]error{"run": w.Run(big), "slot": w.Slot(slot), "rules": w.RuleSet("a", make([]byte, 8192))} {
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", what, err)
		}
	}
	run, slots, err := Read(dir)
	if err != nil || !reflect.DeepEqual(run, sample()) || len(slots) != 1 {
		t.Errorf("what was written before: %v %+v", err, slots)
	}
}

func TestLogsAreKeptPackedAndBounded(t *testing.T) {
	w, dir := newWriter(t)
	text := strings.Repeat("type=SYSCALL msg=audit(1.000:2): arch=c000003e\n", 1000)
	n, err := w.Log("a/b", "s", strings.NewReader(text), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile(filepath.Join(dir, "logs", "a%2Fb+s.log.zst"))
	if err != nil || int64(len(packed)) != n || n == 0 || n > 10_000 {
		t.Fatalf("%d bytes, said %d: %v", len(packed), n, err)
	}
	if got, err := zstdText(packed); err != nil || got != text {
		t.Errorf("%d bytes come back of %d: %v", len(got), len(text), err)
	}
	if _, err := w.Log("c", "s", strings.NewReader(text), n/2); !errors.Is(err, ErrNoRoom) {
		t.Errorf("no room: %v", err)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "logs")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func zstdText(packed []byte) (string, error) {
	r, err := zstd.NewReader(nil)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := r.DecodeAll(packed, nil)
	return string(b), err
}
