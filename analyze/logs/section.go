package logs

import (
	"io"
	"os"
	"sync/atomic"
)

// section reads the bytes from at to end of a regular file, and counts them in read. The file's own offset is not moved, so several may
// read one file, and renaming or unlinking it changes nothing.
type section struct {
	file    *os.File
	at, end int64
	read    *atomic.Int64
}

func (s *section) Read(p []byte) (int, error) {
	if s.at >= s.end {
		return 0, io.EOF
	}
	if rest := s.end - s.at; int64(len(p)) > rest {
		p = p[:rest]
	}
	n, err := s.file.ReadAt(p, s.at)
	s.at += int64(n)
	s.read.Add(int64(n))
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

// missing is the number of bytes that the file no longer has.
func (s *section) missing() int64 { return s.end - s.at }

// counted counts the bytes of a stream.
type counted struct {
	src  io.Reader
	read *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.read.Add(int64(n))
	return n, err
}
