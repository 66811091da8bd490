package bench

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/scenarios"
)

// call writes one event of a process, as auditd would.
func call(serial int, syscall, pid, ppid int, exe, path string) string {
	id := fmt.Sprintf("msg=audit(1700000000.000:%d): ", serial)
	text := "type=SYSCALL " + id + fmt.Sprintf(`arch=c000003e syscall=%d success=no exit=-13 a0=0 a1=0 a2=0 a3=0 items=1 ppid=%d pid=%d auid=4294967295 uid=65534 gid=65534 euid=65534 suid=65534 fsuid=65534 egid=65534 sgid=65534 fsgid=65534 tty=(none) ses=4294967295 comm="x" exe=%s key=(null)`, syscall, ppid, pid, exe) + "\n"
	if path != "" {
		text += "type=PATH " + id + "item=0 name=" + path + " inode=1 dev=00:1 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n"
	}
	return text + "type=PROCTITLE " + id + "proctitle=\"x\"\n"
}

func TestSightings(t *testing.T) {
	const openat, execve, ptrace, connect = 257, 59, 101, 42
	for _, c := range []struct {
		what, log string
		want      string // canaries seen
	}{
		{"a path", call(10, openat, 7, 1, `"/x"`, `"/etc/shadow"`), "open-shadow"},
		{"a path in hex", call(10, openat, 7, 1, `"/x"`, "2F6574632F736861646F77"), "open-shadow"},
		{"another syscall on that path", call(10, execve, 7, 1, `"/x"`, `"/etc/shadow"`), ""},
		{"another path", call(10, openat, 7, 1, `"/x"`, `"/etc/passwd"`), "write-passwd"},
		{"another process", call(10, openat, 8, 1, `"/x"`, `"/etc/shadow"`), ""},
		{"a child", call(10, execve, 8, 7, `"/usr/bin/dash"`, `"/bin/sh"`), "shell"},
		{"a program by its exe", call(10, execve, 8, 7, `"/usr/bin/su"`, ""), "setuid-exec"},
		{"the folder of a file that may not be made", call(10, openat, 7, 1, `"/x"`, `"/etc/cron.d/"`), "write-cron"},
		{"no marker needed", call(10, ptrace, 7, 1, `"/x"`, ""), "ptrace"},
		{"PATH records kept out of the log", call(10, openat, 7, 1, `"/x"`, ""), ""},
		{"before the mark", call(4, ptrace, 7, 1, `"/x"`, ""), ""},
		{"behind the mark", call(21, ptrace, 7, 1, `"/x"`, ""), ""},
		{"two of them", call(10, connect, 7, 1, `"/x"`, "") + call(11, ptrace, 7, 1, `"/x"`, ""), "connect ptrace"},
	} {
		seen, err := sightings(strings.NewReader(c.log), region{firstSerial: 5, lastSerial: 20, pids: []int{7}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, k := range []string{"open-shadow", "shell", "setuid-exec", "write-passwd", "write-cron", "connect", "ptrace"} {
			if seen[k] > 0 {
				got = append(got, k)
			}
		}
		if strings.Join(got, " ") != c.want || len(got) != len(seen) {
			t.Errorf("%s: seen %v, want %q", c.what, seen, c.want)
		}
	}
}

// canaryRunner is a fake machine on which the canaries make events of two of them, the one only where rules are loaded that record it.
func canaryRunner(t *testing.T) (*Runner, *fakeMachine) {
	r, m, _ := fakeRunner(t, 1)
	r.Plan.Canaries = true
	m.onRun = func(m *fakeMachine, kind string) error {
		if kind == scenarios.CanaryName {
			m.serial += 2
			m.write(call(m.serial-1, 101, 7, 1, `"/x"`, "") + call(m.serial, 257, 7, 1, `"/x"`, `"/etc/shadow"`))
		}
		return nil
	}
	return r, m
}

func TestCanariesUnderEverySetOfItsOwn(t *testing.T) {
	r, m := canaryRunner(t)
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]int{}
	for _, c := range run.Canaries {
		by[c.Arm+" "+c.Session+" "+c.By]++
		if want := uint64(0); c.Events != want && c.Name != "ptrace" && c.Name != "open-shadow" {
			t.Errorf("%+v: nobody made it", c)
		}
		if (c.Name == "ptrace" || c.Name == "open-shadow") && c.Events != 1 {
			t.Errorf("%+v: one event of it is in the log", c)
		}
	}
	all := len(scenarios.Canaries())
	if by["a service canaries"] != all || by["a login canaries"] != all || by["a  s1"] == 0 || by["a  s1"] >= all || len(by) != 4 {
		t.Errorf("%v: want %d of a service and of a login, and fewer as each workload, of arm a only", by, all)
	}
	if !contains(m.log, "start canaries marked=false rules=1") {
		t.Errorf("not started under the set: %q", m.log)
	}
}

func TestCanariesOfAPassThatLostRecordsSayNothing(t *testing.T) {
	r, m := canaryRunner(t)
	m.onRun = func(m *fakeMachine, kind string) error {
		if kind == scenarios.CanaryName {
			m.lost += 3
		}
		return nil
	}
	if _, err := r.Run(context.Background()); err == nil || !strings.Contains(err.Error(), "3 records were lost") {
		t.Errorf("%v", err)
	}
}
