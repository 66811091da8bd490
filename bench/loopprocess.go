package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/auditprof/auditprof/bench/ruleprice"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// Batches of a calibration: a thousand calls last a third of a millisecond to 5 ms.
const (
	batchCalls = 1000
	batchCount = 12
	batchLimit = 10 * time.Second
)

// loopProcess is the calibration's own process, and the files that its rules name.
type loopProcess struct {
	*process
	files ruleprice.Files
}

// Loops starts the calibration's process, as root and unmarked: it has an audit context, whatever set is loaded.
func (w *liveWorkloads) Loops(ctx context.Context) (Loops, error) {
	files, path, err := makeLoopFiles(filepath.Join(w.root, dataName))
	if err != nil {
		return nil, fmt.Errorf("make files for the calibration: %w", err)
	}
	p, err := w.spawn(plainCommand("/proc/self/exe", "auditprof", LoopWord, path), false)
	if err != nil {
		return nil, err
	}
	return &loopProcess{process: p, files: files}, nil
}

// makeLoopFiles makes the file that is looked up and another whose inode lies in the same bucket of the kernel's hash.
func makeLoopFiles(data string) (f ruleprice.Files, path string, err error) {
	dir := filepath.Join(data, "calibration")
	for _, d := range []string{dir, filepath.Join(dir, "files"), filepath.Join(dir, "apart")} {
		if err := os.Mkdir(d, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			return f, "", err
		}
	}
	f.Dir, f.Exe = filepath.Join(dir, "apart"), filepath.Join(dir, "apart", "none-")
	bucket := uint64(0)
	for i := range 40 * match.InodeBuckets {
		name := filepath.Join(dir, "files", strconv.Itoa(i))
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			return f, "", err
		}
		ino, err := inodeOf(name)
		switch {
		case err != nil:
			return f, "", err
		case path == "":
			path, bucket, f.Inode = name, ino%match.InodeBuckets, ino
		case ino%match.InodeBuckets == bucket:
			f.Neighbour = name
			return f, path, nil
		}
	}
	return f, path, nil // without a neighbour the step has no setting
}

func inodeOf(path string) (uint64, error) {
	st, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, errors.New("no inode number")
	}
	return sys.Ino, nil
}

func (p *loopProcess) Files() ruleprice.Files { return p.files }

// Time orders a few batches.
func (p *loopProcess) Time(ctx context.Context, loop string) (float64, error) {
	if _, err := fmt.Fprintf(p.in, "%s %d %d\n", loop, batchCalls, batchCount); err != nil {
		return 0, err
	}
	limited, cancel := context.WithTimeout(ctx, batchLimit)
	defer cancel()
	select {
	case <-limited.Done():
		p.kill()
		return 0, limited.Err()
	case line, ok := <-p.lines:
		ns, err := strconv.ParseFloat(line, 64)
		if !ok || err != nil || math.IsNaN(ns) || ns <= 0 || math.IsInf(ns, 0) {
			return 0, fmt.Errorf("the calibration's process said %.80q", line)
		}
		return ns, nil
	}
}
