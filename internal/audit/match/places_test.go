package match

import (
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// callOf reads the lines of one event.
func callOf(t testing.TB, lines string) *event.Call {
	t.Helper()
	ev := &event.Event{}
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		var rec record.Record
		rec.Parse([]byte(strings.TrimSpace(line)))
		if rec.Bad != record.Good {
			t.Fatalf("bad line %q: %v", line, rec.Bad)
		}
		ev.Node, ev.Sec, ev.Serial = string(rec.Node), rec.Sec, rec.Serial
		ev.Records = append(ev.Records, rec)
	}
	c := new(event.Call)
	if !c.Read(ev) {
		t.Fatalf("no call in %s", lines)
	}
	return c
}

// Beginnings of the records of an event, so that tests say what they are about.
const (
	sysRecord = "type=SYSCALL msg=audit(100.000:7): arch=c000003e "
	cwdRecord = "\ntype=CWD msg=audit(100.000:7): cwd="
	pthRecord = "\ntype=PATH msg=audit(100.000:7): "
)

func TestCleanPath(t *testing.T) {
	for in, want := range map[string]string{
		"/": "/", "//": "/", "/a": "/a", "/a/": "/a", "/a//b": "/a/b", "/a/./b": "/a/b", "/a/../b": "/b", "/../b": "/b", "/a/b/../..": "/",
		"a": "a", "./a": "a", "../a": "../a", "../../a": "../../a", "a/../../b": "../b", "a/..": "", ".": "", "./": "", ".a": ".a", "/a/.b": "/a/.b",
		"/a/..b": "/a/..b", "/.": "/", "/..": "/", "a/b/": "a/b",
	} {
		if got := string(cleanPath([]byte(in))); got != want {
			t.Errorf("%q is cleaned to %q, want %q", in, got, want)
		}
	}
}

func TestFullNames(t *testing.T) {
	for _, tc := range []struct{ what, lines, want string }{
		{"absolute", sysRecord + "syscall=2 items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name="/etc//x/" inode=1 nametype=NORMAL`, "/etc/x"},
		{"relative to cwd", sysRecord + "syscall=2 items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name="x" inode=1 nametype=NORMAL`, "/root/x"},
		{"relative to the root", sysRecord + "syscall=2 items=1" + cwdRecord + `"/"` + pthRecord + `item=0 name="../x" inode=1 nametype=NORMAL`, "/x"},
		{"dots", sysRecord + "syscall=2 items=1" + cwdRecord + `"/root/a"` + pthRecord + `item=0 name="../x/./y" inode=1 nametype=NORMAL`, "/root/x/y"},
		{"hex", sysRecord + "syscall=2 items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name=612062 inode=1 nametype=NORMAL`, "/root/a b"},
		{"AT_FDCWD", sysRecord + "syscall=257 a0=ffffff9c items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name="x" inode=1 nametype=NORMAL`, "/root/x"},
		{"AT_FDCWD in 64 bits", sysRecord + "syscall=257 a0=ffffffffffffff9c items=1" + cwdRecord + `"/r"` + pthRecord + `item=0 name="x" inode=1 nametype=NORMAL`, "/r/x"},
		{"dirfd", sysRecord + "syscall=257 a0=5 items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name="x/y" inode=1 nametype=NORMAL`, "…x/y"},
		{"dirfd, absolute", sysRecord + "syscall=257 a0=5 items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name="/x" inode=1 nametype=NORMAL`, "/x"},
		{"dirfd, parent shown as cwd", sysRecord + "syscall=257 a0=5 items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name="/root" inode=1 nametype=PARENT`, "?"},
		{"parent shown as cwd", sysRecord + "syscall=257 a0=ffffff9c items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name="/root" inode=1 nametype=PARENT`, "/root"},
		{"dirfd, typed parent", sysRecord + "syscall=257 a0=5 items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name="/etc/" inode=1 nametype=PARENT`, "/etc"},
		{"symlinkat with dirfd as second", sysRecord + "syscall=266 a0=7f a1=3 items=1" + cwdRecord + `"/root"` + pthRecord + `item=0 name="x" inode=1 nametype=CREATE`, "…x"},
		{"file of a call on a descriptor", sysRecord + "syscall=91 a0=5 items=1" + pthRecord + `item=0 name=(null) inode=1 nametype=NORMAL`, "?"},
		{"relative without cwd", sysRecord + "syscall=2 items=1" + pthRecord + `item=0 name="x" inode=1 nametype=NORMAL`, "…x"},
		{"io_uring", "type=URINGOP msg=audit(100.000:7): uring_op=18 items=1" + cwdRecord + `"/r"` + pthRecord + `item=0 name="x" inode=1 nametype=NORMAL`, "…x"},
	} {
		p := newPlaces(newPathSet(), nil)
		p.reset(callOf(t, tc.lines))
		pl := p.name(0)
		got := map[whole]string{wholeName: "", wholeTail: "…", wholeNone: "?"}[pl.whole] + string(p.text(pl))
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.what, got, tc.want)
		}
	}
}

func TestRenameWithTwoDirectoryDescriptors(t *testing.T) {
	c := callOf(t, sysRecord+"syscall=264 success=yes a0=5 a1=1 a2=ffffff9c items=5"+cwdRecord+`"/root"`+
		pthRecord+`item=0 name="/root" inode=10 nametype=PARENT`+pthRecord+`item=1 name="/root" inode=11 nametype=PARENT`+
		pthRecord+`item=2 name="a" inode=1 nametype=DELETE`+pthRecord+`item=3 name="b" inode=2 nametype=DELETE`+pthRecord+`item=4 name="b" inode=1 nametype=CREATE`)
	p := newPlaces(newPathSet(), nil)
	p.reset(c)
	// Which directory is whose cannot be told: compilers read the arguments of do_renameat2 in either order.
	for i, want := range []whole{wholeNone, wholeNone, wholeTail, wholeName, wholeName} {
		if got := p.name(i).whole; got != want {
			t.Errorf("name %d: got %d, want %d", i, got, want)
		}
	}
}

func TestWatchFollowsRename(t *testing.T) {
	set := newPathSet()
	from, to := set.watch("/d/old"), set.watch("/d/new")
	p := newPlaces(set, nil)
	const paths = cwdRecord + `"/d"` + pthRecord + `item=0 name="/d" inode=10 nametype=PARENT` + pthRecord + `item=1 name="/d" inode=10 nametype=PARENT` +
		pthRecord + `item=2 name="old" inode=1 nametype=DELETE` + pthRecord + `item=3 name="new" inode=2 nametype=DELETE` +
		pthRecord + `item=4 name="new" inode=1 nametype=CREATE`
	for _, tc := range []struct {
		success  string
		w        *watchRef
		when     phase
		matching []int
	}{
		{"yes", from, atRemoval, []int{2}},
		{"yes", from, atExit, nil},
		{"yes", to, atExit, []int{2, 4}},
		{"no", from, atExit, []int{2, 4}}, // nothing was moved, so the two names are one file
	} {
		p.reset(callOf(t, sysRecord+"syscall=82 success="+tc.success+" items=5"+paths))
		var got []int
		for i := range p.call.Names {
			if p.at(i, tc.w, tc.when).value {
				got = append(got, i)
			}
		}
		if !slices.Equal(got, tc.matching) {
			t.Errorf("%s, success=%s, phase %d: names %v, want %v", tc.w.text, tc.success, tc.when, got, tc.matching)
		}
	}
}
