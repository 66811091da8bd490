package matchtest

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// casesVariable names one more folder of cases to replay, as fuzz-kernel may have written them.
const casesVariable = "AUDITPROF_MATCHCASES"

// TestCases lets the matcher decide kept logs again: what the kernel said of them is in the case, so this needs neither root nor Linux.
// There a disagreement was found and mended, or they hold the surprising thing that the note names.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case in testdata: %v", err)
	}
	if dir := os.Getenv(casesVariable); dir != "" {
		more, _ := filepath.Glob(filepath.Join(dir, "*.txtar"))
		files = append(files, more...)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			c := readCase(t, name)
			a, err := Compare(c)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(a)
			if a.Events != len(c.Truth) || a.Right == 0 {
				t.Errorf("%d events compared, the case has %d", a.Events, len(c.Truth))
			}
			for _, d := range a.Wrong {
				t.Error(d.Text(c))
			}
		})
	}
}

func readCase(t *testing.T, name string) *Case {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCase(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const smallCase = `two names
-- kernel --
6.18.44
-- rules --
-a always,exit -F arch=b64 -S openat -F path=/tmp/t/a -k first
-A always,exit -F arch=b64 -S unlink -k second
-a always,exit -S all -F auid=71000
-- truth --
1795366205.906:12	rules.rules:1
1795366205.906:13	none
-- removed --
1795366205.906:14	rules.rules:1
-- audit.log --
type=SYSCALL msg=audit(1795366205.906:12): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=10000020 a2=0 a3=0 items=1 ppid=1 pid=2 auid=71000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="x" exe="/x" key="first"
type=CWD msg=audit(1795366205.906:12): cwd="/tmp/t"
type=PATH msg=audit(1795366205.906:12): item=0 name="a" inode=7 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
type=PROCTITLE msg=audit(1795366205.906:12): proctitle="x"
`

func TestCaseSurvivesItsText(t *testing.T) {
	c, err := ParseCase([]byte(smallCase))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(c.Text()); got != smallCase {
		t.Errorf("got\n%s\nwant\n%s", got, smallCase)
	}
	again, err := ParseCase(c.Text())
	if err != nil || !reflect.DeepEqual(c, again) {
		t.Errorf("read again it is %+v, %v", again, err)
	}
	rules, err := c.MatchRules()
	if err != nil {
		t.Fatal(err)
	}
	if rules[0].Pos.Line != 2 || rules[1].Pos.Line != 1 || rules[1].Until.Serial != 14 {
		t.Errorf("rules: %+v", rules)
	}
}

func TestBadCases(t *testing.T) {
	for _, old := range []struct{ from, to string }{
		{"rules.rules:1\n", "rules.rules:4\n"}, {"rules.rules:1\n", "somewhere\n"}, {"-- kernel --", "-- kernle --"},
	} {
		if _, err := ParseCase([]byte(strings.Replace(smallCase, old.from, old.to, 1))); err == nil {
			t.Errorf("%q: accepted", old.to)
		}
	}
	for _, old := range []struct{ from, to string }{
		{"-F path=", "-F patt="}, {"6.18.44", "six"}, {"1795366205.906:14\t", "soon\t"}, {"type=CWD msg", "type=CWD"}, {"-a always,exit -S all", "-a always,task -S all"},
	} {
		c, err := ParseCase([]byte(strings.Replace(smallCase, old.from, old.to, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Compare(c); err == nil {
			t.Errorf("%q: accepted", old.to)
		}
	}
}

// TestComparisonFindsWhatIsWrong changes the kernel's word: a comparison that agrees with everything is none.
func TestComparisonFindsWhatIsWrong(t *testing.T) {
	c, err := ParseCase([]byte(smallCase))
	if err != nil {
		t.Fatal(err)
	}
	a, err := Compare(c)
	if err != nil || a.Right != 1 || len(a.Wrong)+len(a.Beyond) != 0 {
		t.Fatalf("%v, %v", a, err)
	}
	c.Truth["1795366205.906:12"] = 2
	if a, err = Compare(c); err != nil || a.Right != 0 || len(a.Wrong)+len(a.Beyond) != 1 {
		t.Errorf("with another truth: %v, %v", a, err)
	}
	c.Truth = map[string]int{"1795366205.906:12": NoRule}
	if a, err = Compare(c); err != nil || len(a.Wrong)+len(a.Beyond) != 1 {
		t.Errorf("with no rule as the truth: %v, %v", a, err)
	}
}

// TestEvidence: what the log shows by another name is no excuse, and what a rule names relatively ends the search all the same.
func TestEvidence(t *testing.T) {
	c, err := ParseCase([]byte(smallCase))
	if err != nil {
		t.Fatal(err)
	}
	events, err := readEvents(c.Log)
	if err != nil {
		t.Fatal(err)
	}
	e := newEvidence(events)
	for _, row := range []struct {
		kernel, ours []string
		want         bool
	}{
		{[]string{"/tmp/t/a"}, nil, false}, {[]string{"/tmp/t"}, nil, false}, {[]string{"/tmp/u"}, nil, true}, {[]string{"t/a"}, nil, true},
		{nil, []string{"/tmp/t/a"}, true}, {nil, nil, false},
	} {
		if got := e.beyond(events[0], row.kernel, row.ours); got != row.want {
			t.Errorf("the kernel's %q, ours %q: beyond the log is %v", row.kernel, row.ours, got)
		}
	}
	put(e.names, file{major: 0xfe, inode: 7}, "/other")
	put(e.files, "/other", file{major: 0xfe, inode: 7})
	if e.beyond(events[0], nil, []string{"/tmp/t/a"}) || e.beyond(events[0], []string{"/other"}, nil) {
		t.Error("another name of the file does not count")
	}
}
