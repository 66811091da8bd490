// Package unit scales base units for people: nanoseconds, bytes, ratios, shares, counts, always with three significant digits.
//
// What comes in: numbers in base units. What goes out: short strings. It refuses to know what a number measures. A number that is not finite
// prints as "-", as an absent one does. Everywhere else auditprof keeps base units.
package unit
