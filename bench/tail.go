package bench

import (
	"bytes"
	"fmt"
	"io"

	"github.com/auditprof/auditprof/internal/kernel"
)

// logTail follows a growing log from an offset. The log stays open: opening it again and again would itself be audited.
type logTail struct {
	log   *kernel.Log
	start int64  // where the log ended when it was last rewound: what stands before it is nobody's
	off   int64  // everything before it was searched
	carry []byte // the end of what was searched: a mark may straddle two reads
	buf   []byte
}

func openTail(path string) (*logTail, error) {
	log, err := kernel.OpenLog(path)
	if err != nil {
		return nil, err
	}
	return &logTail{log: log, buf: make([]byte, 256<<10)}, nil
}

func (t *logTail) close() { t.log.Close() }

// rewind begins again at the end of the log, which is its start where it was emptied just now.
func (t *logTail) rewind() error {
	end, err := t.log.Restart()
	t.start, t.off, t.carry = end, end, t.carry[:0]
	return err
}

// size is the present length of the log in bytes, rotated files that were read before with it.
func (t *logTail) size() (int64, error) { return t.log.Size() }

// find searches what is new for mark and reports the offset behind the first line that holds it, -1 while there is none.
func (t *logTail) find(mark []byte) (int64, error) {
	for {
		n, err := t.log.ReadAt(t.buf, t.off)
		if n > 0 {
			window := append(t.carry, t.buf[:n]...)
			t.off += int64(n)
			keep := max(0, len(window)-len(mark)+1)
			if i := bytes.Index(window, mark); i >= 0 {
				if nl := bytes.IndexByte(window[i:], '\n'); nl >= 0 {
					t.off += int64(i + nl + 1 - len(window))
					t.carry = t.carry[:0]
					return t.off, nil
				}
				keep = i // the line is not whole yet
			}
			t.carry = append(t.carry[:0:0], window[keep:]...)
		}
		if err == io.EOF || n == 0 {
			return -1, nil
		}
		if err != nil {
			return -1, fmt.Errorf("follow the log: %w", err)
		}
	}
}

// section reads the log from one offset to another.
func (t *logTail) section(from, to int64) io.Reader {
	from = max(from, t.start)
	return io.NewSectionReader(t.log, from, max(0, to-from))
}

// wholeLines is the end of the last whole line before offset to: auditd writes a long line in pieces.
func (t *logTail) wholeLines(to int64) int64 {
	from := max(t.start, to-maxLineBytes)
	b := make([]byte, max(0, to-from))
	n, _ := t.log.ReadAt(b, from)
	if i := bytes.LastIndexByte(b[:n], '\n'); i >= 0 {
		return from + int64(i) + 1
	}
	return to
}

// startOfLine is where the line begins whose last byte (its newline) is at offset last. A line longer than what auditd can write is cut there.
func (t *logTail) startOfLine(last int64) int64 {
	from := max(0, last-maxLineBytes)
	b := make([]byte, last-from)
	n, _ := t.log.ReadAt(b, from)
	if i := bytes.LastIndexByte(b[:n], '\n'); i >= 0 {
		return from + int64(i) + 1
	}
	return from
}

// maxLineBytes is above what auditd writes as one line: 8970 bytes of a record, as many of enrichment.
const maxLineBytes = 64 << 10
