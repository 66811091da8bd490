package logs

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A stream that has been read to its end can be read again, packed or not, and leaves nothing behind.
func TestAStreamIsKeptForASecondReading(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	text := lines(700, 1, 5000)
	for name, stream := range map[string]string{"plain": text, "gzip": string(gzipped(t, text)), "empty": ""} {
		in := open(t, strings.NewReader(stream), "-")
		want := serials(t, in)
		if !in.CanReopen() {
			t.Fatalf("%s: it cannot be read again", name)
		}
		for range 2 {
			again, err := in.Reopen()
			if err != nil {
				t.Fatal(err)
			}
			if got := serials(t, again); got != want || again.Bytes() != in.Bytes() || again.Lines() != in.Lines() {
				t.Errorf("%s: the second reading has %d bytes, the first had %d", name, again.Bytes(), in.Bytes())
			}
			if err := again.Close(); err != nil {
				t.Error(err)
			}
		}
		if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
			t.Errorf("%s: left behind: %v, %v", name, left, err)
		}
	}
}

// What is left of a torn stream is kept as well, and the second reading does not forget that it was torn.
func TestATornStreamIsKeptForASecondReading(t *testing.T) {
	packed := gzipped(t, lines(700, 1, 5000))
	in := open(t, bytes.NewReader(packed[:len(packed)/2]), "-")
	want := serials(t, in)
	if want == "" || !in.CanReopen() {
		t.Fatalf("read %q, can be read again: %v", want, in.CanReopen())
	}
	again, err := in.Reopen()
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := serials(t, again); got != want {
		t.Errorf("got %d bytes of serials, want %d", len(got), len(want))
	}
	if r := again.Remarks(); len(r) != 1 || !errors.Is(r[0].Err, ErrTruncated) {
		t.Errorf("remarks %v", r)
	}
}

// What Open remarked on is known to the second reading too, and what both find is said once.
func TestRemarksOutliveASecondReading(t *testing.T) {
	dir := t.TempDir()
	whole, empty, torn := filepath.Join(dir, "a.log"), filepath.Join(dir, "b.log"), filepath.Join(dir, "c.gz")
	packed := gzipped(t, lines(700, 1, 5000))
	for name, text := range map[string][]byte{whole: []byte(lines(600, 1, 10)), empty: nil, torn: packed[:len(packed)/2]} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := open(t, nil, whole, whole, empty, torn)
	serials(t, in)
	again, err := in.Reopen()
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	serials(t, again)
	for _, r := range [][]Remark{in.Remarks(), again.Remarks()} {
		if len(r) != 3 || !errors.Is(r[0].Err, ErrCopy) || !errors.Is(r[1].Err, ErrEmpty) || !errors.Is(r[2].Err, ErrTruncated) {
			t.Errorf("remarks %v", r)
		}
	}
}

// A machine without room for the copy reads the stream once.
func TestAStreamThatCannotBeKeptIsReadOnce(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	in := open(t, strings.NewReader(lines(700, 1, 100)), "-")
	if got := len(strings.Fields(serials(t, in))); got != 100 {
		t.Errorf("%d records", got)
	}
	if _, err := in.Reopen(); in.CanReopen() || !errors.Is(err, ErrStream) {
		t.Errorf("error %v", err)
	}
}

func TestTooLongACopyIsGivenUp(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := &bounded{w: f, left: 10}
	if n, err := b.Write(make([]byte, 10)); n != 10 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := b.Write([]byte{1}); err == nil {
		t.Error("eleven bytes where ten are allowed")
	}
}
