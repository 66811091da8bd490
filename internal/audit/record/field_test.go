package record

import (
	"reflect"
	"strings"
	"testing"
)

// of makes a record of a type and a body.
func of(typ, body string) *Record {
	return one("type=" + typ + " msg=audit(1.002:3): " + body)
}

const userEnd = `pid=12 uid=0 auid=1000 ses=5 subj=unconfined msg='op=PAM:session_close grantors=pam_unix acct="root" exe="/usr/bin/sudo" uid=77 hostname=? res=success'`

func TestField(t *testing.T) {
	for _, c := range []struct {
		typ, body, name, want string
		quote                 byte
	}{
		{"SYSCALL", `arch=c000003e syscall=44 comm="auditd" exe="/usr/sbin/auditd" key=(null)`, "arch", "c000003e", 0},
		{"SYSCALL", `arch=c000003e syscall=44 comm="auditd" exe="/usr/sbin/auditd" key=(null)`, "exe", "/usr/sbin/auditd", '"'},
		{"SYSCALL", `arch=c000003e syscall=44 comm="auditd" exe="/usr/sbin/auditd" key=(null)`, "key", "(null)", 0},
		{"SYSCALL", `euid=1 uid=2`, "uid", "2", 0},
		{"PATH", `cap_fp=0 fp=1`, "fp", "1", 0},
		{"CWD", ` cwd="/"`, "cwd", "/", '"'},
		{"PATH", `name="" inode=1`, "name", "", '"'},
		{"PATH", `name= inode=1`, "name", "", 0},
		{"PATH", `inode=1 name=`, "name", "", 0},
		{"PATH", `name="/cut/sho`, "name", "/cut/sho", '"'},
		{"PATH", `name="`, "name", "", '"'},
		{"CONFIG_CHANGE", `auid=4294967295 ses=55op=remove_rule path="/x" key="k" list=4 res=1`, "op", "remove_rule", 0},
		{"CONFIG_CHANGE", `auid=4294967295 ses=55op=remove_rule path="/x" key="k" list=4 res=1`, "ses", "55", 0},
		{"CONFIG_CHANGE", `ses=4294967295op="updated_rules" path="/x"`, "op", "updated_rules", '"'},
		{"CONFIG_CHANGE", `ses=4294967295op="updated_rules" path="/x"`, "ses", "4294967295", 0},
		{"USER_END", userEnd, "uid", "0", 0},
		{"USER_END", userEnd, "op", "PAM:session_close", 0},
		{"USER_END", userEnd, "acct", "root", '"'},
		{"USER_END", userEnd, "res", "success", 0},
		{"USER_END", userEnd, "msg", strings.TrimSuffix(strings.SplitN(userEnd, "msg='", 2)[1], "'"), '\''},
		{"USER_AVC", `pid=1 msg='avc:  denied  { start } for auid=n/a exe="/x" sauid=81 terminal=?'`, "terminal", "?", 0},
		{"SYSCALL", `tty=it's comm="x"`, "tty", "it's", 0},
		{"SYSCALL", `tty=its' comm="x"`, "tty", "its'", 0},
		{"AVC", `apparmor="DENIED" name="a=b" subj==unconfined`, "subj", "=unconfined", 0},
	} {
		v, ok := of(c.typ, c.body).Value(c.name)
		if !ok || string(v.Text) != c.want || v.Quote != c.quote {
			t.Errorf("%s in %q: got %q quote %q %v, want %q quote %q", c.name, c.body, v.Text, v.Quote, ok, c.want, c.quote)
		}
	}
}

func TestFieldMissing(t *testing.T) {
	for _, c := range []struct{ body, name string }{
		{`euid=1`, "uid"},
		{`xmsg='op=1'`, "op"},
		{`tty=its'op=1`, "op"},
		{`pid=55op=remove_rule`, "op"},
		{`oldses=55op=remove_rule`, "op"},
		{`ses=12345678901op=x`, "op"},
		{`a=1 key`, "key"},
		{`a=1`, ""},
		{`=1`, ""},
		{``, "a"},
		{"a=1\x1dUID=\"root\"", "UID"},
	} {
		if got, ok := of("X", c.body).Field(c.name); ok {
			t.Errorf("%q in %q: got %q, want nothing", c.name, c.body, got)
		}
	}
}

