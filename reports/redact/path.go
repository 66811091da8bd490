package redact

import (
	"fmt"
	"regexp"
	"strings"
)

// homes replaces what lies below homes, wherever a path stands in a text.
func (r *Redactor) homesIn(text string) []piece {
	var out []piece
	from, mark := 0, -1
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(blanks+quotes, text[i]) >= 0 {
			mark = i
		}
		if text[i] != '/' || r.homeAt(text, i, blanks+quotes) == "" {
			continue
		}
		stop := delimiters(text, mark, i)
		home := r.homeAt(text, i, stop)
		end := pathEnd(text, i+len(home), stop)
		out = append(out, piece{text: text[from:i]}, piece{r.below(text[i:i+len(home)], text[i+len(home):end]), true})
		from, i = end, end-1
	}
	return append(out, piece{text: text[from:]})
}

// path is a text that is one path as a whole, with whatever blanks it holds.
func (r *Redactor) path(text string) string {
	if !strings.HasPrefix(text, "/") {
		return r.Text(text)
	}
	for i := range len(text) {
		if text[i] != '/' {
			continue
		}
		if home := r.homeAt(text, i, "/"); home != "" {
			return r.Text(text[:i]) + r.below(home, strings.TrimRight(text[i+len(home):], "/"))
		}
	}
	return r.Text(text)
}

// homeAt is the home that begins at i, "" for none. A folder called home anywhere holds homes: containers and exports have theirs.
func (r *Redactor) homeAt(text string, i int, stop string) string {
	rest := text[i:]
	if strings.HasPrefix(rest, "/home/") {
		name := rest[len("/home/"):]
		if end := strings.IndexAny(name, stop+"/"); end >= 0 {
			name = name[:end]
		}
		if name = strings.TrimRight(name, ".,;:)]*"); name != "" {
			return "/home/" + name
		}
		return ""
	}
	if i > 0 && (wordAt(text, i-1) || strings.IndexByte("._-", text[i-1]) >= 0) {
		return ""
	}
	if whole(rest, "/root") {
		return "/root"
	}
	for _, home := range r.homes {
		if whole(rest, home) {
			return home
		}
	}
	return ""
}

// whole tells whether the text begins with this path and not with a longer name.
func whole(text, path string) bool {
	return strings.HasPrefix(text, path) && (len(text) == len(path) || !wordAt(text, len(path)) && strings.IndexByte("_-", text[len(path)]) < 0)
}

const (
	blanks = " \t\r\n\x1d\x00"
	quotes = `"'`
)

// delimiters are what ends the path at i: the quote that it stands in, else a blank or a quote. The last of them in front of i is at.
func delimiters(text string, at, i int) string {
	if at >= 0 && (text[at] == '"' || text[at] == '\'') && strings.IndexByte(text[i:], text[at]) >= 0 {
		return text[at:at+1] + "\n\x00"
	}
	return blanks + quotes
}

// lineAndColumn is what stands behind the name of a rules file.
var lineAndColumn = regexp.MustCompile(`(:\d+){1,2}[:,.)]*$|[:,.;)\]]+$`)

// pathEnd is where the path ends that has its home's end at i.
func pathEnd(text string, i int, stop string) int {
	end := i
	for end < len(text) && strings.IndexByte(stop, text[end]) < 0 {
		if text[end] == '\\' && end+1 < len(text) {
			end++ // a blank behind a backslash is a part of the name
		}
		end++
	}
	if at := lineAndColumn.FindStringIndex(text[i:end]); at != nil {
		end = i + at[0]
	}
	return end
}

// step is one name below a home or a folder below one. Folders are numbers: whole paths as keys would be as much as all paths together.
type step struct {
	parent int // 0 where home is set
	home   string
	name   string
}

// below is the placeholder of a path: the home, and one for each name below. The same name in another folder is another, so a tree of paths
// stays one.
func (r *Redactor) below(home, rest string) string {
	var out strings.Builder
	out.WriteString(r.home(home))
	at := step{home: home}
	for name := range strings.SplitSeq(rest, "/") {
		if name == "" {
			continue
		}
		at.name = name
		n, known := r.paths[at]
		if !known {
			n = len(r.paths) + 1
			r.paths[at] = n
		}
		if !placeholderOf(name, "path-") {
			name = fmt.Sprintf("path-%d", n)
		}
		out.WriteString("/" + name)
		at = step{parent: n}
	}
	return out.String()
}

// home is the placeholder of a home itself. Whose it is, is told by its last name.
func (r *Redactor) home(home string) string {
	if home == "/root" {
		return home
	}
	return "/home/" + r.user(home[strings.LastIndexByte(home, '/')+1:])
}
