package detect

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Few values, so that random events, rules and conditions meet.
var (
	someExes  = []string{"/usr/lib/pg/bin/postgres", "/usr/bin/bash", "/usr/bin/chmod", "/tmp/x", "/bin/sh"}
	someUsers = []uint32{0, 26, 1000}
	someLogin = []uint32{unset, 0, 1000}
	someDirs  = []string{"/var/lib/pg/main", "/var/lib/pg", "/etc", "/etc/cron.d", "/tmp", "/root", "/root/.ssh", "/var/run", "/run/x"}
	someNames = []string{"/var/lib/pg/main/1", "/var/lib/pg/.ssh/id", "/etc/passwd", "/etc/cron.d/x", "/tmp/x", "/tmp/.h", "/root/.ssh/authorized_keys",
		"/var/run/x/s", "/run/x/s", "x", ".ssh/id", "../etc/passwd", "/etc/./passwd", "/var/lib/pg/main", "/var/log/messages", "/bin/sh", "/etc/a.conf"}
	someCwds  = []string{"/var/lib/pg/main", "/etc/cron.d", "/root", "/"}
	someCalls = []string{"open", "openat", "openat2", "unlink", "unlinkat", "rename", "symlink", "link", "chmod", "fchmodat", "fchmod", "mkdir", "connect",
		"bind", "execve", "setuid", "adjtimex", "clock_settime", "mount", "ptrace", "setxattr", "creat", "truncate", "stat"}
	someTypes = []string{"USER_CMD", "USER_AUTH", "CRED_ACQ", "SERVICE_STOP", "ADD_USER"}
)

