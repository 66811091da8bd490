package place

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// NarrowCalls is the line of a rule for fewer system calls: calls are those that stay, by their names for the rule's arch. It refuses watches
// and rules without an arch, whose numbers are for two machines at once, and rules with perm, to which auditctl from 3.1.3 on adds the calls
// of their letters again (lib/libaudit.c: audit_add_perm_syscalls).
func NarrowCalls(r *rule.Rule, calls []string, target ruleset.Target) (string, error) {
	perm := slices.ContainsFunc(r.Fields, func(f rule.Field) bool { return f.Name == "perm" })
	arch := slices.IndexFunc(r.Fields, func(f rule.Field) bool { return f.Name == "arch" && f.Op == "=" })
	switch {
	case len(calls) == 0:
		return "", fmt.Errorf("%s: no system call would stay", r.Pos)
	case r.IsWatch() || perm:
		return "", fmt.Errorf("%s: perm gives the rule its system calls", r.Pos)
	case arch < 0:
		return "", fmt.Errorf("%s: without an arch its numbers are other calls to 32-bit programs", r.Pos)
	}
	want := copyOf(r)
	want.Syscalls = nil
	for _, name := range calls {
		want.Syscalls = append(want.Syscalls, rule.Token{Text: name})
	}
	list := strings.Join(calls, ",")
	if len(r.Syscalls) == 0 {
		want.SyscallsAt = arch + 1
		f := r.Fields[arch]
		return splice{at: f.Pos.Col - 1 + len(f.Name) + len(f.Op) + len(f.Value), add: " -S " + list}.narrow(r, want, target)
	}
	first, last := r.Syscalls[0], r.Syscalls[len(r.Syscalls)-1]
	return splice{at: first.Pos.Col - 1, drop: last.Pos.Col - first.Pos.Col + len(last.Text), add: list}.narrow(r, want, target)
}
