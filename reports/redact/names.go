package redact

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// user is the placeholder of a person's name or number; text that names no person comes back as it is. Accounts of a system are no person:
// numbers below 1000, and 60000 to 65535, which systemd and others hand out (systemd.io/UIDS-GIDS).
func (r *Redactor) user(name string) string {
	if number, err := strconv.ParseUint(name, 10, 32); err == nil {
		if !person(uint32(number)) {
			return name
		}
		return r.placeholder("#"+name, r.nextUser)
	}
	if name == "" || name == "-1" || nobody[strings.ToLower(name)] || placeholderOf(name, "user-") {
		return name
	}
	return r.placeholder(name, r.nextUser)
}

func person(number uint32) bool {
	return number >= 1000 && number < 60000 || number > 65535 && number != 1<<32-1
}

// number is a user's number that stands for the person, where a number must stand: 1000 and that of the placeholder.
func (r *Redactor) number(uid uint32) uint32 {
	if !person(uid) {
		return uid
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(r.user(strconv.Itoa(int(uid))), "user-"))
	return uint32(1000 + n)
}

// same says that a number and a name are those of one person.
func (r *Redactor) same(number, name string) {
	if p := r.user(number); p != number && name != "" && !nobody[strings.ToLower(name)] {
		if _, known := r.names[strings.ToLower(name)]; !known {
			r.names[strings.ToLower(name)] = p
		}
	}
}

// host is the placeholder of a machine's name or address. A name with its domain and one without are one machine.
func (r *Redactor) host(name string) string {
	switch lower := strings.ToLower(name); {
	case name == "", name == "?", name == "(other)", name == "(none)", lower == "localhost", lower == "127.0.0.1", lower == "::1", placeholderOf(name, "host-"):
		return name
	}
	p := r.placeholder(name, r.nextHost)
	if short, _, domain := strings.Cut(name, "."); domain && strings.ContainsFunc(short, unicode.IsLetter) {
		r.placeholder(short, func() string { return p })
	}
	return p
}

// boot is the placeholder of a boot's id, which tells hosts apart: no more is left of it than which runs share one.
func (r *Redactor) boot(id string) string {
	if id == "" || placeholderOf(id, "boot-") {
		return id
	}
	return r.placeholder("boot "+id, func() string { r.boots++; return fmt.Sprintf("boot-%d", r.boots) })
}

func (r *Redactor) nextUser() string { r.users++; return fmt.Sprintf("user-%d", r.users) }
func (r *Redactor) nextHost() string { r.hosts++; return fmt.Sprintf("host-%d", r.hosts) }

// placeholder is the one of the name, a new one where it is not known.
func (r *Redactor) placeholder(name string, next func() string) string {
	key := strings.ToLower(name)
	p, known := r.names[key]
	if !known {
		p = next()
		r.names[key] = p
	}
	return p
}

// placeholderOf tells whether the text is a placeholder already: what is redacted twice does not change.
func placeholderOf(text, prefix string) bool {
	rest, found := strings.CutPrefix(text, prefix)
	if !found || rest == "" {
		return false
	}
	_, err := strconv.Atoi(rest)
	return err == nil
}

// maxParts is how many words joined by signs a known name may have: a host's name has labels, and labels have hyphens.
const maxParts = 12

// known replaces known names that stand between signs.
func (r *Redactor) known(text string) []piece {
	var out []piece
	from := 0
	for i := 0; i < len(text); {
		if !wordAt(text, i) {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		end, with := r.nameAt(text, i)
		if with != "" {
			out = append(out, piece{text: text[from:i]}, piece{with, true})
			from = end
		}
		i = end
	}
	return append(out, piece{text: text[from:]})
}

// nameAt is the longest known name that begins at i, with its end; without one, the end of the word.
func (r *Redactor) nameAt(text string, i int) (int, string) {
	var ends [maxParts]int
	n, end := 0, i
	for n < maxParts && end < len(text) && wordAt(text, end) {
		for end < len(text) && wordAt(text, end) {
			_, size := utf8.DecodeRuneInString(text[end:])
			end += size
		}
		ends[n] = end
		n++
		if end < len(text) && strings.IndexByte("-._@", text[end]) >= 0 {
			end++
		}
	}
	for k := n - 1; k >= 0; k-- {
		name := strings.ToLower(text[i:ends[k]])
		if len(name) < 2 || grammar[name] {
			continue
		}
		if p, known := r.names[name]; known {
			return ends[k], p
		}
	}
	return ends[0], ""
}

// wordAt tells whether a letter or a digit begins at i.
func wordAt(text string, i int) bool {
	c, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(c) || unicode.IsDigit(c)
}
