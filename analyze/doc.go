// Package analyze gives the events of an audit log to the rules that recorded them, and adds up what they hold.
//
// What comes in: a log, and whatever decides: a match.Matcher (Reading), or any Decider (Build). What goes out: a Profile, counts of events,
// records and bytes by rule, key, record type, program, system call, user, path, session, parents and time, and the books: every byte of the
// log has an origin, or is named as unexplained. Profiles can be shared without users, written, read, and merged.
//
//	record, event ─► Row (with its decision) ─► Tally.Add ─► Profile ─► WriteShared ─► Read, MergeFiles ─► Profile
//
// It refuses to know where the log is from, what it cost to write, how a profile is printed, and what a user is called: names come from
// ENRICHED logs only. All names are chosen by whoever is audited, so every table is bounded; what has no room is in its Other, and totals stay
// exact.
//
// ExtraKeys is the Decider of bench. It reads a key that only one rule carries: in the slots of a bench run the kernel itself says which rule
// recorded what.
package analyze
