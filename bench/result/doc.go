// Package result is a run on disk: result.json with everything a report needs, and slots.jsonl with one line per slot.
//
// What comes in: values of Run and Slot. What goes out: the same values, read back. It refuses to know how a slot is measured, how an
// estimate is made and how a number is printed. Base units everywhere: nanoseconds, bytes, records, events. docs/result.md tells the format.
package result
