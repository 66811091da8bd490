package logs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/zstd"
)

// What cannot be read is said before anything is: which file, why, and what to do.
func TestOpenErrors(t *testing.T) {
	random := make([]byte, 4096)
	for n := range random {
		random[n] = byte(n * 7)
	}
	dir := folder(t, map[string][]byte{
		"good": []byte(line(1, 1)), "empty": nil, "also-empty": nil, "binary": random, "packed-binary": gzipped(t, string(random)), "x.xz": []byte("\xfd7zXZ\x00\x00"), "x.journal": []byte("LPKSHHRH...."),
		"wide": zstded(t, strings.Repeat(line(1, 1), 100_000), zstd.WithWindowSize(64<<20)), "segment": zstded(t, strings.Repeat(line(1, 1), 600_000), zstd.WithWindowSize(64<<20), zstd.WithSingleSegment(true)),
	})
	some := folder(t, map[string][]byte{"secure": []byte("x"), "messages": nil, "a": nil, "b": nil})
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct {
		name string
		args []string
		is   error
		says []string
	}{
		{"nothing named", nil, ErrNoLog, []string{"name a log file"}},
		{"missing", []string{at("good"), at("missing")}, fs.ErrNotExist, []string{at("missing"), "name a log file"}},
		{"directory without logs", []string{some}, ErrNoLog, []string{some, `"a", "b", "messages" and 1 more`, "name the log files themselves"}},
		{"empty directory", []string{t.TempDir()}, ErrNoLog, []string{"nothing"}},
		{"empty", []string{at("empty"), at("also-empty")}, ErrEmpty, []string{"log_file in auditd.conf"}},
		{"binary", []string{at("good"), at("binary")}, ErrNoLog, []string{at("binary"), "binary data"}},
		{"binary, packed", []string{at("packed-binary")}, ErrNoLog, []string{"binary data"}},
		{"xz", []string{at("x.xz")}, ErrFormat, []string{"xz -dc"}},
		{"zstd with a wide window", []string{at("wide")}, ErrWindow, []string{"zstd --long=31"}},
		{"zstd in one segment", []string{at("segment")}, ErrWindow, []string{"zstd --long=31"}},
		{"journal", []string{at("x.journal")}, ErrFormat, []string{"journalctl --file"}},
		{"standard input twice", []string{"-", "-"}, nil, []string{"only once"}},
		{"two at once", []string{at("missing"), at("x.xz")}, ErrFormat, []string{at("missing"), at("x.xz")}},
	} {
		in, err := Open(c.args, strings.NewReader(""), Options{})
		if err == nil {
			in.Close()
			t.Errorf("%s: no error", c.name)
			continue
		}
		if c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: %v is not %v", c.name, err, c.is)
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q does not say %q", c.name, err, s)
			}
		}
	}
}

