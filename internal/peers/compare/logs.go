package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/auditprof/auditprof/internal/biglog"
)

// makeLogs makes the logs that are not there yet, and reads each so that it is in memory.
func makeLogs(s *setup) (*logs, error) {
	l := new(logs)
	var err error
	if l.plain, err = biglog.Make(s.bytes); err != nil {
		return nil, err
	}
	if l.plainBytes, err = warm(l.plain); err != nil {
		return nil, err
	}
	l.short = fmt.Sprintf("%s.first-%d", l.plain, s.shortBytes)
	if err := cut(l.plain, l.short, s.shortBytes); err != nil {
		return nil, err
	}
	if l.shortBytes, err = warm(l.short); err != nil {
		return nil, err
	}
	l.gzip, l.inGzip, l.whyGzip = compress(l.plain, ".gz", "gzip", "-k")
	l.zstd, l.inZstd, l.whyZstd = compress(l.plain, ".zst", "zstd", "-kq")
	return l, nil
}

// warm reads a file and returns its length.
func warm(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return io.Copy(io.Discard, f)
}

// cut copies the first bytes of a log.
func cut(from, to string, bytes int64) error {
	if info, err := os.Stat(to); err == nil && info.Size() == bytes {
		return nil
	}
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.CopyN(dst, src, bytes); err != nil {
		dst.Close()
		return fmt.Errorf("take the first %d bytes of %s: %w", bytes, from, err)
	}
	return dst.Close()
}

// compress packs a log beside itself where that has not been done.
func compress(path, suffix string, command ...string) (packed string, size int64, why string) {
	packed = path + suffix
	if _, err := os.Stat(packed); err != nil {
		if why := missing(command[0]); why != "" {
			return packed, 0, why
		}
		if out, err := exec.Command(command[0], append(command[1:], path)...).CombinedOutput(); err != nil {
			os.Remove(packed)
			return packed, 0, fmt.Sprintf("%s: %v: %s", command[0], err, lastLine(string(out)))
		}
	}
	size, err := warm(packed)
	if err != nil {
		return packed, 0, err.Error()
	}
	return packed, size, ""
}
