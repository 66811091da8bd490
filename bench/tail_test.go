package bench

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTailFindsAMarkThatStraddlesReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	tail, err := openTail(path)
	if err != nil {
		t.Fatal(err)
	}
	defer tail.close()
	tail.buf = make([]byte, 7)
	mark := []byte("MARK-0001")
	want := map[int]int64{3: 49} // after the fourth piece: the offset behind the mark's line
	for i, piece := range []string{"first line of the log\n", "msg='MA", "RK-000", "1' res=1 end\nmore\n"} {
		if _, err := w.WriteString(piece); err != nil {
			t.Fatal(err)
		}
		end, err := tail.find(mark)
		if err != nil {
			t.Fatal(err)
		}
		w, ok := want[i]
		if !ok {
			w = -1
		}
		if ok {
			b, _ := os.ReadFile(path)
			w = int64(bytes.Index(b, []byte("end\n")) + 4)
		}
		if end != w {
			t.Errorf("after piece %d: found at %d, want %d", i, end, w)
		}
	}
	if end, err := tail.find([]byte("more")); err != nil || end <= 0 {
		t.Errorf("a mark behind the first: %d, %v", end, err)
	}
}

func TestTailRewindsWithAnEmptiedLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.log")
	os.WriteFile(path, []byte("long line that is searched first\n"), 0o600)
	tail, err := openTail(path)
	if err != nil {
		t.Fatal(err)
	}
	defer tail.close()
	if end, _ := tail.find([]byte("mark")); end != -1 {
		t.Fatalf("found a mark at %d in a log without one", end)
	}
	os.Truncate(path, 0)
	if err := tail.rewind(); err != nil {
		t.Fatal(err)
	}
	f, _ := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	f.WriteString("mark\n")
	f.Close()
	if end, _ := tail.find([]byte("mark")); end != 5 {
		t.Errorf("found at %d, want 5", end)
	}
}

func TestTailRewindsToTheEndOfALogThatIsNotEmptied(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.log")
	os.WriteFile(path, []byte("the host's mark\nhalf a li"), 0o600)
	tail, err := openTail(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { tail.close() }()
	for _, rotate := range []bool{false, true} {
		if rotate {
			os.Rename(path, path+".1")
			os.WriteFile(path, []byte("another mark\n"), 0o600)
		}
		if err := tail.rewind(); err != nil {
			t.Fatal(err)
		}
		if end, _ := tail.find([]byte("mark")); end != -1 {
			t.Errorf("found a mark at %d that is not the run's", end)
		}
		f, _ := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		f.WriteString("ne\nours mark\n")
		f.Close()
		end, _ := tail.find([]byte("mark"))
		b, _ := io.ReadAll(tail.section(0, end))
		if string(b) != "ne\nours mark\n" {
			t.Errorf("rotated %t: the run's log is %q", rotate, b)
		}
	}
	os.Remove(path)
	if err := tail.rewind(); err == nil {
		t.Error("rewound to a log that is not there")
	}
}

func TestTailFollowsARotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.log")
	os.WriteFile(path, []byte("begin\nfirst\n"), 0o600)
	tail, err := openTail(path)
	if err != nil {
		t.Fatal(err)
	}
	defer tail.close()
	if end, _ := tail.find([]byte("begin")); end != 6 {
		t.Fatalf("found at %d, want 6", end)
	}
	os.Chmod(path, 0o400) // as auditd does before it renames
	os.Rename(path, path+".1")
	os.WriteFile(path, []byte("second\nend\n"), 0o600)
	if size, err := tail.size(); err != nil || size != 23 {
		t.Errorf("size %d, %v, want that of both files", size, err)
	}
	end, err := tail.find([]byte("end"))
	if err != nil || end != 23 || tail.startOfLine(end-1) != 19 {
		t.Errorf("found at %d, %v, the line begins at %d", end, err, tail.startOfLine(end-1))
	}
	if b, err := io.ReadAll(tail.section(6, 19)); err != nil || string(b) != "first\nsecond\n" {
		t.Errorf("between the marks: %q, %v", b, err)
	}
}

// Only a user message can be a mark: what an audited program puts into its records is its own.
func TestOnlyUserMessagesAreMarks(t *testing.T) {
	log := "type=USER msg=audit(1.000:10): pid=1 msg='" + MarkPrefix + "1.'\n" +
		"type=CONFIG_CHANGE msg=audit(1.000:11): op=add_rule key=\"" + MarkPrefix + "2.\" list=4 res=1\n"
	got, err := tallyLog(strings.NewReader(log), region{pids: []int{7}}, nil)
	if err != nil || got.events != 1 || got.bytes == 0 {
		t.Errorf("%d events of %d bytes, %v: want the one that is no mark", got.events, got.bytes, err)
	}
}

// A slot's log ends with a whole line, wherever auditd was when its length was taken.
func TestTailEndsWithAWholeLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tail, err := openTail(path)
	if err != nil {
		t.Fatal(err)
	}
	defer tail.close()
	if err := os.WriteFile(path, []byte("one\ntwo\nthr"), 0o600); err != nil {
		t.Fatal(err)
	}
	for to, want := range map[int64]int64{11: 8, 9: 8, 8: 8, 7: 4, 4: 4, 3: 3, 0: 0} {
		if got := tail.wholeLines(to); got != want {
			t.Errorf("up to %d: %d, want %d", to, got, want)
		}
	}
}