func one[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// happening is a random event, written with any key.
type happening struct {
	arch    uint32
	call    string // "" is a message
	message string
	lines   []string // but the first
	main    string   // of SYSCALL, up to its key
}

func (h *happening) text(key string) string {
	if h.call == "" {
		return h.main
	}
	return strings.Join(append([]string{h.main + "key=" + key}, h.lines...), "\n") + "\n"
}

const stamp = "msg=audit(1700000000.000:77): "

func happen(rng *rand.Rand) *happening {
	if rng.IntN(8) == 0 {
		h := &happening{message: one(rng, someTypes)}
		h.main = fmt.Sprintf("type=%s %spid=9 uid=%d auid=%d ses=1 msg='op=x acct=\"root\" exe=%q hostname=? res=success'\n", h.message, stamp,
			one(rng, someUsers), one(rng, someLogin), one(rng, someExes))
		return h
	}
	h := &happening{arch: names.ArchX86_64, call: one(rng, someCalls)}
	nr, ok := names.SyscallNumber(h.arch, h.call)
	if rng.IntN(6) == 0 {
		if n, has := names.SyscallNumber(names.ArchI386, h.call); has {
			h.arch, nr, ok = names.ArchI386, n, true
		}
	}
	if !ok {
		panic(h.call)
	}
	files := h.names(rng)
	a := h.arguments(rng)
	success, exit := "yes", "0"
	if rng.IntN(3) == 0 {
		success, exit = "no", "-13"
	}
	uid := one(rng, someUsers)
	euid := uid
	if rng.IntN(4) == 0 {
		euid = one(rng, someUsers)
	}
	h.main = fmt.Sprintf("type=SYSCALL %sarch=%x syscall=%d success=%s exit=%s a0=%x a1=%x a2=%x a3=%x items=%d ppid=1 pid=9 auid=%d uid=%d gid=0 euid=%d "+
		"suid=%d fsuid=%d egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=%q exe=%s ", stamp, h.arch, nr, success, exit, a[0], a[1], a[2], a[3], len(files),
		one(rng, someLogin), uid, euid, euid, euid, one(rng, []string{"bash", "postgres"}), record.EncodeUntrusted(one(rng, someExes)))
	h.auxiliary(rng, files)
	return h
}

// names are the files of a call, one or two.
func (h *happening) names(rng *rand.Rand) []string {
	switch h.call {
	case "rename", "symlink", "link", "mount":
		return []string{one(rng, someNames), one(rng, someNames)}
	case "execve":
		return []string{one(rng, someNames), "/lib64/ld-linux-x86-64.so.2"}
	case "setuid", "adjtimex", "clock_settime", "ptrace", "connect", "fchmod":
		return nil
	}
	return []string{one(rng, someNames)}
}

func (h *happening) arguments(rng *rand.Rand) [4]uint32 {
	a := [4]uint32{rng.Uint32N(3000), one(rng, []uint32{0, 1, 2, 0o1000, 0o101, 0o4755, 0o644, 0x1ff}), one(rng, []uint32{0, 1, 0o2755, 0o644, 0o1001}), 0}
	if strings.HasSuffix(h.call, "at") || h.call == "openat2" {
		a[0] = atCwd
		if rng.IntN(5) == 0 {
			a[0] = 4
		}
	}
	return a
}

func (h *happening) auxiliary(rng *rand.Rand, files []string) {
	add := func(format string, args ...any) { h.lines = append(h.lines, fmt.Sprintf(format, args...)) }
	switch h.call {
	case "execve":
		add("type=EXECVE %sargc=2 a0=\"x\" a1=%s", stamp, record.EncodeUntrusted(one(rng, []string{"-c", "main", "a b"})))
	case "bind": // of these only one of the family unix names a file
		add("type=SOCKADDR %ssaddr=01002F72756E2F782F7300", stamp)
	case "connect":
		add("type=SOCKADDR %ssaddr=%s", stamp, one(rng, []string{"0200115C0A000001" + "0000000000000000", "02002329C0000201" + "0000000000000000",
			"01002F72756E2F782F7300", "0A00115C00000000" + "20010DB8000000000000000000000001" + "00000000"}))
	case "openat2":
		add("type=OPENAT2 %soflag=0%o mode=0 resolve=0x0", stamp, one(rng, []uint32{0, 1, 2, 0o101}))
	}
	if len(files) > 0 {
		add("type=CWD %scwd=%q", stamp, one(rng, someCwds))
	}
	for i, f := range files {
		add("type=PATH %sitem=%d name=%s inode=%d dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=%s", stamp, i, record.EncodeUntrusted(f),
			rng.IntN(1<<30)+10, one(rng, []string{"NORMAL", "CREATE", "DELETE"}))
	}
	add("type=PROCTITLE %sproctitle=\"x\"", stamp)
}

// readEvent reads the lines of one event; the call is nil where it has none.
func readEvent(t testing.TB, text string) (*event.Event, *event.Call) {
	t.Helper()
	asm := event.NewAssembler(event.Options{})
	for line := range strings.Lines(text) {
		var rec record.Record
		rec.Parse([]byte(strings.TrimSuffix(line, "\n")))
		if !asm.Push(&rec) {
			t.Fatalf("%s: %s", rec.Bad, line)
		}
	}
	asm.Flush()
	out := asm.Take()
	if out == nil || asm.Next() != nil {
		t.Fatalf("not one event in %q", text)
	}
	c := new(event.Call)
	if !c.Read(out) {
		return out, nil
	}
	return out, c
}

// wire compiles a rule as auditctl 3.0 would. Paths of -w that are in someDirs are directories.
func wire(t testing.TB, line string) match.Rule {
	t.Helper()
	set, err := rule.ParseFile("rules", strings.NewReader(line+"\n"))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	r := set.Rules()[0]
	w, _, err := rule.Compile(r, rule.Env{Machine: names.ArchX86_64, Dialect: rule.Dialect3_0, IsDir: func(p string) bool {
		for _, d := range someDirs {
			if p == d {
				return true
			}
		}
		return false
	}})
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return match.Rule{Pos: r.Pos, Text: line, Forms: []rule.Wire{w}}
}
