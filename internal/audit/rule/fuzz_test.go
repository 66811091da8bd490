package rule

import (
	"errors"
	"strings"
	"testing"
)

// Nothing panics, print gives back what was read, positions lie in their lines, and a rule written in the one way is the same rule.
func FuzzParse(f *testing.F) {
	for _, c := range refused {
		if len(c.text) < 200 {
			f.Add(c.text)
		}
	}
	f.Add("-a always,exit -F arch=b64 -S open,openat -F auid>=1000 -C uid!=euid -F dir=/my\\ dir\\\\x -k a -Fkey=b\n")
	f.Add("# c\r\n-w /x -p wa -k k\r\n-D\n-b 8192\n--backlog_wait_time 0\n-w /x -a exit,never\n-e 2")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseFile("f", strings.NewReader(text))
		var list Errors
		if err != nil && !errors.As(err, &list) {
			t.Fatal(err)
		}
		if s == nil {
			return
		}
		if got := s.Files[0].String(); got != text {
			t.Fatalf("printed %q, read %q", got, text)
		}
		checkPositions(t, s, list)
		for _, r := range s.Rules() {
			checkCanonical(t, r)
		}
	})
}

func checkPositions(t *testing.T, s *Set, errs Errors) {
	t.Helper()
	lines := s.Files[0].Lines
	in := func(p Pos, what string) {
		if p.Line < 1 || p.Line > len(lines) || p.Col < 1 || p.Col > len(lines[p.Line-1].Text)+1 {
			t.Fatalf("%s at %v is outside its line", what, p)
		}
	}
	for i, l := range lines {
		if l.Pos.Line != i+1 || l.Pos.Col != 1 {
			t.Fatalf("line %d is at %v", i+1, l.Pos)
		}
	}
	for _, e := range errs {
		in(e.Pos, "error")
	}
	for _, c := range s.Controls() {
		in(c.Pos, "control")
	}
	for _, r := range s.Rules() {
		in(r.Pos, "rule")
		for _, f := range r.Fields {
			in(f.Pos, "field")
		}
		for _, t := range append(append([]Token{}, r.Syscalls...), r.Keys...) {
			in(t.Pos, "word")
		}
	}
}

// checkCanonical reads the canonical form of a rule again. Where it is longer than a line may be there is nothing to read.
func checkCanonical(t *testing.T, r *Rule) {
	t.Helper()
	text := r.String()
	if len(text) > MaxLine {
		return
	}
	s, err := ParseFile("g", strings.NewReader(text))
	if err != nil {
		t.Fatalf("%q became %q: %v", r.Text, text, err)
	}
	again := s.Rules()
	if len(again) != 1 || again[0].String() != text {
		t.Fatalf("%q became %q", r.Text, text)
	}
	a, b := bare(*r), bare(*again[0])
	if a != b {
		t.Fatalf("%q became %q:\n%s\n%s", r.Text, text, a, b)
	}
}

// bare is all of a rule but where it stood.
func bare(r Rule) string {
	var b strings.Builder
	b.WriteString(r.Flag + " " + r.List.String() + " " + r.Action.String() + " " + r.Arch + " " + r.Watch.Text + " " + r.Perms.Text)
	b.WriteString(" S=" + joinTokens(r.Syscalls) + " key=" + r.Key())
	for _, f := range r.Fields {
		b.WriteString("\x00" + f.Flag + f.Name + f.Op + f.Value)
	}
	return b.String()
}

func FuzzSplit(f *testing.F) {
	f.Add(`a\ b c\\d \x  e`)
	f.Fuzz(func(t *testing.T, word string) {
		if word == "" || strings.ContainsAny(word, "\r"+ownMarks) {
			return
		}
		words, err := split(Pos{"f", 1, 1}, "xxxxxxx "+escape(word))
		if err != nil {
			t.Fatal(err)
		}
		if len(words) != 2 || words[1].Text != word {
			t.Fatalf("%q came back as %q", word, words)
		}
	})
}
