package place

import (
	"slices"
	"strconv"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Caveats are what to mind of a change when it is loaded and kept, one line each: what some versions of the kernel or of auditctl do otherwise,
// and what the kernel binds it to. What a known target rules out is not said.
func Caveats(c *suggest.Change, target ruleset.Target) []string {
	var out []string
	for _, caveat := range caveats {
		if line := caveat(c, target); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// caveats are in the order of their weight.
var caveats = []func(*suggest.Change, ruleset.Target) string{
	successCaveat, filesystemCaveat, recordCaveat, exeCaveat, dirCaveat, pathCaveat, numberCaveat, wordSizeCaveat, userCaveat, watchCaveat, signalCaveat,
}

// successCaveat: see noOutcome.
func successCaveat(c *suggest.Change, t ruleset.Target) string {
	if !asks(c, "success") && !asks(c, "exit") || !t.Kernel.IsZero() && !noOutcome(t.Kernel) {
		return ""
	}
	if c.Kind == suggest.Narrow {
		return "success= never matches on Linux 5.16 to 5.19: there the rule would record nothing"
	}
	return "success= and exit= never match on Linux 5.16 to 5.19: there it has no effect"
}

// asks tells whether a rule of a change has a condition on a field.
func asks(c *suggest.Change, field string) bool {
	if slices.ContainsFunc(c.Conds, func(x suggest.Cond) bool { return x.Field == field }) {
		return true
	}
	for _, line := range c.Text {
		r, err := parseLine(line)
		if err == nil && slices.ContainsFunc(r.Fields, func(f rule.Field) bool { return f.Name == field }) {
			return true
		}
	}
	return false
}

// exeCaveat: kernel/audit_fsnotify.c, kernel/auditfilter.c: audit_exe_compare.
func exeCaveat(c *suggest.Change, _ ruleset.Target) string {
	if c.Cond("exe") == "" {
		return ""
	}
	return "exe= is the host's own file, no symlink and no container's, and its folder must exist at the load; what runs an old file after an upgrade is recorded"
}

// dirCaveat: kernel/audit_tree.c: audit_add_tree_rule.
func dirCaveat(c *suggest.Change, _ ruleset.Target) string {
	if c.Cond("dir") == "" {
		return ""
	}
	return "dir= must exist when the rules are loaded, else auditctl -R loads nothing from there on (without -c or -i); made anew or mounted over later, it is recorded as before; whoever may rename a folder above it decides what it means at the next load"
}

// pathCaveat: kernel/audit_watch.c: audit_get_nd, audit_remove_parent_watches; audit_update_watch turns the order of rules on one file round.
func pathCaveat(c *suggest.Change, _ ruleset.Target) string {
	if c.Cond("path") == "" {
		return ""
	}
	return "path= needs its folder at the load (else auditctl -R loads nothing from there on) and goes with it; beside a -w on the same file, which of them wins changes as the file is replaced"
}

// numberCaveat: newer syscalls have no name in older tables (lib/*_table.h).
func numberCaveat(c *suggest.Change, _ ruleset.Target) string {
	if c.Kind != suggest.Exit {
		return ""
	}
	for _, calls := range c.Calls {
		for _, name := range calls.Names {
			if _, err := strconv.Atoi(name); err == nil {
				return "syscall " + name + " is written as a number, since older versions of auditctl do not know its name"
			}
		}
	}
	return ""
}

// wordSizeCaveat: the kernel tests a number first and the architecture after it.
func wordSizeCaveat(c *suggest.Change, _ ruleset.Target) string {
	if c.Kind != suggest.Exit || len(c.Calls) != 1 {
		return ""
	}
	other := map[string]string{"b64": "32", "b32": "64"}[c.Calls[0].Arch]
	return "calls of " + other + "-bit programs are recorded as before"
}

func userCaveat(c *suggest.Change, _ ruleset.Target) string {
	for _, cond := range c.Conds {
		if slices.Contains([]string{"uid", "euid", "gid", "egid", "suid", "fsuid"}, cond.Field) && cond.Value != "0" {
			return cond.String() + " is a number: hosts that share these rules must have the same user under it"
		}
	}
	return ""
}

// signalCaveat: auditctl gives such rules every syscall, and the kernel counts those with kill (kernel/auditfilter.c: audit_match_signal).
func signalCaveat(c *suggest.Change, _ ruleset.Target) string {
	if c.Kind != suggest.Exclude && c.Kind != suggest.User {
		return ""
	}
	return "a rule of the lists exclude and user makes the kernel note the target of every signal, a little work for each kill"
}

func filesystemCaveat(c *suggest.Change, _ ruleset.Target) string {
	if c.Kind != suggest.Filesystem {
		return ""
	}
	return "never,filesystem blinds path=, dir= and obj_* of all rules on that file system"
}

// recordCaveat: kernel/audit.c: audit_log_start.
func recordCaveat(c *suggest.Change, _ ruleset.Target) string {
	switch {
	case c.Kind != suggest.Exclude:
		return ""
	case c.MsgType == "SYSCALL":
		return "without SYSCALL no event of any rule is left"
	case c.MsgType == "PROCTITLE":
		return "ausearch, aureport and go-libaudit end an event at PROCTITLE: without it they wait for the next event or a timeout"
	}
	return ""
}

// watchCaveat: libaudit from 3.1.3 on gives a rule with an arch the syscalls of its perm (lib/libaudit.c: audit_add_perm_syscalls).
func watchCaveat(c *suggest.Change, _ ruleset.Target) string {
	if c.Kind != suggest.Narrow {
		return ""
	}
	for _, line := range c.Text {
		if r, err := parseLine(line); err == nil && r.IsWatch() {
			return "a -w is tested at every system call: auditctl from 3.1.3 on calls it slow"
		}
	}
	return ""
}
