package logs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/auditprof/auditprof/internal/audit/record"
)

const (
	headBytes   = 4 << 10  // of a file's beginning, to know it again
	peekBytes   = 64 << 10 // unpacked, to tell a file's time and whether it is text
	peekRecords = 100
)

// headSeed makes checksums of beginnings comparable within one run.
var headSeed = maphash.MakeSeed()

// source is one file or stream to be read.
type source struct {
	name   string
	stream io.Reader // nil for a regular file
	file   *os.File  // nil for a stream
	info   os.FileInfo
	kept   *spool // of a stream that is being read, or was

	from, end int64 // the part of a file that is read: from its offset, for standard input, to its size at Open
	head      uint64
	format    Format
	age       age
	first     stamp // the newest of the first records: one of them may be of a syscall that had blocked for hours
}

// newSource takes an opened file, or a stream where info says that it is none.
func newSource(name string, f *os.File, info os.FileInfo) (*source, error) {
	if !info.Mode().IsRegular() {
		return &source{name: name, stream: f}, nil
	}
	s := &source{name: name, file: f, info: info, end: info.Size(), age: ageOf(filepath.Base(name))}
	if at, err := f.Seek(0, io.SeekCurrent); err == nil {
		s.from = min(at, s.end)
	}
	head, err := s.readHead()
	if err != nil {
		return nil, err
	}
	s.head = maphash.Bytes(headSeed, head)
	if s.format, err = formatOf(head); err != nil {
		return nil, err
	}
	return s, s.peek()
}

// size is the number of bytes to be read, 0 where it is not known.
func (s *source) size() int64 { return s.end - s.from }

// readHead reads the first bytes of a file.
func (s *source) readHead() ([]byte, error) {
	head := make([]byte, min(headBytes, s.size()))
	n, err := s.file.ReadAt(head, s.from)
	if err != nil && err != io.EOF {
		return nil, err
	}
	return head[:n], nil
}

// peek looks at the first records of a file. A file that is not text, and has no record there, is refused.
func (s *source) peek() error {
	log, done, err := unpack(&section{file: s.file, at: s.from, end: s.end, read: new(atomic.Int64)}, s.format)
	if err != nil {
		return nil // damaged from the beginning: reading it makes a remark
	}
	defer done()
	var text bytes.Buffer
	if _, err := io.Copy(&text, io.LimitReader(log, peekBytes)); isWindow(err) {
		return windowError() // any other error is found again when it is read
	}
	binary := looksBinary(text.Bytes())
	records := 0
	for r := record.NewReader(&text); records < peekRecords && r.Scan(); {
		rec := r.Record()
		if rec.Bad != record.Good {
			continue
		}
		records++
		if at := (stamp{rec.Sec, rec.Milli, rec.Serial, true}); !s.first.known || at.compare(s.first) > 0 {
			s.first = at
		}
	}
	if binary && records == 0 {
		return fmt.Errorf("%w: binary data; give the text that auditd wrote, plain or packed by gzip or zstd", ErrNoLog)
	}
	return nil
}

// looksBinary reports whether a tenth or more of the text is control characters that no log has. A log may begin with a block of NULs
// that a crash left unwritten: those are counted when it is read.
func looksBinary(text []byte) bool {
	text = bytes.TrimLeft(text, "\x00")
	odd := 0
	for _, c := range text {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b && c != 0x1d && c != 0x1e {
			odd++
		}
	}
	return odd > 0 && odd >= len(text)/10
}

// sameBytes reports whether the file still begins as it did and is not shorter.
func (s *source) sameBytes() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < s.end {
		return fmt.Errorf("%w: it has %d bytes, and had %d", ErrChanged, info.Size(), s.end)
	}
	head, err := s.readHead()
	if err != nil {
		return err
	}
	if maphash.Bytes(headSeed, head) != s.head {
		return fmt.Errorf("%w: it was written anew; analyze a copy, or rotate it by renaming (logrotate without copytruncate)", ErrChanged)
	}
	return nil
}

// opened is a source that is being read.
type opened struct {
	log  io.Reader
	done func()
	part *section // nil for a stream
}

// open begins to read a source. Bytes read, packed ones, are counted in read.
func (s *source) open(read *atomic.Int64) (*opened, error) {
	switch {
	case s.file != nil:
		return openFile(&section{file: s.file, at: s.from, end: s.end, read: read}, s.format)
	case s.kept != nil:
		return openFile(&section{file: s.kept.file, end: s.kept.size, read: read}, Zstd)
	}
	return s.openStream(read)
}

func openFile(part *section, format Format) (*opened, error) {
	log, done, err := unpack(part, format)
	if err != nil {
		return nil, err
	}
	o := &opened{part: part, log: log, done: done}
	if format != Plain {
		a := readAhead(log)
		o.log, o.done = a, func() { a.stop(); done() }
	}
	return o, nil
}

// openStream begins to read a stream, which is kept for a second time.
func (s *source) openStream(read *atomic.Int64) (*opened, error) {
	head, rest, err := beginning(&counted{s.stream, read})
	if err != nil {
		return nil, err
	}
	if s.format, err = formatOf(head); err != nil {
		return nil, err
	}
	log, done, err := unpack(rest, s.format)
	if err != nil {
		return nil, err
	}
	s.kept = newSpool(log)
	a := readAhead(s.kept)
	return &opened{log: a, done: func() { a.stop(); done() }}, nil
}

// readable tells whether the source can be opened again.
func (s *source) readable() bool { return s.file != nil || s.kept != nil && s.kept.done }

// beginning reads what tells the format of a stream, and gives a reader that begins with it.
func beginning(src io.Reader) (head []byte, all io.Reader, err error) {
	head = make([]byte, magicBytes)
	n, err := io.ReadFull(src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, nil, err
	}
	head = head[:n]
	return head, io.MultiReader(bytes.NewReader(head), src), nil
}

// judge says what an error that ended the reading of a source means: nil and nil for its end, a remark after which the next source
// follows, or an error of the machine that ends everything.
func (s *source) judge(o *opened, err error) (remark, fatal error) {
	if o != nil && o.part != nil && o.part.missing() > 0 && (err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return fmt.Errorf("%w: its last %d bytes were cut off; copy a log before something empties it, or rotate it by renaming", ErrShrank, o.part.missing()), nil
	}
	var machine *os.PathError
	switch {
	case err == nil, err == io.EOF && s.format == Plain:
		return nil, nil
	case errors.As(err, &machine), errors.Is(err, context.Canceled):
		return nil, err
	case s.format == Plain:
		return nil, err
	case errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		return fmt.Errorf("%w: what is there was read; pack or copy it again", ErrTruncated), nil
	case isWindow(err):
		return windowError(), nil
	}
	return fmt.Errorf("%w (%v): what came before is read; copy it again", ErrCorrupt, err), nil
}
