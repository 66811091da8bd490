package detect

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// sigmaOf reads one rule of auditd with this detection.
func sigmaOf(t *testing.T, source, detection string) Detection {
	t.Helper()
	var out Sigma
	r := newSigmaReader("rule.yml", Host{})
	r.read("title: x\nlogsource: {product: linux, "+source+"}\ndetection:\n"+detection, &out)
	if err := r.err(); err != nil {
		t.Fatal(err)
	}
	if len(out.Detections) != 1 {
		t.Fatalf("%d rules in %s", len(out.Detections), detection)
	}
	return out.Detections[0]
}

const (
	sigmaCall = `type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=%s success=yes exit=0 a0=%s a1=0 a2=1 a3=0 items=1 ppid=1 pid=9 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="cat" exe="/usr/bin/cat" key="k"
type=CWD msg=audit(1.000:5): cwd="/etc"
type=PATH msg=audit(1.000:5): item=0 name="/etc/audit/audit.rules" inode=5 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=CREATE
`
	sigmaExec = `type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=1 pid=9 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="cat" exe="/usr/bin/cat" key="k"
type=EXECVE msg=audit(1.000:5): argc=3 a0="cat" a1="-n" a2=2F746D702F6120622E6A7067
`
	sigmaConn = `type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=42 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=9 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="nc" exe="/usr/bin/nc" key="k"
type=SOCKADDR msg=audit(1.000:5): saddr=0200115CC00002010000000000000000
`
	sigmaStop = `type=SERVICE_STOP msg=audit(1.000:5): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=firewalld comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success'
`
)

