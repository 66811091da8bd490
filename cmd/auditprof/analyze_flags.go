package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// analyzeFlags are the flags of auditprof analyze as typed.
type analyzeFlags struct {
	rules      []string
	target     string
	strict     bool
	snapshot   string
	hostAsNode bool
	decisions  string
	profile    string
	format     string
	output     string
	top        int
	jobs       int
	all        bool
	merge      bool
	byKey      bool
	quiet      bool
}

// analyzeFormats are the forms of the report; the first is the default.
var analyzeFormats = []string{"text", "json", "csv", "pprof"}

// maxJobs is far beyond what a reading can use: one goroutine reads, one adds up.
const maxJobs = 256

// check refuses what cannot be meant, before anything is read.
func (f analyzeFlags) check(cmd *cobra.Command, args []string) error {
	if len(args) == 0 && f.merge {
		return errors.New("no profiles to merge: name files that --profile wrote")
	}
	if len(args) == 0 {
		return errors.New("no log to read: name a file, a directory as /var/log/audit, or - for standard input")
	}
	if !slices.Contains(analyzeFormats, f.format) {
		return fmt.Errorf("--format %q: one of %s", f.format, strings.Join(analyzeFormats, ", "))
	}
	if f.top < 1 {
		return fmt.Errorf("--top %d: 1 or more lines of each table; --all for all of them", f.top)
	}
	if f.jobs < 1 || f.jobs > maxJobs {
		return fmt.Errorf("--jobs %d: 1 to %d", f.jobs, maxJobs)
	}
	if f.merge {
		if err := notWithMerge(cmd); err != nil {
			return err
		}
	}
	if f.byKey && len(f.rules) > 0 {
		return errors.New("--by-key and --rules: events are told by the one or the other")
	}
	if err := f.checkStreams(args); err != nil {
		return err
	}
	return f.checkTargets(args)
}

// notWithMerge refuses flags that only a reading of logs can follow.
func notWithMerge(cmd *cobra.Command) error {
	for _, name := range []string{"rules", "target", "strict-load", "by-key", "host-snapshot", "host-as-node", "decisions", "jobs"} {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s does not go with --merge: profiles were decided when they were written", name)
		}
	}
	return nil
}

// checkStreams lets one thing only come from standard input, and one go to standard output.
func (f analyzeFlags) checkStreams(args []string) error {
	in, out := 0, 0
	for _, name := range slices.Concat(f.rules, args) {
		if name == "-" {
			in++
		}
	}
	if in > 1 {
		return errors.New("- is given twice: standard input can be read once")
	}
	for _, name := range []string{f.output, f.decisions, f.profile} {
		if name == "-" {
			out++
		}
	}
	if f.output == "" {
		out++
	}
	if out > 1 {
		return errors.New("two things would go to standard output: give the report a file with --output, or a file to --decisions and --profile")
	}
	return nil
}

// checkTargets refuses to write where it cannot be written, over the same file twice, or over what is read: a log may be evidence.
func (f analyzeFlags) checkTargets(args []string) error {
	seen := map[string]string{}
	for _, t := range []struct{ flag, path string }{{"--output", f.output}, {"--decisions", f.decisions}, {"--profile", f.profile}} {
		if t.path == "" || t.path == "-" {
			continue
		}
		dir := filepath.Dir(t.path)
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			return fmt.Errorf("%s %q: %s is no directory", t.flag, t.path, dir)
		}
		st, err := os.Stat(t.path)
		switch {
		case err == nil && st.IsDir():
			return fmt.Errorf("%s %q: it is a directory; name a file", t.flag, t.path)
		case err == nil && !st.Mode().IsRegular():
			continue // /dev/null takes everything
		}
		clean := filepath.Clean(t.path)
		if other := seen[clean]; other != "" {
			return fmt.Errorf("%s and %s name the same file %q", other, t.flag, t.path)
		}
		seen[clean] = t.flag
		for _, in := range slices.Concat(f.rules, args, []string{f.snapshot}) {
			if err == nil && reads(in, t.path) {
				return fmt.Errorf("%s %q would replace a file that is read as %q: name another", t.flag, t.path, in)
			}
		}
	}
	return nil
}

// reads tells whether the file at path is what in names, or lies in the directory that in names.
func reads(in, path string) bool {
	source, err := os.Stat(in)
	if err != nil {
		return false
	}
	for _, p := range []string{path, filepath.Dir(path)} {
		if st, err := os.Stat(p); err == nil && os.SameFile(st, source) {
			return true
		}
	}
	return false
}
