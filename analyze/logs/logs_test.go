package logs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// line is a record with that time and serial.
func line(sec, serial int) string {
	return fmt.Sprintf("type=SYSCALL msg=audit(%d.000:%d): arch=c000003e syscall=59 key=\"k\"\n", sec, serial)
}

// lines are n records from a time and serial on.
func lines(sec, serial, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(line(sec+i, serial+i))
	}
	return b.String()
}

func gzipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstded(t testing.TB, text string, opts ...zstd.EOption) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, opts...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// folder makes a directory of files.
func folder(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t testing.TB, stdin io.Reader, args ...string) *Input {
	t.Helper()
	in, err := Open(args, stdin, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in
}

// serials reads all, and checks that records and skipped lines add up to the bytes read.
func serials(t testing.TB, in *Input) string {
	t.Helper()
	var got []string
	sum, before := int64(0), in.Bytes()
	for in.Scan() {
		got = append(got, fmt.Sprint(in.Record().Serial))
		sum += in.Record().Length
	}
	for _, s := range in.Skipped() {
		sum += int64(s.Bytes)
	}
	if sum != in.Bytes()-before {
		t.Errorf("records and skipped lines have %d bytes, %d were read", sum, in.Bytes()-before)
	}
	if in.Scan() {
		t.Error("a record behind the end")
	}
	return strings.Join(got, " ")
}

func TestFormats(t *testing.T) {
	text := lines(100, 1, 3)
	const want = "1 2 3"
	dir := folder(t, map[string][]byte{
		"plain.log":   []byte(text),
		"packed":      gzipped(t, text), // by the bytes, not by the name
		"packed.gz":   zstded(t, text),
		"members.log": append(gzipped(t, line(100, 1)), gzipped(t, lines(101, 2, 2))...),
		"frames":      append(append([]byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc"), zstded(t, line(100, 1))...), zstded(t, lines(101, 2, 2))...),
	})
	for _, name := range []string{"plain.log", "packed", "packed.gz", "members.log", "frames"} {
		in := open(t, nil, filepath.Join(dir, name))
		if got := serials(t, in); got != want || in.Err() != nil || len(in.Remarks()) != 0 || in.Bytes() != int64(len(text)) || in.Lines() != 3 {
			t.Errorf("%s: got %s, error %v, remarks %v", name, got, in.Err(), in.Remarks())
		}
		done, total := in.Progress()
		if info, _ := os.Stat(filepath.Join(dir, name)); done != total || total != info.Size() {
			t.Errorf("%s: %d of %d bytes read", name, done, total)
		}
		packed, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		in = open(t, bytes.NewReader(packed), "-")
		if got := serials(t, in); got != want || in.Err() != nil || len(in.Remarks()) != 0 {
			t.Errorf("%s from standard input: got %s, error %v, remarks %v", name, got, in.Err(), in.Remarks())
		}
		if done, total := in.Progress(); done != int64(len(packed)) || total != 0 {
			t.Errorf("%s from standard input: %d of %d bytes read", name, done, total)
		}
	}
}

func TestDirectoryIsReadOldestFirst(t *testing.T) {
	for name, files := range map[string]map[string][]byte{
		"auditd": {
			"audit.log": []byte(line(400, 4)), "audit.log.1": []byte(line(300, 3)), "audit.log.2": []byte(line(200, 2)), "audit.log.10.gz": gzipped(t, line(100, 1)),
			"other.txt": []byte("x"),
		},
		"dates": {
			"audit.log": []byte(line(400, 4)), "audit.log-20240103": []byte(line(300, 3)), "audit.log-20231231.gz": gzipped(t, line(100, 1)), "audit.log-20240101.zst": zstded(t, line(200, 2)),
		},
		"dates and numbers: by time": {
			"audit.log": []byte(line(400, 4)), "audit.log.1": []byte(line(200, 2)), "audit.log-20231231.gz": gzipped(t, line(100, 1)), "audit.log-20240101": []byte(line(300, 3)),
		},
		"by number, whatever the stamps: one of a syscall that had blocked": {
			"audit.log": []byte(line(150, 4)), "audit.log.1": []byte(line(300, 3)), "audit.log.2": []byte(line(200, 2)), "audit.log.3": []byte(line(250, 1)),
		},
	} {
		if got := serials(t, open(t, nil, folder(t, files))); got != "1 2 3 4" {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestFilesAreSorted(t *testing.T) {
	a := folder(t, map[string][]byte{"audit.log": []byte(line(400, 4)), "audit.log.1": []byte(line(200, 2)), "audit.log.2": []byte(line(100, 1)), "audit.log.9": nil})
	b := folder(t, map[string][]byte{"old": []byte(line(50, 0)), "new": []byte(line(900, 9))})
	in := open(t, strings.NewReader(line(1, 77)), filepath.Join(b, "new"), "-", filepath.Join(a, "audit.log"), filepath.Join(a, "audit.log.1"),
		filepath.Join(a, "audit.log.2"), filepath.Join(a, "audit.log.9"), filepath.Join(b, "old"))
	if got := serials(t, in); got != "0 1 2 4 9 77" {
		t.Errorf("got %s", got)
	}
	if r := in.Remarks(); len(r) != 1 || !errors.Is(r[0].Err, ErrEmpty) || !strings.HasSuffix(r[0].File, "audit.log.9") {
		t.Errorf("remarks %v", r)
	}
}

func TestFileNamedTwiceIsReadOnce(t *testing.T) {
	dir := folder(t, map[string][]byte{"audit.log": []byte(line(1, 1))})
	if err := os.Symlink("audit.log", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	in := open(t, nil, dir, filepath.Join(dir, "link"), dir)
	if got := serials(t, in); got != "1" || len(in.Remarks()) != 2 || !errors.Is(in.Remarks()[0].Err, ErrCopy) {
		t.Errorf("got %s, remarks %v", got, in.Remarks())
	}
}

// logrotate packs audit.log.1 and is not done yet, or was interrupted.
func TestPackedCopyIsNotRead(t *testing.T) {
	one := lines(100, 1, 5)
	for name, packed := range map[string][]byte{"whole": gzipped(t, one), "half": half(gzipped(t, strings.Repeat(one, 1000))), "zstd": zstded(t, one)} {
		dir := folder(t, map[string][]byte{"audit.log": []byte(line(400, 9)), "audit.log.1": []byte(one), "audit.log.1.gz": packed})
		in := open(t, nil, dir)
		if got := serials(t, in); got != "1 2 3 4 5 9" || len(in.Remarks()) != 1 || !errors.Is(in.Remarks()[0].Err, ErrCopy) {
			t.Errorf("%s: got %s, remarks %v", name, got, in.Remarks())
		}
	}
	dir := folder(t, map[string][]byte{"audit.log.1": []byte(lines(100, 1, 2)), "audit.log.1.gz": gzipped(t, lines(50, 7, 2))})
	if got := serials(t, open(t, nil, dir)); got != "7 8 1 2" {
		t.Errorf("two logs with one number: got %s", got)
	}
}

func TestPlaceOfARecord(t *testing.T) {
	dir := folder(t, map[string][]byte{"audit.log": []byte("\n" + line(2, 2)), "audit.log.1": []byte("x\n" + line(1, 1) + line(1, 3)[:50])})
	in := open(t, nil, dir)
	var got []string
	for in.Scan() {
		got = append(got, fmt.Sprintf("%s:%d+%d %v", filepath.Base(in.Record().File), in.Record().Line, in.Record().Offset, in.Record().Torn))
	}
	want := []string{"audit.log.1:2+2 false", "audit.log.1:3+68 true", "audit.log:2+1 false"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSkipped(t *testing.T) {
	dir := folder(t, map[string][]byte{
		"audit.log.1": []byte(line(1, 1) + "hello\n\n" + "there\n" + strings.Repeat("x", 200) + "\n"),
		"audit.log":   []byte("\n" + line(2, 2)),
	})
	in := open(t, nil, dir)
	serials(t, in)
	one := filepath.Join(dir, "audit.log.1")
	want := []Skipped{
		{Reason: record.NoHeader, Lines: 3, Bytes: 6 + 6 + 201, FirstLine: 2, FirstFile: one, Example: "hello"},
		{Reason: record.Empty, Lines: 2, Bytes: 2, FirstLine: 3, FirstFile: one},
	}
	if got := in.Skipped(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
