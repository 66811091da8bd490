// Package advice is the answer of suggest-exclusions as a plain value: what is proposed with what it saves and what it costs in sight, what was
// refused and why, what must still be seen, and what the replay has proven.
//
// What comes in: the parts, from suggest, suggest/proof and whoever guards. What goes out: JSON (docs/suggestion.schema.json) and, in words, what
// a change blinds and what stays in sight. It refuses to know how any of it was found, and how it is printed. All text in it may be of a log and
// hostile.
package advice
