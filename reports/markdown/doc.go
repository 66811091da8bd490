// Package markdown writes a run or a profile as a comment for a pull request: the verdict first, all tables folded below it.
//
// What comes in: a result.Run or an analyze.Profile, as they are; whoever wants names out of them gives a redacted copy. What goes out: GitHub
// Flavored Markdown of less than Limit bytes; rows that have no room are left out, each table says how many. It refuses to make markup of a name:
// what a rule, a log or a user chose stands in a code span, where nothing is a link, a mention or HTML (GFM specification, section 6.3), and
// sentences have everything escaped that Markdown or GitHub acts on.
package markdown
