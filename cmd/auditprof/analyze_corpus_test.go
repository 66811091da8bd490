package main

import (
	"bytes"
	"compress/gzip"
	"errors"
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
	return fed(t, "", args...)
}

// fed is typed with something on standard input.
func fed(t testing.TB, stdin string, args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	code := Command{In: strings.NewReader(stdin), Out: &out, Err: &errs}.Main(args)
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

// The kernel's choice does not depend on keys: none wrong without them, at least 99 % as the kernel did, where the names are all there, and so
// they are in most of this log.
func TestDecisionsOfTheRecordedLogWithoutKeysAreTheKernels(t *testing.T) {
	r := recordedLog(t).keyless(t)
	a := r.agreement(t)
	if a.wrong+a.strangers+a.missed+a.hidden > 0 || a.right*100 < len(r.truth)*99 {
		t.Errorf("%+v of %d", a, len(r.truth))
	}
}

// However the log comes, its events are decided the same: from a file, from a pipe, as a rotated set of which a part is packed and cut where
// auditd would, with the files named in any order.
func TestDecisionsDoNotDependOnHowTheLogComes(t *testing.T) {
	r := recordedLog(t)
	text := unpacked(t, r.log)
	dir := t.TempDir()
	a, b := cutAfterLine(text, len(text)/3), cutAfterLine(text, 2*len(text)/3)
	put(t, filepath.Join(dir, "audit.log.2"), text[:a])
	put(t, filepath.Join(dir, "audit.log.1.gz"), gzipped(t, text[a:b]))
	put(t, filepath.Join(dir, "audit.log"), text[b:])
	decisions := func(stdin string, logs ...string) string {
		file := filepath.Join(t.TempDir(), "d.tsv")
		args := append([]string{"analyze", "--rules", r.rules, "--decisions", file, "--output", os.DevNull}, logs...)
		if got := fed(t, stdin, args...); got.code != exitOK {
			t.Fatalf("%v: exit %d: %s", logs, got.code, got.err)
		}
		return slurp(t, file)
	}
	want := decisions("", r.log)
	for name, got := range map[string]string{
		"a pipe":          decisions(string(text), "-"),
		"a packed pipe":   decisions(string(gzipped(t, text)), "-"),
		"a rotated set":   decisions("", dir),
		"files, disorder": decisions("", filepath.Join(dir, "audit.log"), filepath.Join(dir, "audit.log.1.gz"), filepath.Join(dir, "audit.log.2")),
	} {
		if got != want {
			t.Errorf("%s: %d bytes of decisions differ from %d of the file", name, len(got), len(want))
		}
	}
}

// cutAfterLine is where the first line that begins behind at ends.
func cutAfterLine(text []byte, at int) int { return at + bytes.IndexByte(text[at:], '\n') + 1 }

func gzipped(t testing.TB, text []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(text)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
