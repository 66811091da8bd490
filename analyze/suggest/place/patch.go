package place

import (
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// Patch is the changes as a unified diff, which patch -p1 takes in the directory of the rule files. It is empty where nothing has changed.
// Rules that come from no rule file are one new file in it.
func (e *Edited) Patch() (string, error) {
	names, err := e.names()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, f := range e.files {
		if f.before == f.after {
			continue
		}
		before, old := f.before, patchName("a/"+names[i])
		if !f.hasFile() {
			before, old = "", "/dev/null"
		}
		diff, err := udiff.ToUnified(old, patchName("b/"+names[i]), before, e.edits(i, before), udiff.DefaultContextLines)
		if err != nil {
			return "", fmt.Errorf("patch of %q: %w", names[i], err)
		}
		b.WriteString(diff)
	}
	return b.String(), nil
}

// edits are what was written into a file: known line by line, no comparison is needed.
func (e *Edited) edits(i int, before string) []udiff.Edit {
	f := e.files[i]
	if !f.hasFile() {
		return []udiff.Edit{{New: f.after}}
	}
	starts := lineStarts(before)
	var out []udiff.Edit
	old := 0 // lines of the old text that are behind us
	var added strings.Builder
	flush := func(upTo int) {
		if added.Len() > 0 || upTo > old {
			out = append(out, udiff.Edit{Start: starts[old], End: starts[upTo], New: added.String()})
		}
		added.Reset()
	}
	for n, line := range strings.SplitAfter(f.after, "\n") {
		if pos, ok := e.from[position{f.name, n + 1}]; ok {
			flush(pos.Line - 1)
			old = pos.Line
			continue
		}
		added.WriteString(line)
	}
	flush(len(starts) - 1)
	return out
}

// lineStarts are where the lines of a text begin, and its end.
func lineStarts(s string) []int {
	out := []int{0}
	for i := range len(s) {
		if s[i] == '\n' && i+1 < len(s) {
			out = append(out, i+1)
		}
	}
	if s == "" {
		return out
	}
	return append(out, len(s))
}

// patchName is a file's name as patch(1) reads it: one with anything but plain characters is quoted as in C.
func patchName(name string) string {
	plain := true
	for i := range len(name) {
		c := name[i]
		plain = plain && c > ' ' && c <= '~' && c != '"' && c != '\\'
	}
	if plain {
		return name
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(name) {
		switch c := name[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
