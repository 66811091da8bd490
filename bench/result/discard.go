package result

import "os"

// Discard takes away a run directory in which nothing was measured: the files that NewWriter made, and the directory where it is empty then.
// What holds anything stays.
func (w *Writer) Discard() error {
	if w.end > 0 {
		return w.Close()
	}
	if _, err := w.root.Lstat(RunFile); err == nil {
		return w.Close()
	}
	_ = w.root.Remove(SlotsFile) // what cannot be removed stays: it is in nobody's way
	_ = w.root.Remove(BenchFile)
	_ = w.root.RemoveAll(RulesDir)
	_ = w.root.RemoveAll(LogsDir)
	_ = w.root.Remove(HostFile)
	err := w.Close()
	_ = os.Remove(w.dir) // only where it is empty
	return err
}
