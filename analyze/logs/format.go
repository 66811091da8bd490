package logs

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Format is how a file holds its log.
type Format uint8

// The formats, by the first bytes of a file and not by its name.
const (
	Plain Format = iota
	Gzip
	Zstd
)

// String returns the format in words.
func (f Format) String() string { return [...]string{"plain", "gzip", "zstd"}[f] }

const (
	magicBytes = 8 // enough of a file's beginning to tell its format

	// maxWindowBytes bounds the memory that a zstd file can ask for: zstd -19 needs 8 MiB, only --ultra and --long need more than this.
	maxWindowBytes = 32 << 20
)

var magics = []struct {
	magic  string
	format Format
}{
	{"\x1f\x8b", Gzip},
	{"\x28\xb5\x2f\xfd", Zstd},
}

// unreadable are formats to be named in an error, since reading them as text would count one long line.
var unreadable = []struct{ magic, name, cure string }{
	{"\xfd7zXZ\x00", "xz", "unpack it: xz -dc FILE | auditprof analyze … -"},
	{"BZh", "bzip2", "unpack it: bzip2 -dc FILE | auditprof analyze … -"},
	{"\x04\x22\x4d\x18", "lz4", "unpack it: lz4 -dc FILE | auditprof analyze … -"},
	{"\x1f\x9d", "compress (.Z)", "unpack it: zcat FILE | auditprof analyze … -"},
	{"PK\x03\x04", "zip", "unpack it: unzip -p FILE | auditprof analyze … -"},
	{"LPKSHHRH", "systemd journal", "export it: journalctl --file FILE -o export | auditprof analyze … -"},
}

// formatOf tells the format by the first bytes of a file.
func formatOf(head []byte) (Format, error) {
	if len(head) >= 4 && head[0]&0xf0 == 0x50 && string(head[1:4]) == "\x2a\x4d\x18" {
		return Zstd, nil // a skippable frame, as pzstd writes first (RFC 8878, 3.1.2)
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.format, nil
		}
	}
	for _, u := range unreadable {
		if bytes.HasPrefix(head, []byte(u.magic)) {
			return Plain, fmt.Errorf("%w: %s; %s", ErrFormat, u.name, u.cure)
		}
	}
	return Plain, nil
}

// unpack returns the log that src holds. What closes the decoder is to be called when it is read.
func unpack(src io.Reader, f Format) (log io.Reader, done func(), err error) {
	switch f {
	case Gzip:
		z, err := gzip.NewReader(src) // reads on over the members of a file that was put together of several
		if err != nil {
			return nil, nil, err
		}
		return z, func() {}, nil
	case Zstd:
		z, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindowBytes), zstd.WithDecoderMaxMemory(1<<62))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return src, func() {}, nil
}

// isWindow reports whether a zstd file asks for more memory than it gets. A frame in one segment has no window but its size.
func isWindow(err error) bool {
	return errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded)
}

func windowError() error {
	return fmt.Errorf("%w: unpack it: zstd --long=31 -dc FILE | auditprof analyze … -", ErrWindow)
}
