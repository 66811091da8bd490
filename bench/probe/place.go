package probe

import (
	"slices"
	"strings"
)

// Place is what the kernel was doing when a clock tick found a thread.
type Place int

// Places, by the innermost of audit's functions on the stack.
const (
	OutsideAudit Place = iota // none of audit's functions, or not in the kernel
	Filter                    // walks the lists and compares fields
	Names                     // collects the paths that a call touches, for rules and records
	Format                    // writes records
	Queue                     // makes room for records and hands them on
	OtherAudit                // entry, exit and clean-up of a call; all the rest
	placeCount
)

// placesByName are beginnings of audit's functions (Linux 6.18, kernel/audit*.c, include/linux/audit.h). The first that fits decides.
var placesByName = []struct {
	place Place
	names []string
}{
	{Queue, []string{"audit_log_start", "audit_log_end", "audit_log_lost", "audit_buffer_", "audit_serial", "audit_panic",
		"auditsc_get_stamp", "kauditd_"}},
	{Format, []string{"audit_log_", "__audit_log_", "audit_string_contains_control"}},
	{Names, []string{"__audit_inode", "__audit_getname", "__audit_reusename", "audit_copy_inode", "audit_alloc_name", "audit_compare_dname_path"}},
	{Filter, []string{"__audit_filter_op", "audit_filter", "auditd_test_task", "audit_comparator", "audit_uid_comparator", "audit_gid_comparator", "audit_compare_",
		"audit_match_", "audit_watch_compare", "audit_mark_compare", "audit_exe_compare", "audit_tree_match", "security_audit_rule_match",
		"selinux_audit_rule_match"}},
	{OtherAudit, []string{"audit_", "__audit_", "auditd_", "auditsc_"}},
}

// placeOf looks at a stack from its innermost function outwards.
func placeOf(stack []uint64, names symbols) Place {
	for _, address := range stack {
		if address == 0 {
			break
		}
		if p := placeOfFunction(names.name(address)); p != OutsideAudit {
			return p
		}
	}
	return OutsideAudit
}

// placeOfFunction classes one function. The compiler's suffixes, as in audit_filter_rules.isra.0, do not matter.
func placeOfFunction(name string) Place {
	for _, p := range placesByName {
		if slices.ContainsFunc(p.names, func(begin string) bool { return strings.HasPrefix(name, begin) }) {
			return p.place
		}
	}
	return OutsideAudit
}
