package policy

import (
	"math/rand/v2"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// What is low holds these, said once more in other words than the policy's.
var (
	plainPath = regexp.MustCompile(`^(/[A-Za-z0-9_+,@%~!#$&*();:<=>?^{|}\[\]` + "`" + `-][^/ ]*|/\.?[^./ ][^/ ]*)+$`)
	rootOnly  = regexp.MustCompile(`^(/usr(/local)?)?/(s?bin|lib|lib32|lib64|libx32|libexec)/`)
	badExe    = regexp.MustCompile(`/(ba|da|z|c|k|fi)?sh$|python|perl|ruby|/node|/php|/lua|/java|awk|busybox|/env$|/(tar|cp|cat|vi|vim|find|dd|curl|ssh|sudo|rsync|git)(\.[a-z]+)?$`)
	badPlace  = regexp.MustCompile(`^/(etc|usr|bin|sbin|lib|boot|root|home|tmp|proc|sys|dev)(/|$)|^/var/(tmp|www|spool|log)(/|$)|^/run/(user|systemd|lock)(/|$)|^/var/(lib|cache|opt)(/[^/]*)?$|^/(srv|opt)(/[^/]*)?$|^/[^/]*$`)
	badPart   = regexp.MustCompile(`/\.|cron|/s?bin(/|$)|/lib[0-9x]*(/|$)|html|docker|overlay`)
)

// mustHold says which invariant of a low change does not hold, "" where all do.
func mustHold(c *suggest.Change, of []*suggest.Behaviour) string {
	exe, dir, p := c.Cond("exe"), c.Cond("dir"), c.Cond("path")
	switch {
	case !plainPath.MatchString(exe) || path.Clean(exe) != exe || !rootOnly.MatchString(exe):
		return "the program is not in root's folders"
	case badExe.MatchString(exe):
		return "the program is an interpreter or a tool"
	case c.Cond("uid") == "" || len(c.Cond("uid")) > 3 && c.Cond("uid") != "65534":
		return "no service's user"
	case c.Cond("auid") == "" || len(c.Cond("auid")) == 4:
		return "people in a session"
	case len(c.Calls) == 0 || len(c.Calls[0].Names) == 0:
		return "no calls"
	case dir != "" && (!plainPath.MatchString(dir) || badPlace.MatchString(dir) || badPart.MatchString(strings.TrimPrefix(dir, "/var/lib"))):
		return "a folder that holds more"
	case p != "" && (!plainPath.MatchString(p) || strings.HasPrefix(p, "/etc")):
		return "a folder that holds more"
	}
	for _, name := range c.Calls[0].Names {
		switch {
		case strings.HasPrefix(name, "open") && (dir+p == "" || c.Cond("success") != "1"):
			return "opens anywhere, or failures"
		case regexp.MustCompile(`^(rename|link|symlink|exec|chmod|fchmod|chown|mount|init_module|ptrace|settime|bind|setns|bpf|kexec)`).MatchString(name):
			return "a call that is more"
		}
	}
	for _, b := range of {
		if b.ExeOwner.UID != 0 || b.ExeOwner.Writable || b.DirOwner.Writable && dir+p != "" || b.UID != b.EUID || strings.Contains(strings.TrimPrefix(b.Dir, dir), "/.") && dir != "" {
			return "what the log shows against it"
		}
	}
	return ""
}

// choices are parts of changes, good and bad.
var choices = map[string][]string{
	"exe": {postgres, "/usr/sbin/nginx", "/usr/local/bin/server", "/lib/x/y", "/usr/bin/bash", "/bin/sh", "/usr/bin/python3", "/usr/libexec/platform-python3.6", "/usr/bin/tar", "/tmp/x",
		"/home/a/x", "/opt/x/y", "/usr/bin/../x", "/usr/bin/a b", "/usr/bin/a\n", "/proc/1/root/usr/bin/x", "usr/bin/x", "", "/usr/share/x", "/var/lib/docker/overlay2/1/merged/bin/x"},
	"uid":  {"26", "33", "0", "999", "1000", "65534", "61200", "100000", "", "x", "4294967295"},
	"auid": {unset, unset, "26", "1000", "", "0"},
	"dir": {pgdata, pgdata + "/base", "/var/lib/mysql/shop", "/run/postgresql", "/srv/x/data", "/var/lib/postgresql", "/var/lib", "/", "/etc", "/etc/x", "/home/a/b", "/tmp/x", "/usr/lib/x",
		"/var/www/html/x", "/var/spool/x/y", "/var/lib/x/.ssh", "/var/lib/x/y/../z", "/var/lib/x/y z", "/var/lib/x/y\t", "/var/log/audit", "/proc/1", "", "", "/srv/x", "/opt/x/lib/y", "/data"},
	"path":      {"", "", "", "", pgdata + "/x", "/etc/shadow", "/run/docker.sock"},
	"success":   {"1", "1", "1", "0", ""},
	"saddr_fam": {"", "", "1", "2"},
	"calls":     {"openat", "open,openat", "connect", "adjtimex", "unlink", "rename", "execve", "openat,fchmodat", "init_module", "bind", "all", "", "437", "425,999"},
}

func randomChange(r *rand.Rand) (*suggest.Change, []*suggest.Behaviour) {
	pick := func(field string) string { // mostly what is good, so that one thing at a time is bad
		if list := choices[field]; r.IntN(3) == 0 {
			return list[r.IntN(len(list))]
		} else {
			return list[0]
		}
	}
	var conds []string
	for _, field := range []string{"auid", "uid", "success", "saddr_fam", "exe", "dir", "path"} {
		if v := pick(field); v != "" {
			conds = append(conds, field+"="+v)
		}
	}
	c := exit(append(conds, "calls="+pick("calls"))...)
	if c.Calls[0].Names[0] == "" {
		c.Calls = nil
	}
	b := seen(c.Cond("exe"), c.Cond("dir"), number(c.Cond("uid")))
	if r.IntN(4) == 0 {
		b.ExeOwner = suggest.Ownership{Seen: true, UID: uint32(r.IntN(2)) * 33, Writable: r.IntN(2) == 0}
	}
	if r.IntN(4) == 0 {
		b.DirOwner = suggest.Ownership{Seen: true, UID: uint32(r.IntN(2)) * 33, Writable: r.IntN(2) == 0}
	}
	if r.IntN(6) == 0 {
		b.Dir += "/.cache"
	}
	if r.IntN(6) == 0 {
		b.EUID = 0
	}
	nr, _ := names.SyscallNumber(names.ArchX86_64, "openat")
	b.Syscall = uint32(nr)
	return c, []*suggest.Behaviour{b}
}

func TestWhatIsLowHolds(t *testing.T) {
	p, low := New(nil), 0
	for seed := range uint64(40_000) {
		c, of := randomChange(rand.New(rand.NewPCG(seed, 1)))
		g := p.Grade(c, of)
		if g.Risk != suggest.Low {
			continue
		}
		low++
		if why := mustHold(c, of); why != "" {
			t.Fatalf("seed %d: %q is low: %s", seed, c.Lines(), why)
		}
	}
	if low < 400 {
		t.Errorf("%d of 40,000 are low", low)
	}
}

// No text of a log makes a grade panic, or low in a form that a rule cannot hold.
func FuzzGrade(f *testing.F) {
	f.Add(postgres, pgdata, "26", "openat")
	f.Add("/usr/bin/x\n-D", "//", "-1", "all")
	f.Fuzz(func(t *testing.T, exe, dir, uid, call string) {
		c := exit("auid="+unset, "uid="+uid, "success=1", "exe="+exe, "dir="+dir, "calls="+call)
		g := New(nil).Grade(c, []*suggest.Behaviour{seen(exe, dir, number(uid))})
		if g.Hide == "" || strings.ContainsAny(g.Hide+strings.Join(g.Reasons, "")+strings.Join(g.Assumes, ""), "\n\t\x1b\x01") {
			t.Fatalf("%q", g)
		}
		if g.Risk == suggest.Low && (inexact(exe) != "" || inexact(dir) != "" || strings.ContainsAny(call, " \n\t\"\\")) {
			t.Fatalf("low: %q", c.Lines())
		}
	})
}
