package bench

import (
	"os"
	"path/filepath"
	"testing"
)

func TestStateDirKeepsWhatIsNotOurs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	for _, p := range []string{"bin", "auditd/log", "data/idle/work", "my-runs/first"} {
		if err := os.MkdirAll(filepath.Join(dir, p), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := openStateDir(dir); err != nil {
		t.Fatal(err)
	}
	for p, want := range map[string]bool{"bin": false, "auditd": false, "data": false, "my-runs/first": true} {
		if _, err := os.Lstat(filepath.Join(dir, p)); (err == nil) != want {
			t.Errorf("%s there: %t, want %t", p, err == nil, want)
		}
	}
	closeStateDir(dir)
	if _, err := os.Lstat(filepath.Join(dir, "my-runs/first")); err != nil {
		t.Error("the end of a run took away what was not its own")
	}
}

func TestStateDirGoesWithTheRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	if err := openStateDir(dir); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(dir); err != nil || st.Mode().Perm() != 0o711 {
		t.Errorf("%v %v, want mode 711", st, err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "bin", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	closeStateDir(dir)
	if _, err := os.Lstat(dir); err == nil {
		t.Error("the folder is left")
	}
}

func TestStateDirOfSomebodyElseIsRefused(t *testing.T) {
	base := t.TempDir()
	open, link, closed := filepath.Join(base, "open"), filepath.Join(base, "link"), filepath.Join(base, "closed")
	for path, mode := range map[string]os.FileMode{open: 0o777, closed: 0o700} {
		if err := os.Mkdir(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{open, link, closed} {
		if err := openStateDir(path); err == nil {
			t.Errorf("%s is taken", path)
		}
	}
}
