package match

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// rulesOf compiles lines of a rule file as auditctl 3.0.9 would on x86_64, with what later ones take on the exclude list.
func rulesOf(t testing.TB, lines ...string) []Rule {
	t.Helper()
	set, err := rule.ParseFile("r", strings.NewReader(strings.Join(lines, "\n")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	dialect := rule.Dialect3_0
	if strings.Contains(strings.Join(lines, ""), "exclude") {
		dialect = rule.Dialect4_0
	}
	out := compileSet(t, set, dialect)
	if len(out) != len(lines) {
		t.Fatalf("%d of the rules %q compile", len(out), lines)
	}
	return out
}

func matcherOf(t testing.TB, host Host, lines ...string) *Matcher {
	t.Helper()
	m, err := New(rulesOf(t, lines...), host)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// recent is a kernel without the quirks of older ones.
var recent = Host{Kernel: Version{6, 18, 44}}

// call is a system call as a log has it. What is not set is an open of nothing by a login user, of which no name is known.
type call struct {
	nr      int
	arch    string // hex
	fields  string // name=value pairs that take the place of the usual ones; name=- leaves one out
	names   []string
	more    []string // further records, TYPE body
	cwd     string
	noPaths bool // items= promises names that are not there
}

var usual = []string{
	"success=yes", "exit=3", "a0=ffffff9c", "a1=7ffd", "a2=0", "a3=0", "ppid=10", "pid=11", "auid=1000", "uid=1000", "gid=1000", "euid=1000",
	"suid=1000", "fsuid=1000", "egid=1000", "sgid=1000", "fsgid=1000", "tty=pts0", "ses=3", `comm="cat"`, `exe="/usr/bin/cat"`, "key=(null)",
}

// lines are the records of a call at a serial.
func (c call) lines(serial int) string {
	if c.arch == "" {
		c.arch = "c000003e"
	}
	if c.cwd == "" {
		c.cwd = "/home/u"
	}
	stamp := fmt.Sprintf("msg=audit(1700000000.000:%d):", serial)
	items := len(c.names)
	if c.noPaths {
		items++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "type=SYSCALL %s arch=%s syscall=%d", stamp, c.arch, c.nr)
	own := map[string]string{}
	for _, f := range strings.Fields(c.fields) {
		name, value, _ := strings.Cut(f, "=")
		own[name] = value
	}
	if per, ok := own["per"]; ok {
		fmt.Fprintf(&b, " per=%s", per)
	}
	for _, f := range usual {
		name, value, _ := strings.Cut(f, "=")
		if v, ok := own[name]; ok {
			value = v
		}
		if name == "ppid" {
			fmt.Fprintf(&b, " items=%d", items)
		}
		if name == "key" && own["subj"] != "" {
			fmt.Fprintf(&b, " subj=%s", own["subj"])
		}
		if value != "-" {
			fmt.Fprintf(&b, " %s=%s", name, value)
		}
	}
	b.WriteByte('\n')
	for _, r := range c.more {
		typ, body, _ := strings.Cut(r, " ")
		fmt.Fprintf(&b, "type=%s %s %s\n", typ, stamp, body)
	}
	if items > 0 {
		fmt.Fprintf(&b, "type=CWD %s cwd=%q\n", stamp, c.cwd)
	}
	for i, n := range c.names {
		fmt.Fprintf(&b, "type=PATH %s item=%d %s\n", stamp, i, n)
	}
	fmt.Fprintf(&b, "type=PROCTITLE %s proctitle=\"x\"\n", stamp)
	return b.String()
}

// found is a PATH record of a file, missed one of a name that led nowhere.
func found(name string, inode int, kind string, more ...string) string {
	mode := "0100644"
	owner := "ouid=0 ogid=0"
	for _, m := range more {
		if strings.HasPrefix(m, "mode=") {
			mode = m[len("mode="):]
		} else {
			owner = m
		}
	}
	if kind == "PARENT" {
		mode = "040755"
	}
	return fmt.Sprintf("name=%q inode=%d dev=fe:01 mode=%s %s rdev=00:00 nametype=%s", name, inode, mode, owner, kind)
}

func missed(name string) string { return fmt.Sprintf("name=%q nametype=UNKNOWN", name) }

// read is the only call of a log.
func (c call) read(t testing.TB) *event.Call {
	t.Helper()
	out := new(event.Call)
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader([]byte(c.lines(1)))), nil) {
		if out.Read(ev.Clone()) {
			return out
		}
	}
	t.Fatalf("no call in %s", c.lines(1))
	return nil
}

// who is a decision in short: the rule's number, "none", "conflict", or the candidates of an unknown one in brackets.
func who(d Decision) string {
	switch {
	case d.Conflict:
		return "conflict"
	case d.Answer == Unknown:
		return fmt.Sprint(d.Candidates)
	case d.Answer == None:
		return "none"
	}
	return fmt.Sprint(d.Rule)
}
