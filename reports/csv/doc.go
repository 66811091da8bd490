// Package csv writes a profile as a table for spreadsheets and databases.
//
// What comes in: an analyze.Profile. What goes out: RFC 4180 with a line of headings, one line for each combination of what made a record,
// and one for each rule that recorded nothing. It refuses to be code: names in a log are chosen by whoever is audited, and a spreadsheet
// takes a cell that begins with = + - or @ for a formula, so such a cell has an apostrophe in front.
package csv
