package detect

import (
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// TestOtherMachines: names of calls mean what they do on the host of the log.
func TestOtherMachines(t *testing.T) {
	const line = "type=SYSCALL msg=audit(1.000:5): arch=c00000b7 syscall=105 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=9 auid=0 uid=0 gid=0 " +
		"euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"kmod\" exe=\"/usr/bin/kmod\" key=\"modules\"\n"
	row := rowsOf(t, []byte(line))[0]
	for machine, want := range map[uint32]bool{names.ArchAArch64: true, names.ArchX86_64: false} {
		if got := New(Host{Machine: machine}, nil, Builtin(Host{Machine: machine})).Wanted(row); got != want {
			t.Errorf("init_module of aarch64 on %x: %v", machine, got)
		}
	}
	host := Host{Machine: names.ArchAArch64}
	set := New(host, nil, Builtin(host))
	for calls, want := range map[string]bool{"init_module": true, "openat": false} {
		c := never(calls, "exe=/usr/bin/x", "uid=5", "auid=4294967295", "dir=/data/x")
		if got := len(set.Losses(c)) > 0; got != want {
			t.Errorf("%s on aarch64 loses something: %v", calls, got)
		}
	}
	c := never("connect", "uid=5")
	c.Calls = append(c.Calls, suggest.Calls{Arch: "b32", Names: []string{"init_module"}})
	if len(set.Losses(c)) != 1 {
		t.Error("the 32-bit rule of a change is not looked at")
	}
}
