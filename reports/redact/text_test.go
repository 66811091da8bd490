package redact

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"-w /etc/passwd -p wa -k identity", "-w /etc/passwd -p wa -k identity"},
		{"-w /root/.ssh -p wa", "-w /root/path-1 -p wa"},
		{"-w /rootfs/x -p wa", "-w /rootfs/x -p wa"},
		{"-F dir=/home/alice/.ssh/keys -k alice_keys", "-F dir=/home/user-1/path-1/path-2 -k user-1_keys"},
		{"/home/alice/rules.d/10-a.rules:12: unknown field", "/home/user-1/path-1/path-2:12: unknown field"},
		{"open /home/alice/x: permission denied", "open /home/user-1/path-1: permission denied"},
		{`name="/home/alice/My Letters/to bob.txt" inode=3`, `name="/home/user-1/path-1/path-2" inode=3`},
		{`-w /home/alice/My\ Letters -p r`, `-w /home/user-1/path-1 -p r`},
		{"/var/lib/x/home/carol/y", "/var/lib/x/home/user-1/path-1"},
		{"/srv/people/dave/notes, and more", "/home/user-1/path-1, and more"},
		{"-F auid>=1000 -F auid!=unset -F auid!=4294967295 -F uid=0", "-F auid>=1000 -F auid!=unset -F auid!=4294967295 -F uid=0"},
		{"-F auid=1017 -F uid!=1018 -F euid=alice", "-F auid=user-1 -F uid!=user-2 -F euid=user-3"},
		{"-F auid>1017 -F auid<60000", "-F auid>user-1 -F auid<60000"},
		{"uid=postgres auid=-1", "uid=postgres auid=-1"},
		{`type=EXECVE msg=audit(1.2:3): argc=2 a0="curl" a1=70617373776f7264`, `type=EXECVE msg=audit(1.2:3): argc=2 a0="(argument)" a1=(argument)`},
		{"type=SYSCALL msg=audit(1.2:3): arch=c000003e a0=ff a1=7f", "type=SYSCALL msg=audit(1.2:3): arch=c000003e a0=ff a1=7f"},
		{"type=PROCTITLE msg=audit(1.2:3): proctitle=6C73002D6C", "type=PROCTITLE msg=audit(1.2:3): proctitle=(argument)"},
		{"name=2F686F6D652F616C6963652F6120622E747874 inode=1", "name=(name) inode=1"},
		{"name=2F7573722F6120622E747874 inode=1", "name=2F7573722F6120622E747874 inode=1"},
		{"auid=1017 uid=0\x1dAUID=\"alice\" UID=\"root\"", "auid=user-1 uid=0\x1dAUID=\"user-1\" UID=\"root\""},
		{`acct="alice" exe="/usr/sbin/sshd" hostname=lap.example addr=10.1.2.3 terminal=ssh`,
			`acct="user-1" exe="/usr/sbin/sshd" hostname=host-1 addr=host-2 terminal=ssh`},
		{"hostname=? addr=?", "hostname=? addr=?"},
		{"saddr=02000016AC1F0001", "saddr=(address)"},
		{"-F dir=/run/user/1017/bus -k user-1017 -w /run/user/42/x", "-F dir=/run/user/user-1/bus -k user-1017 -w /run/user/42/x"},
		{"/user.slice/user-1017.slice/user@1017.service", "/user.slice/user-user-1.slice/user@user-1.service"},
		{"pg-stage-03 is not pg-stage-031", "host-1 is not pg-stage-031"},
		{"on PG-Stage-03.corp.example:514", "on host-1.corp.example:514"},
	} {
		r := New(Options{Homes: []string{"/srv/people/dave", "/", "/root"}})
		if strings.Contains(strings.ToLower(c.in), "pg-stage") {
			r = New(Options{Hosts: []string{"pg-stage-03"}})
		}
		if got := r.Text(c.in); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestNamesAreTheSameEverywhere(t *testing.T) {
	r := New(Options{Hosts: []string{"db1.corp.example"}, People: []string{"alice"}})
	for in, want := range map[string]string{
		"db1 was slow":            "host-1 was slow",
		"db1.corp.example":        "host-1",
		"run by alice.":           "run by user-1.",
		"malice in alices":        "malice in alices",
		"/home/alice/x":           "/home/user-1/path-1",
		"see /home/alice/x twice": "see /home/user-1/path-1 twice",
		"cpu_per_op":              "cpu_per_op",
	} {
		if got := r.Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if got := r.Text(want); got != want {
			t.Errorf("%q redacted once more: %q", want, got)
		}
	}
}

// The words of results stay, though a machine may be called so.
func TestVocabularyStays(t *testing.T) {
	r := New(Options{Hosts: []string{"db"}, Keep: []string{"db-churn"}})
	for in, want := range map[string]string{"no-audit": "no-audit", "db-churn": "db-churn", "db": "host-1", "on db-churn": "on host-1-churn"} {
		if got := r.Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// No text makes it fail, and a text that is redacted stays so.
func FuzzText(f *testing.F) {
	f.Add("/home/alice/x uid=1017", "db1")
	f.Add(`type=EXECVE a0="x`, "/")
	f.Add("/home//home/a'\\", "\xff")
	f.Fuzz(func(t *testing.T, text, host string) {
		r := New(Options{Hosts: []string{host}})
		r.Text(text)
		r.path(text)
		const secret = "/home/zaphod42/betelgeuse77"
		if got := r.Text(text + " " + secret); strings.Contains(got, "zaphod42") && !strings.Contains(text+host, "zaphod42") {
			t.Errorf("%q keeps the secret: %q", text, got)
		}
	})
}