// TestSigmaMatches is the parts of the Sigma language, each against an event.
func TestSigmaMatches(t *testing.T) {
	open := strings.NewReplacer("%s", "2").Replace(sigmaCall)
	personality := strings.Replace(strings.Replace(sigmaCall, "%s", "135", 1), "%s", "40000", 1)
	for _, c := range []struct {
		source, detection, event string
		want                     Answer
	}{
		{"service: auditd", "  a: {type: PATH, name: /etc/audit/*}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {type: path, name: /ETC/audit/*}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {name|cased: /ETC/audit/*}\n  condition: a", open, No},
		{"service: auditd", "  a: {name|endswith: [.x, .rules]}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {name|contains|all: [audit, /etc]}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {name|contains|all: [audit, /opt]}\n  condition: a", open, No},
		{"service: auditd", "  a: {name|startswith: /etc, nametype: CREATE}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {name|re: 'audit\\.r[a-z]+$'}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {name|re|i: 'AUDIT'}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {name|re: '(?=x)'}\n  condition: a", open, Maybe},
		{"service: auditd", "  a: {name: '/etc/audi?/audit.rules'}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {name: '/etc/audi\\?/audit.rules'}\n  condition: a", open, No},
		{"service: auditd", "  a: {type: SYSCALL, SYSCALL: open}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {type: SYSCALL, syscall: 2}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {type: SYSCALL, syscall: 'ope*'}\n  condition: a", personality, No},
		{"service: auditd", "  a: {type: SYSCALL, SYSCALL: personality, a0: 40000}\n  condition: a", personality, Yes},
		{"service: auditd", "  a: {type: SYSCALL, SYSCALL: personality, a0: 40001}\n  condition: a", personality, No},
		{"service: auditd", "  a: {exe|endswith: /cat, key: k, comm: cat, uid: 0, auid: 1000, euid: root, success: 'yes', cwd: /etc}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {auid|gte: 1000}\n  b: {auid|lt: 1000}\n  condition: a and not b", open, Yes},
		{"service: auditd", "  a: {uid: nobodyknows}\n  condition: a", open, Maybe},
		{"service: auditd", "  a: {mode: '0100644'}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {name: null}\n  condition: a", open, Maybe},
		{"service: auditd", "  a: {name|base64: x}\n  condition: a", open, Maybe},
		{"service: auditd", "  a: ['audit.rules', nothing]\n  condition: a", open, Yes},
		{"service: auditd", "  a: {'|all': [SYSCALL, audit.rules]}\n  condition: a", open, Yes},
		{"service: auditd", "  a: {'|all': [SYSCALL, nothing]}\n  condition: a", open, No},
		{"service: auditd", "  a: [{key: x}, {key: k}]\n  condition: a", open, Yes},
		{"service: auditd", "  a: {key: x}\n  b: {key: k}\n  condition: 1 of them", open, Yes},
		{"service: auditd", "  a: {key: x}\n  b: {key: k}\n  condition: all of them", open, No},
		{"service: auditd", "  s_a: {key: k}\n  s_b: {uid: 0}\n  f_a: {uid: 1}\n  condition: all of s_* and not 1 of f_*", open, Yes},
		{"service: auditd", "  s_a: {key: k}\n  f_a: {uid: 0}\n  condition: s_a and not f_a", open, No},
		{"service: auditd", "  a: {key: k}\n  b: {uid: 1}\n  c: {uid: 0}\n  condition: a and (b or c)", open, Yes},
		{"service: auditd", "  a: {key: k}\n  b: {uid: 1}\n  condition: not (a and not b)", open, No},
		{"service: auditd", "  a: {key: x}\n  b: {key: k}\n  c: {uid: 1}\n  condition: b or a and c", open, Yes},
		{"service: auditd", "  a: {key: k}\n  condition: a | count() by uid > 5", open, Yes},
		{"service: auditd", "  a: {key: k}\n  b: {key: x}\n  condition: [b, a]", open, Yes},
		{"service: auditd", "  a: {type: EXECVE, a0: cat, a1: -n, a2|endswith: .jpg}\n  condition: a", sigmaExec, Yes},
		{"service: auditd", "  a: {type: execve, a1: -N}\n  condition: a", sigmaExec, Yes},
		{"service: auditd", "  a: {type: EXECVE, a3: x}\n  condition: a", sigmaExec, No},
		{"service: auditd", "  a: {type: SERVICE_STOP, unit: [firewalld, ufw]}\n  condition: a", sigmaStop, Yes},
		{"service: auditd", "  a: {type: 'SERVICE_*', unit: ufw}\n  condition: a", sigmaStop, No},
		{"category: process_creation", "  a: {Image|endswith: /cat, CommandLine|contains: '-n /tmp', User: root}\n  condition: a", sigmaExec, Yes},
		{"category: process_creation", "  a: {Image|endswith: /cat, ParentImage: /x}\n  condition: a", sigmaExec, Maybe},
		{"category: process_creation", "  a: {Image|endswith: /cat}\n  condition: a", open, No},
		{"category: file_event", "  a: {TargetFilename|startswith: /etc/}\n  condition: a", open, No},
		{"category: file_access", "  a: {TargetFilename|startswith: /etc/}\n  condition: a", open, Yes},
		{"category: network_connection", "  a: {DestinationPort: 4444, Initiated: 'true'}\n  f: {DestinationIp|cidr: 10.0.0.0/8}\n  condition: a and not f", sigmaConn, Yes},
		{"category: network_connection", "  a: {DestinationIp: 192.0.2.1}\n  condition: a", sigmaConn, Yes},
		{"category: network_connection", "  a: {DestinationIp|cidr: 192.0.2.0/25, Initiated: 'false'}\n  condition: a", sigmaConn, No},
		{"category: network_connection", "  a: {DestinationHostname: x}\n  condition: a", sigmaConn, Maybe},
	} {
		d := sigmaOf(t, c.source, c.detection)
		set := New(Host{}, nil, []Detection{d})
		ev, call := readEvent(t, c.event)
		if best, _ := set.sighted(ev, call); best[0] != c.want {
			t.Errorf("%v, not %v\n%s\nread as %q", best[0], c.want, c.detection, d.Conditions())
		}
		if (c.want == Maybe) != (len(d.Unclear) > 0) && !strings.Contains(c.detection, "count") {
			t.Errorf("not understood: %q of\n%s", d.Unclear, c.detection)
		}
	}
}

