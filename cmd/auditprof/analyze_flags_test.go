package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is read is never replaced: a log may be evidence.
func TestAnalyzeNeverWritesOverWhatItReads(t *testing.T) {
	dir := t.TempDir()
	log, rules, other := filepath.Join(dir, "logs", "audit.log"), filepath.Join(dir, "rules.d", "a.rules"), filepath.Join(dir, "out")
	link := filepath.Join(dir, "link")
	put(t, log, nil)
	put(t, rules, nil)
	put(t, other, nil)
	if err := os.Symlink(log, link); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		flags analyzeFlags
		args  []string
		want  string // part of the error, "" for none
	}{
		{analyzeFlags{output: other}, []string{log}, ""},
		{analyzeFlags{output: log}, []string{log}, "would replace"},
		{analyzeFlags{output: log}, []string{filepath.Dir(log)}, "would replace"},
		{analyzeFlags{profile: link}, []string{log}, "would replace"},
		{analyzeFlags{decisions: rules, readingFlags: readingFlags{rules: []string{filepath.Dir(rules)}}}, []string{log}, "would replace"},
		{analyzeFlags{output: filepath.Join(filepath.Dir(log), "new")}, []string{filepath.Dir(log)}, ""},
		{analyzeFlags{output: "/dev/null", profile: "/dev/null"}, []string{log}, ""},
		{analyzeFlags{output: other, profile: dir + "/./out"}, []string{log}, "the same file"},
		{analyzeFlags{output: dir}, []string{log}, "is a directory"},
		{analyzeFlags{output: filepath.Join(dir, "nosuch", "x")}, []string{log}, "is no directory"},
	} {
		err := c.flags.checkTargets(c.args)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v %v: %v, want %q", c.flags, c.args, err, c.want)
		}
	}
}
