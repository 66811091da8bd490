package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

var labelled = []match.Rule{
	{Pos: rule.Pos{File: "/etc/audit/rules.d/10-a.rules", Line: 7}},
	{}, // as a kernel lists it
	{Pos: rule.Pos{File: "b,\tc.rules", Line: 1}},
}

// decided is the row of an event.
func decided(o analyze.Origin, rule int, candidates ...int) *analyze.Row {
	return &analyze.Row{Sec: 1795348497, Milli: 5, Serial: 631548, Decision: analyze.Decision{Origin: o, Rule: rule}, Candidates: candidates}
}

func TestDecisionLines(t *testing.T) {
	var out strings.Builder
	d := newDecisionLines(&out, ruleLabels(labelled))
	foreign := &analyze.Row{Node: "db\n7", Sec: -1, Milli: 999, Decision: analyze.Decision{Origin: analyze.Rules, Rule: 2}}
	for _, r := range []*analyze.Row{decided(analyze.Rules, 0), decided(analyze.Undecided, analyze.NoRule, -1, 0, 1, 2), decided(analyze.Undecided, analyze.NoRule),
		decided(analyze.ByKey, analyze.NoRule), decided(analyze.UserMessages, analyze.NoRule), decided(analyze.Unexplained, analyze.NoRule), foreign} {
		if err := d.add(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "1795348497.005:631548\t10-a.rules:7\tyes\t-\n" +
		"1795348497.005:631548\t-\tunknown\tnone,10-a.rules:7,loaded:2,b\\x2c\\x09c.rules:1\n" +
		"1795348497.005:631548\t-\tunknown\t-\n" +
		"1795348497.005:631548\t-\tunknown\t-\n" +
		"1795348497.005:631548\t-\tnone\t-\n" +
		"1795348497.005:631548\t-\tnone\t-\n" +
		"-1.999:0\tb\\x2c\\x09c.rules:1\tyes\t-\tdb\\x0a7\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	if d.written != int64(len(want)) {
		t.Errorf("%d bytes counted, %d written", d.written, len(want))
	}
}

// What is decided a second time stands in the place of the first time, however much longer or shorter its lines are.
func TestDecisionFileTakesTheSecondWord(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "d.tsv")
	d, err := newDecisionFile(path, ruleLabels(labelled))
	if err != nil {
		t.Fatal(err)
	}
	write := func(rows ...*analyze.Row) {
		for _, r := range rows {
			if err := d.Write(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(decided(analyze.Undecided, -1, 0, 1, 2))
	d.Doubt()
	write(decided(analyze.Undecided, -1, 0, 1, 2))
	d.Doubt()
	write(decided(analyze.Rules, 2), decided(analyze.KernelMade, -1))
	if err := d.Again(); err != nil {
		t.Fatal(err)
	}
	write(decided(analyze.Rules, 0), decided(analyze.Rules, 1))
	if _, err := os.Stat(path); err == nil {
		t.Error("it is there before it is whole")
	}
	if err := d.deliver(path, nil); err != nil {
		t.Fatal(err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	at := "1795348497.005:631548\t"
	if want := at + "10-a.rules:7\tyes\t-\n" + at + "loaded:2\tyes\t-\n" + at + "b\\x2c\\x09c.rules:1\tyes\t-\n" + at + "-\tnone\t-\n"; err != nil || string(text) != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, text, want)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// An analysis that fails leaves nothing, and a file of before as it was.
func TestDecisionFileOfAFailureIsNotThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "d.tsv")
	put(t, path, []byte("of before"))
	d, err := newDecisionFile(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(decided(analyze.KernelMade, -1)); err != nil {
		t.Fatal(err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	left, _ := os.ReadDir(dir)
	if text, err := os.ReadFile(path); err != nil || string(text) != "of before" || len(left) != 1 {
		t.Errorf("%v %q, %v", err, text, left)
	}
}

// A device is written to and stays what it is.
func TestDecisionsGoIntoADevice(t *testing.T) {
	for _, path := range []string{os.DevNull, "-"} {
		d, err := newDecisionFile(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := d.Write(decided(analyze.KernelMade, -1)); err != nil {
			t.Fatal(err)
		}
		if err := d.deliver(path, &out); err != nil {
			t.Fatal(err)
		}
		if d.close(); (out.Len() > 0) != (path == "-") {
			t.Errorf("%s: standard output has %q", path, out.String())
		}
	}
	if st, err := os.Stat(os.DevNull); err != nil || st.Mode().IsRegular() {
		t.Fatal("the device is gone")
	}
}

func BenchmarkDecisionLines(b *testing.B) {
	d := newDecisionLines(discard{}, ruleLabels(labelled))
	row := decided(analyze.Rules, 0)
	b.ReportAllocs()
	for b.Loop() {
		d.add(row)
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