func TestPermissionDenied(t *testing.T) {
	err := openError("x", &os.PathError{Op: "open", Path: "x", Err: fs.ErrPermission})
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "run as root") {
		t.Errorf("got %v", err)
	}
	if os.Geteuid() == 0 {
		return // root may read everything
	}
	dir := folder(t, map[string][]byte{"audit.log": []byte(line(1, 1))})
	if err := os.Chmod(filepath.Join(dir, "audit.log"), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := Open([]string{dir}, nil, Options{}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

// A compressed file that is cut or damaged gives what is there, a remark, and way to the next file.
func TestDamagedFiles(t *testing.T) {
	text := strings.Repeat(line(100, 1), 50_000)
	for _, c := range []struct {
		name string
		file []byte
		is   error
		some bool
	}{
		{"gzip, cut", half(gzipped(t, text)), ErrTruncated, true},
		{"gzip, nearly nothing", gzipped(t, text)[:5], ErrTruncated, false},
		{"gzip, last byte", butLast(gzipped(t, text)), ErrTruncated, true},
		{"gzip, second member cut", append(gzipped(t, text), half(gzipped(t, text))...), ErrTruncated, true},
		{"gzip, garbage behind", append(gzipped(t, text), "garbage behind the end"...), ErrCorrupt, true},
		{"gzip, damaged", damaged(gzipped(t, text)), ErrCorrupt, false},
		{"zstd, cut", half(zstded(t, text)), ErrTruncated, true},
		{"zstd, last byte", butLast(zstded(t, text)), ErrTruncated, true},
		{"zstd, damaged", damaged(zstded(t, text)), ErrCorrupt, false},
		{"zstd, second frame too wide", append(zstded(t, text), zstded(t, text+strings.Repeat("x", 9<<20), zstd.WithWindowSize(64<<20))...), ErrWindow, true},
	} {
		dir := folder(t, map[string][]byte{"audit.log.1": c.file, "audit.log": []byte(line(900, 9))})
		in := open(t, nil, dir)
		got := strings.Fields(serials(t, in))
		r := in.Remarks()
		if len(r) != 1 || !errors.Is(r[0].Err, c.is) || filepath.Base(r[0].File) != "audit.log.1" || in.Err() != nil {
			t.Errorf("%s: remarks %v, error %v", c.name, r, in.Err())
		}
		if len(got) == 0 || got[len(got)-1] != "9" || c.some && len(got) < 10_000 {
			t.Errorf("%s: %d records", c.name, len(got))
		}
	}
}

func half(b []byte) []byte    { return b[:len(b)/2] }
func butLast(b []byte) []byte { return b[:len(b)-1] }

// damaged breaks the middle of b.
func damaged(b []byte) []byte {
	b = append([]byte(nil), b...)
	for n := len(b) / 3; n < len(b)/2; n++ {
		b[n] ^= 0x55
	}
	return b
}

// Rotating, growing and unlinking change nothing: a log is read as it was at Open.
func TestLogThatIsWrittenTo(t *testing.T) {
	dir := folder(t, map[string][]byte{"audit.log": []byte(lines(100, 1, 2000)), "audit.log.1": []byte(line(50, 0))})
	live := filepath.Join(dir, "audit.log")
	in := open(t, nil, dir)
	if !in.Scan() {
		t.Fatal("nothing")
	}
	f, err := os.OpenFile(live, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(line(9000, 9000)); err != nil {
		t.Fatal(err)
	}
	for _, step := range []error{os.Remove(live + ".1"), os.Rename(live, live+".1"), os.WriteFile(live, []byte(line(9001, 9001)), 0o600)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	n := 1
	for ; in.Scan(); n++ {
		if got := in.Record().Serial; got != uint64(n) {
			t.Fatalf("record %d has serial %d", n, got)
		}
	}
	if n != 2001 || len(in.Remarks()) != 0 {
		t.Errorf("%d records, remarks %v", n, in.Remarks())
	}
	again, err := in.Reopen()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(serials(t, again)); len(got) != 2001 || again.Bytes() != in.Bytes() {
		t.Errorf("%d records the second time", len(got))
	}
}

// A log that is emptied while it is read, as logrotate's copytruncate does.
func TestLogThatShrinks(t *testing.T) {
	const all = 100_000 // more than the reader has in its buffer
	dir := folder(t, map[string][]byte{"audit.log": []byte(lines(100, 1, all)), "audit.log.2.gz": gzipped(t, lines(1, 0, 1))})
	path := filepath.Join(dir, "audit.log")
	in := open(t, nil, dir)
	for range 5 {
		in.Scan()
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if got := len(strings.Fields(serials(t, in))); got == 0 || got >= all {
		t.Errorf("%d records", got)
	}
	if r := in.Remarks(); len(r) != 1 || !errors.Is(r[0].Err, ErrShrank) || r[0].File != path || in.Err() != nil {
		t.Errorf("remarks %v, error %v", r, in.Err())
	}
	if _, err := in.Reopen(); !errors.Is(err, ErrChanged) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(path, []byte(lines(700, 1, all)), 0o600); err != nil { // as long as before, and another log
		t.Fatal(err)
	}
	if _, err := in.Reopen(); !errors.Is(err, ErrChanged) || !in.CanReopen() {
		t.Errorf("got %v", err)
	}
}

func TestStreams(t *testing.T) {
	in := open(t, strings.NewReader(line(1, 1)), "-")
	if in.CanReopen() {
		t.Error("standard input can be read twice")
	}
	if _, err := in.Reopen(); !errors.Is(err, ErrStream) {
		t.Errorf("got %v", err)
	}
	if got := serials(t, open(t, strings.NewReader(""), "-")); got != "" {
		t.Errorf("got %s", got)
	}
	for name, text := range map[string]string{"xz": "\xfd7zXZ\x00\x00", "cut gzip": string(gzipped(t, line(1, 1))[:15])} {
		in := open(t, strings.NewReader(text), "-")
		if serials(t, in) != "" || (in.Err() == nil) == (len(in.Remarks()) == 0) {
			t.Errorf("%s: error %v, remarks %v", name, in.Err(), in.Remarks())
		}
	}
	fire := errors.New("disk on fire")
	in = open(t, io.MultiReader(strings.NewReader(line(1, 1)+"type=X"), iotest.ErrReader(fire)), "-")
	if got := serials(t, in); got != "1" || !errors.Is(in.Err(), fire) || !strings.Contains(in.Err().Error(), "read -: ") {
		t.Errorf("got %s, error %v", got, in.Err())
	}
}

// A file that the shell opened as standard input is a file: it can be read again, from where the shell left it.
func TestStandardInputFromAFile(t *testing.T) {
	dir := folder(t, map[string][]byte{"log": []byte(lines(1, 1, 3))})
	f, err := os.Open(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(int64(len(line(1, 1))), io.SeekStart); err != nil {
		t.Fatal(err)
	}
	in := open(t, f, "-")
	if got := serials(t, in); got != "2 3" {
		t.Errorf("got %s", got)
	}
	again, err := in.Reopen()
	if err != nil {
		t.Fatal(err)
	}
	if got := serials(t, again); got != "2 3" {
		t.Errorf("got %s the second time", got)
	}
}

// Leaving off in the middle of a packed log ends the goroutine that unpacks it.
func TestCloseEndsTheUnpacking(t *testing.T) {
	dir := folder(t, map[string][]byte{"a": gzipped(t, strings.Repeat(line(1, 1), 100_000)), "b": zstded(t, strings.Repeat(line(1, 1), 100_000))})
	before := runtime.NumGoroutine()
	for _, name := range []string{"a", "b"} {
		in := open(t, nil, filepath.Join(dir, name))
		if !in.Scan() || in.Close() != nil || in.Scan() || in.Close() != nil {
			t.Error("not to be closed")
		}
	}
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, were %d", runtime.NumGoroutine(), before)
}

// NUL bytes, a line of 10 MB and one without a newline, packed and not.
func TestOddLines(t *testing.T) {
	text := line(1, 1) + strings.Repeat("\x00", 5000) + line(2, 2) + strings.Repeat("x", 10<<20) + "\n" + line(3, 3) + strings.TrimSuffix(line(4, 4), "\n")
	for name, file := range map[string][]byte{"plain": []byte(text), "gzip": gzipped(t, text), "zstd": zstded(t, text)} {
		in := open(t, nil, filepath.Join(folder(t, map[string][]byte{"l": file}), "l"))
		if got := serials(t, in); got != "1 2 3 4" || len(in.Skipped()) != 2 || in.Bytes() != int64(len(text)) {
			t.Errorf("%s: got %s, skipped %v", name, got, in.Skipped())
		}
	}
}
