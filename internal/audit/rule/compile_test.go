package rule

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// desk is a machine without a machine: x86_64, two users, two groups, two directories.
func desk(d Dialect) Env {
	ids := func(m map[string]uint32) func(string) (uint32, bool) {
		return func(name string) (uint32, bool) { id, ok := m[name]; return id, ok }
	}
	return Env{
		Machine: names.ArchX86_64, Dialect: d,
		User:  ids(map[string]uint32{"root": 0, "alice": 1000}),
		Group: ids(map[string]uint32{"wheel": 10, "unset": 7}),
		IsDir: func(path string) bool { return path == "/" || path == "/etc" },
	}
}

// show is a rule in words: list, action, syscalls, fields in order.
func show(w Wire) string {
	parts := []string{fmt.Sprintf("%s %s %s", w.List, w.Action, showMask(w.Mask))}
	for _, f := range w.Fields {
		name, ok := names.Field(f.Type)
		if !ok {
			name = fmt.Sprint("field", f.Type)
		}
		op := "?"
		for text, code := range opCodes {
			if code == f.Op {
				op = text
			}
		}
		value := fmt.Sprint(f.Value)
		if hasString(f.Type) {
			value = strings.ReplaceAll(f.Str, "\x01", "+")
		}
		parts = append(parts, name+" "+op+" "+value)
	}
	return strings.Join(parts, " | ")
}

// showMask is a mask as all, none or numbers and ranges.
func showMask(mask [maskWords]uint32) string {
	bit := func(n int) bool { return n < maxSyscall && mask[n/32]&(1<<(n%32)) != 0 }
	var parts []string
	for n := 0; n < maxSyscall; n++ {
		if !bit(n) {
			continue
		}
		first := n
		for bit(n + 1) {
			n++
		}
		if first == n {
			parts = append(parts, fmt.Sprint(n))
			continue
		}
		parts = append(parts, fmt.Sprintf("%d-%d", first, n))
	}
	switch text := strings.Join(parts, ","); text {
	case "":
		return "none"
	case "0-2031":
		return "all"
	default:
		return text
	}
}

