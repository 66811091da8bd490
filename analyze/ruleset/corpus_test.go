package ruleset

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/klauspost/compress/zstd"
)

// corpus is the folder of real rules and logs: AUDITPROF_CORPUS, or corpus in a folder beside the repository's. They belong to others
// and are read in place.
func corpus(t *testing.T) string {
	t.Helper()
	dir, ok := corpusFolder()
	if !ok {
		t.Skip("no corpus of real rules and logs: set AUDITPROF_CORPUS to the folder that holds rules/ and recorded/")
	}
	return dir
}

func corpusFolder() (string, bool) {
	if dir := os.Getenv("AUDITPROF_CORPUS"); dir != "" {
		return dir, true
	}
	found, err := filepath.Glob(filepath.Join("..", "..", "..", "*", "corpus"))
	if err != nil || len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// Every rule that recorded an event is in the set that is made of the recorded host's rules.d, at the place that the kernel's answer names.
func TestRecordedRules(t *testing.T) {
	dir := filepath.Join(corpus(t), "recorded")
	set, err := Load([]string{filepath.Join(dir, "rules.d")}, nil, ListingDetect, Options{Target: target})
	if err != nil {
		t.Fatal(err)
	}
	loaded := map[string]bool{}
	for _, r := range set.Rules {
		loaded[(rule.Pos{File: filepath.Base(r.Pos.File), Line: r.Pos.Line, Col: 1}).String()] = true
	}
	events := 0
	for _, at := range truth(t, filepath.Join(dir, "truth.tsv.zst")) {
		events++
		if !loaded[at+":1"] {
			t.Fatalf("%s recorded an event and is not in the set", at)
		}
	}
	if events < 50_000 || len(set.Rules) < 100 {
		t.Fatalf("%d events, %d rules", events, len(set.Rules))
	}
	for _, r := range set.Refused {
		if !strings.Contains(r.Text, "Rule exists") {
			t.Errorf("refused: %v", r)
		}
	}
}

// truth are the places of the rules, one for each event.
func truth(t *testing.T, path string) []string {
	t.Helper()
	var out []string
	for s := bufio.NewScanner(unpack(t, path)); s.Scan(); {
		_, at, _ := strings.Cut(s.Text(), "\t")
		out = append(out, at)
	}
	return out
}

// unpack reads a zstd file until the test ends.
func unpack(t *testing.T, path string) io.Reader {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { f.Close() })
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(z.Close)
	return z
}

// Real rule files are rule files, not listings, and nothing is lost: each rule line is loaded, deleted again, or refused with its place.
func TestCorpusRules(t *testing.T) {
	files := 0
	err := filepath.WalkDir(filepath.Join(corpus(t), "rules"), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".rules") {
			return err
		}
		src, err := Open([]string{path}, nil, ListingDetect)
		if err != nil {
			return nil // no rule in it, or no text: see TestNoRules
		}
		files++
		if src.parts[0].listing {
			t.Errorf("%s is taken for a listing", path)
		}
		set, err := src.Compile(Options{Target: target})
		if err != nil {
			t.Logf("%s: %v", path, err)
			return nil
		}
		checkComplete(t, src, set)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 {
		t.Fatalf("only %d files", files)
	}
}

// checkComplete finds every rule line either loaded or refused, where the text deletes nothing.
func checkComplete(t *testing.T, src *Source, set *Set) {
	t.Helper()
	at := map[place]bool{}
	for _, r := range set.Rules {
		at[place{r.Pos.File, r.Pos.Line}] = true
	}
	for _, r := range set.Refused {
		at[place{r.Pos.File, r.Pos.Line}] = true
	}
	for _, p := range src.parts {
		for i, l := range p.set.Order {
			wipes := i > 0 && len(l.Controls) > 0 && l.Controls[0].Option == "-D"
			if wipes || l.Rule != nil && (l.Rule.Flag == "-d" || l.Rule.Flag == "-W") {
				return
			}
		}
		for _, l := range p.set.Order {
			if l.Rule != nil && !at[placeOf(l)] {
				t.Errorf("%v is neither loaded nor refused", l.Pos)
			}
		}
	}
}

// What the recorded log says of its own load leaves every rule that recorded an event where it is.
func TestRecordedLoad(t *testing.T) {
	dir := filepath.Join(corpus(t), "recorded")
	set, err := Load([]string{filepath.Join(dir, "rules.d")}, nil, ListingDetect, Options{Target: target})
	if err != nil {
		t.Fatal(err)
	}
	var c Changes
	var o Observed
	z := unpack(t, filepath.Join(dir, "audit.log.zst"))
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(z), nil) {
		c.Add(ev)
		o.Add(ev)
	}
	if got := o.Target(); got.Auditctl != 3_00_09 || got.Kernel.Major != 6 || got.Machine != names.ArchX86_64 {
		t.Errorf("the log is said to be of %+v", got)
	}
	after := set.ApplyConfigChanges(&c)
	held := map[string]bool{}
	for _, r := range after.Rules {
		if r.Until.IsZero() {
			held[fmt.Sprintf("%s:%d", filepath.Base(r.Pos.File), r.Pos.Line)] = true
		}
	}
	for _, at := range truth(t, filepath.Join(dir, "truth.tsv.zst")) {
		if !held[at] {
			t.Fatalf("%s recorded an event and is taken for not loaded", at)
		}
	}
	if first := filepath.Base(after.Rules[0].Pos.File); first != "30-ospp-v42-1-create-failed.rules" || len(after.Others) != 0 {
		t.Errorf("%s comes first, and %d more orders: the log shows the one in which the files were loaded", first, len(after.Others))
	}
}
