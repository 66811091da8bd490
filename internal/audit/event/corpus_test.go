package event

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/klauspost/compress/zstd"
)

// corpus is the folder of real logs, which is no part of this repository.
func corpus(t testing.TB) string {
	dir := os.Getenv("AUDITPROF_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus of real logs: set AUDITPROF_CORPUS to the folder with logs/ and recorded/ (%v)", err)
	}
	return dir
}

// recorded is a log of 215,673 lines that auditd 3.0.9 wrote on Linux 6.18.
func recorded(t testing.TB) []byte {
	packed, err := os.ReadFile(filepath.Join(corpus(t), "recorded", "audit.log.zst"))
	if err != nil {
		t.Skipf("no recorded log: %v", err)
	}
	dec, err := zstd.NewReader(bytes.NewReader(packed))
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

// logTally is what a log holds.
type logTally struct {
	byType          map[string]int
	events, partial int
	syscalls        int
	splits          int // events that ausearch splits: their first record ends an event for it, and they go on
	unread          int // events of EOE alone, which ausearch does not read
	bytes           int64
	bad             int
	badBytes        int64
	missing         map[string]int
	gaps            Count
}

func tallyOf(text []byte, opt Options) logTally {
	s := logTally{byType: map[string]int{}, missing: map[string]int{}}
	var g Gaps
	r := record.NewReader(bytes.NewReader(text))
	for ev := range NewAssembler(opt).Events(r, func(rec *record.Record) { s.bad++; s.badBytes += rec.Length }) {
		g.Add(ev)
		s.events++
		s.bytes += ev.LogBytes
		if ev.Partial {
			s.partial++
			s.missing[ev.Missing]++
		}
		if ev.Syscall() != nil {
			s.syscalls++
		}
		switch first := string(ev.Records[0].Type); {
		case (first == "LOGIN" || first == "PROCTITLE") && len(ev.Records) > 1:
			s.splits++
		case first == "EOE":
			s.unread++
		}
		for n := range ev.Records {
			s.byType[string(ev.Records[n].Type)]++
		}
	}
	s.gaps = g.Count()
	return s
}

func TestRecordedLog(t *testing.T) {
	text := recorded(t)
	s := tallyOf(text, Options{})
	if s.bytes != int64(len(text)) || s.bad != 0 {
		t.Errorf("%d of %d bytes are in events, %d bad lines", s.bytes, len(text), s.bad)
	}
	if s.events != 56912 || s.syscalls != 56838 || s.partial != 0 {
		t.Errorf("%d events, %d with a syscall, partial: %v", s.events, s.syscalls, s.missing)
	}
	if want := (Count{Events: 56910, Daemon: 2, Boots: 1}); s.gaps != want {
		t.Errorf("serials: got %+v, want %+v", s.gaps, want)
	}
}

// One line taken out of the recorded log is noticed: the event becomes partial, or its serial is missing.
func TestLossIsNoticed(t *testing.T) {
	text := recorded(t)[:1<<20]
	all := bytes.SplitAfter(text[:bytes.LastIndexByte(text, '\n')+1], []byte("\n"))
	whole := tallyOf(bytes.Join(all, nil), Options{})
	for at := 40; at < len(all)-40; at += 97 {
		line := all[at]
		lossy := tallyOf(append(bytes.Join(all[:at], nil), bytes.Join(all[at+1:], nil)...), Options{})
		noticed := lossy.partial > whole.partial || lossy.gaps.Missing > whole.gaps.Missing
		typ, _, _ := strings.Cut(strings.TrimPrefix(string(line), "type="), " ")
		switch typ {
		case "SYSCALL", "PROCTITLE", "PATH", "CWD":
			if !noticed {
				t.Errorf("line %d taken out, nothing noticed: %s", at+1, line)
			}
		}
	}
}

func eachLog(t *testing.T, f func(name string, text []byte)) {
	n := 0
	err := filepath.WalkDir(filepath.Join(corpus(t), "logs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".log") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		f(path, text)
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d logs read: %v", n, err)
	}
}

// The books close on every log, well-formed or not.
func TestCorpusLogsAreAssembledWhole(t *testing.T) {
	eachLog(t, func(path string, text []byte) {
		s := tallyOf(text, Options{})
		if s.bytes+s.badBytes != int64(len(text)) {
			t.Errorf("%s: %d bytes in events, %d in bad lines, %d in all", path, s.bytes, s.badBytes, len(text))
		}
	})
}

// goodLines is the text without the lines that are no records.
func goodLines(text []byte) []byte {
	var out []byte
	for r := record.NewReader(bytes.NewReader(text)); r.Scan(); {
		if r.Record().Bad == record.Good {
			out = append(append(out, r.Record().Raw...), '\n')
		}
	}
	return out
}
