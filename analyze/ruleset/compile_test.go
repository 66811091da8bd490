package ruleset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// target is a host whose dialect takes masks as -S says them.
var target = Target{Auditctl: rule.Dialect3_0, Kernel: match.Version{Major: 6, Minor: 1}, Machine: names.ArchX86_64}

func compile(t *testing.T, text string, o Options) *Set {
	t.Helper()
	src, err := Open([]string{"-"}, strings.NewReader(text), ListingNo)
	if err != nil {
		t.Fatal(err)
	}
	if o.Target == (Target{}) {
		o.Target = target
	}
	set, err := src.Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// texts are the loaded rules in order.
func texts(s *Set) []string {
	var out []string
	for _, r := range s.Rules {
		out = append(out, r.Text)
	}
	return out
}

func TestOrder(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
		refused    int
	}{
		{"file order", "-w /a -p w\n-w /b -p w\n", []string{"-w /a -p w", "-w /b -p w"}, 0},
		{"lists apart", "-w /a -p w\n-a never,exclude -F msgtype=CWD\n-a never,user\n", []string{"-a never,user", "-w /a -p w", "-a never,exclude -F msgtype=CWD"}, 0},
		{"prepended", "-a always,exit -S 1\n-A always,exit -S 2\n-A always,exit -S 3\n", []string{"-A always,exit -S 3", "-A always,exit -S 2", "-a always,exit -S 1"}, 0},
		{"duplicate", "-w /a -p w\n-w /b -p w\n-w /a -p w\n", []string{"-w /a -p w", "-w /b -p w"}, 1},
		{"prepended duplicate is taken", "-a always,exit -S 1\n-A always,exit -S 1\n", []string{"-A always,exit -S 1", "-a always,exit -S 1"}, 0},
		{"another key is another rule", "-w /a -p w -k x\n-w /a -p w -k y\n", []string{"-w /a -p w -k x", "-w /a -p w -k y"}, 0},
		{"deleted", "-a always,exit -S 1\n-a always,exit -S 2\n-d always,exit -S 1\n", []string{"-a always,exit -S 2"}, 0},
		{"deleted watch", "-w /a -p w\n-w /b -p w\n-W /a -p w\n", []string{"-w /b -p w"}, 0},
		{"deleted watch by its form", "-w /a -p w\n-w /b -p w\n-d always,exit -F dir=/a -F perm=w\n", []string{"-w /b -p w"}, 0},
		{"deleted and loaded again", "-a always,exit -S 1\n-a always,exit -S 2\n-d always,exit -S 1\n-a always,exit -S 1\n", []string{"-a always,exit -S 2", "-a always,exit -S 1"}, 0},
		{"nothing to delete", "-w /a\n-W /b\n", []string{"-w /a"}, 1},
		{"wiped", "-w /a\n-D\n-w /b\n", []string{"-w /b"}, 0},
		{"wiped by key", "-w /a -k one\n-w /b -k two\n-w /c\n-D -k wo\n", []string{"-w /a -k one", "-w /c"}, 0},
		{"wiped and loaded again", "-w /a\n-D\n-w /a\n", []string{"-w /a"}, 0},
		{"locked", "-w /a\n-e 2\n-w /b\n", []string{"-w /a"}, 1},
		{"bad line", "-w /a\n-w relative\n-w /b\n", []string{"-w /a", "-w /b"}, 1},
		{"the kernel refuses", "-a always,exit -F path=/x/ -S 1\n-a always,exit -F uid=unset -S 1\n-a always,exit -F path=/x -F dir=/y -S 1\n-w /b\n", []string{"-w /b"}, 3},
		{"the kernel takes", "-a always,exit -S 1 -F auid!=unset\n-a always,exit -S 1 -F dir=/x/\n", []string{"-a always,exit -S 1 -F auid!=unset", "-a always,exit -S 1 -F dir=/x/"}, 0},
	} {
		set := compile(t, c.text, Options{})
		if got := texts(set); !slices.Equal(got, c.want) || len(set.Refused) != c.refused {
			t.Errorf("%s: %q, refused %v; want %q, %d refused", c.name, got, set.Refused, c.want, c.refused)
		}
	}
}

