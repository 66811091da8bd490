package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/auditprof/auditprof/internal/kernel"
)

// What lies below StateDir: the workloads' programs, the private auditd's log, a folder of data for each workload.
const (
	programsName = "bin"
	auditdName   = "auditd"
	dataName     = "data"
)

// openStateDir makes the folder or takes the one that is there, and throws away what a killed predecessor left in it. Only names that a run
// makes are touched: somebody may keep runs there, or have mounted a disk for it. os.RemoveAll follows no symbolic link, and the folders
// above the workloads' data are root's own.
func openStateDir(path string) error {
	err := openDir(path)
	if errors.Is(err, fs.ErrExist) {
		err = ownDir(path)
	}
	if err != nil {
		return fmt.Errorf("make %s: %w", path, err)
	}
	if err := clearStateDir(path); err != nil {
		return fmt.Errorf("clear %s: %w", path, err)
	}
	return nil
}

// ownDir refuses a folder in which somebody else could exchange what this process makes, or that the workloads could not enter.
func ownDir(path string) error {
	st, err := os.Lstat(path)
	if err != nil {
		return err
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !st.IsDir() || !ok || int(sys.Uid) != os.Geteuid() || st.Mode().Perm()&0o023 != 0o001 {
		return errors.New("what is there is no folder that root alone may change and everybody enter: move it away, or chown root and chmod 711 it")
	}
	return nil
}

// stateNames is everything that a run can make below StateDir.
func stateNames() []string { return []string{programsName, auditdName, dataName} }

func clearStateDir(path string) error {
	var errs error
	for _, name := range stateNames() {
		errs = errors.Join(errs, kernel.RemoveTree(filepath.Join(path, name)))
	}
	return errs
}

// closeStateDir leaves nothing of a run behind, and the folder only where it holds something else.
func closeStateDir(path string) {
	_ = clearStateDir(path) // what cannot be removed now is removed, or named, by the next start
	_ = os.Remove(path)
}
