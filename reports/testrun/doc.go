// Package testrun makes runs for tests of reports: a small one in which everything occurs, one as large as a report must bear, and values
// whose every text is hostile.
//
// What comes in: a text, or nothing. What goes out: runs and slots that were never measured; their figures are invented and always the same.
// It refuses to be used outside of tests.
package testrun
