//go:build linux && amd64

package matchtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plan is a scene with its tree.
func (s *scene) plan(dir string) Plan {
	in := func(text string) string { return strings.ReplaceAll(text, "@/", dir+"/") }
	p := Plan{Dir: dir, Script: inTree(s.script, in)}
	for _, r := range s.rules {
		p.Rules = append(p.Rules, in(r))
	}
	p.Rules = append(p.Rules, CatchAll()...)
	return p
}

func inTree(s Script, in func(string) string) Script {
	var out Script
	for _, step := range s {
		var calls Step
		for _, c := range step {
			c.Child = inTree(c.Child, in)
			args := append([]Arg{}, c.Args...)
			for i := range args {
				args[i].Text, args[i].Bytes = in(args[i].Text), []byte(in(string(args[i].Bytes)))
			}
			c.Args = args
			calls = append(calls, c)
		}
		out = append(out, calls)
	}
	return out
}

// TestScenes asks the kernel of this machine whether it does what the scenes say, and the matcher too.
func TestScenes(t *testing.T) {
	m, dir := machine(t, "RAW")
	for i := range scenes {
		s := &scenes[i]
		trial, l, err := m.decided(s.plan(dir))
		if err != nil {
			t.Fatal(s.name, err)
		}
		if len(l.Refused) > 0 {
			t.Errorf("%s: %q", s.name, l.Refused)
		}
		s.check(t, l, trial.Cases[OwnKeys])
		for form, a := range trial.Results {
			c := trial.Cases[form]
			c.Note = s.note
			for _, d := range a.Wrong {
				t.Errorf("%s, form %d: %s", s.name, form, d.Text(c))
			}
			if to := os.Getenv(keepVariable); to != "" && form != int(OwnKeys) {
				writeCase(t, filepath.Join(to, fmt.Sprintf("%s-%d.txtar", s.name, form)), c)
			}
		}
	}
}

// check compares what the kernel did with what the scene says.
func (s *scene) check(t *testing.T, l *Log, c *Case) {
	t.Helper()
	events, err := l.operations()
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for i, o := range l.layout.ops {
		switch ev := events[i]; {
		case o.kind == opFork || o.kind == opExit:
		case ev == nil:
			got = append(got, silent)
		case c.Truth[stampOf(ev)] < len(s.rules):
			got = append(got, c.Truth[stampOf(ev)])
		default:
			got = append(got, other)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(s.want) {
		t.Errorf("%s: the kernel decides the calls by the rules %v, the scene says %v: %s", s.name, got, s.want, s.note)
	}
}
