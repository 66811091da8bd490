package match

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// FuzzFacts reads any text as a log, twice, and asks every question of every name: whatever is in a log, nothing panics, and what is not
// found is nowhere.
func FuzzFacts(f *testing.F) {
	for _, line := range []string{
		sysRecord + "syscall=2 success=yes items=1" + cwdRecord + `"/d"` + pthRecord + `item=0 name="etc/../x" inode=7 dev=fe:00 mode=0100644 nametype=NORMAL`,
		sysRecord + "syscall=264 success=yes a0=5 a2=ffffff9c items=2" + cwdRecord + `"/d"` + pthRecord + `item=0 name="/d" inode=9 dev=fe:00 mode=040755 nametype=PARENT` +
			pthRecord + `item=1 name="x" inode=7 dev=fe:00 mode=0100644 nametype=DELETE` + pthRecord + `item=2 name=2F78 inode=7 dev=fe:00 mode=0100644 nametype=CREATE`,
		sysRecord + `syscall=59 success=yes exe="/usr/bin/dash" items=2` + cwdRecord + `"/"` + pthRecord + `item=0 name="/bin/sh" inode=7 dev=fe:00 mode=0100755 nametype=NORMAL` +
			pthRecord + `item=1 name="/lib64/ld-linux-x86-64.so.2" inode=8 dev=fe:00 mode=0100755 nametype=NORMAL`,
		sysRecord + "syscall=88 success=yes items=3" + cwdRecord + `"/"` + pthRecord + `item=0 name="../d/link" nametype=UNKNOWN` +
			pthRecord + `item=1 name="/d/" inode=9 dev=fe:00 mode=040755 nametype=PARENT` + pthRecord + `item=2 name="/d/link" inode=6 dev=fe:00 mode=0120777 nametype=CREATE`,
	} {
		f.Add([]byte(line + "\n" + strings.ReplaceAll(line, ":7)", ":8)") + "\n"))
	}
	m := &Matcher{paths: newPathSet(), names: []nameID{{"u", false}}}
	refs := []*pathRef{
		m.paths.dir("/"), m.paths.dir("/d"), m.paths.dir("/d/link/"), m.paths.watch("/d/x"), m.paths.watch("/d/link"), m.paths.exe("/bin/sh"),
		m.paths.form("/d"), m.paths.inode(7), m.paths.watch("/"), m.paths.dir("//d//x/.."),
	}
	f.Fuzz(func(t *testing.T, log []byte) {
		facts := NewFacts(m)
		for range 2 {
			p := newPlaces(m.paths, facts)
			eachCall(log, func(c *event.Call) {
				facts.Learn(c)
				p.reset(c)
				for i := range c.Names {
					for _, r := range refs {
						if got := p.read(r, i); r.kind < pathExe && !c.Names[i].HasInode && (got.value || got.open) {
							t.Fatalf("name %d was not found, and is %v for %s", i, got, r.text)
						}
					}
				}
				p.undecided()
			})
			facts = facts.Again()
		}
	})
}

func FuzzCleanPath(f *testing.F) {
	f.Add("/a/../b//c/.")
	f.Fuzz(func(t *testing.T, path string) {
		if path == "" {
			return
		}
		once := string(cleanPath([]byte(path)))
		if strings.HasPrefix(path, "/") != strings.HasPrefix(once, "/") {
			t.Fatalf("%q became %q", path, once)
		}
		if once != "" && string(cleanPath([]byte(once))) != once {
			t.Fatalf("%q is not clean: cleaned from %q", once, path)
		}
	})
}

