package record

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// scan reads all of src and checks that the books close: every record has its place, and the lengths add up to size.
func scan(t *testing.T, src io.Reader, size int64) []*Record {
	t.Helper()
	r := NewReader(src)
	var all []*Record
	var sum, line int64
	for r.Scan() {
		rec := r.Record()
		if rec.Offset != sum || rec.Line < line || rec.Line > r.Lines() {
			t.Fatalf("line %d is at %d, want it at %d, behind line %d, %d lines read", rec.Line, rec.Offset, sum, line, r.Lines())
		}
		line = rec.Line
		sum += rec.Length
		all = append(all, rec.Clone())
	}
	if sum != size || r.Bytes() != size {
		t.Fatalf("%d bytes in %d records, Bytes says %d, want %d bytes", sum, len(all), r.Bytes(), size)
	}
	return all
}

const cwd = "type=CWD msg=audit(1.002:3): cwd=\"/\""

func TestReader(t *testing.T) {
	in := cwd + "\n\nnonsense\n" + cwd + "\r\n" + cwd
	for name, src := range map[string]io.Reader{
		"at once":       strings.NewReader(in),
		"byte by byte":  iotest.OneByteReader(strings.NewReader(in)),
		"data with EOF": iotest.DataErrReader(strings.NewReader(in)),
	} {
		all := scan(t, src, int64(len(in)))
		want := []Bad{Good, Empty, NoHeader, Good, Good}
		if len(all) != len(want) {
			t.Fatalf("%s: %d records, want %d", name, len(all), len(want))
		}
		for n, rec := range all {
			if rec.Line != int64(n+1) || rec.Bad != want[n] || rec.Torn != (n == len(want)-1) {
				t.Errorf("%s: line %d: %v torn %v", name, n+1, rec.Bad, rec.Torn)
			}
		}
	}
}

func TestReaderEmpty(t *testing.T) {
	if all := scan(t, strings.NewReader(""), 0); len(all) != 0 {
		t.Errorf("%d records from nothing", len(all))
	}
}

func TestReaderLongLines(t *testing.T) {
	good := cwd + "\n"
	for _, length := range []int{MaxLineBytes - 1, MaxLineBytes, MaxLineBytes + 1, bufferBytes - 1, bufferBytes, bufferBytes + 1, 10 << 20} {
		for _, before := range []string{"", good, strings.Repeat(good, 3*MaxLineBytes/len(good))} {
			line := cwd + strings.Repeat("x", length-len(cwd))
			in := before + line + "\n" + good + good
			all := scan(t, strings.NewReader(in), int64(len(in)))
			rec, after := all[len(all)-3], all[len(all)-2:]
			if long := length > MaxLineBytes; long != (rec.Bad == TooLong) {
				t.Errorf("%d bytes after %d: %v", length, len(before), rec.Bad)
			}
			if rec.Length != int64(length)+1 || string(rec.Raw) != line[:min(length, MaxLineBytes)] {
				t.Errorf("%d bytes after %d: length %d, kept %d", length, len(before), rec.Length, len(rec.Raw))
			}
			for _, r := range after {
				if string(r.Raw) != cwd {
					t.Errorf("%d bytes after %d: next line is %q", length, len(before), r.Raw)
				}
			}
		}
	}
}

func TestReaderLongLineAtTheEnd(t *testing.T) {
	in := cwd + "\n" + strings.Repeat("x", 1<<20)
	all := scan(t, iotest.HalfReader(strings.NewReader(in)), int64(len(in)))
	if last := all[len(all)-1]; len(all) != 2 || last.Bad != TooLong || !last.Torn {
		t.Errorf("%d records, last %v torn %v", len(all), last.Bad, last.Torn)
	}
}

func TestReaderError(t *testing.T) {
	cause := errors.New("disk on fire")
	r := NewReader(io.MultiReader(strings.NewReader(cwd+"\ntype=CW"), iotest.ErrReader(cause)))
	if !r.Scan() || r.Record().Bad != Good || r.Err() != nil {
		t.Fatalf("first line: %v, %v", r.Record().Bad, r.Err())
	}
	if !r.Scan() || !r.Record().Torn || r.Bytes() != int64(len(cwd))+8 {
		t.Fatalf("what came before the error is given out: %+v", r.Record())
	}
	if r.Scan() || r.Err() != cause {
		t.Fatalf("got %v, want %v", r.Err(), cause)
	}
	idle := NewReader(neverReader{})
	if idle.Scan() || idle.Err() != io.ErrNoProgress {
		t.Fatalf("got %v", idle.Err())
	}
}

type neverReader struct{}

func (neverReader) Read([]byte) (int, error) { return 0, nil }

// corpus is the folder of real logs, which is no part of this repository.
func corpus(t testing.TB) string {
	dir := os.Getenv("AUDITPROF_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus of real logs: set AUDITPROF_CORPUS to the folder with logs/ and recorded/ (%v)", err)
	}
	return dir
}

func TestCorpusLogsAreReadWhole(t *testing.T) {
	files, good, bad := 0, 0, map[Bad]int{}
	err := filepath.WalkDir(filepath.Join(corpus(t), "logs"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".log") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, rec := range scan(t, bytes.NewReader(text), int64(len(text))) {
			if rec.Bad == Good {
				good++
			} else {
				bad[rec.Bad]++
			}
			looksGood := bytes.HasPrefix(rec.Raw, []byte("type=")) || bytes.HasPrefix(rec.Raw, []byte("node="))
			if looksGood && rec.Bad == NoHeader {
				t.Errorf("%s:%d: %q: %v", filepath.Base(path), rec.Line, rec.Raw, rec.Bad)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if good < 500 || bad[TooLong] != 0 || bad[NUL] != 0 {
		t.Errorf("%d files, %d good records, bad: %v", files, good, bad)
	}
	t.Logf("%d files, %d good records, bad: %v", files, good, bad)
}

func TestHotPathDoesNotAllocate(t *testing.T) {
	in := strings.NewReader("")
	r := NewReader(in)
	log := strings.Repeat(syscallLine+"\n"+cwd+"\n", 50)
	n := testing.AllocsPerRun(20, func() {
		in.Reset(log)
		r.srcErr = nil
		for r.Scan() {
			touch(r.Record())
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for 100 lines, want 0", n)
	}
}

// touch asks for what attribution asks of every record.
func touch(rec *Record) {
	rec.Field("key")
	rec.Field("exe")
	rec.Uint("auid")
	rec.Hex("arch")
	rec.Int("exit")
}
