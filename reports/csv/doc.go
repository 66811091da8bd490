// Package csv writes a profile or a run as a table for spreadsheets and databases.
//
// What comes in: an analyze.Profile, or a result.Run. What goes out: RFC 4180 with a line of headings; of a profile one line for each combination
// of what made a record, and one for each rule that recorded nothing; of a run one line for each scenario, arm and metric. It refuses to be code:
// names in a log are chosen by whoever is audited, and a spreadsheet takes a cell that begins with = + - or @ for a formula, so such a cell has an
// apostrophe in front.
package csv
