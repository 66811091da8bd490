package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// maxSavedFile bounds the small files that are put back; a pid file has a few bytes.
const maxSavedFile = 64 << 10

// savedFile is a small file as it was found, or its absence.
type savedFile struct {
	Path    string      `json:"path"`
	Existed bool        `json:"existed"`
	Mode    fs.FileMode `json:"mode"` // permission bits
	Content []byte      `json:"content"`
}

// saveFile reads a file to be put back later. A link or a device at that place is refused.
func saveFile(path string) (savedFile, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return savedFile{Path: path}, nil
	}
	if err != nil {
		return savedFile{}, fmt.Errorf("save %s: %w", path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return savedFile{}, fmt.Errorf("save %s: %w", path, err)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSavedFile+1))
	if err != nil {
		return savedFile{}, fmt.Errorf("save %s: %w", path, err)
	}
	if !info.Mode().IsRegular() || len(b) > maxSavedFile {
		return savedFile{}, fmt.Errorf("save %s: not a regular file of up to %d bytes: move it away", path, maxSavedFile)
	}
	return savedFile{Path: path, Existed: true, Mode: info.Mode().Perm(), Content: b}, nil
}

// putBack makes the file as it was and tells whether it had changed.
func (s savedFile) putBack() (bool, error) {
	now, err := saveFile(s.Path)
	if err == nil && now.Existed == s.Existed && now.Mode == s.Mode && bytes.Equal(now.Content, s.Content) {
		return false, nil
	}
	if err := os.Remove(s.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("put back %s: %w", s.Path, err)
	}
	if !s.Existed {
		return true, nil
	}
	if err := writeSynced(s.Path, s.Content); err != nil {
		return false, fmt.Errorf("put back %s: %w", s.Path, err)
	}
	if err := os.Chmod(s.Path, s.Mode); err != nil {
		return false, fmt.Errorf("put back %s: %w", s.Path, err)
	}
	return true, nil
}
