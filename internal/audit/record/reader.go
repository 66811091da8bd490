package record

import (
	"bytes"
	"io"
)

const (
	// MaxLineBytes is the longest line that is read as a record. auditd writes at most 8970 bytes of kernel text, a node name and
	// the interpretation (audit-userspace lib/libaudit.h: MAX_AUDIT_MESSAGE_LENGTH), so 64 KiB is never reached honestly.
	MaxLineBytes = 64 << 10

	bufferBytes  = 4 * MaxLineBytes
	maxIdleReads = 100 // reads of nothing without an error before io.ErrNoProgress, as in bufio
)

// Reader reads the lines of an audit log as Records. Its memory is fixed.
type Reader struct {
	src    io.Reader
	srcErr error // what ended src, io.EOF included

	buf        []byte
	start, end int // the unread bytes of buf
	split      int // where the next interpSeparator in buf is, end where there is none; behind start it is not known yet

	line   int64
	offset int64
	rec    Record
	last   stamp // of the plain records so far
	wrapped
}

// NewReader returns a Reader of src, which should be a plain file or stream: Reader buffers by itself.
func NewReader(src io.Reader) *Reader {
	return &Reader{src: src, buf: make([]byte, bufferBytes)}
}

// Reset makes r read src from its first line, in the memory that it has. What was learnt of the hosts in envelopes is kept.
func (r *Reader) Reset(src io.Reader) {
	r.wrapped.reset()
	*r = Reader{src: src, buf: r.buf, wrapped: r.wrapped}
}

// Scan reads the next line and reports whether there was one. After an error of the source what it had delivered is still given out.
func (r *Reader) Scan() bool {
	if r.more != nil {
		r.takePiece()
		return true
	}
	line, length, torn, ok := r.next()
	if !ok {
		return false
	}
	rec := &r.rec
	rec.Line, rec.Offset, rec.Length, rec.Torn = r.line, r.offset-length, length, torn
	if len(line) > MaxLineBytes {
		rec.Parse(nil)
		rec.Raw, rec.Bad = line[:MaxLineBytes], TooLong
		return true
	}
	r.form = Plain
	if rec.parseAfter(line, &r.last, r.isSplit(len(line))); rec.Bad != Good {
		r.unwrap()
	}
	return true
}

// isSplit tells whether the line that was just read, of so many bytes, has an interpSeparator. Most logs have none at all.
func (r *Reader) isSplit(length int) bool {
	first := r.start - length - 1
	if r.split < first {
		r.split = r.end
		if n := bytes.IndexByte(r.buf[max(first, 0):r.end], interpSeparator); n >= 0 {
			r.split = max(first, 0) + n
		}
	}
	return r.split < r.start
}

// Record returns the line that Scan read. It is valid until the next Scan.
func (r *Reader) Record() *Record { return &r.rec }

// Err returns the first error of the source, nil where it ended with io.EOF.
func (r *Reader) Err() error {
	if r.srcErr == io.EOF {
		return nil
	}
	return r.srcErr
}

// Bytes returns the length of all lines that Scan has read, newlines included.
func (r *Reader) Bytes() int64 { return r.offset }

// Lines returns the number of lines that Scan has read.
func (r *Reader) Lines() int64 { return r.line }

// next reads a line: without its newline, with the length that it has in the source. One that is too long is cut to MaxLineBytes+1.
func (r *Reader) next() (line []byte, length int64, torn, ok bool) {
	searched := 0
	for {
		rest := r.buf[r.start:r.end]
		if n := bytes.IndexByte(rest[searched:], '\n'); n >= 0 {
			n += searched
			r.start += n + 1
			r.line++
			r.offset += int64(n) + 1
			return rest[:n], int64(n) + 1, false, true
		}
		if len(rest) > MaxLineBytes {
			return r.nextLong()
		}
		searched = len(rest)
		if r.srcErr == nil {
			r.fill()
			continue
		}
		if len(rest) == 0 {
			return nil, 0, false, false
		}
		r.start = r.end
		r.line++
		r.offset += int64(len(rest))
		return rest, int64(len(rest)), true, true
	}
}

// nextLong reads on to the newline of a line that is longer than MaxLineBytes, keeping its beginning only.
func (r *Reader) nextLong() (line []byte, length int64, torn, ok bool) {
	length = int64(r.end - r.start)
	if r.start > 0 {
		copy(r.buf, r.buf[r.start:r.end])
	}
	r.line++
	const kept = MaxLineBytes + 1 // one more than may be: Scan sees that it is too long
	for {
		r.start, r.end = kept, kept
		if r.srcErr != nil {
			r.offset += length
			return r.buf[:kept], length, true, true
		}
		r.fillBehind(kept)
		if n := bytes.IndexByte(r.buf[kept:r.end], '\n'); n >= 0 {
			r.start = kept + n + 1
			length += int64(n) + 1
			r.offset += length
			return r.buf[:kept], length, false, true
		}
		length += int64(r.end - kept)
	}
}

// fill reads at least one byte behind the unread ones, or sets srcErr.
func (r *Reader) fill() {
	if r.end == len(r.buf) {
		r.end = copy(r.buf, r.buf[r.start:r.end])
		r.start = 0
	}
	r.fillBehind(r.end)
}

// fillBehind reads at least one byte to place at of buf, or sets srcErr.
func (r *Reader) fillBehind(at int) {
	for range maxIdleReads {
		n, err := r.src.Read(r.buf[at:])
		r.end = at + n
		r.split = -1
		r.srcErr = err
		if n > 0 || err != nil {
			return
		}
	}
	r.srcErr = io.ErrNoProgress
}
