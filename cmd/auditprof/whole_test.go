package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

var errHalf = errors.New("broken on purpose")

// A report may go to a pipe or a device. That must never be replaced by a file: as root it could be /dev/null.
func TestWriteWholeLeavesAPipeAPipe(t *testing.T) {
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, link} {
		reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := writeWhole(path, func(w io.Writer) error { _, err := io.WriteString(w, "text"); return err }); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 16)
		n, _ := reader.Read(got)
		reader.Close()
		st, err := os.Stat(path)
		if err != nil || st.Mode()&os.ModeNamedPipe == 0 || string(got[:n]) != "text" {
			t.Errorf("%s: mode %v, %v, read %q", path, st.Mode(), err, got[:n])
		}
	}
}

func TestWriteWholeKeepsTheOldFileOnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := writeWhole(path, func(w io.Writer) error { io.WriteString(w, "new"); return errHalf })
	b, _ := os.ReadFile(path)
	entries, _ := os.ReadDir(filepath.Dir(path))
	if !errors.Is(err, errHalf) || string(b) != "old" || len(entries) != 1 {
		t.Errorf("%v, file %q, %d files", err, b, len(entries))
	}
}
