package analyze

import (
	"slices"
	"testing"
)

// family is a log of processes, each with its parent, exe and comm.
type family struct {
	*processes
	exes map[string]uint32
}

func (f *family) sees(pid, ppid uint32, exe, comm string) Chain {
	if f.exes[exe] == 0 {
		f.exes[exe] = uint32(len(f.exes) + pinned)
	}
	r := Row{PID: pid, PPID: ppid, Has: HasPID | HasPPID | HasExe, Exe: quoted(exe), Comm: quoted(comm)}
	return f.chain(f.startedBy(&r, 1, []byte(exe), f.exes[exe]))
}

func TestStartedBy(t *testing.T) {
	f := &family{newProcesses(100, 100), map[string]uint32{}}
	for _, c := range []struct {
		name      string
		pid, ppid uint32
		exe, comm string
		want      string
	}{
		{"by a process of which nothing is known", 10, 9, "/usr/bin/dash", "sh", "unknown"},
		{"by process 1", 100, 1, "/usr/sbin/sshd", "sshd", "init"},
		{"a child of it", 101, 100, "/usr/bin/bash", "bash", "/usr/sbin/sshd"},
		{"a script", 102, 101, "/usr/bin/bash", "backup.sh", "/usr/sbin/sshd > /usr/bin/bash"},
		{"what the script runs", 103, 102, "/usr/bin/tar", "tar", "/usr/sbin/sshd > /usr/bin/bash > /usr/bin/bash (backup.sh)"},
		{"another script of the same shell", 102, 101, "/usr/bin/bash", "clean.sh", "/usr/sbin/sshd > /usr/bin/bash"},
		{"what that runs", 104, 102, "/usr/bin/rm", "rm", "/usr/sbin/sshd > /usr/bin/bash > /usr/bin/bash (clean.sh)"},
		{"a shell of a shell", 105, 101, "/usr/bin/bash", "bash", "/usr/sbin/sshd > /usr/bin/bash"},
		{"and its child", 106, 105, "/usr/bin/make", "make", "/usr/sbin/sshd > /usr/bin/bash"},
		{"whose parent ends", 106, 1, "/usr/bin/make", "make", "/usr/sbin/sshd > /usr/bin/bash"},
		{"a child of a process with an unknown parent", 11, 10, "/usr/bin/id", "id", "... > /usr/bin/dash"},
	} {
		if got := f.sees(c.pid, c.ppid, c.exe, c.comm).String(); got != c.want {
			t.Errorf("%s: started by %q, want %q", c.name, got, c.want)
		}
	}
}

// A chain holds its last six programs, and says that there were more.
func TestLongChainsAreCut(t *testing.T) {
	f := &family{newProcesses(100, 100), map[string]uint32{}}
	parent := uint32(1)
	var last Chain
	for i := range uint32(10) {
		last = f.sees(100+i, parent, "/bin/p"+string(rune('0'+i)), "p")
		parent = 100 + i
	}
	if want := []string{"/bin/p3", "/bin/p4", "/bin/p5", "/bin/p6", "/bin/p7", "/bin/p8"}; !slices.Equal(last.Programs, want) || last.Whole {
		t.Errorf("%+v, want %v", last, want)
	}
}
