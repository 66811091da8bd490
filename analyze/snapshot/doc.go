// Package snapshot looks at the host that runs a rule set, so that its logs can be decided elsewhere.
//
// What comes in: the paths, users and groups that the rules name. What goes out: a match.Snapshot of this machine: what those paths are and
// which symlinks lead to them, the numbers of users and groups, who is in which group, what is mounted where. It only reads, and needs no
// privilege beyond looking at the paths; what it may not see is left out and said.
//
// What it refuses to know: what rules mean (package ruleset names the paths), and what a snapshot is good for (internal/audit/match).
// How paths of rules are looked up is from kernel/audit_watch.c: audit_get_nd, kernel/audit_tree.c: audit_add_tree_rule, path_resolution(7);
// mounts are from proc_pid_mountinfo(5).
package snapshot
