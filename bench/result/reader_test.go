package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestReadTornLastLine(t *testing.T) {
	w, dir := newWriter(t)
	if err := errors.Join(w.Run(sample()), w.Slot(sampleSlot(0)), w.Slot(sampleSlot(1))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, SlotsFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lineEnd := bytes.IndexByte(whole, '\n') + 1
	for cut := lineEnd; cut < len(whole); cut++ {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		run, slots, err := Read(dir)
		if err != nil || len(slots) != 1 {
			t.Fatalf("cut at %d of %d: %d slots, %v", cut, len(whole), len(slots), err)
		}
		if torn := len(run.Warnings) == 2; torn != (cut > lineEnd) {
			t.Fatalf("cut at %d: warnings %v", cut, run.Warnings)
		}
	}
}

func TestReadBeforeFirstRound(t *testing.T) {
	w, dir := newWriter(t)
	if err := w.Slot(sampleSlot(0)); err != nil {
		t.Fatal(err)
	}
	run, slots, err := Read(dir)
	if !errors.Is(err, fs.ErrNotExist) || run != nil || len(slots) != 1 {
		t.Errorf("%v %v %v", run, slots, err)
	}
	if _, _, err := Read(filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}

func TestReadRefusesPipesAndLinksOut(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, RunFile), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a pipe: %v", err)
	}
	dir = t.TempDir()
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, RunFile)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "escapes") {
		t.Errorf("a link: %v", err)
	}
}

func TestDecodeRunRefuses(t *testing.T) {
	edit := func(change func(*Run)) []byte {
		run := sample()
		change(run)
		data, err := json.Marshal(run)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"empty", "no JSON", nil},
		{"not JSON", "no JSON", []byte("\x7fELF")},
		{"other version", `schema "auditprof/run/2"`, edit(func(r *Run) { r.Schema = "auditprof/run/2" })},
		{"no version", `schema ""`, []byte(`{}`)},
		{"wrong type", "does not fit", []byte(`{"schema":"` + Schema + `","rounds":"many"}`)},
		{"number too large", "does not fit", []byte(`{"schema":"` + Schema + `","prices":{"residual":1e999}}`)},
		{"many values", "larger", []byte(`{"schema":"` + Schema + `","arms":[` + strings.Repeat("{},", maxRunCommas+1) + `{}]}`)},
		{"twin arms", "two arms", edit(func(r *Run) { r.Arms = append(r.Arms, r.Arms[0]) })},
		{"twin scenarios", "two scenarios", edit(func(r *Run) { r.Scenarios = append(r.Scenarios, r.Scenarios[0]) })},
		{"result of no arm", "results[0]", edit(func(r *Run) { r.Results[0].Arm = "z" })},
		{"books of no scenario", "books[0]", edit(func(r *Run) { r.Books[0].Scenario = "z" })},
		{"attribution of no arm", "attribution[0]", edit(func(r *Run) { r.Attribution[0].Arm = "z" })},
		{"share of no rule", "rule 1 of", edit(func(r *Run) { r.Attribution[0].Rules[0].Rule = 1 })},
		{"share of the kernel", "rule -1 of", edit(func(r *Run) { r.Attribution[0].Rules[0].Rule = -1 })},
		{"row of no rule", "rule -2 of", edit(func(r *Run) { r.Attribution[0].Rows[0].Rule = -2 })},
	} {
		if _, err := DecodeRun(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := DecodeRun(edit(func(*Run) {})); err != nil {
		t.Errorf("the sample itself: %v", err)
	}
}

func TestDecodeSlotsRefuses(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"bad middle line", "{}\n{x\n{}\n", "slots.jsonl:2"},
		{"long line", strings.Repeat(" ", maxLineBytes+1) + "\n", "slots.jsonl:1: line longer"},
		{"many slots", strings.Repeat("{}\n", maxSlots+1), "larger"},
		{"empty line", "{}\n\n", "slots.jsonl:2"},
	} {
		if _, _, err := DecodeSlots(strings.NewReader(c.in)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// What the reader accepts can be written and read again unchanged.
func FuzzDecodeRun(f *testing.F) {
	data, err := json.Marshal(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"schema":"` + Schema + `","arms":null,"results":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		run, err := DecodeRun(data)
		if err != nil {
			return
		}
		clean, dropped := tidy(*run)
		if dropped != nil {
			t.Fatalf("JSON gave a number that is not finite: %v", dropped)
		}
		again, err := json.Marshal(clean)
		if err != nil {
			t.Skip(err) // a year that RFC 3339 cannot hold
		}
		if _, err := DecodeRun(again); err != nil {
			t.Fatalf("written again: %v", err)
		}
	})
}

func FuzzDecodeSlots(f *testing.F) {
	f.Add([]byte("{}\n{\"round\":1}\n{\"ro"))
	f.Fuzz(func(t *testing.T, data []byte) {
		slots, torn, err := DecodeSlots(bytes.NewReader(data))
		if err == nil && len(slots) != bytes.Count(data, []byte{'\n'}) {
			t.Fatalf("%d slots of %d lines", len(slots), bytes.Count(data, []byte{'\n'}))
		}
		if torn > len(data) {
			t.Fatalf("torn %d of %d bytes", torn, len(data))
		}
	})
}