// go-libaudit reads key="x86_64" here: it does not stop at 0x1D.
func TestFieldStopsAtEnrichment(t *testing.T) {
	r := of("SYSCALL", "ses=4 key=(null)\x1dARCH=x86_64 SYSCALL=openat AUID=\"unset\" UID=\"DOMAIN\\jane doe\"")
	if v, ok := r.Value("key"); !ok || !v.Null() {
		t.Errorf("key: got %q %v", v.Text, ok)
	}
	if keys := Keys(r); keys != nil {
		t.Errorf("keys: got %q", keys)
	}
	for name, want := range map[string]string{"ARCH": "x86_64", "SYSCALL": "openat", "AUID": "unset", "UID": `DOMAIN\jane doe`} {
		if got, ok := r.Interpreted(name); !ok || string(got) != want {
			t.Errorf("%s: got %q %v, want %q", name, got, ok, want)
		}
	}
	if _, ok := r.Interpreted("GID"); ok {
		t.Error("GID was not there")
	}
	user := of("USER_END", userEnd+"\x1dUID=\"root\" AUID=\"jane\"")
	if got, ok := user.Field("res"); !ok || string(got) != "success" {
		t.Errorf("res: got %q %v", got, ok)
	}
	sock := of("SOCKADDR", "saddr=0100\x1dSADDR={ saddr_fam=local path=/dev/log }")
	if got, ok := sock.Interpreted("SADDR"); !ok || string(got) != "{ saddr_fam=local path=/dev/log }" {
		t.Errorf("SADDR: got %q %v", got, ok)
	}
	cut := of("SOCKADDR", "saddr=0100\x1dSADDR={ saddr_fam")
	if got, ok := cut.Interpreted("SADDR"); !ok || string(got) != "{ saddr_fam" {
		t.Errorf("cut SADDR: got %q %v", got, ok)
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		typ, body, name, want string
		ok                    bool
	}{
		{"SYSCALL", `comm="ls"`, "comm", "ls", true},
		{"SYSCALL", `comm=6C732061`, "comm", "ls a", true},
		{"SYSCALL", `comm="6C73"`, "comm", "6C73", true}, // quoted: literal
		{"SYSCALL", `comm=6C7`, "comm", "6C7", true},     // no whole bytes
		{"SYSCALL", `comm=6c73`, "comm", "6c73", true},   // the kernel writes capitals
		{"SYSCALL", `key=(null)`, "key", "", false},
		{"SYSCALL", `key="(null)"`, "key", "(null)", true},
		{"SYSCALL", `a0=7FFE comm="x"`, "a0", "7FFE", true}, // a number here
		{"EXECVE", `argc=2 a0=6C73 a1="-l"`, "a0", "ls", true},
		{"EXECVE", `argc=2 a0=6C73 a1="-l"`, "a1", "-l", true},
		{"EXECVE", `argc=1 a0=""`, "a0", "", true},
		{"EXECVE", `a3_len=4 a3[0]=6162 a3[1]=6364`, "a3[1]", "cd", true},
		{"EXECVE", `a3_len=12 a3[0]=6162`, "a3_len", "12", true},
		{"UNKNOWN[1309]", `a0=6C73`, "a0", "ls", true},
		{"PROCTITLE", `proctitle=6C73002D6C`, "proctitle", "ls\x00-l", true},
		{"PROCTITLE", `proctitle="(null)"`, "proctitle", "", false},
		{"SOCKADDR", `saddr=0200`, "saddr", "\x02\x00", true},
		{"SYSCALL", `tty=4142`, "tty", "4142", true},
		{"PATH", `item=10`, "item", "10", true},
		{"USER_CMD", `pid=1 msg='cwd="/" cmd=6C73202D6C terminal=? res=success'`, "cmd", "ls -l", true},
		{"USER_TTY", `pid=1 msg='data=6C73'`, "data", "ls", true},
		{"PATH", `item=0`, "name", "", false},
	} {
		got, ok := of(c.typ, c.body).Text(c.name)
		if got != c.want || ok != c.ok {
			t.Errorf("%s in %s %q: got %q %v, want %q %v", c.name, c.typ, c.body, got, ok, c.want, c.ok)
		}
	}
}

