package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/snapshot"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/spf13/cobra"
)

func (c Command) snapshot() *cobra.Command {
	var rules, paths, log []string
	var output string
	cmd := &cobra.Command{
		Use:   "snapshot [--rules PATH]… [--path PATH]… [--log LOG]…",
		Short: "Write down what the paths, users and groups of a rule set are on this host",
		Long: `snapshot looks, on the host whose kernel runs the rules, at what a log does not say: what the paths in the rules are and which symlinks
lead to them, the numbers of users and groups, who is in which group, and the mounts. Take the file to where the log is analyzed, and
name it there with --host-snapshot.

For suggest-exclusions it also looks who may change programs and directories: those of --path, and with --log all that a log names most often.

A PATH of --rules is a rule file, a rules.d directory or - for standard input; without --rules the loaded rules are taken. Nothing is changed, and
no privilege is needed but to look at the paths.`,
		Example: "  auditprof snapshot --rules /etc/audit/rules.d --output web1.snapshot.json\n" +
			"  ssh web1 auditprof snapshot --rules /etc/audit/rules.d > web1.snapshot.json\n" +
			"  auditprof snapshot --log /var/log/audit --output web1.snapshot.json",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if st, err := os.Stat(filepath.Dir(output)); output != "" && (err != nil || !st.IsDir()) {
				return usageError{fmt.Errorf("--output %q: %s is no directory", output, filepath.Dir(output))}
			}
			files, err := c.filesOfHost(cmd.Context(), paths, log)
			if err != nil {
				return err
			}
			return c.runSnapshot(rules, files, output)
		},
	}
	cmd.Flags().StringArrayVar(&rules, "rules", nil, "rules whose names are looked up: PATH (may be repeated)")
	cmd.Flags().StringArrayVar(&paths, "path", nil, "a program or directory: who may change it (may be repeated)")
	cmd.Flags().StringArrayVar(&log, "log", nil, "a log of this host: who may change the programs and directories in it (may be repeated)")
	cmd.Flags().StringVar(&output, "output", "", "write to a file instead of standard output")
	return cmd
}

// filesOfHost are the paths of which it is asked who may change what is there.
func (c Command) filesOfHost(ctx context.Context, paths, log []string) ([]string, error) {
	for _, p := range paths {
		if !filepath.IsAbs(p) {
			return nil, usageError{fmt.Errorf("--path %q: give it whole, from / on", p)}
		}
	}
	if len(log) == 0 {
		return paths, nil
	}
	named, more, err := c.pathsOfLogs(ctx, log)
	if err != nil {
		return nil, err
	}
	if more > 0 {
		fmt.Fprintf(c.Err, "auditprof: the log names %d paths more than are looked at: the most frequent %d are\n", more, len(named))
	}
	return append(slices.Clone(paths), named...), nil
}

func (c Command) runSnapshot(rules, files []string, output string) error {
	set, err := c.rulesOfHost(rules)
	if err != nil {
		return err
	}
	users, groups := set.Names()
	s, remarks := snapshot.Take(snapshot.Wanted{Paths: set.Paths(), Users: users, Groups: groups, Files: files})
	for _, r := range set.Refused {
		fmt.Fprintf(c.Err, "auditprof: left out: %s\n", escape.Line(r.String()))
	}
	for _, r := range remarks {
		fmt.Fprintf(c.Err, "auditprof: %s\n", escape.Line(r))
	}
	if output == "" {
		return s.Encode(c.Out)
	}
	return writeWhole(output, func(w io.Writer) error { return s.Encode(w) })
}

// hostMachines are the machines of the processes that this program is built for.
var hostMachines = map[string]uint32{"amd64": names.ArchX86_64, "arm64": names.ArchAArch64, "386": names.ArchI386, "arm": names.ArchARM}

// rulesOfHost are the rules whose names are looked up. Every version's rules are taken: it is the names that count.
func (c Command) rulesOfHost(rules []string) (*ruleset.Set, error) {
	if len(rules) > 0 {
		o := ruleset.Options{Target: ruleset.Target{Auditctl: rule.Dialect4_2, Machine: hostMachines[runtime.GOARCH]}}
		set, err := ruleset.Load(rules, c.In, ruleset.ListingDetect, o)
		if err != nil {
			return nil, usageError{err}
		}
		return set, nil
	}
	set, err := ruleset.Live()
	if errors.Is(err, ruleset.ErrNoRules) {
		return nil, usageError{err}
	}
	if err != nil {
		return nil, fmt.Errorf("%w, or name the rules with --rules", err)
	}
	return set, nil
}
