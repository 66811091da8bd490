package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// rotatingLog writes a log as auditd does and rotates it as auditd does (src/auditd-event.c: rotate_logs).
type rotatingLog struct {
	t    testing.TB
	path string
	f    *os.File
	logs int // num_logs
}

func newRotatingLog(t testing.TB, logs int) *rotatingLog {
	r := &rotatingLog{t: t, path: filepath.Join(t.TempDir(), "audit.log"), logs: logs}
	r.open()
	t.Cleanup(func() { r.f.Close() })
	return r
}

func (r *rotatingLog) open() {
	var err error
	if r.f, err = os.OpenFile(r.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600); err != nil {
		r.t.Error(err)
	}
}

func (r *rotatingLog) write(text string) {
	if _, err := r.f.WriteString(text); err != nil {
		r.t.Error(err)
	}
}

func (r *rotatingLog) rotate() {
	if err := errors.Join(r.f.Chmod(0o400), r.f.Close()); err != nil {
		r.t.Error(err)
	}
	for n := r.logs - 1; n >= 1; n-- {
		_ = os.Rename(logName(r.path, n-1), logName(r.path, n)) // the first times most are missing
	}
	r.open()
}

// readAll is the log from an offset to its present end.
func readAll(t testing.TB, l *Log, from int64) []byte {
	t.Helper()
	end, err := l.Size()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(io.NewSectionReader(l, from, end-from))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLogFollowsRotations(t *testing.T) {
	w := newRotatingLog(t, 5)
	w.write("the host's\n")
	l, err := OpenLog(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	start, err := l.Size()
	if err != nil || start != 11 {
		t.Fatalf("start %d, %v", start, err)
	}
	var want bytes.Buffer
	for i := range 9 { // up to two rotations between two looks
		if i%4 != 0 {
			w.rotate()
		}
		text := fmt.Sprintf("line %d of the run\n", i)
		w.write(text)
		want.WriteString(text)
		if i%2 == 0 {
			if got := readAll(t, l, start); !bytes.Equal(got, want.Bytes()) {
				t.Fatalf("after %d: %q, want %q", i, got, want.Bytes())
			}
		}
	}
	// Every cut of it is the same as that of the whole.
	end, _ := l.Size()
	for from := start; from < end; from += 3 {
		b := make([]byte, 25)
		n, err := l.ReadAt(b, from)
		if !bytes.HasPrefix(want.Bytes()[from-start:], b[:n]) || (err == nil) != (n == len(b)) || err != nil && err != io.EOF {
			t.Errorf("at %d: %d bytes %q, %v", from, n, b[:n], err)
		}
	}
	if n, err := l.ReadAt(make([]byte, 1), end+7); n != 0 || err != io.EOF {
		t.Errorf("behind the end: %d, %v", n, err)
	}
	w.rotate()
	w.write("new\n")
	if end, err := l.Restart(); err != nil || end != 4 || len(l.parts) != 1 {
		t.Errorf("restarted at %d, %v, with %d files", end, err, len(l.parts))
	}
}

func TestLogRotatedAway(t *testing.T) {
	w := newRotatingLog(t, 2)
	w.write("x\n")
	l, err := OpenLog(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	w.rotate()
	w.rotate()
	if _, err := l.Size(); !errors.Is(err, ErrLogRotated) {
		t.Errorf("got %v, want ErrLogRotated", err)
	}
	if end, err := l.Restart(); err != nil || end != 0 {
		t.Errorf("restarted at %d, %v", end, err)
	}
}

func TestLogThatIsEmptied(t *testing.T) {
	w := newRotatingLog(t, 2)
	w.write("of the slot before\n")
	l, err := OpenLog(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := os.Truncate(w.path, 0); err != nil {
		t.Fatal(err)
	}
	if end, err := l.Restart(); err != nil || end != 0 {
		t.Errorf("restarted at %d, %v", end, err)
	}
	w.write("y\n")
	if got := readAll(t, l, 0); string(got) != "y\n" {
		t.Errorf("got %q", got)
	}
}

func TestLogIsNoLink(t *testing.T) {
	link := filepath.Join(t.TempDir(), "log")
	if err := os.Symlink("/etc/passwd", link); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenLog(link); err == nil {
		t.Error("a link was followed")
	}
}

// TestLogWhileItRotates reads while another goroutine writes and rotates: no line is lost, none comes twice.
func TestLogWhileItRotates(t *testing.T) {
	const lines = 3000
	w := newRotatingLog(t, 900)
	l, err := OpenLog(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var want bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&want, "line %d\n", i)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range lines {
			w.write(fmt.Sprintf("line %d\n", i))
			if i%10 == 9 {
				w.rotate()
			}
		}
	}()
	var got []byte
	for deadline := time.Now().Add(20 * time.Second); len(got) < want.Len() && time.Now().Before(deadline); {
		got = append(got, readAll(t, l, int64(len(got)))...)
	}
	<-done
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%d bytes in %d files, want %d", len(got), len(l.parts), want.Len())
	}
}

func TestALogKnowsTheRoomOfItsDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var st unix.Statfs_t
	if err := unix.Statfs(filepath.Dir(path), &st); err != nil {
		t.Fatal(err)
	}
	all := int64(st.Blocks) * st.Bsize
	if free, err := l.Free(); err != nil || free <= 0 || free > all {
		t.Errorf("%d bytes of %d, %v", free, all, err)
	}
}
