package place

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/internal/livetest"
)

// harmless is what of a rule set may be loaded on this machine: rules to add, not on the task list, whose rules outlive their deletion in what
// was forked meanwhile. No control line is among them.
func harmless(src *ruleset.Source) string {
	// The test's own: -c goes on behind a line that fails, and auditctl 3.0.9 says nothing of such lines before a rule was loaded.
	text := "-c\n-a never,user -F msgtype=1199\n"
	for _, l := range src.Text().Order {
		if l.Rule != nil && l.Rule.List != rule.ListTask && strings.Contains("-a -A -w", l.Rule.Flag) && len(l.Controls) == 0 {
			text += l.Rule.String() + "\n"
		}
	}
	return text
}

var lineNumber = regexp.MustCompile(`line \d+|/[^ ]*test\.rules`)

// loaded gives a file to the installed auditctl -R, and tells what it says and what the kernel holds then. Nothing stays loaded.
func loaded(t *testing.T, c *kernel.Client, text string) (said []string, held []rule.Wire) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.rules")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, _ := exec.CommandContext(ctx, livetest.Program("auditctl"), "-R", file).CombinedOutput() // what fails is in what it says
	held, err := c.Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range held {
		if err := c.Delete(w); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Split(lineNumber.ReplaceAllString(string(out), ""), "\n"), held
}

// livePlaced are changes that the kernel of any host takes: what they name is everywhere.
func livePlaced(rnd *rand.Rand, n int) []Numbered {
	exit := opens(rnd.IntN(n), rnd.IntN(n))
	exit.Calls = append(exit.Calls, suggest.Calls{Arch: "b32", Names: []string{"open", "openat"}})
	exit.Conds[2].Value, exit.Conds[3].Value = "/usr/bin/env", "/usr/share"
	spaced := opens(rnd.IntN(n))
	spaced.Conds = []suggest.Cond{{Field: "auid", Op: "=", Value: "4294967295"}, {Field: "exit", Op: "=", Value: "-2"}, {Field: "saddr_fam", Op: "=", Value: "1"},
		{Field: "exe", Op: "=", Value: `/usr/bin/a b\c "d'*?`}}
	return []Numbered{
		{ID: "P1", Change: exit, Comment: []string{"a comment"}},
		{ID: "P2", Change: spaced},
		{ID: "P3", Change: ofType(suggest.Exclude, "CWD", suggest.Cond{Field: "uid", Op: "=", Value: "26"}, suggest.Cond{Field: "exe", Op: "=", Value: "/usr/bin/env"})},
		{ID: "P4", Change: ofType(suggest.Exclude, "1334")},
		{ID: "P5", Change: ofType(suggest.User, "USER_ACCT", suggest.Cond{Field: "auid", Op: "=", Value: "4294967295"})},
		{ID: "P6", Change: ofType(suggest.Filesystem, "", suggest.Cond{Field: "fstype", Op: "=", Value: "0x74726163"})},
	}
}

// Real rule sets with changes are loaded by the installed auditctl with no word that it does not say of the same set without them, and the
// kernel then holds the old rules in their order and each change above what it quiets.
func TestLiveLoads(t *testing.T) {
	livetest.Take(t)
	c, err := kernel.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rnd := rand.New(rand.NewPCG(7, 8))
	n := 0
	eachCorpusSet(t, func(path string, b Base) {
		// The recorded host's and a sample of the others: the kernel takes some milliseconds for a rule, and has each four times.
		if n++; n > 1 && n%20 != 0 || len(b.Set.Rules) > 200 {
			return
		}
		list := livePlaced(rnd, len(b.Set.Rules))
		e := apply(t, b, list...)
		saidBefore, before := loaded(t, c, harmless(b.Source))
		saidAfter, after := loaded(t, c, harmless(e.Source))
		for _, line := range saidAfter {
			if i := slices.Index(saidBefore, line); i >= 0 {
				saidBefore = slices.Delete(saidBefore, i, i+1)
			} else {
				t.Errorf("%s: auditctl says %q", path, line)
			}
		}
		checkHeld(t, path, before, after, b, e, list)
	})
}

// checkHeld: without the changes the kernel holds what it held, and each change is there, above what it quiets.
func checkHeld(t *testing.T, path string, before, after []rule.Wire, b Base, e *Edited, list []Numbered) {
	t.Helper()
	var ours []rule.Wire
	for i, r := range e.Set.Rules {
		if e.By[i] != "" && e.Was[i] < 0 {
			ours = append(ours, r.Forms[0])
		}
	}
	isOurs := func(w rule.Wire) bool { return slices.ContainsFunc(ours, w.Equal) }
	rest := slices.DeleteFunc(slices.Clone(after), isOurs)
	if !slices.EqualFunc(rest, before, rule.Wire.Equal) {
		t.Errorf("%s: the kernel holds %d old rules of %d, or in another order", path, len(rest), len(before))
	}
	if len(after)-len(rest) != len(ours) {
		t.Errorf("%s: the kernel holds %d of %d added rules", path, len(after)-len(rest), len(ours))
	}
	for i, by := range e.By {
		if by == "" || e.Was[i] >= 0 {
			continue
		}
		at := slices.IndexFunc(after, e.Set.Rules[i].Forms[0].Equal)
		n := list[slices.IndexFunc(list, func(n Numbered) bool { return n.ID == by })]
		for _, q := range n.Change.Quiets {
			if quieted := heldAt(after, b.Set.Rules[q]); quieted >= 0 && quieted < at {
				t.Errorf("%s: %s is behind %s", path, by, b.Set.Rules[q].Text)
			}
		}
	}
}

// heldAt is where the kernel has a rule, -1 where it did not take it.
func heldAt(held []rule.Wire, r match.Rule) int {
	return slices.IndexFunc(held, func(w rule.Wire) bool { return slices.ContainsFunc(r.Forms, w.Equal) })
}

// The rules of a live kernel become a file that can be loaded over them.
func TestLiveRulesAsFile(t *testing.T) {
	livetest.Take(t)
	c, err := kernel.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	defer loaded(t, c, "") // takes all away
	b := open(t, []string{"-"}, "# x\n-w /etc/passwd -p wa -k id\n-a always,exit -F arch=b64 -S open,openat -F auid!=unset -k files\n-a never,exclude -F msgtype=CWD\n")
	for _, r := range b.Set.Rules {
		if err := c.Add(r.Forms[0]); err != nil {
			t.Fatal(err)
		}
	}
	live, err := ruleset.Live()
	if err != nil {
		t.Fatal(err)
	}
	change := opens(1)
	change.Conds = change.Conds[:2]
	e := apply(t, Base{Set: live, Options: b.Options}, said(change))
	dir := filepath.Join(t.TempDir(), "out")
	if err := e.WriteDir(dir); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(livetest.Program("auditctl"), "-R", filepath.Join(dir, ruleset.LiveFile)).CombinedOutput()
	if err != nil || strings.Contains(strings.ToLower(string(out)), "error") {
		t.Fatalf("%v: %s", err, out)
	}
	held, err := c.Rules()
	if err != nil {
		t.Fatal(err)
	}
	var want []rule.Wire
	for _, r := range e.Set.Rules {
		want = append(want, r.Forms[0])
	}
	if !slices.EqualFunc(held, want, rule.Wire.Equal) || len(held) != 4 {
		t.Errorf("the kernel holds %s, want %s", commands(held), commands(want))
	}
}

func commands(list []rule.Wire) string {
	var out []string
	for _, w := range list {
		out = append(out, kernel.Command(w))
	}
	return fmt.Sprintf("%q", out)
}
