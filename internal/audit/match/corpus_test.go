package match

import (
	"os"
	"path/filepath"
	"testing"
)

// corpus is the folder of real logs, which is no part of this repository.
func corpus(t testing.TB) string {
	dir := os.Getenv("AUDITPROF_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus of real logs: set AUDITPROF_CORPUS to the folder with logs/ and recorded/ (%v)", err)
	}
	return dir
}

// TestRecorded compares with what the kernel said of a log of 56,587 events under 240 rules.
func TestRecorded(t *testing.T) {
	s := readSample(t, filepath.Join(corpus(t), "recorded"))
	host := Host{Kernel: Version{6, 18, 44}}
	for _, keys := range []bool{true, false} {
		sc := judgeSample(t, s, keys, host)
		t.Logf("keys %v: %v", keys, sc)
		all := sc.right + sc.wrong + sc.unknown
		if all < 56_587 || sc.wrong > 0 || sc.conflict > 0 || 1000*sc.right < 999*all || 1000*sc.unknown > all {
			t.Errorf("keys %v: want at least 99.9 %% as the kernel, at most 0.1 %% unknown, none wrong, no conflict: %v", keys, sc)
		}
	}
}

// TestConflict is that a log of other rules is known by its keys.
func TestConflict(t *testing.T) {
	s := readSample(t, filepath.Join(corpus(t), "recorded"))
	s.rules = rulesOf(t, "-a always,exit -F arch=b64 -S openat -k other", "-w /etc/passwd -k external-access")
	if sc := judgeSample(t, s, true, recent); sc.conflict < 56_000 {
		t.Errorf("%d conflicts of 56,587 events of other rules", sc.conflict)
	}
}

// TestSamples does the same with the folders that AUDITPROF_SAMPLES names.
func TestSamples(t *testing.T) {
	dirs, err := filepath.Glob(os.Getenv("AUDITPROF_SAMPLES"))
	if err != nil || len(dirs) == 0 {
		t.Skip("no more logs with the kernel's word: set AUDITPROF_SAMPLES to a pattern of folders with rules.rules, audit.log and truth.tsv")
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			s := readSample(t, dir)
			host := Host{Kernel: Version{6, 18, 44}}
			for _, keys := range []bool{true, false} {
				t.Logf("keys %v: %v", keys, judgeSample(t, s, keys, host))
			}
		})
	}
}
