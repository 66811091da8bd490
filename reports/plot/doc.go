// Package plot draws a run as PNG or SVG: slowdowns, latencies, the backlog over time, the volume of rules, the filter tax against the number of rules.
//
// What comes in: a result.Run and its slots. What goes out: one picture, 600 pixels wide, with axes that name their units and colours that the
// common kinds of colour blindness tell apart, each with a shape of its own. It refuses to draw a speed for an arm that lost records, and a
// picture without any figure. Names are escaped and cut: they are hostile.
package plot
