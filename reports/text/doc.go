// Package text prints a run for a terminal: the finding and its cause first, then costs, noisiest rules, trust, host, next step.
//
// What comes in: a result.Run. What goes out: lines of at most the asked width, 80 columns or more. It refuses to know how anything was
// measured, and it computes nothing but shares, sums and scaled units. Three rules hold throughout: loss comes before speed, so an arm that
// lost records has no speed figure; below 6 rounds there are ranges and no verdict words; an absent metric is "-", never 0.
// Every string of the run is escaped: rules, paths and log lines are hostile.
package text
