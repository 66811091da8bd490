package rule

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxErrors is how many errors are kept of one file or directory; a file with more is no rule file.
const MaxErrors = 1000

// Error is one thing that auditctl's grammar refuses: where, what, and what would be legal.
type Error struct {
	Pos   Pos
	What  string
	Legal string
}

// Error is file:line:col: what is wrong: what is legal.
func (e *Error) Error() string {
	if e.Legal == "" {
		return e.Pos.String() + ": " + e.What
	}
	return e.Pos.String() + ": " + e.What + ": " + e.Legal
}

// Errors are all errors of a file, in the order of its lines.
type Errors []*Error

// Error is one error a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the single errors to errors.As and errors.Is.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i, err := range e {
		out[i] = err
	}
	return out
}

// with adds more errors, as many as are kept.
func (e Errors) with(more Errors) Errors {
	return append(e, more[:max(0, min(len(more), MaxErrors-len(e)))]...)
}

// asError is nil where there is none: an empty Errors in an error would not be.
func (e Errors) asError() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// quote shows text of a file in a message: quoted, control bytes escaped, cut where it is long.
func quote(s string) string {
	const most = 80
	if len(s) > most {
		return strconv.Quote(s[:most]) + "..."
	}
	return strconv.Quote(s)
}

// printable escapes what a terminal would act on.
func printable(s string) string {
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

// wrong is an error about a token. Where the token shows why it was meant otherwise, the cure comes first.
func wrong(t Token, legal, format string, args ...any) *Error {
	var why []string
	if strings.Contains(t.Text, "\t") {
		why = append(why, "only spaces separate words, a TAB is part of the word")
	}
	if strings.ContainsAny(t.Text, `"'`) {
		why = append(why, `quotes are ordinary characters, a space inside a word is written with a \ before it`)
	}
	if legal != "" {
		why = append(why, legal)
	}
	return &Error{Pos: t.Pos, What: fmt.Sprintf(format, args...), Legal: strings.Join(why, "; ")}
}