func TestSigmaErrors(t *testing.T) {
	const head = "title: x\nlogsource: {product: linux, service: auditd}\n"
	for _, c := range []struct{ text, want string }{
		{"title: [x", "r.yml:1: not YAML"},
		{head + "detection: x\n", "r.yml:3:12: detection is a value, and should be searches"},
		{head + "detection: {a: {key: x}}\n", "r.yml:3:12: detection has no condition"},
		{head + "detection: {a: {key: x}, condition: b}\n", "r.yml:3:37: condition: b is no search of this rule; it is made of"},
		{head + "detection: {a: {key: x}, condition: a and}\n", "condition: it ends where a search is expected"},
		{head + "detection: {a: {key: x}, condition: (a}\n", "condition: a parenthesis is not closed"},
		{head + "detection: {a: {key: x}, condition: a a}\n", "condition: a is not expected here"},
		{head + "detection: {a: {key: x}, condition: 1 of b*}\n", "condition: b* is no search of this rule"},
		{head + "detection: {a: {key: x}, condition: 1 of}\n", "condition: it ends behind of"},
		{head + "detection: {a: {key: {x: y}}, condition: a}\n", "r.yml:3:22: key takes a value or a list of values, this is a mapping"},
		{head + "detection: {a: [[x]], condition: a}\n", "a search holds fields or words, this is a list"},
		{head + "detection: {a: &x {key: x}, b: *x, condition: a}\n", "*x is an alias"},
		{head + "detection: {a: {key: x}, condition: " + strings.Repeat("(", 100) + "a" + strings.Repeat(")", 100) + "}\n", "more than 50 levels"},
		{head + "detection: {a: {key: x}, condition: " + strings.Repeat("not ", 100) + "a}\n", "more than 50 levels"},
	} {
		var out Sigma
		r := newSigmaReader("r.yml", Host{})
		r.read(c.text, &out)
		if err := r.err(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.200s\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

// TestSigmaOfTooMany: an expression that stands for too many alternatives is not understood, and overlaps with what the rule's source says.
func TestSigmaOfTooMany(t *testing.T) {
	text := "  condition: all of them\n"
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		text += "  " + name + ": [{comm: a}, {comm: b}, {comm: c}, {comm: d}, {comm: e}]\n"
	}
	many := sigmaOf(t, "category: process_creation", "  a: {comm: a}\n  condition: a"+strings.Repeat(" or a", 100_000)+"\n")
	if len(many.Unclear) != 1 || len(many.conds) > maxTerms {
		t.Errorf("%q %d", many.Unclear, len(many.conds))
	}
	d := sigmaOf(t, "category: process_creation", text)
	set := New(Host{}, nil, []Detection{d})
	if len(d.Unclear) == 0 || len(d.conds) > maxTerms || len(set.Losses(never("execve", "uid=1"))) != 1 || len(set.Losses(never("open", "uid=1"))) != 0 {
		t.Errorf("%q %d", d.Unclear, len(d.conds))
	}
}

func TestReadSigma(t *testing.T) {
	s, err := ReadSigma("testdata/sigma", Host{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Detections) != 5 || s.Files != 4 || s.Others != 1 || s.Unclear != 1 || len(s.Remarks) != 0 {
		t.Errorf("%+v", s)
	}
	hidden := s.Detections[slices.IndexFunc(s.Detections, func(d Detection) bool { return strings.Contains(d.Name, "dot") })]
	if hidden.Hard() || hidden.Mitre != "T1564.001" || hidden.Place() != filepath.Join("testdata", "sigma", "hidden_file.yml")+":1" {
		t.Errorf("%+v", hidden)
	}
	set := New(Host{}, nil, s.Detections)
	for _, l := range set.Blinds(never("openat", "exe=/usr/bin/cat", "dir=/srv")) {
		if l.Hard || l.Name != "Sigma: A name with a dot in front" && l.Name != "Sigma: A mode by its number" || !strings.Contains(l.Why, " could ") {
			t.Errorf("%+v", l)
		}
	}
	losses := set.Losses(never("openat", "exe=/usr/bin/cat", "dir=/srv"))
	if len(losses) != 2 || losses[0].Loose == losses[1].Loose {
		t.Errorf("%+v", losses)
	}
	if got := set.Blinds(&suggest.Change{Kind: suggest.User, MsgType: "CRED_ACQ"}); len(got) != 1 { // words anywhere
		t.Errorf("%+v", got)
	}
	if one, err := ReadSigma("testdata/sigma/shell.yml", Host{}); err != nil || len(one.Detections) != 1 {
		t.Errorf("%+v %v", one, err)
	}
}

func TestReadSigmaOfBadFolders(t *testing.T) {
	dir := t.TempDir()
	if _, err := ReadSigma(filepath.Join(dir, "none"), Host{}); err == nil || !strings.Contains(err.Error(), "read Sigma rules: ") {
		t.Error(err)
	}
	if _, err := ReadSigma(dir, Host{}); err == nil || !strings.Contains(err.Error(), "no file *.yml or *.yaml is in") {
		t.Error(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.yml", "just text\n")
	if s, err := ReadSigma(dir, Host{}); err != nil || len(s.Remarks) != 1 || s.Others != 1 {
		t.Errorf("%+v %v", s, err)
	}
	write("b.yml", "a: [\n")
	write("c.yaml", "a: *x\n")
	if _, err := ReadSigma(dir, Host{}); err == nil || !strings.Contains(err.Error(), "b.yml:") || !strings.Contains(err.Error(), "c.yaml:") {
		t.Error(err)
	}
}
