// Package rule is the text and the binary form of Linux audit rules.
//
// In comes a rule file, a rules.d directory, or the payload of an AUDIT_LIST_RULES message. Out go values: a Set of Files of
// Lines, in which every rule and every control line has its file, line and column, and which prints back what was read, byte for
// byte; or a Wire, the kernel's own form. What the grammar alone decides is refused with the place and what is legal instead.
//
// Compile makes the kernel's form of a rule's text, as a version of auditctl (a Dialect) would: names become numbers, -w becomes path
// or dir and perm, syscalls become a mask. What the text does not say (users, groups, which path is a directory, the machine) comes
// in an Env, so that the result is the same wherever it is made.
//
// The grammar is that of auditctl -R (audit-userspace src/auditctl.c: fileopt, setopt; lib/libaudit.c: audit_rule_fieldpair_data,
// audit_rule_interfield_comp_data), version 3.0.9 and what later versions take in addition; a directory is read as augenrules
// reads it. The binary form is struct audit_rule_data of include/uapi/linux/audit.h.
//
// It is stricter than auditctl on purpose where auditctl takes a line and does not do what it says: the action possible (the line
// is skipped), -S with commas alone (the rule never matches), words behind an option that ends the line and a rule in such a line
// (neither is read), a word without an option before -i or -c, -W beside -a or -d, a -t that excuses a missing list, escapes in the
// first word, a CR, and more short words than auditctl has room for.
//
// Compile refuses two things that auditctl takes: names of syscalls of machines without a table here (ppc, s390; numbers are taken), and
// numbers of syscalls above 2031, which stand for classes that differ by kernel. It takes one thing that some auditctl from 3.1 on
// refuse, being built without it: the list io_uring.
//
// The package refuses to know this machine: whether a user or a file exists, what the kernel would still refuse. It opens no file and
// changes nothing.
package rule
