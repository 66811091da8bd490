package biglog

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/klauspost/compress/zstd"
)

// Folder is where big logs are kept: below os.TempDir, one for each user.
func Folder() string {
	return filepath.Join(os.TempDir(), "auditprof-biglog-"+strconv.Itoa(os.Getuid()))
}

// Make returns the path of a log of at least size bytes, whole repetitions of the recorded log, and writes it where it is not there yet.
// The error says what is missing.
func Make(size int64) (string, error) {
	if size <= 0 {
		return "", fmt.Errorf("a big log of %d bytes: ask for at least one", size)
	}
	corpus, err := Corpus()
	if err != nil {
		return "", err
	}
	packed := filepath.Join(corpus, "recorded", "audit.log.zst")
	info, err := os.Stat(packed)
	if err != nil {
		return "", fmt.Errorf("no recorded log to repeat: %w", err)
	}
	path := filepath.Join(Folder(), fmt.Sprintf("%d-of-%d.log", size, info.Size()))
	if have, err := os.Stat(path); err == nil && have.Size() >= size {
		return path, nil
	}
	text, err := unpack(packed)
	if err != nil {
		return "", err
	}
	return path, write(path, text, size)
}

// Corpus is the folder of real logs and rules: AUDITPROF_CORPUS, or where it lies beside the repository that the working folder is in. It
// need not be there.
func Corpus() (string, error) {
	if dir := os.Getenv("AUDITPROF_CORPUS"); dir != "" {
		return dir, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(dir), "shared", "corpus"), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no corpus of real logs: set AUDITPROF_CORPUS to the folder with recorded/audit.log.zst")
		}
		dir = up
	}
}

func unpack(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("no recorded log to repeat: %w", err)
	}
	defer f.Close()
	dec, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	text, err := io.ReadAll(dec)
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", path, err)
	}
	return text, nil
}

// write writes the log beside its place and moves it there when it is whole, since others may be writing it too.
func write(path string, text []byte, size int64) error {
	s, err := parse(text)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "making-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // in vain once it is moved
	if err := s.repeat(f, size); err != nil {
		f.Close()
		return fmt.Errorf("write a big log of %d bytes: %w", size, err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// repeat writes whole repetitions until there are size bytes.
func (s *source) repeat(to io.Writer, size int64) error {
	w := bufio.NewWriterSize(to, 1<<20)
	var room []byte
	written := int64(0)
	for n := int64(0); written < size; n++ {
		for i := range s.lines {
			room = s.append(room[:0], &s.lines[i], n)
			written += int64(len(room))
			if _, err := w.Write(room); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}