func TestCompile(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// lists, actions, masks
		{"-a always,exit -S open,openat,59", "exit always 2,59,257"},
		{"-a always,exit -S OPEN -S 0x10,010", "exit always 2,8,16"},
		{"-a always,exit -S all -S open", "exit always all"},
		{"-A exit,never", "exit never all"},
		{"-a never,task -F auid=0", "task never none | auid = 0"},
		{"-a always,user -F uid=root", "user always all | uid = 0"},
		{"-a never,exclude -F msgtype=CWD", "exclude never all | msgtype = 1307"},
		{"-a never,filesystem -F fstype=TraceFS -k f", "filesystem never all | fstype = 1953653091 | key = f"},
		{"-a always,exit -F arch=b32 -S open,madvise,madvise1", "exit always 5,219 | arch = 1073741827"},
		{"-a always,exit -F arch=b64 -S execveat", "exit always 322 | arch = 3221225534"},
		{"-a always,exit -F arch=aarch64 -S openat,0", "exit always 0,56 | arch = 3221225655"},
		{"-a always,exit -F arch=armv7l -S open", "exit always 5 | arch = 1073741864"},
		{"-a always,exit -F arch=c000003e -S 5x", "exit always 5 | arch = 3221225534"},
		{"-a always,exit -F arch=0x40000003 -S exit", "exit always 1 | arch = 1073741827"},
		{"-a always,exit -F arch!=b64 -S open", "exit always 2 | arch != 3221225534"},
		{"-a always,exit -F arch=s390x -S 5", "exit always 5 | arch = 2147483670"},
		{"-a always,exit -F arch=b64 -F perm=wa -F path=/x", "exit always all | arch = 3221225534 | perm = 10 | path = /x"},
		{"-d always,exit -S open", "exit always 2"},
		// watches
		{"-w /etc -p wa -k k", "exit always all | dir = /etc | perm = 10 | key = k"},
		{"-w /etc///", "exit always all | dir = /etc | perm = 15"},
		{"-w /x -p RR", "exit always all | path = /x | perm = 4"},
		{"-w ///", "exit always all | dir = / | perm = 15"},
		{"-w //", "exit always all | path = // | perm = 15"},
		{"-w /x -F auid>=1000 -F perm=x -p r", "exit always all | path = /x | perm = 4 | auid >= 1000 | perm = 4"},
		{"-w /x -a exit,never", "exit never all | path = /x | perm = 15"},
		{"-W /x -S open", "exit always all | path = /x | perm = 15"},
		{"-a always,exit -F path=/x/ -p x", "exit always all | path = /x/ | perm = 1"},
		// numbers, as strtol and strtoul read them
		{"-a always,exit -F pid=0x1F -F ppid=017 -F pers=08", "exit always all | pid = 31 | ppid = 15 | pers = 0"},
		{"-a always,exit -F a0=-1 -F a1&0xff -F a2&=07 -F a3<4294967297", "exit always all | a0 = 4294967295 | a1 & 255 | a2 &= 7 | a3 < 1"},
		{"-a always,exit -F a0=99999999999999999999 -F pid=99999999999999999999", "exit always all | a0 = 4294967295 | pid = 4294967295"},
		{"-a always,exit -F a0=0xfffffffffffffff0 -F pid=0xfffffffffffffff0", "exit always all | a0 = 4294967280 | pid = 4294967295"},
		{"-a always,exit -F exit=-99999999999999999999 -F exit=-9223372036854775807", "exit always all | exit = 0 | exit = 1"},
		{"-a always,exit -F inode!=4294967298 -F devmajor=8 -F devminor>=1", "exit always all | inode != 2 | devmajor = 8 | devminor >= 1"},
		{"-a always,exit -F success=0x1 -F success=0", "exit always all | success = 1 | success = 0"},
		// users and groups
		{"-a always,exit -F auid!=unset -F auid!=-1 -F loginuid!=4294967295", "exit always all | auid != 4294967295 | auid != 4294967295 | auid != 4294967295"},
		{"-a always,exit -F uid=alice -F euid<=root -F obj_uid=unset", "exit always all | uid = 1000 | euid <= 0 | obj_uid = 4294967295"},
		{"-a always,exit -F gid=wheel -F sgid!=0x10 -F obj_gid=unset", "exit always all | gid = 10 | sgid != 16 | obj_gid = 7"},
		{"-a always,exit -F sessionid=unset -F sessionid>3 -F sessionid=-1", "exit always all | sessionid = 4294967295 | sessionid > 3 | sessionid = 4294967295"},
		// words
		{"-a always,exit -F exit=-EACCES -F exit!=eperm -F exit=-13 -F exit>5", "exit always all | exit = 4294967283 | exit != 1 | exit = 4294967283 | exit > 5"},
		{"-a always,exit -F filetype=FIFO -F filetype!=socket -F filetype=character", "exit always all | filetype = 4096 | filetype != 49152 | filetype = 8192"},
		{"-a always,user -F msgtype>=user_auth -F msgtype<0x500 -F msgtype!=UNKNOWN[1334]", "user always all | msgtype >= 1100 | msgtype < 1280 | msgtype != 1334"},
		{"-a always,exit -F perm=rx -F saddr_fam=2", "exit always all | perm = 5 | saddr_fam = 2"},
		{"-a always,exit -F subj_user=a_u -F obj_lev_high!=s0 -F exe=/bin/x", "exit always all | subj_user = a_u | obj_lev_high != s0 | exe = /bin/x"},
		{`-a always,exit -F dir=/a\ b -F path=/c=d>e`, "exit always all | dir = /a b | path = /c=d>e"},
		{"-a always,exit -C uid!=euid -C obj_gid=egid -C loginuid=obj_uid", "exit always all | field_compare != 11 | field_compare = 4 | field_compare = 5"},
		{"-a always,exit -F field_compare=11", "exit always all | field_compare = 11"},
		// keys
		{"-a always,exit -S open -k a -F auid=0 -F key=b -k c", "exit always 2 | auid = 0 | key = a+b+c"},
		{"-a always,exit -S open -F key!=x -F uid=0", "exit always 2 | key != x | uid = 0"},
		{"-a always,exit -S open -F KEY=x -F uid=0", "exit always 2 | key = x | uid = 0"},
		{"-a never,user -F exe=/x -k k", "user never all | exe = /x | key = k"},
	} {
		w, _, err := Compile(one(t, c.text), desk(Dialect3_0))
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := show(w); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
		again, err := DecodeWire(w.Encode())
		if err != nil || !again.Equal(w) {
			t.Errorf("%s: decoded again %v, %v", c.text, again, err)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct {
		d          Dialect
		text, want string
	}{
		{Dialect3_0, "-a always,exit -F uid=nobody9", `a.rules:1:19: unknown user "nobody9": a user of this machine, or a number`},
		{Dialect3_0, "-a always,exit -F gid=-1", `a.rules:1:19: unknown group "-1": a group of this machine, or a number`},
		{Dialect3_0, "-a always,exit -F uid=-", `a.rules:1:19: unknown user "-"`},
		{Dialect3_0, "-a always,exit -F arch=b64 -S open,nix", `a.rules:1:36: no syscall "nix" on x86_64`},
		{Dialect3_0, "-a always,exit -S ALL", `a.rules:1:19: no syscall "all" on x86_64`},
		{Dialect3_0, "-a always,exit -F arch=b64 -S setxattrat", `a.rules:1:31: auditctl 3.0.9 does not know syscall "setxattrat": its number, 463`},
		{Dialect4_2, "-a always,exit -F arch=b64 -S uretprobe", `does not know syscall "uretprobe": its number, 335`},
		{Dialect3_0, "-a always,exit -F arch=ppc64 -S open", `a.rules:1:33: no names of syscalls are known for ppc64`},
		{Dialect4_0, "-a always,exit -F arch=s390x -F perm=w", `no names of syscalls are known for s390x`},
		{Dialect3_0, "-a always,exit -S 2032", `a.rules:1:19: syscall number "2032": 0 to 2031`},
		{Dialect3_0, "-a always,exit -F arch=riscv64", "which this machine or auditctl 3.0.9 does not have"},
		{Dialect3_0, "-a always,exclude -F euid=0", "auditctl 3.0.9 takes no euid on the exclude list: msgtype pid"},
		{Dialect3_0, "-a always,exclude -F exe=/x -k k", "a.rules:1:32: auditctl 3.0.9 takes no key on the exclude list"},
		{Dialect3_0, "-a always,exclude -F msgtype=DM_CTRL", `auditctl 3.0.9 does not know record type "DM_CTRL": its number, 1338`},
		{Dialect3_0, "-a always,exclude -F msgtype=unknown[1334]", `unknown record type "unknown[1334]"`},
		{Dialect4_2, "-a always,exclude -F msgtype=LANDLOCK_ACCESS", `auditctl 4.2.1 does not know record type "LANDLOCK_ACCESS": its number, 1423`},
		{Dialect4_0, "-a never,filesystem -F fstype=cgroup", `auditctl 4.0.5 does not know filesystem "cgroup"`},
		{Dialect3_0, "-a never,filesystem -F fstype=4294967295", `filesystem "4294967295"`},
		{Dialect3_0, "-a always,io_uring -S openat", "auditctl 3.0.9 has no list io_uring: auditctl 3.1 or later"},
		{Dialect4_2, "-a always,io_uring -S read", `no io_uring operation "read"`},
		{3_01_00, "-a always,io_uring -S uring_cmd128", `does not know io_uring operation "uring_cmd128": its number, 64`},
		{Dialect4_0, "-a always,exit -F arch=b64 -F perm=w -F arch=b32", "a.rules:1:41: field arch after the syscalls"},
		{3_01_03, "-a always,exit -F arch=aarch64 -F perm=w", `no syscall "open" on aarch64`},
		{Dialect4_2, "-a always,exit -S open -k a\x01b", "a.rules:1:27: key \"a\\x01b\" holds the byte that separates keys"},
		{0, "-a always,exit", "no version of auditctl to compile for"},
	} {
		_, _, err := Compile(one(t, c.text), desk(c.d))
		var list Errors
		if !errors.As(err, &list) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestCompileUring(t *testing.T) {
	for _, c := range []struct {
		d          Dialect
		text, want string
	}{
		{Dialect4_2, "-a always,io_uring -S OPENAT2,20,uring_cmd128 -k u", "io_uring always 20,28,64 | key = u"},
		{Dialect4_2, "-a always,io_uring -S all", "io_uring always 9-10,13,16-19,28,34-36"},
		{3_01_00, "-a always,io_uring -F uid=0", "io_uring always all | uid = 0"},
	} {
		if w, _, err := Compile(one(t, c.text), desk(c.d)); err != nil || show(w) != c.want {
			t.Errorf("%s\n got %s, %v\nwant %s", c.text, show(w), err, c.want)
		}
	}
}

// All errors of a rule are told, not the first alone.
func TestCompileRefusesAll(t *testing.T) {
	_, _, err := Compile(one(t, "-a always,exit -S nix,nux -F uid=nobody9 -F gid=nobody9"), desk(Dialect3_0))
	var list Errors
	if !errors.As(err, &list) || len(list) != 4 {
		t.Errorf("got %v, want four errors", err)
	}
}

// Of the corpus only what a version of auditctl or a machine does not know is refused, and nothing of it by 4.2.
func TestCompileCorpus(t *testing.T) {
	why := map[Dialect]*regexp.Regexp{
		Dialect3_0: regexp.MustCompile(`unknown user|unknown group|does not know syscall|takes no euid on the exclude|has no list io_uring`),
		Dialect4_2: regexp.MustCompile(`unknown user|unknown group`),
	}
	for d, legal := range why {
		compiled := 0
		corpusSets(t, func(_, _ string, s *Set, _ Errors) {
			for _, r := range s.Rules() {
				checkCompiled(t, r, desk(d))
				if _, _, err := Compile(r, desk(d)); err == nil {
					compiled++
				} else if !legal.MatchString(err.Error()) {
					t.Errorf("%s\n%v", r.Text, err)
				}
			}
		})
		if compiled < 3000 {
			t.Errorf("auditctl %s: only %d rules compiled", d, compiled)
		}
	}
}

// A rule that no parser made is judged as well.
func TestCompileRefusesWhatNoParserMakes(t *testing.T) {
	for name, r := range map[string]*Rule{
		"list":    {List: 9},
		"entry":   {List: ListEntry},
		"action":  {List: ListExit, Action: ActionPossible},
		"field":   {List: ListExit, Fields: []Field{{Flag: "-F", Name: "nix", Op: "=", Value: "1"}}},
		"op":      {List: ListExit, Fields: []Field{{Flag: "-F", Name: "uid", Op: "~", Value: "1"}}},
		"value":   {List: ListExit, Fields: []Field{{Flag: "-F", Name: "pid", Op: "=", Value: ""}}},
		"compare": {List: ListExit, Fields: []Field{{Flag: "-C", Name: "uid", Op: "=", Value: "gid"}}},
		"many":    {List: ListExit, Fields: make([]Field, 65)},
		"perms":   {List: ListExit, Watch: Token{Text: "/x"}, Perms: Token{Text: "q"}},
		"number":  {List: ListExit, Syscalls: []Token{{Text: "2048"}}, SyscallsAt: -3},
	} {
		if w, _, err := Compile(r, desk(Dialect3_0)); err == nil {
			t.Errorf("%s: compiled to %s", name, show(w))
		}
	}
}

func TestCompileNotes(t *testing.T) {
	for _, c := range []struct {
		d          Dialect
		text, want string
	}{
		{Dialect3_0, "-a always,exit -S read,unlink", "a.rules:1:19: syscall read without arch is number 0, which is restart_syscall to 32-bit programs"},
		{Dialect3_0, "-a always,exit -S all", ""},
		{Dialect3_0, "-a always,exit -F arch=b64 -S unlink", ""},
		{Dialect3_0, "-a always,exit -S 87", ""},
		{Dialect3_0, "-w /a/../b", "a.rules:1:4: a .. in a watch"},
		{Dialect3_0, "-w /a/*.conf", "a.rules:1:4: * and ? in a watch"},
		{Dialect4_0, "-w /a", "a.rules:1:4: -w is tested at every syscall"},
		{Dialect4_0, "-a always,exit -F perm=w -F arch=b64", "a.rules:1:19: perm without an arch before it"},
		{Dialect4_0, "-a always,exit -F arch=b64 -F perm=w", ""},
		{3_01_05, "-A always,exit", ""},
		{Dialect4_0, "-A always,exit", "auditctl 4.0.5 itself deletes a rule"},
		{Dialect4_2, "-a always,io_uring -S all", "leave -S out for all of them"},
		{Dialect3_0, "-a always,exit -F sessionid=x", "sessionid=x is read as 0"},
		{Dialect3_0, "-a always,exit -F saddr_fam=inet", "saddr_fam=inet is read as 0"},
	} {
		_, notes, err := Compile(one(t, c.text), desk(c.d))
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		}
		if c.want == "" && len(notes) > 0 || c.want != "" && (len(notes) != 1 || !strings.Contains(notes[0].String(), c.want)) {
			t.Errorf("%s\n got %v\nwant %q", c.text, notes, c.want)
		}
	}
}

// Nothing that parses makes Compile panic, in any version, and what it makes is what a kernel could list.
func FuzzCompile(f *testing.F) {
	for _, c := range refused {
		if len(c.text) < 200 {
			f.Add(c.text, int(Dialect3_0))
		}
	}
	f.Add("-a always,exit -F arch=b64 -S open,2031 -F perm=rwxa -F auid>=1000 -C uid!=euid -F dir=/x -k a -Fkey=b", int(Dialect4_2))
	f.Add("-w /etc -p wa -F arch=b32 -k k\n-a never,exclude -F msgtype=CWD", 3_01_03)
	f.Add("-a always,io_uring -S openat,all", int(Dialect4_0))
	f.Fuzz(func(t *testing.T, text string, version int) {
		s, err := ParseFile("f", strings.NewReader(text))
		if s == nil || err != nil {
			return
		}
		for _, r := range s.Rules() {
			checkCompiled(t, r, desk(Dialect(version)))
		}
	})
}

func checkCompiled(t *testing.T, r *Rule, env Env) {
	t.Helper()
	w, _, err := Compile(r, env)
	if err != nil {
		return
	}
	if w.Mask[maskWords-1]&^classless != 0 {
		t.Fatalf("%q: class bits in %s", r.Text, show(w))
	}
	again, err := DecodeWire(w.Encode())
	if err != nil || !again.Equal(w) {
		t.Fatalf("%q: %s came back as %s, %v", r.Text, show(w), show(again), err)
	}
}

// BenchmarkCompile compiles as many rules as the Neo23x0 set has.
func BenchmarkCompile(b *testing.B) {
	text := strings.Repeat("-a always,exit -F arch=b64 -S open,openat,creat -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access\n"+
		"-w /etc/shadow -p wa -k identity\n", 175)
	s, err := ParseFile("a", strings.NewReader(text))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, r := range s.Rules() {
			if _, _, err := Compile(r, desk(Dialect3_0)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
