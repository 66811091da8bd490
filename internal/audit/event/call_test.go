package event

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// eventOf is an event made of lines "TYPE body".
func eventOf(lines ...string) *Event {
	ev := &Event{syscallAt: -1, Sec: 1, Serial: 3}
	for _, l := range lines {
		typ, body, _ := strings.Cut(l, " ")
		rec := new(record.Record)
		rec.Parse([]byte("type=" + typ + " msg=audit(1.000:3): " + body))
		ev.add(rec)
	}
	return ev
}

// callOf reads an event, which must have a call.
func callOf(t *testing.T, lines ...string) *Call {
	t.Helper()
	c := new(Call)
	if !c.Read(eventOf(lines...)) {
		t.Fatalf("no call in %q", lines)
	}
	return c
}

const wholeSyscall = `SYSCALL arch=c000003e syscall=257 per=400000 success=no exit=-13 a0=ffffff9c a1=7ffd3a a2=80000 a3=ffffffffffffffff items=2 ` +
	`ppid=4763 pid=4781 auid=1000 uid=1 gid=2 euid=3 suid=4 fsuid=5 egid=6 sgid=7 fsgid=8 tty=pts0 ses=4294967295 ` +
	`comm="cat" exe=2F62696E2F612062 subj=unconfined_u:r:t:s0-s0:c0.c1023 key="k"`

