// Package plot draws a run: the slowdown of each arm on each scenario with its interval.
//
// What comes in: a result.Run. What goes out: one PNG or SVG picture. It refuses to draw a speed where there is none: an arm that lost records
// has the word LOST in place of a mark, one whose slots were stopped an open arrow at the bound. Colours are those of Okabe and Ito, and arms
// differ by shape too, so the picture reads without colour.
package plot
