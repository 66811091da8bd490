package rule

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// parse reads text that has to be legal.
func parse(t *testing.T, text string) *Set {
	t.Helper()
	s, err := ParseFile("a.rules", strings.NewReader(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return s
}

func one(t *testing.T, text string) *Rule {
	t.Helper()
	rules := parse(t, text).Rules()
	if len(rules) != 1 {
		t.Fatalf("%q: %d rules, want 1", text, len(rules))
	}
	return rules[0]
}

func TestRule(t *testing.T) {
	r := one(t, `  -a always,exit -F arch=b64 -S open,openat -S 2 -F Auid>=1000 -C uid!=euid -F dir=/my\ dir\\x -k a -Fkey=b`)
	pos := func(col int) Pos { return Pos{"a.rules", 1, col} }
	want := &Rule{
		Pos: pos(3), Flag: "-a", List: ListExit, Action: ActionAlways, Arch: "b64", SyscallsAt: 1,
		Syscalls: []Token{{pos(33), "open"}, {pos(38), "openat"}, {pos(48), "2"}},
		Fields: []Field{
			{pos(21), "-F", "arch", "=", "b64"}, {pos(53), "-F", "auid", ">=", "1000"},
			{pos(67), "-C", "uid", "!=", "euid"}, {pos(80), "-F", "dir", "=", `/my dir\x`},
		},
		Keys: []Token{{pos(99), "a"}, {pos(107), "b"}},
		Text: `  -a always,exit -F arch=b64 -S open,openat -S 2 -F Auid>=1000 -C uid!=euid -F dir=/my\ dir\\x -k a -Fkey=b`,
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got  %#v\nwant %#v", *r, *want)
	}
	if got := r.Key(); got != "a\x01b" {
		t.Errorf("key %q", got)
	}
	if got := r.Compares(); len(got) != 1 || got[0].Value != "euid" {
		t.Errorf("compares %v", got)
	}
}

func TestString(t *testing.T) {
	for in, want := range map[string]string{
		"-a exit,always -S open -Sclose -F uid=0": "-a always,exit -S open,close -F uid=0",
		"-A never,user":            "-A never,user",
		"-w /etc/shadow -pwa -k x": "-w /etc/shadow -p wa -k x",
		`-w /my\ dir -k a`:         `-w /my\ dir -k a`,
		`-w /a\b -p r`:             `-w /a\\b -p r`,
		"-W /etc/":                 "-W /etc/",
		"-d always,exit -F path=/x -F perm=w -F key=k": "-d always,exit -F path=/x -F perm=w -k k",
		"-a always,exit -F perm=w -S open":             "-a always,exit -F perm=w -S open",
		"-a always,exit -S open -F perm=w":             "-a always,exit -S open -F perm=w",
		"-a always,exit -F perm=w -F arch=b64 -S open": "-a always,exit -F perm=w -F arch=b64 -S open",
		"-a always,exit -F path=/x -p wa":              "-a always,exit -F path=/x -p wa",
		"-a always,exit -F path=/x -F perm=r -p wa":    "-a always,exit -F path=/x -F perm=wa",
		"-w / -pr -kk":                      "-w / -pr -kk",
		"-w /x -a exit,never":               "-w /x -a exit,never",
		"-a always,exit -S all -k a=b -k c": "-a always,exit -S all -k a=b -k c",
		"-a always,exit -S all --":          "-a always,exit -S all",
		"-a always,exit -F a0&0x40 -F a1&=7 -F a2<=9 -F exit=-13": "-a always,exit -F a0&0x40 -F a1&=7 -F a2<=9 -F exit=-13",
	} {
		r := one(t, in)
		if got := r.String(); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
		if again := one(t, want); again.String() != want {
			t.Errorf("%s read again is %s", want, again.String())
		}
	}
}

func TestArgs(t *testing.T) {
	for in, want := range map[string][]string{
		`-a exit,always -S all -F dir=/my\ dir\\x -k a -e 2`: {"-a", "always,exit", "-S", "all", "-F", `dir=/my dir\x`, "-k", "a"},
		`-b 5 -w /a\ b -pr`: {"-w", "/a b", "-p", "r"},
		"-w / -pr -kk":      {"-w", "/", "-pr", "-kk"},
	} {
		if got := one(t, in).Args(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

// A rule that was made and not read prints its syscalls behind the arch, where auditctl wants them.
func TestStringOfMadeRule(t *testing.T) {
	r := Rule{Flag: "-a", List: ListExit, Action: ActionNever, Syscalls: []Token{{Text: "read"}, {Text: "write"}},
		Fields: []Field{{Flag: "-F", Name: "arch", Op: "=", Value: "b64"}, {Flag: "-F", Name: "exe", Op: "=", Value: "/opt/my app"}}}
	want := `-a never,exit -F arch=b64 -S read,write -F exe=/opt/my\ app`
	if got := r.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAccepted(t *testing.T) {
	for _, text := range []string{
		"-a task,never", "-a always,task -F uid=0", "-a user,always -F msgtype=1100", "-a exclude,never -F msgtype=PATH", "-a never,exclude -F msgtype=unknown[1334]",
		"-a never,exclude -F exe=/usr/bin/x -F perm=x", "-a never,filesystem -F fstype=tracefs", "-a never,filesystem -F fstype=cgroup2",
		"-a always,io_uring -S openat -k u", "-a always,exit -F arch=0xc000003e -S 59", "-a always,exit -F arch=c000003e -S execve",
		"-a always,exit -F arch!=B32 -S all", "-a always,exit -F arch=i686 -S all", "-a always,exit -S 0x7ff -k k", "-a always,exit -S no_such_call",
		"-a always,exit -F auid=unset", "-a always,exit -F auid=-1", "-a always,exit -F uid=nobody_here", "-a always,exit -F exit=-EACCES",
		"-a always,exit -F exit=eacces", "-a always,exit -F success=1", "-a always,exit -F success!=0x1", "-a always,exit -F inode=1",
		"-a always,exit -F filetype=FILE", "-a always,exit -F saddr_fam=inet", "-a always,exit -F saddr_fam=45", "-a always,exit -F sessionid=unset",
		"-a always,exit -F obj_uid!=0 -F obj_gid=root -F subj_type=x -F obj_lev_low=s0", "-a always,exit -F field_compare=1",
		"-a always,exit -F perm=RWXA", "-a always,exit -F perm=rr", "-a always,exit -F path=/x -F key=", "-a always,exit -F pers=8",
		"-a always,exit -F path=/a>b", "-a always,exit -S all -k \"quoted\"", "-S open -a always,exit", "-w / -p r", "-w /x -p rwxa -F auid=0 -k k",
		"-w /x", "-W /x -p wa -k k", "-a always,exit -C auid!=obj_uid", "-a always,exit -C egid=gid", "-a always,exit -S open,,close,",
		"-a always,exit -S all -F KEY!=x", "-a always,exit -S all -kkey", "-A exit,always -S all", "-b 8192 -f 1", "-a always,exit -S all -b 100",
		"-e 1", "-e2", "-f 0", "-b 0x10", "-r 100", "-i", "-c", "-D", "-D -k x", "-l", "-l -i", "-l -k x", "-s", "-s -i", "-m hello", "-t", "-q /a,/b", "-v", "-h",
		"--backlog_wait_time 60000", "--backlog_wait_time=0", "--backlog 1", "--reset-lost", "--reset_backlog_wait_time_actual",
		"--loginuid-immutable", "--login", "--signal HUP", "--signal=reload", "-b 8192 --loginuid-immutable",
		"", "   ", "# x", "   # x\ty \x07", "#", strings.Repeat("#", MaxLine), "-a always,exit -S all -k " + strings.Repeat("k", 256),
		"-w /" + strings.Repeat("d/", 2040) + "x", "-a always,exit -F path=/" + strings.Repeat("p", 4095),
		"-a always,exit -S all -k a -k " + strings.Repeat("k", 254),
		"-a always,exit" + strings.Repeat(" -F a0=1", 63), "-a always,exit -S all -k k" + strings.Repeat(" -F a0=1", 62),
		"-w /x -k k" + strings.Repeat(" -F a0=1", 60),
	} {
		if _, err := ParseFile("a", strings.NewReader(text)); err != nil {
			t.Errorf("%.80s: %v", text, err)
		}
	}
}

// refused are lines that auditctl refuses, with the column and a part of what the error says.
var refused = []struct {
	text string
	col  int
	want string
}{
	{"-a always,exit -F nosuch=1", 19, `unknown field "nosuch": pid uid`},
	{"-a always,exit -F -k x", 19, `no operator in "-k"`},
	{"-a always,exit -F uid", 19, "no operator"},
	{"-a always,exit -F =1", 19, "no field name before ="},
	{"-a always,exit -F uid=", 19, "no value after uid="},
	{"-a always,exit -F path=/a!=b", 19, `unknown field "path=/a"`},
	{"-a always,exit -F uid=0 -F exe>=/x", 28, "operator >= for field exe: only = or !="},
	{"-a always,entry -S all", 4, "list entry is gone"},
	{"-a possible,exit -S all", 4, "action possible is gone"},
	{"-a always", 4, "not a list and an action: LIST,ACTION with list task"},
	{"-a always,exit,x", 4, "not a list and an action"},
	{"-a always,never", 4, "not a list and an action"},
	{"-a exit,exit", 4, "not a list and an action"},
	{"-a Always,exit", 4, "not a list and an action"},
	{"-a always,exit -a always,exit", 16, "a second -a in one line"},
	{"-a always,exit -w /x", 16, "-w in a rule that has its list"},
	{"-w /x -a always,exit", 10, "not a list and an action"},
	{"-w /x -w /y", 7, "-w in a rule that has its list"},
	{"-w x", 4, "does not begin with /"},
	{"-w /" + strings.Repeat("a", 256), 4, "last part of the watch path has 256 bytes: at most 255"},
	{"-w /" + strings.Repeat("a/", 2048), 4, "watch path of 4097 bytes"},
	{"-w /x -p rwxz", 10, `permissions "rwxz": one to four`},
	{"-w /x -p rwxar", 10, "one to four"},
	{"-w /x -F arch=b64", 10, "arch after the syscalls"},
	{"-a always,exit -F perm=z", 19, `perm="z": one to four of r, w, x and a`},
	{"-a always,exit -F perm!=r", 19, "operator != for field perm"},
	{"-a always,exit -p r", 16, "-p without anything before it"},
	{"-p r", 1, "-p without a list before it: -a LIST,ACTION"},
	{"-k x", 1, "-k without a list before it"},
	{"-F uid=0 -a always,exit", 1, "-F without a list before it"},
	{"-C uid=euid -a always,exit", 1, "-C without a list before it"},
	{"-S open", 1, "rule without a list"},
	{"-a always,exit -S open -F arch=b64", 27, "arch after the syscalls: -F arch= before -S"},
	{"-a always,exit -F arch=40000003 -S open", 19, "b64, b32"},
	{"-a always,exit -F arch=vax", 19, "b64, b32"},
	{"-a always,exit -F arch>b64", 19, "only = or !="},
	{"-a always,exit -S", 16, "option -S has no value: a syscall name"},
	{"-a always,exit -S ,", 19, "-S without a syscall"},
	{"-a always,exit -S open,2048", 24, `syscall number "2048": 0 to 2047`},
	{"-a always,task -S open", 16, "not tested by the task list"},
	{"-S open -a always,task", 12, "not tested by the task list"},
	{"-a always,user -S open", 16, "not tested by the user list"},
	{"-a always,exclude -S open", 19, "not tested by the exclude list"},
	{"-a never,filesystem -S open", 21, "not tested by the filesystem list"},
	{"-a always,exit -F auid=1000 -k x", 29, "-k without what a key is for: -S, -w"},
	{"-a always,exit -k x -S open", 16, "-k without what a key is for"},
	{"-a always,exit -F auid=0 -F key=x", 33, "key without what a key is for"},
	{"-a always,exit -S all -k a!=b", 26, "key holds !="},
	{"-a always,exit -S all -k " + strings.Repeat("k", 257), 26, "key of 257 bytes in all: at most 256"},
	{"-a always,exit -S all -k a -k " + strings.Repeat("k", 255), 31, "key of 257 bytes in all"},
	{"-a always,exit" + strings.Repeat(" -F a0=1", 64), 523, "more than 63 fields"},
	{"-a always,exit -S all -k k" + strings.Repeat(" -F a0=1", 63), 1, "more than 63 fields"},
	{"-w /x" + strings.Repeat(" -F a0=1", 62), 498, "more than 63 fields"},
	{"-a always,exit -F msgtype=PATH", 19, "field msgtype on the exit list: only on the exclude, user list"},
	{"-a never,exclude -F msgtype=NOSUCH", 21, `msgtype="NOSUCH": a record type such as SYSCALL`},
	{"-a never,exclude -F path=/x", 21, "only on the exit list"},
	{"-a never,user -F perm=x", 18, "only on the exit, exclude list"},
	{"-a always,exit -F fstype=tracefs", 19, "only on the filesystem list"},
	{"-a never,filesystem -F fstype=ext4", 24, "tracefs, debugfs"},
	{"-a always,exit -F exit=ENOSUCH", 19, "a number, or an errno name such as -EACCES"},
	{"-a always,exit -F success=yes", 19, `success="yes": a number without a sign`},
	{"-a always,exit -F pid=-1", 19, "a number without a sign"},
	{"-a always,exit -F a0=x", 19, `a0="x": a number`},
	{"-a always,exit -F filetype=pipe", 19, "file, dir, link"},
	{"-a always,exit -F saddr_fam=46", 19, "0 to 45"},
	{"-a always,exit -F path=/" + strings.Repeat("p", 4096), 19, "at most 4096 bytes"},
	{"-a always,exit -C uid=gid", 19, "fields uid and gid do not compare: NAME=OTHER"},
	{"-a always,exit -C uid=uid", 19, "do not compare"},
	{"-a always,exit -C uid>euid", 19, "no operator in"},
	{"-a always,exit -C uid=nosuch", 19, "unknown field in"},
	{"-a always,user -C uid=euid", 19, "-C on the user list: only on the exit list"},
	{"-a always,exit stray -S open", 16, `word without an option: "stray"`},
	{"-a always,exit -S open # comment", 24, "a comment has a line of its own"},
	{"-a always,exit -S open, close", 25, `word without an option: "close"`},
	{"-w \"/a b\" -p wa", 4, `quotes are ordinary characters, a space inside a word is written with a \ before it`},
	{"-a always,exit\t-S open", 4, "a TAB is part of the word"},
	{"\t# comment", 1, "a TAB is part of the word"},
	{"-X", 1, `unknown option "-X": -a -A`},
	{"--nosuch", 1, "unknown option"},
	{"--reset", 1, "unknown option"},
	{"--reset-lost=1", 1, "takes no value"},
	{"-", 1, "word without an option"},
	{"--", 1, "line without an option"},
	{"-ic", 1, "option -i takes no value"},
	{"-i -c", 4, "\"-c\" after -i, where auditctl no longer reads: a line of its own"},
	{"-a always,exit -S all -i", 1, "does not load the rule of a line that also says -i"},
	{"-e 3", 4, `-e "3": 0, 1 or 2`},
	{"-f panic", 4, "0, 1 or 2"},
	{"-b many", 4, "a number from 0"},
	{"-b -5", 4, "a number from 0"},
	{"-b 99999999999999999999999", 4, "a number from 0"},
	{"-r", 1, "option -r has no value: a number of records a second"},
	{"-R x.rules", 1, "cannot read another"},
	{"-D -k", 1, "alone in its line -D, or -D -k KEY"},
	{"-D x", 1, "-D with other words"},
	{"-b 5 -D", 6, "-D with other words"},
	{"-s -k x", 1, "-s with other words"},
	{"-m a b", 1, "-m with other words"},
	{"-q /a", 4, "MOUNT,SUBTREE"},
	{"--signal KILL", 10, "unknown signal"},
	{"-w/a\\ b", 1, "escape in the first word"},
	{"-w /a\x07b", 6, `control byte "\a"`},
	{"-a always,exit -k a\rb", 20, "carriage return inside the line"},
	{"-w / -p r -k k", 14, "too many short words"},
	{"-w /x -k" + strings.Repeat(" -", 90), 130, "too many short words"},
	{strings.Repeat("#", MaxLine+1), 1, "line of 6144 bytes: at most 6143"},
}

func TestRefused(t *testing.T) {
	for _, c := range refused {
		s, err := ParseFile("a.rules", strings.NewReader("# first\n"+c.text+"\n-w /x -p r\n"))
		var list Errors
		if !errors.As(err, &list) {
			t.Errorf("%.80s: error %v, want %q", c.text, err, c.want)
			continue
		}
		if list[0].Pos != (Pos{"a.rules", 2, c.col}) || !strings.Contains(list[0].Error(), c.want) {
			t.Errorf("%.80s\ngot  %v\nwant column %d: %q", c.text, err, c.col, c.want)
		}
		if len(s.Rules()) != 1 || s.Files[0].Lines[1].Kind != KindBad {
			t.Errorf("%.80s: %d rules beside the bad line, want 1", c.text, len(s.Rules()))
		}
	}
}

// Every refused line says what is legal.
func TestErrorsNameTheCure(t *testing.T) {
	for _, c := range refused {
		_, err := ParseFile("a", strings.NewReader(c.text))
		var list Errors
		if errors.As(err, &list) && list[0].Legal == "" {
			t.Errorf("%.80s: %v: no word on what is legal", c.text, err)
		}
	}
}

func TestAllErrorsAreCollected(t *testing.T) {
	_, err := ParseFile("x.rules", strings.NewReader("-w a\n-w /ok\n-a always,exit -F q=1 -F perm=z\n-e 7\n"))
	want := "x.rules:1:4: watch path \"a\" does not begin with /: an absolute path\n"
	if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("got\n%v\nwant four lines, the first %s", err, want)
	}
	var single *Error
	if !errors.As(err, &single) || single.Pos.Line != 1 {
		t.Errorf("errors.As gives %v", single)
	}
}

func TestErrorsAreBounded(t *testing.T) {
	s, err := ParseFile("x", strings.NewReader(strings.Repeat("x\n", 5000)))
	var list Errors
	if !errors.As(err, &list) || len(list) != MaxErrors || len(s.Files[0].Lines) != 5000 {
		t.Errorf("%d errors, want %d", len(list), MaxErrors)
	}
}

func TestErrorsEscapeControlBytes(t *testing.T) {
	_, err := ParseFile("a\x1b[31m.rules", strings.NewReader("-w x\x1b[0m\n"))
	if err == nil || strings.ContainsRune(err.Error(), '\x1b') {
		t.Errorf("error %q", err)
	}
}

func TestPrintGivesBackWhatWasRead(t *testing.T) {
	for _, text := range []string{
		"", "\n", "# a\n\n  -w /x -p r  \n-e 1", "-w /x\r\n# c\r\n\r\n", "bad line\n-w /y", "-w /x\r", "\r\n\r", "\n\n\n", "-w /\xff\n",
	} {
		s, err := ParseFile("a", strings.NewReader(text))
		if s == nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := s.Files[0].String(); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
}

func TestCarriageReturn(t *testing.T) {
	s, err := ParseFile("a", strings.NewReader("# c\r\n-w /x -k k\r\n\r\n-e 1\r\n"))
	want := "a:2:11: carriage return at the end of the line and of 2 more: lines that end in LF alone; auditctl takes the CR as part of the last word"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if r := s.Rules(); len(r) != 1 || r[0].Keys[0].Text != "k" {
		t.Errorf("rules %v", r)
	}
	if _, err := ParseFile("a", strings.NewReader("# c\r\n-w /x -k k\n")); err != nil {
		t.Errorf("a CR in a comment harms nobody: %v", err)
	}
}

func TestRefusedWhole(t *testing.T) {
	for text, want := range map[string]string{
		"-w /x\nab\x00c\n":                      "a:2:3: binary content, a NUL byte: a text file with one rule a line",
		strings.Repeat("\n", MaxLines+1):        "a:250001:1: too many lines: at most 250000",
		strings.Repeat(" ", MaxFileBytes) + "x": "a: more than 16 MiB: a rule file; a rules.d directory has no more in all",
	} {
		s, err := ParseFile("a", strings.NewReader(text))
		if s != nil || err == nil || err.Error() != want {
			t.Errorf("%.20q: set %v, error %v; want %s", text, s != nil, err, want)
		}
	}
	cause := errors.New("disk gone")
	if _, err := ParseFile("a", failing{cause}); !errors.Is(err, cause) || err.Error() != "read rules from a: disk gone" {
		t.Errorf("error %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestControls(t *testing.T) {
	s := parse(t, "-D\n-b 8192 -f 1\n--backlog_wait_time 0x10\n-r 010\n-D -k old\n-l -i\n--sig hup\n-a always,exit -S all -e 1\n")
	var got []string
	for _, c := range s.Controls() {
		got = append(got, fmt.Sprintf("%d:%d %s value=%q key=%q number=%d", c.Pos.Line, c.Pos.Col, c.Option, c.Value, c.Key, c.Number))
	}
	want := []string{
		`1:1 -D value="" key="" number=0`, `2:1 -b value="8192" key="" number=8192`, `2:9 -f value="1" key="" number=1`,
		`3:1 --backlog_wait_time value="0x10" key="" number=16`, `4:1 -r value="010" key="" number=8`, `5:1 -D value="" key="old" number=0`,
		`6:1 -l value="-i" key="" number=0`, `7:1 --signal value="hup" key="" number=0`, `8:23 -e value="1" key="" number=1`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if k := s.Files[0].Lines[7].Kind; k != KindRule {
		t.Errorf("the line with a rule and -e is a %s line", k)
	}
	if text := s.Controls()[1].Text; text != "-b 8192 -f 1" {
		t.Errorf("text %q", text)
	}
}

func TestNumber(t *testing.T) {
	for in, want := range map[string]uint64{"": 0, "12": 12, "012": 10, "0x1F": 31, "0x": 0, "9z": 9, "08": 0, "-1": 1<<64 - 1, "18446744073709551615": 1<<64 - 1} {
		if got, fits := cNumber(in, 0); got != want || !fits {
			t.Errorf("cNumber(%q) = %d, %v; want %d", in, got, fits, want)
		}
	}
	if _, fits := cNumber("18446744073709551616", 0); fits {
		t.Error("65 bits fit")
	}
	if got, _ := cNumber("c000003ex", 16); got != 0xc000003e {
		t.Errorf("hexadecimal %#x", got)
	}
}

func TestJoin(t *testing.T) {
	s := Join(parse(t, "-w /a\n-e 1\n"), parse(t, "# c\n-w /b\n"))
	if len(s.Files) != 2 || len(s.Rules()) != 2 || s.Rules()[1].Watch.Text != "/b" || len(s.Controls()) != 1 {
		t.Errorf("joined %d files, %d rules", len(s.Files), len(s.Rules()))
	}
}
