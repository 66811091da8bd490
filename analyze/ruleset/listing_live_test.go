package ruleset

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/internal/livetest"
)

// What the installed auditctl lists is read back as the kernel has it: one of the forms of each line is the kernel's rule.
func TestLiveListing(t *testing.T) {
	livetest.Take(t)
	c, err := kernel.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	defer takeAll(t, c)
	loadAll(t, c)
	held, err := c.Rules()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(livetest.Program("auditctl"), "-l").Output()
	if err != nil {
		t.Fatal(err)
	}
	src, err := Open([]string{"-"}, strings.NewReader(string(out)), ListingDetect)
	if err != nil {
		t.Fatal(err)
	}
	if !src.parts[0].listing {
		t.Error("it is not taken for a listing")
	}
	set, err := src.Compile(Options{Target: target})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Refused) > 0 || len(set.Rules) != len(held) {
		t.Fatalf("%d rules, %d of them held by the kernel; refused %v", len(set.Rules), len(held), set.Refused)
	}
	for i, r := range set.Rules {
		if !slices.ContainsFunc(r.Forms, func(w rule.Wire) bool { return sameTests(w, held[i]) }) {
			t.Errorf("%s\nis in the kernel  %s\nwas read back as %s", r.Text, kernel.Command(held[i]), kernel.Command(r.Forms[0]))
		}
	}
	t.Logf("%d rules", len(held))
}

// sameTests compares two rules but for the order of their fields: auditctl prints arch first.
func sameTests(a, b rule.Wire) bool {
	byType := func(x, y rule.WireField) int { return int(x.Type) - int(y.Type) }
	a.Fields, b.Fields = slices.Clone(a.Fields), slices.Clone(b.Fields)
	slices.SortStableFunc(a.Fields, byType)
	slices.SortStableFunc(b.Fields, byType)
	return a.Equal(b)
}

// loadAll gives the kernel rules of every kind, and those of the corpus if it is there. What the kernel refuses, for a missing path say,
// is left out.
func loadAll(t *testing.T, c *kernel.Client) {
	t.Helper()
	text := "-a always,exit -F arch=b32 -S chmod,fchmod -k old\n-a never,exit -S chmod,0,400 -F uid=33\n-w /tmp -p rwxa -k a\\ b -k c\n" +
		"-a never,exit -F path=/etc/passwd -F perm=wa\n-a always,exit -F dir=/tmp/ -F perm=w\n-a always,exit -F exit=-EACCES -F a0&=0xff -C uid!=euid -S open\n" +
		"-a never,exclude -F msgtype=CWD\n-a always,user -F uid=0\n-a never,filesystem -F fstype=tracefs\n-a always,exit -S openat -F success=0 -F filetype=dir -F a1!=-3\n" +
		"-a always,exit -F arch=b64 -S socket -F auid!=unset -F obj_type=x_t -F saddr_fam=2 -F inode=5000000000\n"
	load := func(path []string, in string) {
		set, err := Load(path, strings.NewReader(in), ListingNo, Options{Target: target})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range set.Rules {
			if w := r.Forms[len(r.Forms)-1]; w.List != rule.ListTask {
				_ = c.Add(w) // ENOENT and EEXIST are no matter
			}
		}
	}
	load([]string{"-"}, text)
	if dir, ok := corpusFolder(); ok {
		load([]string{filepath.Join(dir, "rules", "neo23x0")}, "")
		load([]string{filepath.Join(dir, "recorded", "rules.d")}, "")
	}
}

func takeAll(t *testing.T, c *kernel.Client) {
	t.Helper()
	held, err := c.Rules()
	if err != nil {
		t.Error(err)
	}
	for _, w := range held {
		if err := c.Delete(w); err != nil {
			t.Error(err)
		}
	}
}

// The loaded rules need no text: they are what the kernel lists, in its order.
func TestLiveRules(t *testing.T) {
	livetest.Take(t)
	if _, err := Live(); !errors.Is(err, ErrNoRules) {
		t.Errorf("nothing is loaded: %v", err)
	}
	c, err := kernel.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	defer takeAll(t, c)
	set := compile(t, "-w /etc/passwd -p wa -k id\n-a always,exit -F arch=b64 -S setuid -F auid=unset\n", Options{})
	for _, r := range set.Rules {
		if err := c.Add(r.Forms[0]); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Live()
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got.Rules {
		if !got.Live || len(r.Forms) != 1 || !r.Forms[0].Equal(set.Rules[i].Forms[0]) || r.Text == "" || r.Pos != (rule.Pos{}) {
			t.Errorf("rule %d: %+v", i, r)
		}
	}
	if len(got.Rules) != 2 {
		t.Errorf("%d rules", len(got.Rules))
	}
}
