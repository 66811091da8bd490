package escape

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"-w /etc -k a":          "-w /etc -k a",
		"\x1b]0;owned\a":        `\x1b]0;owned\x07`,
		"a\tb\nc\r":             `a\x09b\x0ac\x0d`,
		"\xff\xfe":              `\xff\xfe`,
		"größe 名":               "größe 名",
		"a\u202eb\u200bc\u0301": `a\u202eb\u200bc\u0301`,
		"\u009b2J":              `\u009b2J`,
		"\U000e0041":            `\U000e0041`,
		`dir=/a\ b`:             `dir=/a\ b`,
		"\x7f":                  `\x7f`,
		"\ufffd":                "\ufffd",
	} {
		if got := Line(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"short", 5, "short"},
		{"longer", 5, "lo..."},
		{"a b c d", 6, "a b..."},
		{"名名名名", 7, "名名..."},
		{"名名名名", 8, "名名名名"},
		{"longer", 2, ".."},
		{"longer", -1, ""},
	} {
		if got := Cut(c.in, c.width); got != c.want {
			t.Errorf("%q at %d: %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("\x1b[2J\xff\u202e", 7)
	f.Fuzz(func(t *testing.T, s string, width int) {
		line := Line(s)
		if !utf8.ValidString(line) || strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("%q: %q", s, line)
		}
		if cut := Cut(line, width); width >= 0 && Columns(cut) > width {
			t.Errorf("%q at %d: %q", s, width, cut)
		}
	})
}
