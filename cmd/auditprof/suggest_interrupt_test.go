package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/hostlog"
)

// atEnd calls back when a log was read to its end: what comes then is read from the copy.
type atEnd struct {
	io.Reader
	call func()
}

func (a atEnd) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if err == io.EOF {
		a.call()
	}
	return n, err
}

// A signal ends it wherever it comes, and nothing is left: no rules, no patch, no report, no temporary file.
func TestInterruptedSuggestionWritesNothing(t *testing.T) {
	log := hostlog.Text(hostlog.Options{Seed: 1, Days: 1, PerDay: 500})
	for _, when := range []string{"before", "after the first reading"} {
		dir := t.TempDir()
		rules := filepath.Join(dir, "host.rules")
		if err := os.WriteFile(rules, []byte(hostlog.Rules), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		call := stop
		if when == "before" {
			stop()
			call = func() {}
		}
		var out, errs bytes.Buffer
		f := suggestFlags{readingFlags: readingFlags{rules: []string{rules}, jobs: 2}, share: 0.9, max: 10, risk: "low", format: "text",
			write: filepath.Join(dir, "new.d"), patch: filepath.Join(dir, "noise.patch"), output: filepath.Join(dir, "report")}
		err := Command{In: atEnd{bytes.NewReader(log), call}, Out: &out, Err: &errs}.runSuggest(ctx, f, []string{"-"})
		stop()
		var stopped stoppedError
		if !errors.As(err, &stopped) || exitCode(err) != exitInterrupted || !strings.Contains(err.Error(), "nothing is written") {
			t.Errorf("%s: %v", when, err)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 1 || out.Len() > 0 {
			t.Errorf("%s: left %v, printed %q", when, left, out.String())
		}
	}
}
