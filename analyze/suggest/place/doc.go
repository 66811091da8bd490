// Package place puts changes of a rule set into its text, and judges what is written: whether it says exactly what was meant, what it costs,
// and what to mind when it is loaded.
//
// In come the text of a rule set and the rules that a kernel makes of it (Base), and changes (Numbered). Out go the edited text with the rules
// that a kernel makes of that (Edited), ready to be compiled, written (WriteDir) or shown as a patch (Patch), and the changes that cannot be
// placed, with the reason. A never rule goes right above the first line it quiets, since the first rule loaded that matches wins
// (kernel/auditsc.c: audit_filter_syscall, audit_filter_inodes); exclude, user and filesystem rules go above all rules. What is not touched
// stays byte for byte. Nothing is ever written with -A, which some versions of auditctl take for a deletion (4.0.4 to 4.1.0).
//
// What it refuses to know: events, who could hide in a change (suggest/policy), what it would save.
package place