// TestMemoryIsBounded learns more hosts, links and distinct long names than may be kept.
func TestMemoryIsBounded(t *testing.T) {
	m := &Matcher{paths: newPathSet()}
	for n := range 300 {
		m.paths.dir(fmt.Sprintf("/srv/d%d", n))
		m.paths.watch(fmt.Sprintf("/srv/w%d", n))
	}
	f := NewFacts(m)
	pad := strings.Repeat("x", 900)
	learn := func(serial int, format string, args ...any) { f.Learn(script(t, serial, fmt.Sprintf(format, args...))) }
	before := heap()
	for n := range 20_000 {
		learn(n, "open node=n%d cwd=/srv/%d%s; NORMAL /srv/%d%s %d", n%400, n, pad, n, pad, n)
		learn(n, "open node=n%d; NORMAL /srv/d1/%d%s %d", n%400, n, pad, n)
		learn(n, "symlink node=n%d; UNKNOWN /srv/d2/%s%d -; PARENT /srv/ 1d; CREATE /srv/l%d%s %dl", n%400, pad, n, n, pad, n+1_000_000)
		learn(n, "rename node=n%d; PARENT / 1d; PARENT / 1d; DELETE /srv/a%d%s %dd; CREATE /srv/b%d%s %dd", n%400, n, pad, n, n, pad, n)
		learn(n, "fchmod node=n%d; NORMAL - %d", n%400, n+2_000_000)
	}
	const most = 20 << 20
	if grown := heap() - before; grown > most {
		t.Errorf("facts take %d bytes, want at most %d", grown, most)
	}
	runtime.KeepAlive(f)
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

// TestHalving checks that what was used last is kept, with all that belongs to it, and the rest forgotten.
func TestHalving(t *testing.T) {
	fs := newFiles()
	full := func(n int) []byte { return fmt.Appendf(nil, "/f/%d", n) }
	attach := func(n int) int32 {
		at := fs.add(fileKey{inode: uint64(n)})
		fs.list[at].seq = uint32(n)
		fs.attach(at, fs.hash(0, full(n)), full(n), true)
		return at
	}
	for n := range 1000 {
		attach(n)
	}
	last := fs.find(fileKey{inode: 999})
	fs.attach(last, fs.hash(0, []byte("/other")), []byte("/other"), false)
	gone := fs.named(fs.hash(0, full(998)), full(998))
	fs.detach(gone, true)
	fs.halve()
	if len(fs.list) < 400 || len(fs.list) > 500 {
		t.Errorf("%d files are left of 1000", len(fs.list))
	}
	for n := range 1000 {
		at := fs.find(fileKey{inode: uint64(n)})
		if known := at != none; known != (n > 500) {
			t.Errorf("file %d is known: %v", n, known)
		}
		if at == none || n == 998 {
			continue
		}
		if nm := fs.named(fs.hash(0, full(n)), full(n)); nm == none || fs.names[nm].file != at {
			t.Errorf("file %d has lost its name", n)
		}
	}
	if ghost := fs.list[fs.find(fileKey{inode: 998})].ghost; ghost == none || string(fs.nameText(ghost)) != "/f/998" {
		t.Error("a name that went away is not the file's last one any more")
	}
	if nm := fs.named(fs.hash(0, []byte("/other")), []byte("/other")); nm == none || fs.names[nm].file != fs.find(fileKey{inode: 999}) {
		t.Error("a second name is lost")
	}
}

// TestFiftyThousandPaths checks that many paths are all known: each is found again by its inode.
func TestFiftyThousandPaths(t *testing.T) {
	const paths = 50_000
	m := &Matcher{paths: newPathSet()}
	ref := m.paths.dir("/srv/even")
	f := NewFacts(m)
	dirs := [2]string{"even", "odd"}
	for n := range paths {
		f.Learn(script(t, n, fmt.Sprintf("open; NORMAL /srv/%s/%d %d", dirs[n%2], n, n)))
	}
	p := newPlaces(m.paths, f)
	for n := range paths {
		c := script(t, n, fmt.Sprintf("fchmod; NORMAL - %d", n))
		f.Learn(c)
		p.reset(c)
		if got := p.below(0, ref); got.open || got.value != (n%2 == 0) {
			t.Fatalf("file %d: %v", n, got)
		}
	}
}
