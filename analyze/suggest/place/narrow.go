package place

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// dialects are the versions of auditctl for which every line that is written must mean the same, and that of the target.
func dialects(t ruleset.Target) []rule.Dialect {
	out := []rule.Dialect{rule.Dialect3_0, rule.Dialect4_0, rule.Dialect4_2}
	if t.Auditctl != 0 && !slices.Contains(out, t.Auditctl) {
		out = append(out, t.Auditctl)
	}
	return out
}

// Narrower says why a rule may record something that old does not, or record it otherwise; nil where it cannot: every call that the kernel
// finds the narrow rule true of, old is true of too. It is so if list, action, path and key are the same, the mask has no other syscalls,
// perm has no other letters, and every other field of old is there, whatever fields there are beside them
// (kernel/auditsc.c: audit_filter_rules: all fields must be true). target is the host whose auditctl and machine read the rules.
func Narrower(old, narrow *rule.Rule, target ruleset.Target) error {
	for _, d := range dialects(target) {
		for _, dir := range []bool{false, true} {
			env := envOf(target, d)
			env.IsDir = func(string) bool { return dir }
			was, _, err := rule.Compile(old, env)
			if err != nil {
				continue // this auditctl never loaded it
			}
			is, _, err := rule.Compile(narrow, env)
			if err != nil {
				return fmt.Errorf("auditctl %s: %w", d, err)
			}
			if why := wider(was, is); why != "" {
				return fmt.Errorf("%s: no narrower form as auditctl %s reads it: %s", narrow.Text, d, why)
			}
		}
	}
	return nil
}

// envOf reads rules as one auditctl would; names of users and groups have numbers by which they can be compared.
func envOf(t ruleset.Target, d rule.Dialect) rule.Env {
	if t.Machine == 0 {
		t.Machine = names.ArchX86_64
	}
	users, groups := nameIDs{}, nameIDs{}
	return rule.Env{Machine: t.Machine, Dialect: d, User: users.number, Group: groups.number}
}

// wider is what a rule records that another does not, "" where there is nothing.
func wider(was, is rule.Wire) string {
	if was.List != is.List || was.Action != is.Action {
		return "another list or action"
	}
	if was.Key() != is.Key() {
		return "another key"
	}
	for i := range is.Mask {
		if is.Mask[i]&^was.Mask[i] != 0 {
			return "more syscalls"
		}
	}
	for _, f := range was.Fields {
		if !slices.ContainsFunc(is.Fields, func(g rule.WireField) bool { return within(g, f) }) {
			return "a condition is gone or wider"
		}
	}
	return ""
}

const fieldPerm = 106 // AUDIT_PERM of include/uapi/linux/audit.h

// within tells whether a field is true only where another is.
func within(g, f rule.WireField) bool {
	if g.Type != f.Type || g.Op != f.Op || g.Str != f.Str {
		return false
	}
	return g.Value == f.Value || f.Type == fieldPerm && g.Value != 0 && g.Value&^f.Value == 0
}

func countBits(mask []uint32) (n int) {
	for _, w := range mask {
		n += bits.OnesCount32(w)
	}
	return n
}
