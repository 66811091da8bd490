// Command trust measures how far bench itself can be believed on this machine: how often it finds a difference where there is none, and how often
// it finds one that was planted. scripts/trust.sh runs it.
//
// What comes in: the number of a run and a folder. What goes out: a line of JSON for each run in that folder, and a table in Markdown of all of
// them. It refuses to know how anything is measured: every run is bench's own, on the live kernel with the real auditd.
package main
