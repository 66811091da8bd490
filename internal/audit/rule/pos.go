package rule

import "fmt"

// Pos is a place in a rule file. Line and Col count from 1, Col in bytes of the line as typed; Line 0 means the whole file.
type Pos struct {
	File string
	Line int
	Col  int
}

// String is file:line:col, or the file alone. Control bytes of the file's name are escaped.
func (p Pos) String() string {
	if p.Line == 0 {
		return printable(p.File)
	}
	return fmt.Sprintf("%s:%d:%d", printable(p.File), p.Line, p.Col)
}

// after is the place n bytes further in the same line.
func (p Pos) after(n int) Pos {
	p.Col += n
	return p
}

// Token is a word of a line: where it starts, and its text with the escapes undone.
type Token struct {
	Pos  Pos
	Text string
}
