// Package policy says how much an attacker could hide in a change of a rule set.
//
// In come a change, the behaviours that it takes away, and maybe a snapshot of the host; out goes a suggest.Grade: low, medium, high or
// forbidden, with the reasons, what low rests on, and what an attacker would need. Audit logs are written by attackers too, so nothing that a log
// shows makes a change better, and what it shows may make it worse: an owner who is not root, a folder that others write. Low is what holds
// whatever the log was flooded with:
//
//   - a program that only root can have put there, that runs nobody else's code, for one service's user who has not logged in;
//   - calls that are named, each judged by itself (calls.go);
//   - below a folder where nobody but that service writes, and which is no home, no place that others read programs, settings or secrets from
//     (places.go), and only what succeeds;
//   - text that a rule can hold exactly.
//
// What it refuses to know: rule sets (which rules a change quiets is the search's), detections (suggest/detect), files of the machine it runs
// on. How the kernel compares is from kernel/auditsc.c (audit_filter_rules), kernel/audit_watch.c (exe= is an inode), kernel/audit_tree.c (dir=
// holds if any name of the event is below it), kernel/auditfilter.c (audit_filter: what exclude and user lists can ask).
package policy
