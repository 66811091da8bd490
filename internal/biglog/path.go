package biglog

import "testing"

// Path is Make for tests and benchmarks: they are skipped where there is no corpus.
func Path(tb testing.TB, bytes int64) string {
	tb.Helper()
	path, err := Make(bytes)
	if err != nil {
		tb.Skipf("no big log: %v", err)
	}
	return path
}
