package match

import (
	"testing"

	"github.com/auditprof/auditprof/internal/audit/names"
)

func TestPermClasses(t *testing.T) {
	const fchmodat2, stat = 452, 4
	for _, c := range []struct {
		arch        uint32
		kernel      Version
		nr          uint32
		sure, maybe uint8
	}{
		{names.ArchX86_64, Version{6, 18, 44}, nrChmod, permAttr, 0},
		{names.ArchX86_64, Version{6, 18, 44}, 86, permWrite | permAttr, 0}, // link
		{names.ArchX86_64, Version{6, 18, 44}, 179, permRead | permWrite, 0},
		{names.ArchX86_64, Version{6, 18, 44}, nrExecve, permExec, 0}, {names.ArchX86_64, Version{6, 18, 44}, 322, permExec, 0},
		{names.ArchX86_64, Version{6, 18, 44}, 0, 0, 0},
		{names.ArchX86_64, Version{6, 18, 44}, fchmodat2, permAttr, 0}, {names.ArchX86_64, Version{6, 6, 30}, fchmodat2, 0, permAttr},
		{names.ArchX86_64, Version{5, 10, 223}, fchmodat2, 0, 0}, {names.ArchX86_64, Version{6, 1, 192}, fchmodat2, permAttr, 0},
		{names.ArchX86_64, Version{7, 0, 0}, fchmodat2, permAttr, 0}, {names.ArchX86_64, Version{}, fchmodat2, 0, permAttr},
		{names.ArchX86_64, Version{6, 18, 44}, stat, 0, 0}, {names.ArchX86_64, Version{7, 3, 4}, stat, permRead, 0},
		{names.ArchX86_64, Version{7, 0, 0}, stat, 0, permRead}, {names.ArchX86_64, Version{}, stat, 0, permRead},
		{names.ArchX86_64, Version{5, 15, 0}, nrOpenat2, 0, 0}, {names.ArchX86_64, Version{5, 14, 0}, nrOpenat2, 0, permRead | permWrite}, // Red Hat's
		{names.ArchI386, Version{6, 18, 44}, 212, permAttr, 0},                                                    // chown32
		{names.ArchARM, Version{6, 18, 44}, 387, 0, 0}, {names.ArchAArch64, Version{6, 18, 44}, 281, permExec, 0}, // execveat
	} {
		got := newPermTable(c.arch, c.kernel)[c.nr]
		if got.sure != c.sure || got.maybe != c.maybe {
			t.Errorf("%x on %v, call %d: %+v, want %d and maybe %d", c.arch, c.kernel, c.nr, got, c.sure, c.maybe)
		}
	}
}

// TestKernelsDiffer is what depends on the version of the kernel.
func TestKernelsDiffer(t *testing.T) {
	for _, c := range []struct {
		kernel Version
		rule   string
		call   call
		want   string
	}{
		{Version{5, 10, 0}, "-a always,exit -S openat -F success=1", call{}, "0"},
		{Version{5, 16, 0}, "-a always,exit -S openat -F success=1", call{}, "1"},
		{Version{5, 18, 3}, "-a always,exit -S openat -F exit!=7", call{}, "1"},
		{Version{5, 19, 8}, "-a always,exit -S openat -F success=1", call{}, "[0 1]"},
		{Version{6, 0, 0}, "-a always,exit -S openat -F success=1", call{}, "0"},
		{Version{}, "-a always,exit -S openat -F success=1", call{}, "0"},
		{Version{5, 15, 9}, "-a always,exit -S openat -F saddr_fam=2", call{}, "[0 1]"},
		{Version{5, 16, 0}, "-a always,exit -S openat -F saddr_fam=2", call{}, "1"},
	} {
		c.call.nr = nrOpenat
		m := matcherOf(t, Host{Kernel: c.kernel}, c.rule, "-a always,exit -S all")
		if got := who(m.Judge(nil).Decide(c.call.read(t))); got != c.want {
			t.Errorf("%v, %s: %s, want %s", c.kernel, c.rule, got, c.want)
		}
	}
}
