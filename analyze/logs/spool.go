package logs

import (
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

const (
	// maxSpoolBytes bounds what is kept of a stream, packed. A log packs to a twentieth or less.
	maxSpoolBytes = 4 << 30
	// spoolWindow is zstd's memory for packing and unpacking it, bytes.
	spoolWindow = 1 << 20
)

// spool keeps what a stream delivers, packed, in a temporary file without a name, so that the log can be read a second time. What goes wrong
// with it ends the keeping, not the reading.
type spool struct {
	src  io.Reader
	file *os.File
	pack *zstd.Encoder
	err  error // why there is no copy
	done bool  // the stream has ended, and all of it is in file
	size int64 // of file, packed
}

// newSpool returns a reader of src that keeps what it reads.
func newSpool(src io.Reader) *spool {
	s := &spool{src: src}
	if s.file, s.err = unnamed(); s.err != nil {
		return s
	}
	s.pack, s.err = zstd.NewWriter(&bounded{w: s.file, left: maxSpoolBytes}, zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(spoolWindow))
	if s.err != nil {
		s.drop(s.err)
	}
	return s
}

// unnamed is a temporary file that is gone when it is closed, however the program ends.
func unnamed() (*os.File, error) {
	f, err := os.CreateTemp("", "auditprof-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Read reads from the stream.
func (s *spool) Read(p []byte) (int, error) {
	n, err := s.src.Read(p)
	if s.err == nil && n > 0 {
		if _, bad := s.pack.Write(p[:n]); bad != nil {
			s.drop(bad)
		}
	}
	if err != nil { // also of a damaged stream: what came before is what there is to be read again
		s.finish()
	}
	return n, err
}

// finish ends the keeping with the stream.
func (s *spool) finish() {
	if s.err != nil || s.done {
		return
	}
	if err := s.pack.Close(); err != nil {
		s.drop(err)
		return
	}
	size, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		s.drop(err)
		return
	}
	s.size, s.done = size, true
}

// drop gives up the copy.
func (s *spool) drop(err error) {
	s.err, s.done = err, false
	s.close()
}

func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
		s.file = nil
	}
}

// bounded writes up to a number of bytes.
type bounded struct {
	w    io.Writer
	left int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, fmt.Errorf("more than %d bytes, packed", int64(maxSpoolBytes))
	}
	return b.w.Write(p)
}
