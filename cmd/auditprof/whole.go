package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeWhole writes a file whole or not at all: a reader never sees half a report, and an error leaves the file of before. What is there and
// is no file (a terminal, a pipe, /dev/null) is written to and stays what it is.
func writeWhole(path string, write func(io.Writer) error) error {
	put := replaceFile
	if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() {
		put = writeInto
	}
	if err := put(path, write); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// replaceFile writes a new file beside path and moves it there.
func replaceFile(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".auditprof-")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := errors.Join(write(tmp), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// writeInto writes to what has no whole.
func writeInto(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
