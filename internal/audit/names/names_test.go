package names

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestSyscall(t *testing.T) {
	for _, c := range []struct {
		arch uint32
		nr   int
		name string
	}{
		{ArchX86_64, 0, "read"}, {ArchX86_64, 17, "pread"}, {ArchX86_64, 59, "execve"}, {ArchX86_64, 87, "unlink"},
		{ArchX86_64, 257, "openat"}, {ArchX86_64, 262, "newfstatat"}, {ArchX86_64, 452, "fchmodat2"}, {ArchX86_64, 463, "setxattrat"},
		{ArchI386, 87, "swapon"}, {ArchI386, 102, "socketcall"}, {ArchI386, 180, "pread64"}, {ArchI386, 11, "execve"},
		{ArchAArch64, 0, "io_setup"}, {ArchAArch64, 56, "openat"}, {ArchAArch64, 79, "newfstatat"}, {ArchAArch64, 221, "execve"},
		{ArchARM, 11, "execve"}, {ArchARM, 341, "sync_file_range"}, {ArchARM, 90, "mmap"},
	} {
		if got, ok := Syscall(c.arch, c.nr); !ok || got != c.name {
			t.Errorf("Syscall(%#x, %d) = %q, %v; want %q", c.arch, c.nr, got, ok, c.name)
		}
		if got, ok := SyscallNumber(c.arch, c.name); !ok || got != c.nr {
			t.Errorf("SyscallNumber(%#x, %q) = %d, %v; want %d", c.arch, c.name, got, ok, c.nr)
		}
	}
}

func TestSyscallUnknown(t *testing.T) {
	for _, nr := range []int{-1, 1 << 30, 100000, 0x40000000 + 59} {
		if got, ok := Syscall(ArchX86_64, nr); ok {
			t.Errorf("Syscall(x86_64, %d) = %q, want none", nr, got)
		}
	}
	if got, ok := Syscall(0x12345678, 0); ok {
		t.Errorf("syscall of an unknown machine = %q, want none", got)
	}
	if nr, ok := SyscallNumber(ArchX86_64, "socketcall"); ok {
		t.Errorf("socketcall on x86_64 = %d, want none", nr)
	}
	if nr, ok := SyscallNumber(1, "open"); ok {
		t.Errorf("open on an unknown machine = %d, want none", nr)
	}
}

func TestArch(t *testing.T) {
	for _, c := range []struct {
		arch uint32
		name string
	}{{ArchX86_64, "x86_64"}, {ArchI386, "i386"}, {ArchAArch64, "aarch64"}, {ArchARM, "arm"}, {0xc00000f3, "riscv64"}, {0x80000016, "s390x"}} {
		if got, ok := Arch(c.arch); !ok || got != c.name {
			t.Errorf("Arch(%#x) = %q, %v; want %q", c.arch, got, ok, c.name)
		}
		if got, ok := ArchNumber(strings.ToUpper(c.name)); !ok || got != c.arch {
			t.Errorf("ArchNumber(%q) = %#x, %v; want %#x", c.name, got, ok, c.arch)
		}
	}
	if got, ok := ArchNumber("i686"); !ok || got != ArchI386 {
		t.Errorf("ArchNumber(i686) = %#x, %v", got, ok)
	}
	if got, ok := ArchNumber("b64"); ok {
		t.Errorf("ArchNumber(b64) = %#x: it depends on the machine", got)
	}
	if got, ok := ArchHex("c000003e"); !ok || got != ArchX86_64 {
		t.Errorf("ArchHex(c000003e) = %#x, %v", got, ok)
	}
	if got, ok := ArchHex("1c000003e"); ok {
		t.Errorf("ArchHex of 33 bits = %#x, want none", got)
	}
}

func TestArchBits(t *testing.T) {
	for _, c := range []struct {
		native uint32
		word   string
		want   uint32
		ok     bool
	}{
		{ArchX86_64, "b64", ArchX86_64, true}, {ArchX86_64, "B32", ArchI386, true}, {ArchAArch64, "b32", ArchARM, true},
		{ArchARM, "b32", ArchARM, true}, {ArchARM, "b64", 0, false}, {ArchX86_64, "b16", 0, false}, {0xc00000f3, "b32", 0, false},
	} {
		if got, ok := ArchBits(c.native, c.word); ok != c.ok || ok && got != c.want {
			t.Errorf("ArchBits(%#x, %q) = %#x, %v; want %#x, %v", c.native, c.word, got, ok, c.want, c.ok)
		}
	}
}

