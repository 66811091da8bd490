package kernel

import (
	"os"
	"path/filepath"
	"testing"
)

func TestScratchTakesItsOwnNamesOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	for _, name := range []string{"bin", "data/deep", "kept"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "data", "link")); err != nil {
		t.Fatal(err)
	}
	s := scratch{Dir: dir, Names: []string{"bin", "data", "never-made"}}
	if err := s.remove(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "kept" {
		t.Errorf("left %v, %v; want what was not named", entries, err)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("what a link pointed to: %v", err)
	}
	os.Remove(filepath.Join(dir, "kept"))
	if err := s.remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the empty folder is still there")
	}
}

func TestScratchRefusesWhatCouldReachFurther(t *testing.T) {
	for _, s := range []scratch{
		{Dir: "/"}, {Dir: "relative"}, {Dir: "/a/../b"}, {Dir: "/a", Names: []string{".."}}, {Dir: "/a", Names: []string{"b/c"}},
		{Dir: "/a", Names: []string{""}}, {Dir: "/a", Names: []string{"."}}, {Dir: ""},
	} {
		if s.check() == nil {
			t.Errorf("%+v is taken", s)
		}
	}
}
