// Package ruleset makes of rule text what the matcher asks: the rules as the kernel of a host may hold them.
//
// What comes in: what --rules names (rule files, rules.d directories as augenrules reads them, standard input), the text that
// auditctl -l prints, or what a live kernel lists; the Target, the host for which the text is read; and what the log says of rules being
// loaded and removed (CONFIG_CHANGE). What goes out: a Set with []match.Rule in the kernel's priority order, and in Remarks with positions
// what is not loaded, and why, and what a reader of the result should know.
//
// Every valid line counts as loaded, as with auditctl -c, unless Options.Strict or the log says otherwise. The order of lines, -A, -d, -W,
// -D and lines that are there twice act as in auditctl and the kernel (audit-userspace src/auditctl.c: setopt, fileopt; src/delete_all.c;
// kernel/auditfilter.c: audit_add_rule, audit_field_valid, audit_data_to_entry). How the text of auditctl -l differs from rule text is
// from src/auditctl-listing.c: print_rule, is_watch.
//
// What it refuses to know: the users, groups, files and kernel of the machine that reads. A name without a number, and a path that may be
// a file or a directory, stay open in the rule (match.Rule: Forms, Unknown): what a log or a snapshot shows decides.
package ruleset
