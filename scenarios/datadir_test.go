package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLeftovers(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	outside := workDir(t, os.Geteuid())
	victim := filepath.Join(outside, "victim")
	neighbour := filepath.Join(dir, "neighbour")
	work := filepath.Join(dir, WorkName)
	must(t, os.WriteFile(victim, []byte("x"), 0o600))
	must(t, os.WriteFile(neighbour, []byte("x"), 0o600))
	must(t, os.MkdirAll(filepath.Join(work, "d000", "deep"), 0o700))
	must(t, os.WriteFile(filepath.Join(work, "d000", "deep", "f"), []byte("x"), 0o400))
	must(t, os.Symlink(outside, filepath.Join(work, "link")))
	must(t, os.Symlink(victim, filepath.Join(work, "wal.db")))

	p := start(t, Spec{Scenario: "file-churn", Dir: dir})
	p.order(100)
	p.end(0)
	for _, path := range []string{victim, neighbour} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("not ours and gone: %v", err)
		}
	}
	must(t, os.Remove(neighbour))
	wantEmpty(t, dir)
}

// Where the work directory is to stay it is the same one before and afterwards, and empty.
func TestKeptWorkDirectory(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	work := filepath.Join(dir, WorkName)
	must(t, os.MkdirAll(filepath.Join(work, "d000"), 0o700))
	must(t, os.WriteFile(filepath.Join(work, "d000", "f"), []byte("x"), 0o400))
	before, err := os.Stat(work)
	must(t, err)
	p := start(t, Spec{Scenario: "file-churn", Dir: dir, KeepWork: true})
	p.order(100)
	p.end(0)
	after, err := os.Stat(work)
	must(t, err)
	if !os.SameFile(before, after) {
		t.Error("it was made anew: rules on it would be gone")
	}
	wantEmpty(t, work)
}

func TestKeptWorkThatIsALinkIsMadeAnew(t *testing.T) {
	dir, outside := workDir(t, os.Geteuid()), workDir(t, os.Geteuid())
	victim := filepath.Join(outside, "victim")
	must(t, os.WriteFile(victim, []byte("x"), 0o600))
	must(t, os.Symlink(outside, filepath.Join(dir, WorkName)))
	p := start(t, Spec{Scenario: "file-churn", Dir: dir, KeepWork: true})
	p.order(10)
	p.end(0)
	if st, err := os.Lstat(filepath.Join(dir, WorkName)); err != nil || !st.IsDir() {
		t.Errorf("%v %v: want a directory", st, err)
	}
	if _, err := os.Stat(victim); err != nil {
		t.Error(err)
	}
}

func TestWorkIsALink(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	outside := workDir(t, os.Geteuid())
	victim := filepath.Join(outside, "victim")
	must(t, os.WriteFile(victim, []byte("x"), 0o600))
	must(t, os.Symlink(outside, filepath.Join(dir, WorkName)))
	p := start(t, Spec{Scenario: "db-churn", Dir: dir})
	p.order(10)
	p.end(0)
	wantEmpty(t, dir)
	if _, err := os.Stat(victim); err != nil {
		t.Error(err)
	}
}

func TestDataDirRefused(t *testing.T) {
	for name, c := range map[string]struct {
		make func(t *testing.T, dir string) string
		want string
	}{
		"a link": {func(t *testing.T, dir string) string {
			must(t, os.Symlink(dir, dir+"-link"))
			return dir + "-link"
		}, "not a link"},
		"a file": {func(t *testing.T, dir string) string {
			must(t, os.WriteFile(dir+"-file", nil, 0o600))
			return dir + "-file"
		}, "must be a directory"},
		"open to others": {func(t *testing.T, dir string) string {
			must(t, os.Chmod(dir, 0o777))
			return dir
		}, "writable by nobody else"},
		"somebody else's": {func(t *testing.T, dir string) string {
			needRoot(t)
			must(t, os.Chown(dir, nobody, nobody))
			return dir
		}, "belongs to uid 65534"},
		"missing": {func(t *testing.T, dir string) string { return dir + "-missing" }, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := openDataDir(c.make(t, workDir(t, os.Geteuid())), false)
			if err == nil {
				d.close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
