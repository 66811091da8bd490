package detect

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// TestKeepErrors: every error has its place, says what is wrong, and what is legal.
func TestKeepErrors(t *testing.T) {
	host := Host{User: func(name string) (uint32, bool) { return 33, name == "www-data" }}
	for _, c := range []struct{ text, want string }{
		{"", "k:1:1: nothing in it: give a list of conditions"},
		{"# only a comment\n", "k:1:1: nothing in it"},
		{"name: x\nexe: /x\n", "k:1:1: this is a mapping, and should be a list of conditions"},
		{"[]\n", "k:1:1: this is an empty list"},
		{"- exe: /x\n", "k:1:3: a condition has no name"},
		{"- name: x\n", "k:1:3: a condition without a field is every event"},
		{"- name: x\n  exe: /x\n  size: 3\n", "k:3:3: size is no field: there are name, about, mitre, any, exe, comm"},
		{"- name: x\n  exe: /x\n  exe: /y\n", "k:3:3: exe is here a second time, the first is in line 2"},
		{"- name: x\n  exe: /x\n- name: x\n  exe: /y\n", "k:3:3: the name x is that of line 1"},
		{"- name: x\n  exe: []\n", "k:2:8: exe is an empty list"},
		{"- name: x\n  exe: {a: b}\n", "k:2:8: exe takes a value or a list of values, this is a mapping"},
		{"- name: x\n  exe:\n", "k:2:7: exe takes a value or a list of values, this is nothing"},
		{"- name: x\n  exe: [/a, [b]]\n", "k:2:13: exe takes a value or a list of values, this is a list"},
		{"- name: [x]\n  exe: /x\n", "k:1:9: name takes a text"},
		{"- name: x\n  exe: bash\n", `k:2:8: exe: "bash" is no pattern of absolute names: begin it with /`},
		{"- name: x\n  path: /etc/\n", `k:2:9: path: "/etc/" ends with a slash or holds a NUL, which no name does: for all below a directory write "/etc/**"`},
		{"- name: x\n  syscall: opn\n", `k:2:12: syscall: "opn" is no system call`},
		{"- name: x\n  access: rw\n", `k:2:11: access: "rw" is none: there are read, write, attr, exec and delete`},
		{"- name: x\n  user: nobodyknows\n", `k:2:9: user: nobody knows the number of user "nobodyknows": give the number, or a snapshot`},
		{"- name: x\n  uid: 10-5\n", `k:2:8: uid: "10-5" is neither a number from 0 to 4294967295 nor a range`},
		{"- name: x\n  uid: 4294967296\n", `"4294967296" is neither a number`},
		{"- name: x\n  success: maybe\n", `k:2:12: success: "maybe" is neither true nor false`},
		{"- name: x\n  type: FOO\n", `k:2:9: type: "FOO" is no record type`},
		{"- name: x\n  a1: \"&0\"\n", `k:2:7: a1: "&0" is no set of bits`},
		{"- name: x\n  a1: x\n", `k:2:7: a1: "x" is neither a number`},
		{"- name: x\n  family: ipx\n", `k:2:11: family: "ipx" is no address family: give unix, inet, inet6 or a number`},
		{"- name: x\n  port: 70000\n", `k:2:9: port: "70000" is neither a number from 0 to 65535`},
		{"- name: x\n  address: example.org\n", `k:2:12: address: "example.org" is neither an address nor a network`},
		{"- name: x\n  mitre: 1548\n  exe: /x\n", "k:2:10: mitre: 1548 is no technique such as T1548"},
		{"- name: x\n  any: []\n", "k:2:8: any takes a list of conditions, this is an empty list"},
		{"- name: x\n  any:\n  - exe: bash\n", `k:3:10: exe: "bash" is no pattern`},
		{"- name: x\n  any:\n  - name: y\n", "k:3:5: name is no field"},
		{"- name: x\n  any: [x]\n", "k:2:9: any takes a list of conditions with fields"},
		{"- name: x\n  exe: &a /x\n- name: y\n  exe: *a\n", "k:4:8: *a is an alias"},
		{"- a: &a [x,x,x,x]\n- b: &b [*a,*a,*a,*a]\n", "k:2:10: *a is an alias"},
		{"- name: x\n  exe: /x\n---\n- name: y\n", "k:4:1: a second document"},
		{"- name: \"x\n", "k:2: not YAML: found unexpected end of stream"},
		{"- name: x\n   exe: /x\n", "k:2: not YAML:"},
		{"- name: x\n  path: **/y\n", "not YAML:"},
		{"\x00\x01\x02", "k: not YAML: control characters"},
		{"- ? [a, b]\n  : c\n", "k:1:5: a field's name is a list"},
		{strings.Repeat("x", maxFileBytes+1), "k: more than 1048576 bytes"},
		{"type=SYSCALL msg=audit(1700000000.123:2): a\nhello\n", "k:2:1: no audit header: give lines"},
		{"type=SYSCALL msg=audit(02/03/26 10:00:00.1:2): a\n", "k:1:1: "},
	} {
		_, err := ReadKeep("k", strings.NewReader(c.text), host)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%.60q\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestKeepOfConditions(t *testing.T) {
	host := Host{User: func(name string) (uint32, bool) { return 33, name == "www-data" }}
	k, err := ReadKeep("k.yaml", strings.NewReader(`
# what we must still see
- name: the web server runs a program
  mitre: T1505.003
  user: www-data
  syscall: [execve, execveat]
- name: a key
  any:
    - path: [~/.ssh/authorized_keys, "/var/run/app/*"]
      access: write
    - key: ssh
`), host)
	if err != nil {
		t.Fatal(err)
	}
	if len(k.Detections) != 2 || len(k.Events) != 0 || k.Detections[0].Place() != "k.yaml:3" || k.Detections[0].Mitre != "T1505.003" || !k.Detections[0].Hard() {
		t.Fatalf("%+v", k)
	}
	if got := strings.Join(k.Detections[1].Conditions(), "; "); got != "path ~/.ssh/authorized_keys or /var/run/app/*, access write; key ssh" {
		t.Error(got)
	}
	for text, want := range map[string]bool{
		`type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=9 auid=33 uid=0 gid=0 euid=0 exe="/usr/bin/id" key=(null)`:                           true,
		`type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=2 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=9 auid=33 uid=0 gid=0 euid=0 exe="/usr/bin/id" key=737368016B32`:                      true,
		`type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=2 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=9 auid=33 uid=0 gid=0 euid=0 exe="/usr/bin/id" key="sshd"`:                            false,
		"type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=87 items=1 key=(null)\ntype=CWD msg=audit(1.000:5): cwd=\"/var/run\"\ntype=PATH msg=audit(1.000:5): item=0 name=\"app/./x\" nametype=DELETE":      true,
		"type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=87 items=1 key=(null)\ntype=CWD msg=audit(1.000:5): cwd=\"/run\"\ntype=PATH msg=audit(1.000:5): item=0 name=\"../run/app/x\" nametype=DELETE":     true,
		"type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=87 items=1 key=(null)\ntype=CWD msg=audit(1.000:5): cwd=\"/run\"\ntype=PATH msg=audit(1.000:5): item=0 name=\"app/x/y\" nametype=DELETE":          false,
		"type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=257 a0=3 a1=0 a2=1 items=1 key=(null)\ntype=CWD msg=audit(1.000:5): cwd=\"/run/app\"\ntype=PATH msg=audit(1.000:5): item=0 name=\"x\" nametype=N": false,
	} {
		if got := New(host, nil, k.Detections).Wanted(rowsOf(t, []byte(text+"\n"))[0]); got != want {
			t.Errorf("wanted %v\n%s", got, text)
		}
	}
}

const keptLog = `----
type=SYSCALL msg=audit(1700000000.123:456): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f a2=241 a3=1b6 items=1 ppid=1 pid=9 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="vi" exe="/usr/bin/vi" key="identity"
type=CWD msg=audit(1700000000.123:456): cwd="/etc"
type=PATH msg=audit(1700000000.123:456): item=0 name="passwd" inode=5 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
type=PROCTITLE msg=audit(1700000000.123:456): proctitle="vi"

type=USER_CMD msg=audit(1700000001.000:457): pid=9 uid=1000 auid=1000 ses=1 msg='cwd="/" cmd="id" exe="/usr/bin/sudo" terminal=pts/0 res=success'
`

func TestKeepOfEvents(t *testing.T) {
	k, err := ReadKeep("k.log", strings.NewReader(keptLog), Host{})
	if err != nil {
		t.Fatal(err)
	}
	if len(k.Events) != 2 || len(k.Detections) != 2 || k.Detections[0].Place() != "k.log:2" || k.Detections[0].Name != "event 1700000000.123:456" ||
		k.Detections[1].Place() != "k.log:7" {
		t.Fatalf("%+v", k.Detections)
	}
	if got := k.Detections[0].Conditions()[0]; got != "exe /usr/bin/vi, uid 0, auid 1000, syscall openat, success true, euid 0, path /etc/passwd, key identity" {
		t.Error(got)
	}
	if got := k.Detections[1].Conditions()[0]; got != "exe /usr/bin/sudo, uid 1000, auid 1000, type USER_CMD" {
		t.Error(got)
	}
	set := New(Host{}, []match.Rule{wire(t, "-w /etc/passwd -p wa -k identity"), wire(t, "-a always,exit -S all -k all")}, k.Detections)
	for _, row := range rowsOf(t, []byte(keptLog)) {
		if !set.Wanted(row) {
			t.Errorf("an event is not like itself: %s", row.First.Raw)
		}
	}
	before, behind := never("openat", "exe=/usr/bin/vi", "dir=/etc"), never("openat", "exe=/usr/bin/vi", "dir=/etc")
	behind.Quiets = []int{1}
	if len(set.Losses(before)) != 1 || len(set.Losses(behind)) != 0 || len(set.Losses(never("openat", "exe=/usr/bin/vi", "dir=/var"))) != 0 ||
		len(set.Losses(never("openat", "exe=/usr/bin/vi", "auid=4294967295"))) != 0 {
		t.Error("what takes the kept event is told wrongly")
	}
	if len(set.Losses(excluded("USER_CMD", "uid=1000"))) != 1 || len(set.Losses(excluded("USER_CMD", "uid=1001"))) != 0 {
		t.Error("what takes the kept message is told wrongly")
	}
}

func TestKeepUnderLinksOfASnapshot(t *testing.T) {
	host := Host{Links: []match.SnapshotLink{{Path: "/data", Target: "/srv/disk1/data"}, {Path: "/srv/disk1", Target: "/mnt/1"}}}
	k, err := ReadKeep("k", strings.NewReader("- name: x\n  path: /data/a/**\n"), host)
	if err != nil {
		t.Fatal(err)
	}
	set := New(host, nil, k.Detections)
	for dir, want := range map[string]int{"/data": 1, "/mnt/1/data/a": 1, "/srv/disk1/data/a/b": 1, "/mnt/1/data/b": 0, "/mnt/2": 0} {
		if got := len(set.Losses(never("open", "dir="+dir))); got != want {
			t.Errorf("dir=%s takes %d", dir, got)
		}
	}
	loop := Host{Links: []match.SnapshotLink{{Path: "/a", Target: "/b"}, {Path: "/b", Target: "/a"}, {Path: "/c", Target: "/c/c"}}}
	for _, name := range []string{"/a/x", "/c/x"} {
		if got := loop.links().follow(name, len(name)); len(got) > 200 {
			t.Errorf("%s leads to %s", name, got)
		}
	}
}
