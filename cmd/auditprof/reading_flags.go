package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
)

// readingFlags are the flags of every command that decides the events of logs: under which rules, of which host, with how many cores.
type readingFlags struct {
	rules      []string
	target     string
	targetFlag string // how target is typed: analyze has --target, suggest-exclusions another meaning for that
	strict     bool
	snapshot   string
	hostAsNode bool
	jobs       int
	quiet      bool
}

// maxJobs is far beyond what a reading can use: one goroutine reads, one adds up.
const maxJobs = 256

// add defines the flags.
func (f *readingFlags) add(cmd *cobra.Command, targetFlag string) {
	fl := cmd.Flags()
	f.targetFlag = targetFlag
	fl.StringArrayVar(&f.rules, "rules", nil, "rule file, rules.d directory, text of auditctl -l, or - (may be repeated: one set, in order)")
	fl.StringVar(&f.target, targetFlag, "", "what wrote the log, as auditctl=3.1.5,kernel=5.14,arch=x86_64 (default: what the log says)")
	fl.BoolVar(&f.strict, "strict-load", false, "no rule is loaded from the first line on that auditctl refuses, as auditctl -R without -c")
	fl.StringVar(&f.snapshot, "host-snapshot", "", "what auditprof snapshot wrote on the host of the log: makes unknown into yes or no")
	fl.BoolVar(&f.hostAsNode, "host-as-node", false, "take the host of a syslog, journal or JSON line for the node of a record that names none")
	fl.IntVar(&f.jobs, "jobs", min(runtime.GOMAXPROCS(0), maxJobs), "cores to use")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
}

// check refuses what cannot be meant.
func (f *readingFlags) check(args []string) error {
	if len(args) == 0 {
		return errors.New("no log to read: name a file, a directory as /var/log/audit, or - for standard input")
	}
	if f.jobs < 1 || f.jobs > maxJobs {
		return fmt.Errorf("--jobs %d: 1 to %d", f.jobs, maxJobs)
	}
	return nil
}

// checkInputs lets one thing only come from standard input.
func (f *readingFlags) checkInputs(args []string) error {
	in := 0
	for _, name := range slices.Concat(f.rules, args) {
		if name == "-" {
			in++
		}
	}
	if in > 1 {
		return errors.New("- is given twice: standard input can be read once")
	}
	return nil
}

// inputs are the names of all that is read.
func (f *readingFlags) inputs(args []string) []string {
	return slices.Concat(f.rules, args, []string{f.snapshot})
}

// typed are the flags that decisions depend on, as they were typed.
func (f *readingFlags) typed() string {
	out := flagged("--rules", f.rules)
	for _, v := range []struct{ flag, value string }{{"--" + f.targetFlag, f.target}, {"--host-snapshot", f.snapshot}} {
		if v.value != "" {
			out += flagged(v.flag, []string{v.value})
		}
	}
	if f.strict {
		out += " --strict-load"
	}
	if f.hostAsNode {
		out += " --host-as-node"
	}
	return out
}