func TestNumbers(t *testing.T) {
	r := of("SYSCALL", `ses=4294967295 max=18446744073709551615 over=18446744073709551616 exit=-2 low=-9223372036854775808 lower=-9223372036854775809 a0=ffFFffffffffff9c mode=0100644 no= x=1z minus=-`)
	type result struct {
		n  any
		ok bool
	}
	u := func(n uint64, ok bool) result { return result{n, ok} }
	i := func(n int64, ok bool) result { return result{n, ok} }
	for name, c := range map[string]struct{ got, want result }{
		"ses":       {u(r.Uint("ses")), u(4294967295, true)},
		"max":       {u(r.Uint("max")), u(1<<64-1, true)},
		"over":      {u(r.Uint("over")), u(0, false)},
		"empty":     {u(r.Uint("no")), u(0, false)},
		"junk":      {u(r.Uint("x")), u(0, false)},
		"missing":   {u(r.Uint("y")), u(0, false)},
		"hex":       {u(r.Hex("a0")), u(0xffffffffffffff9c, true)},
		"oct":       {u(r.Oct("mode")), u(0o100644, true)},
		"oct of 9":  {u(r.Oct("ses")), u(0, false)},
		"exit":      {i(r.Int("exit")), i(-2, true)},
		"positive":  {i(r.Int("ses")), i(4294967295, true)},
		"low":       {i(r.Int("low")), i(-1<<63, true)},
		"lower":     {i(r.Int("lower")), i(0, false)},
		"too high":  {i(r.Int("max")), i(0, false)},
		"sign only": {i(r.Int("minus")), i(0, false)},
		"no exit":   {i(r.Int("y")), i(0, false)},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		typ, body string
		want      []string
	}{
		{"SYSCALL", `comm="x" key="one"`, []string{"one"}},
		{"SYSCALL", `comm="x" key=(null)`, nil},
		{"SYSCALL", `comm="x" key=6F6E650174776F`, []string{"one", "two"}},
		{"SYSCALL", `comm="x" key=6F6E6520746F`, []string{"one to"}},
		{"SYSCALL", `comm="x" key=""`, []string{""}},
		{"SYSCALL", `comm="x"`, nil},
		{"USER_END", `pid=1 msg='op=x key="not a rule's" res=success'`, nil},
		{"CONFIG_CHANGE", `op=add_rule key="k" list=4 res=1`, []string{"k"}},
	} {
		if got := Keys(of(c.typ, c.body)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %q: got %q, want %q", c.typ, c.body, got, c.want)
		}
	}
}

func TestEncodeUntrusted(t *testing.T) {
	for in, want := range map[string]string{
		"ls":         `"ls"`,
		"":           `""`,
		"a b":        "612062",
		`a"b`:        "612262",
		"a\x7f":      "617F",
		"~!":         `"~!"`,
		"é":          "C3A9",
		"one\x01two": "6F6E650174776F",
		"a'b":        `"a'b"`,
	} {
		got := EncodeUntrusted(in)
		if got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
		if n := KeyFieldLen(in, true); n != len(want) {
			t.Errorf("%q: length %d, want %d", in, n, len(want))
		}
		if back, ok := of("SYSCALL", "key="+got).Text("key"); !ok || back != in {
			t.Errorf("%q: comes back as %q %v", in, back, ok)
		}
	}
	if n := KeyFieldLen("ignored", false); n != 6 {
		t.Errorf("no key: length %d, want 6", n)
	}
}