func TestRecordType(t *testing.T) {
	for nr, name := range map[int]string{
		1005: "USER", 1006: "LOGIN", 1100: "USER_AUTH", 1138: "SOFTWARE_UPDATE", 1200: "DAEMON_START", 1205: "DAEMON_ROTATE",
		1300: "SYSCALL", 1302: "PATH", 1305: "CONFIG_CHANGE", 1307: "CWD", 1309: "EXECVE", 1320: "EOE", 1327: "PROCTITLE",
		1334: "BPF", 1336: "URINGOP", 1337: "OPENAT2", 1400: "AVC", 1420: "IPE_ACCESS", 1423: "LANDLOCK_ACCESS",
		1425: "MAC_TASK_CONTEXTS", 1503: "APPARMOR_DENIED", 1701: "ANOM_ABEND", 2000: "KERNEL", 2100: "ANOM_LOGIN_FAILURES",
		2404: "CRYPTO_KEY_USER", 2507: "VIRT_MIGRATE_OUT", 1399: "UNKNOWN[1399]",
	} {
		if got := RecordType(nr); got != name {
			t.Errorf("RecordType(%d) = %q, want %q", nr, got, name)
		}
		if got, ok := RecordTypeNumber(name); !ok || got != nr {
			t.Errorf("RecordTypeNumber(%q) = %d, %v; want %d", name, got, ok, nr)
		}
	}
	for _, bad := range []string{"", "1300", "syscall", "UNKNOWN[]", "UNKNOWN[-1]", "UNKNOWN[+1]", "UNKNOWN[1", "UNKNOWN[65536]", "UNKNOWN[99999999999999999999]"} {
		if got, ok := RecordTypeNumber(bad); ok {
			t.Errorf("RecordTypeNumber(%q) = %d, want none", bad, got)
		}
	}
}

func TestFieldAndErrno(t *testing.T) {
	for nr, name := range map[uint32]string{0: "pid", 9: "auid", 11: "arch", 26: "fstype", 105: "path", 112: "exe", 113: "saddr_fam", 203: "a3", 210: "key"} {
		if got, ok := Field(nr); !ok || got != name {
			t.Errorf("Field(%d) = %q, %v; want %q", nr, got, ok, name)
		}
		if got, ok := FieldNumber(strings.ToUpper(name)); !ok || got != nr {
			t.Errorf("FieldNumber(%q) = %d, %v; want %d", name, got, ok, nr)
		}
	}
	if got, ok := FieldNumber("loginuid"); !ok || got != 9 {
		t.Errorf("FieldNumber(loginuid) = %d, %v", got, ok)
	}
	if got, ok := FieldNumber("comm"); ok {
		t.Errorf("comm is a field: %d", got)
	}
	if n := len(Fields()); n != 46 {
		t.Errorf("%d field names, libaudit has 46", n)
	}
	for nr, name := range map[int]string{1: "EPERM", 2: "ENOENT", 11: "EAGAIN", 13: "EACCES", 35: "EDEADLK", 95: "EOPNOTSUPP", 133: "EHWPOISON"} {
		if got, ok := Errno(nr); !ok || got != name {
			t.Errorf("Errno(%d) = %q, %v; want %q", nr, got, ok, name)
		}
	}
	if got, ok := ErrnoNumber("ewouldblock"); !ok || got != 11 {
		t.Errorf("ErrnoNumber(ewouldblock) = %d, %v", got, ok)
	}
	if got, ok := ErrnoNumber("ENOSUCH"); ok {
		t.Errorf("ErrnoNumber(ENOSUCH) = %d, want none", got)
	}
}

// Every name leads back to its number, and the tables are sorted: nameOf searches them by halves.
func TestTablesHold(t *testing.T) {
	for name, table := range map[string][]entry{
		"x86_64": syscallsX86_64, "i386": syscallsI386, "aarch64": syscallsAArch64, "arm": syscallsARM,
		"record types": recordTypes, "fields": fields, "arches": arches, "errnos": errnos,
	} {
		byName := index(table)()
		if len(table) < 40 || len(byName) != len(table) {
			t.Errorf("%s: %d lines, %d names", name, len(table), len(byName))
		}
		for i, e := range table {
			if i > 0 && e.nr < table[i-1].nr {
				t.Errorf("%s: %d stands after %d", name, e.nr, table[i-1].nr)
			}
		}
	}
}

// The committed tables are what the generator writes from the pinned x/sys.
func TestNoDrift(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys").Output()
	if err != nil || strings.TrimSpace(string(dir)) == "" {
		t.Skip("the source of golang.org/x/sys is missing: go mod download golang.org/x/sys")
	}
	again := filepath.Join(t.TempDir(), "ztables.go")
	if out, err := exec.Command("go", "run", "gen.go", "-o", again).CombinedOutput(); err != nil {
		t.Fatalf("go run gen.go: %v\n%s", err, out)
	}
	want, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("ztables.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("ztables.go is not what gen.go writes: run go generate ./internal/audit/names")
	}
}

func TestPartOfCall(t *testing.T) {
	last := uint32(0)
	for nr := range uint32(MaxRecordType) {
		if PartOfCall(nr) {
			last = nr
		}
	}
	if last != LastPartOfCall {
		t.Errorf("the last is %d, said to be %d", last, LastPartOfCall)
	}
	for name, want := range map[string]bool{"SYSCALL": true, "PATH": true, "OPENAT2": true, "URINGOP": true, "EOE": true,
		"AVC": false, "LOGIN": false, "CONFIG_CHANGE": false, "SECCOMP": false, "BPF": false, "NETFILTER_CFG": false, "USER_CMD": false, "DAEMON_START": false} {
		nr, ok := RecordTypeNumber(name)
		if !ok || PartOfCall(uint32(nr)) != want {
			t.Errorf("%s: %v, want %v", name, PartOfCall(uint32(nr)), want)
		}
	}
}
