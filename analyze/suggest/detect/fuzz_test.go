package detect

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// useAll asks detections about some changes and events: whatever was read must be usable.
func useAll(t *testing.T, list []Detection) {
	t.Helper()
	set := New(Host{}, nil, list)
	for _, c := range []string{sigmaCall, sigmaExec, sigmaConn, sigmaStop, keptLog} {
		for _, row := range rowsOf(t, []byte(strings.ReplaceAll(c, "%s", "2"))) {
			set.Wanted(row)
			set.sighted(row.Event, row.Call)
		}
	}
	set.Losses(never("open,rename,connect,execve", "exe=/usr/bin/cat", "dir=/etc", "uid=5"))
	set.Losses(excluded("PATH", "uid=5"))
	for i := range list {
		_ = list[i].Conditions()
	}
}

// placed tells whether all parts of an error have a place.
func placed(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.File != "f" || e.What == "" {
		t.Fatalf("an error without a place: %v", err)
	}
	if strings.ContainsAny(err.Error(), "\x00\x1b\r") {
		t.Fatalf("an error with control bytes: %q", err)
	}
}

func FuzzReadKeep(f *testing.F) {
	f.Add(builtinText)
	f.Add(keptLog)
	f.Add("- name: x\n  path: [\"~/.ssh/**\", \"**/y\"]\n  any:\n  - {a1: \"&06000\"}\n  - {address: 10.0.0.0/8, port: 1-5}\n")
	f.Add("- &a [*a]\n")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := ReadKeep("f", strings.NewReader(text), Host{Homes: []string{"/data/*", "x"}})
		if err != nil {
			placed(t, err)
			return
		}
		if len(k.Detections) == 0 && !isLog([]byte(text)) || len(k.Events) > 0 && len(k.Events) != len(k.Detections) {
			t.Fatalf("%d detections, %d events", len(k.Detections), len(k.Events))
		}
		useAll(t, k.Detections)
	})
}

func FuzzReadSigma(f *testing.F) {
	for _, name := range []string{"hidden_file", "shell", "connection", "files"} {
		text, err := os.ReadFile("testdata/sigma/" + name + ".yml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var out Sigma
		r := newSigmaReader("f", Host{})
		r.read(text, &out)
		if err := r.err(); err != nil {
			placed(t, err)
			return
		}
		useAll(t, out.Detections)
	})
}

// FuzzWanted asks about events of any lines.
func FuzzWanted(f *testing.F) {
	for _, text := range []string{sigmaCall, sigmaExec, sigmaConn, sigmaStop, keptLog} {
		f.Add(strings.ReplaceAll(text, "%s", "257"))
	}
	sigma, err := ReadSigma("testdata/sigma", Host{})
	if err != nil {
		f.Fatal(err)
	}
	set := New(Host{}, nil, Builtin(Host{}), sigma.Detections)
	f.Fuzz(func(t *testing.T, text string) {
		for _, row := range rowsOf(t, []byte(text)) {
			_, sure := set.sighted(row.Event, row.Call)
			want := false
			for d, yes := range sure {
				want = want || yes && set.detections[d].Hard()
			}
			if set.Wanted(row) != want {
				t.Fatalf("wanted %v by all conditions", want)
			}
		}
	})
}

// TestKeptEventsOfAnyLog: an event of a log, kept, is like itself.
func TestKeptEventsOfAnyLog(t *testing.T) {
	for _, text := range []string{sigmaCall, sigmaExec, sigmaConn, sigmaStop} {
		text = strings.ReplaceAll(text, "%s", "257")
		k, err := ReadKeep("f", strings.NewReader(text), Host{})
		if err != nil {
			t.Fatal(err)
		}
		set := New(Host{}, nil, k.Detections)
		for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(strings.NewReader(text)), nil) {
			var c event.Call
			call := &c
			if !c.Read(ev) {
				call = nil
			}
			if _, sure := set.sighted(ev, call); !sure[0] {
				t.Errorf("not like itself: %q\n%s", k.Detections[0].Conditions(), text)
			}
		}
	}
}
