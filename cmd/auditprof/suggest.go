package main

import (
	"github.com/spf13/cobra"
)

func (c Command) suggestExclusions() *cobra.Command {
	var f suggestFlags
	cmd := &cobra.Command{
		Use:   "suggest-exclusions --rules PATH… (LOG… | --run DIR)",
		Short: "Propose exclusions that remove noise: placed, proven, and none that an attacker could hide in",
		Long: `suggest-exclusions learns from a log what makes the noise under a rule set, and proposes the fewest and tightest changes that remove it: never
rules above the rules they quiet, or a narrower form of a noisy rule. Each says what it saves, what goes out of sight and what an attacker
would need to hide in it. The changed rules are then run over the same log, event by event: nothing may be gone that no proposal names.

Logs are written by attackers too. What could hide one is refused, and shown with its reason. A part of the time, and of the hosts, is not
learnt from: the savings there are printed beside.

Nothing is loaded and no file is changed: --write makes a copy of the rule files, --patch a diff.

Exit codes: 0 done, also where nothing is worth excluding · 2 flags, rules, --keep, --sigma or --mandated, or a log of other rules · 4 logs
that are not there or cannot be read · 5 the proof failed, or --verify is invalid · 6, 130 as bench; nothing half is written.`,
		Example: "  auditprof suggest-exclusions --rules /etc/audit/rules.d --write new.d /var/log/audit\n" +
			"  auditprof suggest-exclusions --rules rules.d --host-snapshot db1.json --keep keep.yaml --patch noise.patch audit.log.*\n" +
			"  auditprof suggest-exclusions --run runs/1122-1402 --verify",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd, args); err != nil {
				return usageError{err}
			}
			return c.runSuggest(cmd.Context(), f, args)
		},
	}
	f.add(cmd, "host-target")
	f.addOwn(cmd)
	return cmd
}
