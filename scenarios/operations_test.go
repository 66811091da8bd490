package scenarios

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// level gives an operation what keeps its mix level.
func levelled(name string) []weighted {
	ops := []weighted{{name, 1}}
	level(&ops)
	return ops
}

// TestEveryOperation does each word of the vocabulary on its own, many times over: it neither fails nor runs out of what it works on.
func TestEveryOperation(t *testing.T) {
	for _, o := range Operations() {
		if o.Family == "denied" && unix.Geteuid() == 0 || o.Family == "messages" {
			continue // TestEveryScenario does them in a process with the rights that they are for
		}
		t.Run(o.Name, func(t *testing.T) {
			m := mix{ops: levelled(o.Name)}
			m.files = filePool{dirs: 3, files: 5, minBytes: 10, maxBytes: 100, minDepth: 2, maxDepth: 4}
			w := m.workload()
			must(t, w.Setup(newSite(workDir(t, os.Geteuid()), Spec{Seed: 4})))
			n := 200
			if o.Name == "exec" {
				n = 5
			}
			for range n {
				must(t, w.Do())
			}
			must(t, w.Teardown())
		})
	}
}

// TestRemovalsMayComeFirst: a deck may deal all that removes before anything that makes.
func TestRemovalsMayComeFirst(t *testing.T) {
	for seed := range uint64(4) {
		f, err := parse("x", "mix: {rmdir: 150, mkdir: 150, unlink: 150, create: 100, link: 50}\nfiles: {dirs: 2, count: 3, max_bytes: 10}\n")
		must(t, err)
		w := f.scenario().workload()
		must(t, w.Setup(newSite(workDir(t, os.Geteuid()), Spec{Seed: seed})))
		for range 1200 {
			must(t, w.Do())
		}
		must(t, w.Teardown())
	}
}

func TestDepths(t *testing.T) {
	f := &files{pool: filePool{dirs: 6, files: 1, minBytes: 1, maxBytes: 1, minDepth: 2, maxDepth: 4}}
	dir := workDir(t, os.Geteuid())
	must(t, f.setup(newSite(dir, Spec{})))
	want := []string{"/sub/d000", "/sub/sub/d001", "/sub/sub/sub/d002", "/sub/d003", "/sub/sub/d004", "/sub/sub/sub/d005"}
	for i, w := range want {
		if f.dirs[i] != dir+w {
			t.Errorf("directory %d is %s, want %s", i, f.dirs[i], w)
		}
	}
}

func TestRootIsRefusedDenials(t *testing.T) {
	needRoot(t)
	w := mix{ops: []weighted{{"open-denied", 1}}}.workload()
	if err := w.Setup(newSite(t.TempDir(), Spec{})); err == nil {
		t.Error("root is denied nothing, and the set-up does not say so")
	}
	must(t, w.Teardown())
}

// BenchmarkScenario is what one operation of each mix takes without audit.
func BenchmarkScenario(b *testing.B) {
	for _, s := range library() {
		w, ok := s.workload().(*mixWorkload)
		if !ok || s.AuditWrite || s.Name == "idle" {
			continue
		}
		b.Run(s.Name, func(b *testing.B) {
			if err := w.Setup(newSite(b.TempDir(), Spec{})); err != nil {
				w.Teardown()
				b.Skip(err) // some want a user without rights
			}
			for b.Loop() {
				if err := w.Do(); err != nil {
					b.Fatal(err)
				}
			}
			if err := w.Teardown(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// TestAppendsAreBounded: a mix that only appends, as the replay of a log that only writes, does not fill the disk however long it runs.
func TestAppendsAreBounded(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	m := mix{ops: []weighted{{"append", 1}}, files: filePool{dirs: 1, files: 2, minBytes: 10, maxBytes: 10}}
	w := m.workload()
	must(t, w.Setup(newSite(dir, Spec{Seed: 4})))
	longest := int64(0)
	for range 2000 { // about 1 MB
		must(t, w.Do())
		longest = max(longest, sizeOfLongest(t, dir))
	}
	must(t, w.Teardown())
	if longest > maxGrownBytes+10 || longest < maxGrownBytes/2 {
		t.Errorf("the longest file had %d bytes: up to %d are due", longest, maxGrownBytes+10)
	}
}

// A new name of a file has what was appended to it under the others.
func TestAppendsToLinkedFilesAreBounded(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	m := mix{ops: []weighted{{"append", 4}, {"link", 1}, {"unlink", 1}}, files: filePool{dirs: 1, files: 3, minBytes: 10, maxBytes: 10}}
	w := m.workload()
	must(t, w.Setup(newSite(dir, Spec{Seed: 4})))
	longest := int64(0)
	for range 6000 { // about 2 MB appended
		must(t, w.Do())
		longest = max(longest, sizeOfLongest(t, dir))
	}
	must(t, w.Teardown())
	if longest > 8*maxGrownBytes { // of so many names at once
		t.Errorf("the longest file had %d bytes, its names may each add %d", longest, maxGrownBytes)
	}
}

func sizeOfLongest(t *testing.T, dir string) (longest int64) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		st, err := e.Info()
		longest = max(longest, st.Size())
		return err
	}))
	return longest
}
