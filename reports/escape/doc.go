// Package escape makes strings from logs, rule files and foreign processes safe to print on a terminal, and measures and cuts them.
//
// What comes in: any bytes. What goes out: printable text of one line. It refuses to know where a string comes from: everything that is not
// ours goes through it. A log line may hold escape sequences that retitle a terminal, move its cursor or hide text.
package escape
