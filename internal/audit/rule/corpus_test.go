package rule

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpus is the folder of real rule files: AUDITPROF_CORPUS/rules, or corpus/rules in a folder beside the repository's. They belong
// to others and are read in place.
func corpus(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("AUDITPROF_CORPUS"); dir != "" {
		return filepath.Join(dir, "rules")
	}
	found, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "*", "corpus", "rules"))
	if err != nil || len(found) != 1 {
		t.Skip("no corpus of rule files: set AUDITPROF_CORPUS to the folder that holds rules/")
	}
	return found[0]
}

// corpusSets calls visit for every set of the corpus with what was refused of it.
func corpusSets(t *testing.T, visit func(path, text string, s *Set, refused Errors)) {
	t.Helper()
	err := filepath.WalkDir(corpus(t), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".rules") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := ParseFile(path, strings.NewReader(string(text)))
		var list Errors
		if s == nil || err != nil && !errors.As(err, &list) {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		visit(path, string(text), s, list)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// causes are why lines of the corpus are refused, and rightly: auditctl refuses them too (see TestLiveGrammar). Nothing else of
// the corpus may be refused.
var causes = []struct{ inLine, inError string }{
	{"$", ""}, // templates of a test suite in Perl
	{"-a action,list", "not a list and an action"}, {"perm=permissions", "one to four"}, // placeholders of a manual
	{"\"", "quotes are ordinary characters"}, {"'", "quotes are ordinary characters"}, {"'", "word without an option"},
	{"\"", "word without an option"}, {"\"", "-k without what a key is for"}, {"\"", "no operator"},
	{" # ", "a comment has a line of its own"},
	{" -F -k ", "no operator in \"-k\""}, {" -F -k ", "word without an option"}, {" -k -F ", "word without an option"},
	{" obj=", "unknown field \"obj\""}, {"field=value", "unknown field"}, {"/Application Support/", "word without an option"},
}

func explained(line string, e *Error) bool {
	for _, c := range causes {
		if strings.Contains(line, c.inLine) && strings.Contains(e.Error(), c.inError) {
			return true
		}
	}
	return false
}

func TestCorpus(t *testing.T) {
	files, rules, refused := 0, 0, map[string]bool{}
	corpusSets(t, func(path, text string, s *Set, errs Errors) {
		files++
		rules += len(s.Rules())
		if s.Files[0].String() != text {
			t.Errorf("%s: printing is not what was read", path)
		}
		for _, e := range errs {
			line := s.Files[0].Lines[e.Pos.Line-1].Text
			refused[line] = true
			if !explained(line, e) {
				t.Errorf("%v\n%s", e, line)
			}
		}
		checkPositions(t, s, errs)
		for _, r := range s.Rules() {
			checkCanonical(t, r)
		}
	})
	if files < 200 || rules < 3000 || len(refused) < 30 {
		t.Errorf("%d files, %d rules, %d refused lines: the walk is broken", files, rules, len(refused))
	}
}

func BenchmarkParse(b *testing.B) {
	text := strings.Repeat("-a always,exit -F arch=b64 -S open,openat,creat -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access\n", 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := ParseFile("a", strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
