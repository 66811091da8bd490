package place

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Modes as augenrules gives them (init.d/augenrules: umask 0137, chmod 0640): rules tell what is not watched.
const (
	fileMode = 0o640
	dirMode  = 0o750
)

// WriteDir writes all rule files, edited and not, into a directory that is missing or empty, as a rules.d: with the names that they have, or
// ruleset.LiveFile where rules came from a kernel, auditctl -l or standard input. The directory is there as a whole, on disk, or not at
// all. Nothing that exists is overwritten.
func (e *Edited) WriteDir(dir string) error {
	names, err := e.names()
	if err != nil {
		return err
	}
	if err := free(dir); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".auditprof-")
	if err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	if err := e.fill(tmp, names, dir); err != nil {
		return errors.Join(err, os.RemoveAll(tmp))
	}
	return syncDir(filepath.Dir(filepath.Clean(dir)))
}

// free tells whether a directory may be made: there is nothing, or an empty directory.
func free(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("write rules: %w: name a directory that does not exist yet", err)
	case len(entries) > 0:
		return fmt.Errorf("write rules: %s is not empty: name a directory that does not exist yet", dir)
	}
	return nil
}

// fill writes the files into a directory of another name and gives it its own.
func (e *Edited) fill(tmp string, names []string, dir string) error {
	for i, f := range e.files {
		if err := writeFile(filepath.Join(tmp, names[i]), f.after); err != nil {
			return fmt.Errorf("write rules: %w", err)
		}
	}
	if err := inOrder(tmp, names); err != nil {
		return err
	}
	if err := os.Chmod(tmp, dirMode); err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	if err := syncDir(tmp); err != nil {
		return err
	}
	// rename(2) takes the place of an empty directory, and of that alone; os.Rename would not.
	if err := syscall.Rename(tmp, filepath.Clean(dir)); err != nil {
		return fmt.Errorf("write rules: %s: %w", dir, err)
	}
	return nil
}

func writeFile(name, text string) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	if err := f.Chmod(fileMode); err != nil { // whatever the umask
		return err
	}
	return f.Sync()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	return nil
}

// inOrder tells whether several files are read from a directory in the order in which they were given: before, they may have been of several
// directories, or have had names that augenrules does not take.
func inOrder(dir string, names []string) error {
	if len(names) < 2 {
		return nil
	}
	set, err := rule.ParseDir(dir, os.DirFS(dir))
	if set == nil {
		return fmt.Errorf("write rules: %w", err)
	}
	var read []string
	for _, f := range set.Files {
		read = append(read, path.Base(f.Name))
	}
	if !slices.Equal(read, names) {
		return fmt.Errorf("write rules: augenrules reads %q from a directory, in this order, and the rules were given as %q: name the files in that order, or write a patch", read, names)
	}
	return nil
}

// names are the names that the files get, without directories.
func (e *Edited) names() ([]string, error) {
	var out []string
	for _, f := range e.files {
		name := f.baseName()
		if slices.Contains(out, name) {
			return nil, fmt.Errorf("write rules: two of the rule files are called %q: name those of one directory", name)
		}
		out = append(out, name)
	}
	return out, nil
}

// baseName is the name of the file itself. Rules that come from no rule file get one.
func (f *file) baseName() string {
	if !f.hasFile() {
		return ruleset.LiveFile
	}
	return path.Base(f.name)
}

// hasFile tells whether there is a rule file that holds the text.
func (f *file) hasFile() bool { return f.origin == ruleset.FromFile }
