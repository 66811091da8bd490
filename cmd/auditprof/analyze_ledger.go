package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/auditprof/auditprof/analyze"
)

// decisionFile is the analyze.Ledger behind --decisions. A log may show late what its early events meant; these are then decided a second
// time. So lines are collected in files of their own, and come to where they are wanted only in the end, whole or not at all.
type decisionFile struct {
	dir    string
	moved  bool // a file comes to its place by renaming; else it needs no name, and is gone however the program ends
	rules  []string
	lines  *decisionLines
	first  *os.File
	second *os.File // nil where no event was decided again
	doubt  int64    // bytes of first that second stands for
}

// newDecisionFile collects near path, so that the file can be moved there; for standard output and what is no regular file, among the
// temporary files.
func newDecisionFile(path string, rules []string) (*decisionFile, error) {
	d := &decisionFile{dir: os.TempDir(), rules: rules}
	if isFile(path) {
		d.dir, d.moved = filepath.Dir(path), true
	}
	var err error
	d.first, err = d.create()
	return d, err
}

// isFile tells whether path is, or would become, a regular file.
func isFile(path string) bool {
	st, err := os.Stat(path)
	return path != "-" && (err != nil || st.Mode().IsRegular())
}

func (d *decisionFile) create() (*os.File, error) {
	f, err := os.CreateTemp(d.dir, ".auditprof-")
	if err != nil {
		return nil, fmt.Errorf("collect decisions: %w", err)
	}
	if !d.moved {
		os.Remove(f.Name())
	}
	d.lines = newDecisionLines(f, d.rules)
	return f, nil
}

// Write takes the decision on the next event.
func (d *decisionFile) Write(r *analyze.Row) error {
	if err := d.lines.add(r); err != nil {
		return fmt.Errorf("collect decisions: %w", err)
	}
	return nil
}

// Doubt marks what is written so far as likely to come again.
func (d *decisionFile) Doubt() { d.doubt = d.lines.written }

// Again begins anew with the events up to the last Doubt.
func (d *decisionFile) Again() error {
	if err := d.lines.w.Flush(); err != nil {
		return fmt.Errorf("collect decisions: %w", err)
	}
	var err error
	d.second, err = d.create()
	return err
}

// deliver brings all lines to path, or to out where that is "-". It leaves nothing else behind: what is written after it may be the end of the
// program (SIGPIPE).
func (d *decisionFile) deliver(path string, out io.Writer) error {
	defer d.close()
	whole, err := d.whole()
	if err == nil {
		err = hand(whole, path, out)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// whole is the file with all lines.
func (d *decisionFile) whole() (*os.File, error) {
	if err := d.lines.w.Flush(); err != nil {
		return nil, err
	}
	if d.second == nil {
		return d.first, nil
	}
	if _, err := d.first.Seek(d.doubt, io.SeekStart); err != nil {
		return nil, err
	}
	_, err := io.Copy(d.second, d.first)
	return d.second, err
}

// hand moves a file to path, or copies it to what is no regular file.
func hand(f *os.File, path string, out io.Writer) error {
	if isFile(path) {
		return os.Rename(f.Name(), path)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	copyTo := func(w io.Writer) error { _, err := io.Copy(w, f); return err }
	if path == "-" {
		return copyTo(out)
	}
	return writeInto(path, copyTo)
}

// close removes what was collected and not moved. It may be called more than once.
func (d *decisionFile) close() error {
	var err error
	for _, f := range []*os.File{d.first, d.second} {
		if f != nil {
			err = errors.Join(err, f.Close())
			if d.moved {
				os.Remove(f.Name())
			}
		}
	}
	d.first, d.second = nil, nil
	return err
}
