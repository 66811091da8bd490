package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// defaultTop is how many lines each table of the text report has.
const defaultTop = 5

func (c Command) analyze() *cobra.Command {
	var f analyzeFlags
	cmd := &cobra.Command{
		Use:   "analyze [--rules PATH]… LOG…",
		Short: "Say of every event in audit logs which rule recorded it, and who made the noise",
		Long: `analyze computes the kernel's own decision again for every event of a log: which rule of the set recorded it, by list, field, path and
order, not by its key. Nothing is asked of the machine that reads: users, groups and files are those of the log and of --host-snapshot.

A LOG is a file (plain, gzip or zstd; auditd's own, syslog, journalctl -o export or json, JSON lines, ausearch --raw), a directory that
holds a rotated set, or - for standard input. A PATH is a rule file, a rules.d directory (read as augenrules would), the text of
auditctl -l, or - for standard input; several --rules are one set, in order. Without --rules: the rules loaded in this kernel where it
can be asked, else the keys in the log alone.

Exit codes: 0 done, whatever was found · 2 flags or rules · 4 logs that are not there, cannot be read or hold not one audit record ·
130 interrupted, nothing is written.`,
		Example: "  auditprof analyze --rules /etc/audit/rules.d /var/log/audit\n" +
			"  auditprof analyze --rules rules.d --format pprof --output p.pb.gz audit.log && go tool pprof -http=: p.pb.gz\n" +
			"  auditprof analyze --rules rules.d --target auditctl=3.1.5,kernel=5.14,arch=x86_64 audit.log.gz\n" +
			"  auditprof analyze --rules rules.d --profile host7.json audit.log; auditprof analyze --merge host*.json",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd, args); err != nil {
				return usageError{err}
			}
			return c.runAnalyze(cmd.Context(), f, args)
		},
	}
	fl := cmd.Flags()
	f.add(cmd, "target")
	fl.BoolVar(&f.byKey, "by-key", false, "no rule set at all: tell events by the keys in the log")
	fl.StringVar(&f.decisions, "decisions", "", "write one line for each event: timestamp:serial, file:line, yes|unknown|none, candidates")
	fl.StringVar(&f.profile, "profile", "", "write the profile alone, at most 1 MB, without arguments and user names, for --merge")
	fl.BoolVar(&f.merge, "merge", false, "read profiles in place of logs, and report them as one")
	fl.StringVar(&f.format, "format", profileForms[0].name, "report: "+strings.Join(formNames(profileForms), ", "))
	f.redact.add(cmd, leaving(profileForms))
	fl.StringVar(&f.output, "output", "", "write the report to a file instead of standard output")
	fl.IntVar(&f.top, "top", defaultTop, "lines of each table of the text report")
	fl.BoolVar(&f.all, "all", false, "all lines of all tables, and the rules that recorded nothing")
	return cmd
}
