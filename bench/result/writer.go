package result

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Names of the files of a run directory.
const (
	RunFile   = "result.json"
	SlotsFile = "slots.jsonl"
	RulesDir  = "rules"
	HostFile  = "host.json"
)

// Writer writes a run as it goes: what it has accepted is on disk, so a crash costs one slot. One goroutine at a time.
type Writer struct {
	dir   string
	root  *os.Root
	slots file
	end   int64 // of the last whole line of slots.jsonl
}

// file is the little that the writer needs of slots.jsonl; a test fills its disk.
type file interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
	Seek(offset int64, whence int) (int64, error)
}

// NewWriter makes the directory (mode 0700: rules and paths tell a lot about a host) and its empty slots.jsonl. It refuses a directory that
// holds a run.
func NewWriter(dir string) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the run directory: %w: give another --out", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the run directory: %w: give another --out", err)
	}
	w := &Writer{dir: dir, root: root}
	if err := w.begin(); err != nil {
		root.Close()
		return nil, err
	}
	return w, nil
}

func (w *Writer) begin() error {
	for _, name := range []string{RunFile, SlotsFile, BenchFile, RulesDir, LogsDir, HostFile} {
		if _, err := w.root.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s already holds a run (%s): give another --out, or move it away", w.dir, name)
		}
	}
	if err := w.root.Mkdir(RulesDir, 0o700); err != nil {
		return w.trouble("make "+RulesDir, err)
	}
	f, err := w.root.OpenFile(SlotsFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return w.trouble("make "+SlotsFile, err)
	}
	w.slots = f
	return nil
}

// Close closes the files; nothing is waiting to be written.
func (w *Writer) Close() error {
	return errors.Join(w.slots.Close(), w.root.Close())
}

// Slot appends one line to slots.jsonl and syncs it. After an error the file ends with the last whole line, and Slot may be called again.
func (w *Writer) Slot(s Slot) error {
	s, _ = tidy(s)
	line, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write a slot: %w", err)
	}
	line = append(line, '\n')
	_, err = w.slots.Write(line)
	if err == nil {
		err = w.slots.Sync()
	}
	if err != nil {
		cut := w.slots.Truncate(w.end)
		_, back := w.slots.Seek(w.end, io.SeekStart)
		return w.trouble("write a slot", errors.Join(err, cut, back))
	}
	w.end += int64(len(line))
	return w.benchLine(s)
}

// Run writes result.json anew, whole or not at all: a reader meets the old one or the new one.
func (w *Writer) Run(run *Run) error {
	data, err := Encode(run)
	if err != nil {
		return err
	}
	return w.replace(RunFile, data)
}

// Encode gives the bytes of a result.json. What JSON cannot hold (a number that is not finite) is left out and named in the warnings of what is
// written; the run itself stays as it is.
func Encode(run *Run) ([]byte, error) {
	whole, dropped := tidy(*run)
	whole.Schema = Schema
	for _, place := range dropped {
		whole.Warnings = append(whole.Warnings, Warning{
			Text: "no finite number for " + strings.TrimPrefix(place, "."),
			Cure: "more rounds; a single round often has no ratio",
		})
	}
	data, err := json.MarshalIndent(whole, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", RunFile, err)
	}
	return append(data, '\n'), nil
}

// RuleSet writes the rules of an arm as they were loaded, to rules/<arm>.rules.
func (w *Writer) RuleSet(arm string, rules []byte) error {
	name, err := RuleFile(arm)
	if err != nil {
		return err
	}
	return w.replace(name, rules)
}

// RuleFile is the path of an arm's rules in the run directory.
func RuleFile(arm string) (string, error) {
	name := escapeName(arm) + ".rules"
	if arm == "" || len(name) > 250 {
		return "", fmt.Errorf("arm %q cannot name a file: name it with --rules NAME=FILE, 1 to 80 characters", arm)
	}
	return filepath.Join(RulesDir, name), nil
}

// escapeName writes bytes of a name other than letters, digits, "-", "_" and inner dots as %XX, so that no name leaves its directory.
func escapeName(of string) string {
	var name strings.Builder
	for i := range len(of) {
		switch c := of[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.' && i > 0:
			name.WriteByte(c)
		default:
			fmt.Fprintf(&name, "%%%02X", c)
		}
	}
	return name.String()
}

// HostFacts keeps what the run found out about files of the host that its rules and logs name, as JSON.
func (w *Writer) HostFacts(facts []byte) error { return w.replace(HostFile, facts) }

// replace writes a file beside its place, syncs it and moves it there.
func (w *Writer) replace(name string, data []byte) error {
	temp := name + ".tmp"
	err := w.writeFile(temp, data)
	if err == nil {
		err = w.root.Rename(temp, name)
	}
	if err != nil {
		w.root.Remove(temp)
		return w.trouble("write "+name, err)
	}
	return w.syncDir(filepath.Dir(name))
}

func (w *Writer) writeFile(name string, data []byte) error {
	f, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes a rename outlive a power cut. A file system that cannot sync a directory (EINVAL) is no reason to stop.
func (w *Writer) syncDir(name string) error {
	d, err := w.root.Open(name)
	if err != nil {
		return w.trouble("sync "+name, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return w.trouble("sync "+name, err)
	}
	return nil
}

// trouble names the directory and the cure.
func (w *Writer) trouble(what string, err error) error {
	cure := "what was written before stays readable"
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		cure = "free space there, or give --out on another disk; " + cure
	}
	return fmt.Errorf("%s in the run directory %s: %w: %s", what, w.dir, err, cure)
}
