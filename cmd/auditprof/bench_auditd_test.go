package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/auditprof/auditprof/bench"
)

func TestMemoryIsBytesWithAnUnit(t *testing.T) {
	for text, want := range map[string]int64{"": 0, "64M": 64 << 20, "1G": 1 << 30, "8192K": 8 << 20, "67108864": 64 << 20,
		"64": -1, "64MB": -1, "-64M": -1, "M": -1, "1K": -1, "9223372036854775807G": -1, "1.5G": -1} {
		got, err := parseMemory(text)
		if want >= 0 && (err != nil || got != want) || want < 0 && err == nil {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

func TestConfsAreNamedAfterTheirFiles(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"a/sync.conf", "b/sync.conf", "raw"} {
		path := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(path), 0o700)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	var o bench.Options
	f := auditdFlags{confs: paths, cpus: 0.5, memory: "64M"}
	if err := f.into(&o); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"sync", "sync-2", "raw"} {
		if o.AuditdConfs[i].Name != want || o.AuditdConfs[i].Path != paths[i] {
			t.Errorf("%+v, want %s", o.AuditdConfs[i], want)
		}
	}
	if o.AuditdLimits != (bench.AuditdLimits{CPUs: 0.5, MemoryBytes: 64 << 20}) {
		t.Errorf("%+v", o.AuditdLimits)
	}
	o.Auditd = bench.AuditdRunning
	for _, f := range []auditdFlags{{confs: paths}, {cpus: 1}, {memory: "64M"}} {
		if f.into(&o) == nil {
			t.Errorf("%+v with the host's own auditd is not refused", f)
		}
	}
	o.Auditd = ""
	for _, f := range []auditdFlags{{confs: []string{dir}}, {confs: []string{dir + "/none"}}, {cpus: -1}, {cpus: 1e9}} {
		if f.into(&o) == nil {
			t.Errorf("%+v is not refused", f)
		}
	}
}
