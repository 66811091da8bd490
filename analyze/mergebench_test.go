package analyze

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// BenchmarkMerge merges a thousand profiles of nearly a megabyte each: of hosts that have all in common, and of hosts that have nothing.
func BenchmarkMerge(b *testing.B) {
	tally, g := NewTally(make([]RuleID, 200)), newRandomRow(5, 50_000, 200)
	for range 60_000 {
		tally.Add(g.next())
	}
	var shared bytes.Buffer
	if err := tally.Profile().WriteShared(&shared); err != nil {
		b.Fatal(err)
	}
	for _, common := range []bool{true, false} {
		b.Run(fmt.Sprintf("common=%v", common), func(b *testing.B) {
			paths := thousand(b, shared.Bytes(), common)
			b.SetBytes(int64(len(paths) * shared.Len()))
			for b.Loop() {
				p, err := MergeFiles(paths, nil)
				if err != nil {
					b.Fatal(err)
				}
				if p.Total.Events != uint64(len(paths))*60_000 {
					b.Fatalf("%d events", p.Total.Events)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-from-system")
		})
	}
}

// thousand writes the files: the same profile under names of as many hosts, its programs and directories called alike or not.
func thousand(b *testing.B, profile []byte, common bool) (paths []string) {
	dir := b.TempDir()
	for i := range 1000 {
		text := bytes.ReplaceAll(profile, []byte(`"name":"host"`), fmt.Appendf(nil, `"name":"h%03d"`, i))
		if !common {
			text = bytes.ReplaceAll(text, []byte("program-"), fmt.Appendf(nil, "prog%03d-", i))
			text = bytes.ReplaceAll(text, []byte("/srv/data-"), fmt.Appendf(nil, "/srv/d%03d-", i))
			text = bytes.ReplaceAll(text, []byte("key-"), fmt.Appendf(nil, "k%03d", i))
		}
		paths = append(paths, filepath.Join(dir, fmt.Sprint(i)))
		if err := os.WriteFile(paths[i], text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return paths
}
