// Package html writes a result as one HTML file that a browser shows without any network: a run, or a profile.
//
// What comes in: a result.Run with its slots, or an analyze.Profile, already redacted where it is to leave the host. What goes out: one page with
// its style and its script inside, below 2 MB for a set of 400 rules. A policy in the page itself forbids the browser every request, and every
// style and script but these two, which are named by their hashes (Content Security Policy, W3C).
//
// It refuses to know what a figure means beyond its unit, and to trust any text: all strings of the value go through reports/escape before
// anything else sees them (clean.go), then through html/template, which escapes for the place; no text gets into style or script.
//
// Another kind of result is a new function like WriteRun: it fills a document, section by section.
package html
