package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// corpus is the folder of real logs and rule sets, which is no part of this repository.
func corpus(t testing.TB) string {
	dir := os.Getenv("AUDITPROF_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus of real logs: set AUDITPROF_CORPUS to the folder with logs/ and recorded/ (%v)", err)
	}
	return dir
}

// unpacked reads a zstd file whole.
func unpacked(t testing.TB, path string) []byte {
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("no recorded log: %v", err)
	}
	defer f.Close()
	dec, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	text, err := io.ReadAll(dec)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// recorded is a log that auditd 3.0.9 wrote on Linux 6.18, the rules that were loaded, and which of them recorded each event, as the kernel
// itself said.
type recorded struct {
	log, rules string            // paths
	truth      map[string]string // timestamp:serial → file:line
}

func recordedLog(t testing.TB) recorded {
	dir := filepath.Join(corpus(t), "recorded")
	r := recorded{log: filepath.Join(dir, "audit.log.zst"), rules: filepath.Join(dir, "rules.d"), truth: map[string]string{}}
	for line := range strings.Lines(string(unpacked(t, filepath.Join(dir, "truth.tsv.zst")))) {
		event, rule, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("the truth has a line %q", line)
		}
		r.truth[event] = rule
	}
	return r
}

// keyless is the same log and the same rules without a single key.
func (r recorded) keyless(t testing.TB) recorded {
	dir := t.TempDir()
	log := regexp.MustCompile(` key=[^ \x1d\n]+`).ReplaceAll(unpacked(t, r.log), []byte(" key=(null)"))
	out := recorded{log: filepath.Join(dir, "audit.log"), rules: filepath.Join(dir, "rules.d"), truth: r.truth}
	put(t, out.log, log)
	files, err := filepath.Glob(filepath.Join(r.rules, "*.rules"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no rules in %s: %v", r.rules, err)
	}
	key := regexp.MustCompile(`( -k +| -F +key=)\S+`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(out.rules, filepath.Base(f)), key.ReplaceAll(text, nil))
	}
	return out
}

// agreement counts decisions by what the kernel said.
type agreement struct {
	right, wrong, unknown, missed int // of the events that a rule recorded
	hidden                        int // unknown ones without the true rule among the candidates
	strangers                     int // events that no rule recorded and one was named for, or said to be possible
	first                         string
}

func agree(decisions string, truth map[string]string) agreement {
	var a agreement
	seen := map[string]bool{}
	for line := range strings.Lines(decisions) {
		col := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		want, ruled := truth[col[0]]
		seen[col[0]] = true
		switch {
		case !ruled && col[2] != "none":
			a.strangers++
			a.note(line, "none")
		case !ruled:
		case col[2] == "unknown":
			a.unknown++
			if !strings.Contains(","+col[3]+",", ","+want+",") {
				a.hidden++
			}
		case col[1] == want:
			a.right++
		default:
			a.wrong++
			a.note(line, want)
		}
	}
	for event := range truth {
		if !seen[event] {
			a.missed++
		}
	}
	return a
}

func (a *agreement) note(line, want string) {
	if a.first == "" {
		a.first = strings.TrimSpace(line) + ", the kernel: " + want
	}
}

// typed is the whole program with one command line, in this process.
func typed(t testing.TB, args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	code := Command{In: strings.NewReader(""), Out: &out, Err: &errs}.Main(args)
	return ran{code, out.String(), errs.String()}
}

func (r recorded) agreement(t *testing.T, flags ...string) agreement {
	t.Helper()
	file := filepath.Join(t.TempDir(), "decisions")
	args := append([]string{"analyze", "--rules", r.rules, "--decisions", file, "--format", "json", "--output", os.DevNull}, flags...)
	if got := typed(t, append(args, r.log)...); got.code != exitOK {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := agree(string(text), r.truth)
	t.Logf("%+v", a)
	return a
}

// The acceptance of the matcher, through the whole command: at least 99.9 % decided as the kernel did, at most 0.1 % unknown, none wrongly.
func TestDecisionsOfTheRecordedLogAreTheKernels(t *testing.T) {
	r := recordedLog(t)
	for _, flags := range [][]string{{"--jobs", "1"}, {"--jobs", "2"}} {
		a := r.agreement(t, flags...)
		if a.wrong+a.strangers+a.missed+a.hidden > 0 || a.right*1000 < len(r.truth)*999 || a.unknown*1000 > len(r.truth) {
			t.Errorf("%v: %+v of %d", flags, a, len(r.truth))
		}
	}
}

// The kernel's choice does not depend on keys: none wrong without them, at most 5 % unknown.
func TestDecisionsOfTheRecordedLogWithoutKeysAreTheKernels(t *testing.T) {
	r := recordedLog(t).keyless(t)
	a := r.agreement(t)
	if a.wrong+a.missed+a.hidden > 0 || a.unknown*20 > len(r.truth) {
		t.Errorf("%+v of %d", a, len(r.truth))
	}
}
