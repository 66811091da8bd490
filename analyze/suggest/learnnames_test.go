package suggest

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
)

// oneRow is the row of an event of one call, recorded by rule 0.
func oneRow(t testing.TB, syscall int, fields, cwd string, paths ...string) *analyze.Row {
	t.Helper()
	stamp := "msg=audit(1700000000.100:7):"
	log := fmt.Sprintf("type=SYSCALL %s arch=c000003e syscall=%d success=yes exit=3 a0=ffffff9c a1=0 a2=0 a3=0 %sitems=%d ppid=1 pid=9 auid=4294967295 uid=26 gid=26"+
		" euid=26 suid=26 fsuid=26 egid=26 sgid=26 fsgid=26 tty=(none) ses=4294967295 comm=\"x\" exe=\"/usr/sbin/x\" key=\"k\"\n", stamp, syscall, "", len(paths))
	for _, f := range strings.Fields(fields) {
		name, _, _ := strings.Cut(f, "=")
		at := strings.Index(log, " "+name+"=") + 1
		log = log[:at] + f + log[at+strings.IndexByte(log[at:], ' '):]
	}
	if cwd != "" {
		log += fmt.Sprintf("type=CWD %s cwd=%s\n", stamp, cwd)
	}
	for n, p := range paths {
		log += fmt.Sprintf("type=PATH %s item=%d %s\n", stamp, n, p)
	}
	log += fmt.Sprintf("type=PROCTITLE %s proctitle=\"x\"\n", stamp)
	rows := rowsOf([]byte(log))
	if len(rows) != 1 {
		t.Fatalf("%d events in %q", len(rows), log)
	}
	return &rows[0]
}

const (
	inode  = " inode=5 dev=fe:00 mode=0100600 ouid=26 ogid=26 rdev=00:00 nametype=NORMAL"
	folder = " inode=4 dev=fe:00 mode=040700 ouid=26 ogid=26 rdev=00:00 nametype=PARENT"
	made   = " inode=5 dev=fe:00 mode=0100600 ouid=26 ogid=26 rdev=00:00 nametype=CREATE"
)

const (
	openat = 257
	rename = 82
	fchmod = 91
	execve = 59
	adjtim = 159
)

