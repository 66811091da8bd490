package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

// Everything comes through, and errors behind what came before them.
func TestInterruptibleReadsAll(t *testing.T) {
	text := strings.Repeat("0123456789", 30_000)
	for name, in := range map[string]io.Reader{
		"at once": strings.NewReader(text), "by bytes": iotest.OneByteReader(strings.NewReader(text[:999])), "data with EOF": iotest.DataErrReader(strings.NewReader(text)),
	} {
		got, err := io.ReadAll(interruptible(t.Context(), in))
		if err != nil || !strings.HasPrefix(text, string(got)) || len(got) != len(text) && len(got) != 999 {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	broken := io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(os.ErrPermission))
	if got, err := io.ReadAll(interruptible(t.Context(), broken)); string(got) != "ab" || !errors.Is(err, os.ErrPermission) {
		t.Errorf("%q, %v", got, err)
	}
}

// A signal ends an analysis that waits for a log, plain or packed, or for rules on a silent standard input.
func TestAnalyzeOfASilentStreamIsInterrupted(t *testing.T) {
	packed := gzipped(t, []byte(strings.Repeat(goodEvent, 3000)))
	for name, c := range map[string]struct {
		said []byte
		args []string
	}{
		"nothing said": {nil, []string{"analyze", "--rules", "a.rules", "-"}},
		"said a bit":   {[]byte(goodEvent), []string{"analyze", "--rules", "a.rules", "--decisions", "d.tsv", "-"}},
		"packed":       {packed[:len(packed)-100], []string{"analyze", "--rules", "a.rules", "-"}},
		"rules":        {[]byte(oneRule), []string{"analyze", "--rules", "-", "audit.log"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			put(t, "a.rules", []byte(oneRule))
			put(t, "audit.log", []byte(goodEvent))
			in, out := io.Pipe()
			defer out.Close()
			ctx, stop := context.WithCancel(t.Context())
			go func() {
				out.Write(append(bytes.Clone(c.said), ' ')) // returns when all of it is taken
				stop()
			}()
			var stdout, stderr bytes.Buffer
			cmd := Command{In: in, Out: &stdout, Err: &stderr}
			root := cmd.root()
			root.SetArgs(c.args)
			err := root.ExecuteContext(ctx)
			if exitCode(err) != exitInterrupted || !strings.Contains(err.Error(), "nothing is written") || stdout.Len() > 0 {
				t.Errorf("exit %d, %v, output %q", exitCode(err), err, stdout.String())
			}
			if left, _ := filepath.Glob(".auditprof-*"); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// Whoever closes the pipe behind --decisions - ends the program; nothing stays behind.
func TestAClosedPipeLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	put(t, "a.rules", []byte(oneRule))
	put(t, "audit.log", []byte(strings.Repeat(goodEvent, 5000)))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "auditprof") // the name says what the test program is to be: testscript.Main
	if err := os.Symlink(self, bin); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--decisions", "-", "--output", "o.txt"}, {"--decisions", "d.tsv"}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		cmd := exec.Command(bin, append(append([]string{"analyze", "--rules", "a.rules"}, args...), "audit.log")...)
		cmd.Stdout, cmd.Env = w, append(os.Environ(), "TMPDIR="+dir)
		err = cmd.Run()
		w.Close()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGPIPE {
			t.Errorf("%q: %v", args, err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, ".auditprof-*")); len(left) > 0 {
			t.Errorf("%q: left behind: %q", args, left)
		}
	}
}
