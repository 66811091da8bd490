// Package matchtest asks the live kernel whether package match decides as it does.
//
// What comes in: a seed. Out of it are made a random rule set over all fields, operators and lists, and a random script of system calls
// for an actor that becomes several users. What goes out: the log that the kernel and auditd made of it, and for every event the rule that
// recorded it, in the kernel's own word: each rule is loaded with one key that no other has.
//
//	NewPlan(seed) ─► Machine.Run: tree, actor, rules, log ─► Log.Rewrite (keys as given, or none), Log.Truth ─► compared with match
//	              └► once more without what suppresses ─► foretold from it, compared with the first log
//
// Every rule set ends with a catch-all for the actors' login uids, so that it is seen too where no other rule matched. Rules are narrowed to
// processes with a login uid, or with ids that only actors have: other processes of the machine go on undisturbed.
//
// The script is random and runs partly as root, so its process is confined to a mount, pid and IPC namespace in which all but its tree is
// read-only, or does not run (actor.go). The audit state is under a lease of package kernel and is restored.
//
// What it refuses to know: how match decides. Linux on x86-64 only: an actor also makes calls of the i386 table.
package matchtest