func TestNames(t *testing.T) {
	for name, c := range map[string]struct {
		syscall     int
		fields, cwd string
		paths       []string
		names       Names
		dir         string
	}{
		"none":                        {adjtim, "", "", nil, NoName, ""},
		"absolute":                    {openat, "", `"/"`, []string{`name="/var/lib/x/f"` + inode}, OneName, "/var/lib/x"},
		"relative":                    {openat, "", `"/var/lib/x"`, []string{`name="base/f"` + inode}, OneName, "/var/lib/x/base"},
		"in the root":                 {openat, "", `"/"`, []string{`name="f"` + inode}, OneName, "/"},
		"slashes and dots":            {openat, "", `"/var//lib/./x/"`, []string{`name=".//base/f"` + inode}, OneName, "/var/lib/x/base"},
		"two dots":                    {openat, "", `"/var/lib/x"`, []string{`name="../f"` + inode}, Unlocatable, ""},
		"two dots of an absolute one": {openat, "", `"/"`, []string{`name="/usr/bin/../../tmp/f"` + inode}, Unlocatable, ""},
		"a descriptor's":              {openat, "a0=5", `"/var/lib/x"`, []string{`name="f"` + inode}, Unlocatable, ""},
		"no name":                     {fchmod, "a0=5", `"/"`, []string{`name=(null)` + inode}, Unlocatable, ""},
		"no working directory":        {openat, "", "", []string{`name="f"` + inode}, Unlocatable, ""},
		"unreachable":                 {openat, "", `"(unreachable)/x"`, []string{`name="f"` + inode}, Unlocatable, ""},
		"names are missing":           {openat, "items=2", `"/"`, []string{`name="/a/f"` + inode}, Unlocatable, ""},
		"made in its folder":          {openat, "", `"/var/lib/x"`, []string{`name="base/"` + folder, `name="base/f"` + made}, OneName, "/var/lib/x/base"},
		"made here":                   {openat, "", `"/var/lib/x"`, []string{`name="/var/lib/x"` + folder, `name="f"` + made}, OneName, "/var/lib/x"},
		"made elsewhere":              {openat, "", `"/var/lib/x"`, []string{`name="/tmp/"` + folder, `name="f"` + made}, MoreNames, "/var/lib/x"},
		"by an absolute name":         {openat, "", `"/tmp"`, []string{`name="x"` + folder, `name="/tmp/x/f"` + made}, MoreNames, "/tmp/x"},
		"by an absolute name in hex":  {openat, "", `"/tmp"`, []string{`name="x"` + folder, `name=2F746D702F782F6620` + made}, MoreNames, "/tmp/x"},
		"beside one without a name":   {openat, "", `"/tmp"`, []string{`name="/tmp/f"` + inode, `name=(null)` + inode}, MoreNames, "/tmp"},
		"renamed":                     {rename, "", `"/d"`, []string{`name="/d"` + folder, `name="/d"` + folder, `name="a"` + inode, `name="b"` + made}, MoreNames, "/d"},
		"a program and its loader":    {execve, "", `"/"`, []string{`name="/usr/sbin/x"` + inode, `name="/lib64/ld-linux-x86-64.so.2"` + inode}, MoreNames, "/usr/sbin"},
		"a program alone":             {execve, "", `"/"`, []string{`name="/usr/sbin/x"` + inode}, MoreNames, "/usr/sbin"},
		"a folder itself":             {openat, "", `"/"`, []string{`name="/var/lib/x/" inode=4 dev=fe:00 mode=040700 ouid=26 ogid=26 rdev=00:00 nametype=NORMAL`}, OneName, "/var/lib/x"},
		"a folder that is made":       {openat, "", `"/"`, []string{`name="/var/lib/x" inode=4 dev=fe:00 mode=040700 ouid=26 ogid=26 rdev=00:00 nametype=CREATE`}, OneName, "/var/lib"},
		"a name with a newline":       {openat, "", `"/tmp"`, []string{`name=2F746D702F610A622F66` + inode}, OneName, "/tmp/a\nb"},
	} {
		t.Run(name, func(t *testing.T) {
			l := NewLearner(LearnerOptions{})
			if err := l.Write(oneRow(t, c.syscall, c.fields, c.cwd, c.paths...)); err != nil {
				t.Fatal(err)
			}
			b := l.Noise().Behaviours[0]
			if b.Names != c.names || b.Dir != c.dir || b.Other {
				t.Errorf("got %d %q %v, want %d %q", b.Names, b.Dir, b.Other, c.names, c.dir)
			}
		})
	}
}

func FuzzAppendClean(f *testing.F) {
	for _, s := range []string{"", "/", "a", "/a/b", "//a/./b//", "/a/../b", "/..", "/.../x", "/a\n/b ", "/./"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := appendClean([]byte("kept"), []byte(s))
		dots := false
		for _, part := range strings.Split(s, "/") {
			dots = dots || part == ".."
		}
		if ok != (strings.HasPrefix(s, "/") && !dots) {
			t.Fatalf("%q: %v", s, ok)
		}
		if !ok {
			return
		}
		if want := "kept" + path.Clean(s); string(got) != want {
			t.Fatalf("%q: got %q, want %q", s, got, want)
		}
		if inPlace, _ := appendClean([]byte(s)[:0], []byte(s)); string(inPlace) != path.Clean(s) {
			t.Fatalf("%q: got %q", s, inPlace)
		}
		clean := []byte(path.Clean(s))
		if again, ok := appendClean(clean[:0], clean); !ok || string(again) != path.Clean(s) {
			t.Fatalf("%q in its own memory: %q", s, again)
		}
		if parent := string(parentOf([]byte(path.Clean(s)))); parent != path.Dir(path.Clean(s)) {
			t.Fatalf("%q: parent %q", s, parent)
		}
	})
}

func TestBelow(t *testing.T) {
	for _, c := range []struct {
		path, folder string
		want         bool
	}{{"/a/b", "/a", true}, {"/a", "/a", true}, {"/ab", "/a", false}, {"/a", "/a/b", false}, {"/a", "/", true}, {"/", "/", true}} {
		if got := below(c.path, c.folder); got != c.want {
			t.Errorf("%s below %s: got %v", c.path, c.folder, got)
		}
	}
}