func TestStrict(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"syntax", "-w /a\nrubbish\n-w /b\n", []string{"-w /a"}},
		{"duplicate", "-w /a\n-w /b\n-w /a\n-w /c\n", []string{"-w /a", "-w /b"}},
		{"kernel", "-w /a\n-a always,exit -F path=/x/ -S 1\n-w /b\n", []string{"-w /a"}},
		{"no such rule", "-w /a\n-W /x\n-w /b\n", []string{"-w /a"}},
		{"goes on with -c", "-w /a\n-c\nrubbish\n-w /b\n", []string{"-w /a", "-w /b"}},
		{"goes on with -i, from there", "-w /a\n-i\n-w /a\n-w /b\n", []string{"-w /a", "-w /b"}},
		{"-c behind the failing line is not read", "-w /a\n-w /a\n-c\n-w /b\n", []string{"-w /a"}},
	} {
		if got := texts(compile(t, c.text, Options{Strict: true})); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A rules.d is read as augenrules does: a -D of a late file comes first, and a bad line stops a strict load at its place.
func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "10-a.rules", "-w /a\n-e 2\n")
	write(t, dir, "9-b.rules", "-w /b\n")
	write(t, dir, "20-c.rules", "-D\n-w nonsense\n-w /c\n")
	src, err := Open([]string{dir}, nil, ListingDetect)
	if err != nil {
		t.Fatal(err)
	}
	loose, err := src.Compile(Options{Target: target})
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(loose); !slices.Equal(got, []string{"-w /b", "-w /a", "-w /c"}) {
		t.Errorf("loose: %q", got)
	}
	strict, err := src.Compile(Options{Target: target, Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(strict); !slices.Equal(got, []string{"-w /b", "-w /a"}) {
		t.Errorf("strict: %q", got)
	}
	if p := loose.Refused[0].Pos; filepath.Base(p.File) != "20-c.rules" || p.Line != 2 {
		t.Errorf("the bad line is said to be at %v", p)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// kindOf is the place field of a form.
func kindOf(w rule.Wire) uint32 { return w.Fields[0].Type }

func TestWatchForms(t *testing.T) {
	known := func(path string) (bool, bool) { return path == "/known", strings.HasPrefix(path, "/known") }
	for _, c := range []struct {
		text  string
		isDir func(string) (bool, bool)
		want  []uint32
	}{
		{"-w /etc/passwd", nil, []uint32{rule.FieldWatch, rule.FieldDir}},
		{"-w /etc/", nil, []uint32{rule.FieldDir, rule.FieldWatch}},
		{"-w /etc/sudoers.d", nil, []uint32{rule.FieldDir, rule.FieldWatch}},
		{"-w /etc/ssh\n-w /etc/ssh/sshd_config", nil, []uint32{rule.FieldDir, rule.FieldWatch}},
		{"-a always,exit -F path=/etc -F perm=w", nil, []uint32{rule.FieldWatch}},
		{"-a always,exit -F dir=/etc/ -F perm=w", nil, []uint32{rule.FieldDir}},
		{"-w /known/", known, []uint32{rule.FieldDir}},
		{"-w /knownfile", known, []uint32{rule.FieldWatch}},
		{"-w /other", known, []uint32{rule.FieldWatch, rule.FieldDir}},
	} {
		var got []uint32
		for _, w := range compile(t, c.text, Options{IsDir: c.isDir}).Rules[0].Forms {
			got = append(got, kindOf(w))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.text, got, c.want)
		}
	}
}

func TestUnknownIDs(t *testing.T) {
	user := func(name string) (uint32, bool) { return 7, name == "known" }
	set := compile(t, "-a always,exit -S 1 -F uid=root -F auid=chrony -F gid=root -F egid=chrony\n-a always,exit -S 2 -F uid=chrony -F euid=known -F suid=ntp\n", Options{User: user})
	want := [][]match.UnknownID{{{Field: 1, Name: "chrony"}, {Field: 3, Name: "chrony", Group: true}}, {{Field: 0, Name: "chrony"}, {Field: 2, Name: "ntp"}}}
	for i, r := range set.Rules {
		if !slices.Equal(r.Unknown, want[i]) {
			t.Errorf("%s: %v, want %v", r.Text, r.Unknown, want[i])
		}
	}
	a, b := set.Rules[0].Forms[0].Fields, set.Rules[1].Forms[0].Fields
	if a[0].Value != 0 || a[2].Value != 0 || b[1].Value != 7 {
		t.Errorf("known ids became %v and %v", a, b)
	}
	if a[1].Value != b[0].Value || a[1].Value == a[3].Value || b[2].Value == a[1].Value {
		t.Errorf("placeholders are not one a name: %v and %v", a, b)
	}
	if set := compile(t, "-a always,exit -S 1 -F gid=unset\n-w /a\n", Options{}); len(set.Rules) != 1 || len(set.Refused) != 1 {
		t.Errorf("gid=unset: %v", set.Refused)
	}
}

// The mask depends on who loaded the rules: from 3.1.3 on perm adds syscalls to -S.
func TestDialect(t *testing.T) {
	const text = "-a always,exit -F arch=b64 -S openat -F perm=w\n"
	old := compile(t, text, Options{}).Rules[0].Forms[0]
	later := compile(t, text, Options{Target: Target{Auditctl: 3_01_05, Machine: names.ArchX86_64}}).Rules[0].Forms[0]
	if bits(old) != 1 || bits(later) < 10 {
		t.Errorf("%d and %d syscalls", bits(old), bits(later))
	}
	arm := compile(t, text, Options{Target: Target{Auditctl: rule.Dialect3_0, Machine: names.ArchAArch64}}).Rules[0].Forms[0]
	if arm.Mask == old.Mask {
		t.Error("openat has one number on all machines")
	}
	const prepends = "-a always,exit -S 1\n-a always,exit -S 2\n-A always,exit -S 1\n"
	if got := texts(compile(t, prepends, Options{Target: Target{Auditctl: 4_00_05}})); !slices.Equal(got, []string{"-a always,exit -S 2"}) {
		t.Errorf("-A of 4.0.5 deletes: %q", got)
	}
}

func bits(w rule.Wire) (n int) {
	for i := range 2048 {
		if w.Mask[i/32]>>(i%32)&1 == 1 {
			n++
		}
	}
	return n
}

// A text of more rules than a kernel would be given is cut, and that is said.
func TestTooManyRules(t *testing.T) {
	var b strings.Builder
	for i := range maxRules + 3 {
		fmt.Fprintf(&b, "-a always,exit -S %d -F a0=%d\n", i%400, i)
	}
	if set := compile(t, b.String(), Options{}); len(set.Rules) != maxRules || len(set.Refused) != 3 {
		t.Errorf("%d rules, %d refused", len(set.Rules), len(set.Refused))
	}
}

func TestNoRules(t *testing.T) {
	for _, text := range []string{"", "# nothing\n-D\n", "No rules\n", "nonsense\n"} {
		if _, err := Open([]string{"-"}, strings.NewReader(text), ListingDetect); !errors.Is(err, ErrNoRules) {
			t.Errorf("%q: %v", text, err)
		}
	}
	src, err := Open([]string{"-"}, strings.NewReader("-w /a\n-D\n"), ListingNo)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Compile(Options{Target: target}); !errors.Is(err, ErrNoRules) {
		t.Errorf("all wiped: %v", err)
	}
	if _, err := Open([]string{filepath.Join(t.TempDir(), "no")}, nil, ListingDetect); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such file: %v", err)
	}
	if _, err := Open([]string{"-"}, strings.NewReader("-w /a\x00\n"), ListingDetect); err == nil {
		t.Error("binary content is taken for rules")
	}
}
