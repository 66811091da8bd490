package logs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Stdin is the argument that means standard input.
const Stdin = "-"

// Options change how logs are read.
type Options struct {
	// HostAsNode gives records without node= the host of their envelope as their node: for a syslog, journal or JSON export of several
	// hosts, whose serials would be taken for one host's otherwise.
	HostAsNode bool
}

// Open opens all that args name: files, directories (audit.log and what was rotated from it), and "-" for stdin. Each file's beginning is
// looked at, so that whatever cannot be read is found before anything is analyzed: all such errors are returned, joined. The files are
// read oldest first, whatever their order in args; a file that is named twice is read once.
func Open(args []string, stdin io.Reader, opt Options) (*Input, error) {
	in := &Input{opt: opt}
	var errs []error
	fail := func(name string, err error) {
		errs = append(errs, fmt.Errorf("cannot read %s: %w", name, openError(name, err)))
	}
	for _, name := range args {
		if name == Stdin {
			if err := in.addStdin(stdin); err != nil {
				fail("standard input", err)
			}
			continue
		}
		names, err := expand(name)
		if err != nil {
			fail(name, err)
		}
		for _, n := range names {
			if err := in.addFile(n); err != nil {
				fail(n, err)
			}
		}
	}
	if len(errs) == 0 && len(in.sources) == 0 {
		errs = append(errs, fmt.Errorf("%w: name a log file, a directory such as /var/log/audit, or - for standard input", ErrNoLog))
	}
	if len(errs) == 0 && in.nothing() {
		errs = append(errs, fmt.Errorf("cannot read %s: %w: auditd has written nothing there; is it running, and does log_file in auditd.conf name this file?", args[0], ErrEmpty))
	}
	if len(errs) > 0 {
		in.Close()
		return nil, errors.Join(errs...)
	}
	in.dropCopies()
	in.sources = inOrder(in.sources)
	return in, nil
}

// expand lists the logs of a directory, or returns the name of what is none.
func expand(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, withoutPath(err)
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, withoutPath(err)
	}
	var names []string
	for _, e := range entries {
		if path := filepath.Join(name, e.Name()); inSet(e.Name()) && isFile(path) {
			names = append(names, path)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%w: the directory has no audit.log and none rotated from it (it has %s); name the log files themselves", ErrNoLog, some(entries))
	}
	return names, nil
}

// isFile reports whether path is, or leads to, something other than a directory; what cannot be told is left to opening it.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err != nil || !info.IsDir()
}

// some names a few entries of a directory.
func some(entries []os.DirEntry) string {
	var names []string
	for _, e := range entries {
		if names = append(names, fmt.Sprintf("%q", e.Name())); len(names) == 3 {
			break
		}
	}
	switch {
	case len(entries) == 0:
		return "nothing"
	case len(entries) > len(names):
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), len(entries)-len(names))
	}
	return strings.Join(names, ", ")
}

// withoutPath takes the name out of an error, which is said before it anyway.
func withoutPath(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func (in *Input) addFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return withoutPath(err)
	}
	return in.add(name, f, true)
}

func (in *Input) addStdin(stdin io.Reader) error {
	for _, s := range in.sources {
		if s.name == Stdin {
			return errors.New("- stands for standard input and can be given only once")
		}
	}
	if f, ok := stdin.(*os.File); ok {
		return in.add(Stdin, f, false)
	}
	in.sources = append(in.sources, &source{name: Stdin, stream: stdin})
	return nil
}

// add takes an open file, to be closed at the end where it is owned.
func (in *Input) add(name string, f *os.File, owned bool) error {
	if owned {
		in.closers = append(in.closers, f)
	}
	info, err := f.Stat()
	if err != nil {
		return withoutPath(err)
	}
	for _, s := range in.sources {
		if s.file != nil && os.SameFile(s.info, info) {
			in.remark(name, fmt.Errorf("%w: it was named as %s too, and is read once", ErrCopy, s.name))
			return nil
		}
	}
	s, err := newSource(name, f, info)
	if err != nil {
		return err
	}
	if s.file != nil && s.size() == 0 {
		in.remark(name, fmt.Errorf("%w: just rotated, or never written", ErrEmpty))
	}
	in.sources = append(in.sources, s)
	return nil
}

// nothing reports whether all there is are empty files.
func (in *Input) nothing() bool {
	for _, s := range in.sources {
		if s.file == nil || s.size() > 0 {
			return false
		}
	}
	return true
}
