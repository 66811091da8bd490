package match

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// judgeWithFacts decides every event of a log as a reader of logs does: by itself, and again with what the log has shown of names where
// that helps; and reads the log a second time where something came too late. It returns the scores and how many events were decided twice.
func judgeWithFacts(t testing.TB, s sample, withKeys bool, host Host) (first, second *score, again int) {
	t.Helper()
	rules := s.rules
	if !withKeys {
		rules = keyless(rules)
	}
	m, err := New(rules, host)
	if err != nil {
		t.Fatal(err)
	}
	pass := func(f *Facts) *score {
		sc := &score{why: map[Why]int{}}
		alone, informed := m.Judge(nil), m.Judge(f)
		eachCall(s.log, func(c *event.Call) {
			if !withKeys {
				c.Key = null
			}
			d := alone.Decide(c)
			if about := f.Learn(c); about || d.Open {
				again++
				d = informed.Decide(c)
			}
			sc.add(m, c, d, s.of(c))
		})
		return sc
	}
	f := NewFacts(m)
	first, second = pass(f), &score{}
	if f.News() {
		second = pass(f.Again())
	}
	return first, second, again
}

func TestRecordedWithFacts(t *testing.T) {
	s := readSample(t, filepath.Join(corpus(t), "recorded"))
	for _, keys := range []bool{true, false} {
		first, second, again := judgeWithFacts(t, s, keys, Host{Kernel: Version{6, 18, 44}})
		t.Logf("keys %v, decided again %d, first: %v\nsecond: %v", keys, again, first, second)
	}
}

func TestSamplesWithFacts(t *testing.T) {
	dirs, err := filepath.Glob(os.Getenv("AUDITPROF_SAMPLES"))
	if err != nil || len(dirs) == 0 {
		t.Skip("no more logs with the kernel's word: set AUDITPROF_SAMPLES to a pattern of folders with rules.rules, audit.log and truth.tsv")
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			s := readSample(t, dir)
			for _, keys := range []bool{true, false} {
				first, second, again := judgeWithFacts(t, s, keys, Host{Kernel: Version{6, 18, 44}})
				t.Logf("keys %v, decided again %d, first: %v\nsecond: %v", keys, again, first, second)
			}
		})
	}
}