func TestCallHasEveryField(t *testing.T) {
	bare := func(s string) record.Value { return record.Value{Text: []byte(s)} }
	quoted := func(s string) record.Value { return record.Value{Text: []byte(s), Quote: '"'} }
	c := callOf(t, wholeSyscall, `CWD cwd="/home/jane"`)
	want := &Call{
		Event: c.Event, Has: HasIPC - 1, Arch: 0xc000003e, Syscall: 257, Per: 0x400000, Exit: -13,
		A: [4]uint64{0xffffff9c, 0x7ffd3a, 0x80000, math.MaxUint64}, Items: 2, PPID: 4763, PID: 4781, AUID: 1000,
		UID: 1, GID: 2, EUID: 3, SUID: 4, FSUID: 5, EGID: 6, SGID: 7, FSGID: 8, Ses: math.MaxUint32,
		TTY: bare("pts0"), Comm: quoted("cat"), Exe: bare("2F62696E2F612062"), Subj: bare("unconfined_u:r:t:s0-s0:c0.c1023"),
		Key: quoted("k"), Cwd: quoted("/home/jane"), Family: -1, Openat2Flags: -1,
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

func TestCallOfOtherRecords(t *testing.T) {
	plain := `SYSCALL arch=c000003e syscall=1 pid=1 key=(null)`
	big := `SYSCALL arch=80000016 syscall=1 pid=1 key=(null)` // s390x
	for _, c := range []struct {
		name  string
		lines []string
		ok    func(*Call) bool
	}{
		{"no key", []string{plain}, func(c *Call) bool { return c.Has&HasKey != 0 && c.Key.Null() && !c.Kernel }},
		{"exit missing", []string{plain}, func(c *Call) bool { return c.Has&(HasExit|HasSuccess|HasItems) == 0 }},
		{"no such call", []string{`SYSCALL arch=c000003e syscall=-1 pid=1`}, func(c *Call) bool { return c.Syscall == math.MaxUint32 && c.Has&HasSyscall != 0 }},
		{"a number too large", []string{`SYSCALL arch=1c000003e uid=4294967296 pid=7`}, func(c *Call) bool { return c.Has == HasPID && c.Arch == 0 && c.UID == 0 }},
		{"another order", []string{`SYSCALL key="k" exe="/a" pid=7 uid=8`}, func(c *Call) bool {
			return c.PID == 7 && c.UID == 8 && string(c.Exe.Text) == "/a" && string(c.Key.Text) == "k"
		}},
		{"a new field", []string{`SYSCALL arch=c000003e syscall=9 tomorrow=1 success=yes exit=5 pid=7`}, func(c *Call) bool { return c.Success && c.Exit == 5 && c.PID == 7 }},
		{"an unknown success", []string{`SYSCALL success=maybe pid=7`}, func(c *Call) bool { return c.Has == HasPID }},
		{"ENRICHED", []string{plain + "\x1dARCH=x86_64 SYSCALL=write"}, func(c *Call) bool { return c.Key.Null() && c.Syscall == 1 }},
		{"the first of two", []string{plain, `SYSCALL syscall=2 pid=2`}, func(c *Call) bool { return c.Syscall == 1 && c.PID == 1 }},
		{"io_uring", []string{`URINGOP uring_op=18 success=yes exit=0 items=1 ppid=4 pid=5 uid=6 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=9 subj=unconfined key="u"`},
			func(c *Call) bool {
				return c.Uring && c.Syscall == 18 && c.Success && c.Items == 1 && c.PID == 5 && c.FSGID == 9 && c.Has&(HasArch|HasAUID|HasA0|HasExe) == 0 && string(c.Key.Text) == "u"
			}},
		{"io_uring of an older auditd", []string{`UNKNOWN[1336] uring_op=18 pid=5`}, func(c *Call) bool { return c.Uring && c.Syscall == 18 }},
		{"io_uring with the fields of a call", []string{`URINGOP arch=c000003e syscall=1 a0=1 uring_op=18 pid=5`},
			func(c *Call) bool { return c.Has == HasSyscall|HasPID && c.Syscall == 18 && c.Arch == 0 }},
		{"a call before its operations", []string{`URINGOP uring_op=18 pid=5`, plain}, func(c *Call) bool { return !c.Uring && c.Syscall == 1 }},
		{"inet", []string{plain, `SOCKADDR saddr=020001BB7F000001`}, func(c *Call) bool { return c.Family == 2 }},
		{"netlink before the call", []string{`SOCKADDR saddr=100000000000000000000000`, plain}, func(c *Call) bool { return c.Family == 16 }},
		{"inet6 of another byte order", []string{big, `SOCKADDR saddr=000A01BB`}, func(c *Call) bool { return c.Family == 10 }},
		{"inet of io_uring, which has no arch", []string{`URINGOP uring_op=16 pid=5`, `SOCKADDR saddr=020001BB7F000001`}, func(c *Call) bool { return c.Family == 2 }},
		{"the first of two addresses", []string{plain, `SOCKADDR saddr=0100`, `SOCKADDR saddr=0200`}, func(c *Call) bool { return c.Family == 1 }},
		{"no address", []string{plain, `SOCKADDR saddr=`}, func(c *Call) bool { return c.Family == -1 }},
		{"no hex", []string{plain, `SOCKADDR saddr=02XY`}, func(c *Call) bool { return c.Family == -1 }},
		{"openat2", []string{plain, `OPENAT2 oflag=02100001 mode=0644 resolve=0x0`}, func(c *Call) bool { return c.Openat2Flags == 0o2100001 }},
		{"openat2 of an older auditd", []string{plain, `UNKNOWN[1337] oflag=00 mode=00 resolve=0x0`}, func(c *Call) bool { return c.Openat2Flags == 0 }},
		{"openat2 with all flags", []string{plain, `OPENAT2 oflag=01777777777777777777777 mode=0 resolve=0x0`}, func(c *Call) bool { return c.Openat2Flags == math.MaxInt64 }},
		{"ipc", []string{plain, `IPC ouid=1000 ogid=1001 mode=0600 obj=a:b:c`},
			func(c *Call) bool {
				return c.Has&HasIPC != 0 && c.IPCUID == 1000 && c.IPCGID == 1001 && string(c.IPCObj.Text) == "a:b:c"
			}},
		{"a half ipc", []string{plain, `IPC ouid=1000 mode=0600`}, func(c *Call) bool { return c.Has&HasIPC == 0 && c.IPCUID == 0 }},
		{"hex cwd", []string{plain, `CWD cwd=2F612062`}, func(c *Call) bool { return c.Cwd.Quote == 0 && string(c.Cwd.Text) == "2F612062" }},
		{"no cwd", []string{plain, `CWD x=1`}, func(c *Call) bool { return c.Has&HasCwd == 0 }},
	} {
		if got := callOf(t, c.lines...); !c.ok(got) {
			t.Errorf("%s: got %+v", c.name, got)
		}
	}
	if new(Call).Read(eventOf(`USER_END pid=1 msg='op=x'`)) {
		t.Error("a call in a user message")
	}
}

func TestRecordsThatTheKernelMakesByItself(t *testing.T) {
	for typ, want := range map[string]bool{
		"AVC": true, "LOGIN": true, "CONFIG_CHANGE": true, "SECCOMP": true, "ANOM_ABEND": true, "NETFILTER_CFG": true, "BPF": true,
		"UNKNOWN[1334]": true, "UNKNOWN[1419]": true, "SOMETHING_NEW": true, "KERNEL": true, "INTEGRITY_DATA": true,
		"EXECVE": false, "CWD": false, "PROCTITLE": false, "EOE": false, "MMAP": false, "BPRM_FCAPS": false, "UNKNOWN[1309]": false,
		"UNKNOWN[1425]": false, "UNKNOWN[1426]": false, "USER_LOGIN": false, "DAEMON_START": false, "CRYPTO_SESSION": false,
	} {
		if got := callOf(t, `SYSCALL syscall=1`, typ+" x=1").Kernel; got != want {
			t.Errorf("%s: got %v, want %v", typ, got, want)
		}
	}
}

// A forged line cannot make one field look like another, whichever way it is read.
func TestTextsFakeNoFields(t *testing.T) {
	for _, head := range []string{"", "tomorrow=1 "} { // the second is looked up
		c := callOf(t, `SYSCALL `+head+`syscall=1 comm="x auid=0 key=1" exe="/a msg='uid=0" key="real"`)
		if c.Has != HasSyscall|HasComm|HasExe|HasKey || string(c.Key.Text) != "real" || string(c.Exe.Text) != "/a msg='uid=0" {
			t.Errorf("%q: got %+v", head, c)
		}
	}
}

// A Call that is used again keeps nothing of the event before.
func TestCallIsUsedAgain(t *testing.T) {
	c := callOf(t, wholeSyscall, `CWD cwd="/"`, `PATH item=0 name="/a" inode=7 dev=fd:00 mode=0100644 ouid=1 ogid=1 rdev=01:02 obj=x nametype=CREATE`,
		`SOCKADDR saddr=0200`, `OPENAT2 oflag=01 mode=0 resolve=0x0`, `IPC ouid=1 ogid=1 mode=0 obj=x`, `AVC x=1`)
	for _, small := range [][]string{{`SYSCALL syscall=3`, `PATH item=0 name="/b"`}, {`SYSCALL x=1 syscall=3`, `PATH x=1 name="/b"`}} {
		ev := eventOf(small...)
		if !c.Read(ev) {
			t.Fatal("no call")
		}
		fresh := new(Call)
		fresh.Read(ev)
		if !reflect.DeepEqual(c, fresh) {
			t.Errorf("got  %+v\nwant %+v", c, fresh)
		}
	}
}

// eachRecord gives all good records of a log.
func eachRecord(text []byte, f func(*record.Record)) {
	for r := record.NewReader(bytes.NewReader(text)); r.Scan(); {
		if r.Record().Bad == record.Good {
			f(r.Record())
		}
	}
}

// What the kernel of the recorded log wrote is read in one pass, and what it says is what single look-ups find.
func TestRecordedLogIsReadInOnePass(t *testing.T) {
	calls, names := 0, 0
	eachRecord(recorded(t), func(rec *record.Record) {
		switch kindOf(rec.Type) {
		case syscall:
			calls++
			var one, other Call
			if !one.readOrdered(rec.Body) {
				t.Fatalf("looked up: %s", rec.Raw)
			}
			other.lookUp(rec)
			if !reflect.DeepEqual(one, other) {
				t.Fatalf("%s:\n%+v\n%+v", rec.Raw, one, other)
			}
		case path:
			names++
			var one, other Name
			if !one.readOrdered(rec.Body, nil) {
				t.Fatalf("looked up: %s", rec.Raw)
			}
			other.lookUp(rec)
			if !reflect.DeepEqual(one, other) {
				t.Fatalf("%s:\n%+v\n%+v", rec.Raw, one, other)
			}
		}
	})
	if calls != 56838 || names != 42985 {
		t.Errorf("%d calls, %d names", calls, names)
	}
}

func TestCorpusCallsAgreeWithLookUps(t *testing.T) {
	eachLog(t, func(_ string, text []byte) {
		eachRecord(text, func(rec *record.Record) { agrees(t, rec) })
	})
}

// agrees compares what Read makes of a record, taken for each type that matters, with what package record finds field by field.
func agrees(t *testing.T, rec *record.Record) {
	t.Helper()
	for _, typ := range []string{"SYSCALL", "URINGOP", "PATH"} {
		alone := new(record.Record)
		alone.Parse([]byte(fmt.Sprintf("type=%s msg=audit(1.000:3): %s", typ, rec.Body)))
		ev := eventOf(`SYSCALL `)
		ev.Records = append(ev.Records[:0], *alone)
		if typ == "PATH" {
			ev = eventOf(`SYSCALL `)
			ev.Records = append(ev.Records, *alone)
		}
		var c Call
		if !c.Read(ev) {
			t.Fatalf("no call in %s", alone.Raw)
		}
		if typ == "PATH" {
			sameName(t, alone, &c.Names[0])
			continue
		}
		sameCall(t, alone, &c)
	}
}

func sameCall(t *testing.T, rec *record.Record, c *Call) {
	t.Helper()
	number := func(bit Has, got uint64, name string, f func(string) (uint64, bool), limit uint64) {
		want, ok := f(name)
		if ok = ok && want <= limit; !ok {
			want = 0
		}
		if got != want || c.Has&bit != 0 != ok {
			t.Fatalf("%s of %q: got %d (%v), want %d (%v)", name, rec.Raw, got, c.Has&bit != 0, want, ok)
		}
	}
	for name, f := range map[string]struct {
		bit Has
		got uint32
	}{"ppid": {HasPPID, c.PPID}, "pid": {HasPID, c.PID}, "auid": {HasAUID, c.AUID}, "uid": {HasUID, c.UID}, "gid": {HasGID, c.GID},
		"euid": {HasEUID, c.EUID}, "suid": {HasSUID, c.SUID}, "fsuid": {HasFSUID, c.FSUID}, "egid": {HasEGID, c.EGID},
		"sgid": {HasSGID, c.SGID}, "fsgid": {HasFSGID, c.FSGID}, "ses": {HasSes, c.Ses}} {
		number(f.bit, uint64(f.got), name, rec.Uint, math.MaxUint32)
	}
	number(HasItems, uint64(c.Items), "items", rec.Uint, math.MaxInt32)
	if !c.Uring {
		number(HasArch, uint64(c.Arch), "arch", rec.Hex, math.MaxUint32)
		number(HasPer, uint64(c.Per), "per", rec.Hex, math.MaxUint32)
		for n, name := range []string{"a0", "a1", "a2", "a3"} {
			number(HasA0<<n, c.A[n], name, rec.Hex, math.MaxUint64)
		}
	}
	if want, ok := rec.Int("exit"); c.Exit != want || c.Has&HasExit != 0 != ok {
		t.Fatalf("exit of %q: got %d, want %d %v", rec.Raw, c.Exit, want, ok)
	}
	name := map[bool]string{false: "syscall", true: "uring_op"}[c.Uring]
	want, ok := rec.Int(name)
	ok = ok && want >= math.MinInt32 && want <= math.MaxUint32
	if ok != (c.Has&HasSyscall != 0) || ok && c.Syscall != uint32(want) {
		t.Fatalf("%s of %q: got %d, want %d %v", name, rec.Raw, c.Syscall, want, ok)
	}
	success, _ := rec.Field("success")
	if (string(success) == "yes") != c.Success || (c.Has&HasSuccess != 0) != (string(success) == "yes" || string(success) == "no") {
		t.Fatalf("success of %q: got %v", rec.Raw, c.Success)
	}
	for name, f := range map[string]struct {
		bit Has
		got record.Value
	}{"tty": {HasTTY, c.TTY}, "comm": {HasComm, c.Comm}, "exe": {HasExe, c.Exe}, "subj": {HasSubj, c.Subj}, "key": {HasKey, c.Key}} {
		sameText(t, rec, name, f.got, c.Has&f.bit != 0)
	}
}

func sameText(t *testing.T, rec *record.Record, name string, got record.Value, has bool) {
	t.Helper()
	want, ok := rec.Value(name)
	if ok != has || !bytes.Equal(got.Text, want.Text) || got.Quote != want.Quote {
		t.Fatalf("%s of %q: got %q (%v), want %q (%v)", name, rec.Raw, got.Text, has, want.Text, ok)
	}
}

func sameName(t *testing.T, rec *record.Record, n *Name) {
	t.Helper()
	v, ok := rec.Value("name")
	if has := ok && !v.Null(); n.HasName != has || !bytes.Equal(n.Name.Text, v.Text) || n.Name.Quote != v.Quote {
		t.Fatalf("name of %q: got %q (%v)", rec.Raw, n.Name.Text, n.HasName)
	}
	small := func(n uint64, ok bool) uint64 {
		if !ok || n > math.MaxUint32 {
			return 0
		}
		return n
	}
	inode, ok := rec.Uint("inode")
	if !ok {
		inode = 0
	}
	obj, _ := rec.Field("obj")
	if n.HasInode != ok || n.Inode != inode || uint64(n.Mode) != small(rec.Oct("mode")) || uint64(n.OUID) != small(rec.Uint("ouid")) ||
		uint64(n.OGID) != small(rec.Uint("ogid")) || !bytes.Equal(n.Obj.Text, obj) {
		t.Fatalf("%q: got %+v", rec.Raw, n)
	}
	if text, ok := rec.Field("nametype"); ok && nameType(text) != n.Type {
		t.Fatalf("%q: got type %v", rec.Raw, n.Type)
	}
	for name, got := range map[string][2]uint32{"dev": {n.DevMajor, n.DevMinor}, "rdev": {n.RdevMajor, n.RdevMinor}} {
		if got == [2]uint32{} {
			continue
		}
		text, _ := rec.Field(name)
		major, minor, _ := strings.Cut(string(text), ":")
		var want [2]uint32
		fmt.Sscanf(major+" "+minor, "%x %x", &want[0], &want[1])
		if got != want {
			t.Fatalf("%s of %q: got %x", name, rec.Raw, got)
		}
	}
}

// FuzzCall: whatever a body holds, reading it in one pass finds what single look-ups find.
func FuzzCall(f *testing.F) {
	f.Add(strings.TrimPrefix(wholeSyscall, "SYSCALL "))
	f.Add(`item=1 name="/a" inode=7 dev=fd:00 mode=0100644 ouid=1 ogid=1 rdev=01:02 obj=x nametype=CREATE cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`)
	f.Add(`item=0 name=(null) nametype=UNKNOWN cap_fp=? inode=5`)
	f.Add(`comm="x key=1" exe="a msg='" subj=a b key=`)
	f.Add(`uring_op=18 success=yes exit=-0 items=2147483648 ppid=00000000000000000000007 pid= tty="" ses=5op=x`)
	f.Add(`tty=a"b exe="/x" subj='y' key='`)
	f.Fuzz(func(t *testing.T, body string) {
		if strings.ContainsAny(body, "\n") || len(body) > 4096 {
			return
		}
		rec := new(record.Record)
		rec.Parse([]byte("type=SYSCALL msg=audit(1.000:3): " + body))
		agrees(t, rec)
	})
}
