package rule

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ParseDir reads a rules.d directory in the order in which augenrules 3.x and 4.x would put it into audit.rules: the files *.rules
// in the order of ls -1v, the last bare -D, the last -b and the last -f first, the last -e last, everything else in its place.
// Earlier ones of these four are dropped from Order, as augenrules drops them. Positions stay those of the source files; their names
// begin with name. Errors and bounds are those of ParseFile, the bound of bytes counts for the directory in all.
//
// augenrules differs by awk where a hoisted line has blanks around it: its patterns use \s, which mawk (Debian's awk) does not
// understand. There " -e 2" and "-D " with a blank stay where they are and act in mid-file. Here they are hoisted as with gawk,
// which is what augenrules means. Two traps are the same with every awk and are errors here: a file whose last line has no end is
// glued to the next file's first line, and up to 4.1 a file name with a blank is not found.
func ParseDir(name string, fsys fs.FS) (*Set, error) {
	files, err := rulesFiles(name, fsys)
	if err != nil {
		return nil, err
	}
	var d directory
	left := int64(MaxFileBytes)
	for _, base := range files {
		f, found, err := openFile(path.Join(name, base), base, fsys, left)
		if err != nil {
			return nil, err
		}
		left -= int64(size(f))
		d.add(f, found)
	}
	return d.set()
}

// Text is a rule file's name and what is in it.
type Text struct{ Name, Text string }

// ParseDirTexts is ParseDir for the files of a rules.d directory whose names and order are known and whose text is at hand: what becomes of
// a directory that was read when its files are edited.
func ParseDirTexts(files []Text) (*Set, error) {
	var d directory
	left := int64(MaxFileBytes)
	for _, t := range files {
		f, found, err := readFile(t.Name, strings.NewReader(t.Text), left)
		if err != nil {
			return nil, err
		}
		left -= int64(size(f))
		d.add(f, found)
	}
	return d.set()
}

// directory is the files of a rules.d so far, in the order of augenrules.
type directory struct {
	files []*File
	lines []*Line
	errs  Errors
}

func (d *directory) add(f *File, found Errors) {
	d.errs = d.errs.with(found)
	if strings.ContainsAny(path.Base(f.Name), " \t\n") {
		d.errs = append(d.errs, &Error{Pos{File: f.Name}, "file name with a blank, which augenrules up to 4.1 does not find", "a name without"})
	}
	if err := glued(d.lines, f); err != nil {
		d.errs = append(d.errs, err)
	}
	d.files = append(d.files, f)
	d.lines = append(d.lines, f.Lines...)
}

func (d *directory) set() (*Set, error) {
	return &Set{Files: d.files, Order: commands(hoist(d.lines))}, d.errs.asError()
}

// rulesFiles are the names that augenrules takes from a directory, in its order.
func rulesFiles(name string, fsys fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("read rules directory %s: %w", printable(name), err)
	}
	var out []string
	for _, e := range entries {
		base := e.Name()
		if !strings.HasPrefix(base, ".") && strings.HasSuffix(base, ".rules") && !e.IsDir() {
			out = append(out, base)
		}
	}
	slices.SortFunc(out, compareVersions)
	return out, nil
}

// openFile reads one file of a directory. What is no regular file would block or never end.
func openFile(full, base string, fsys fs.FS, limit int64) (*File, Errors, error) {
	info, err := fs.Stat(fsys, base)
	if err != nil {
		return nil, nil, fmt.Errorf("read rules from %s: %w", printable(full), err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, Errors{{Pos{File: full}, "not a regular file", "a rule file, or another name than *.rules"}}
	}
	f, err := fsys.Open(base)
	if err != nil {
		return nil, nil, fmt.Errorf("read rules from %s: %w", printable(full), err)
	}
	defer f.Close()
	return readFile(full, f, limit)
}

func size(f *File) (n int) {
	for _, l := range f.Lines {
		n += len(l.Text) + len(l.End)
	}
	return n
}

// glued finds the last line of the files so far that cat would join with the first line of the next file.
func glued(before []*Line, next *File) *Error {
	if len(before) == 0 || len(next.Lines) == 0 {
		return nil
	}
	last := before[len(before)-1]
	if last.End != "" || next.Lines[0].Text == "" {
		return nil
	}
	what := "no line end at the end of the file, augenrules joins this line with the first of " + printable(path.Base(next.Name))
	return &Error{last.Pos.after(len(last.Text)), what, "a final newline"}
}

// hoisted are the lines that augenrules moves, by its own patterns: it looks at the text, before auditctl reads a word.
var hoisted = []*regexp.Regexp{
	regexp.MustCompile(`^\s*-e`), regexp.MustCompile(`^\s*-D\s*$`), regexp.MustCompile(`^\s*-f`), regexp.MustCompile(`^\s*-b`),
}

// hoist orders the lines of a directory as augenrules does.
func hoist(lines []*Line) []*Line {
	var moved [4]*Line // -e -D -f -b
	var rest []*Line
next:
	for _, l := range lines {
		if l.Kind == KindBlank || l.Kind == KindComment {
			continue
		}
		for i, re := range hoisted {
			if re.MatchString(l.Text) {
				moved[i] = l
				continue next
			}
		}
		rest = append(rest, l)
	}
	order := append([]*Line{moved[1], moved[3], moved[2]}, rest...)
	order = append(order, moved[0])
	return slices.DeleteFunc(order, func(l *Line) bool { return l == nil })
}
