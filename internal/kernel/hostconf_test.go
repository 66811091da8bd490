package kernel

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestConfDirOf(t *testing.T) {
	for cmdline, want := range map[string]string{
		"/sbin/auditd\x00":                                       "/etc/audit",
		"auditd\x00-n\x00-s\x00nochange\x00":                     "/etc/audit",
		"/sbin/auditd\x00-n\x00-c\x00/run/y\x00":                 "/run/y",
		"/sbin/auditd\x00-c/run/y\x00":                           "/run/y",
		"/sbin/auditd\x00-nc\x00/run/y\x00":                      "/run/y",
		"/sbin/auditd\x00-nlc/run/y\x00":                         "/run/y",
		"/sbin/auditd\x00--config_file\x00/run/y\x00":            "/run/y",
		"/sbin/auditd\x00--config_file=/run/y\x00":               "/run/y",
		"/sbin/auditd\x00--conf=/run/y\x00-n\x00":                "/run/y",
		"/sbin/auditd\x00-c\x00/run/x\x00-c\x00/run/y\x00":       "/run/y",
		"/sbin/auditd\x00-c\x00":                                 "/etc/audit", // it would not have started
		"/sbin/auditd\x00--disable_fork\x00-s\x00disable\x00":    "/etc/audit",
		"/sbin/auditd\x00-c\x00relative\x00":                     "",
		"/usr/share/auditbeat/bin/auditbeat\x00-c\x00/run/y\x00": "",
		"": "",
	} {
		got, err := confDirOf([]byte(cmdline))
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", cmdline, got, err, want)
		}
		if err != nil && !errors.Is(err, ErrNoHostAuditd) {
			t.Errorf("%q: %v is not ErrNoHostAuditd", cmdline, err)
		}
	}
}

func FuzzConfDirOf(f *testing.F) {
	f.Add([]byte("/sbin/auditd\x00-nc\x00/run/y\x00"))
	f.Add([]byte("auditd\x00-\x00--\x00-=\x00--c="))
	f.Fuzz(func(t *testing.T, cmdline []byte) {
		if dir, err := confDirOf(cmdline); err == nil && !filepath.IsAbs(dir) {
			t.Errorf("%q: %q", cmdline, dir)
		}
	})
}

func TestLogOf(t *testing.T) {
	for conf, want := range map[string]string{
		"":                                   "/var/log/audit/audit.log",
		"log_file = /l/a.log":                "/l/a.log",
		"log_file = /l//a.log # mine":        "/l/a.log",
		"LOG_FILE = /l/a\nlog_file = /l/b":   "/l/b",
		"write_logs = YES":                   "/var/log/audit/audit.log",
		"write_logs = no":                    "",
		"log_format = nolog":                 "",
		"local_events = no":                  "",
		"log_file = a.log":                   "",
		"log_file =":                         "",
		"write_logs = no\nlog_file = /l/a":   "",
		"log_format = RAW\nwrite_logs = yes": "/var/log/audit/audit.log",
	} {
		got, err := parseAuditdConf(conf).logOf()
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, ErrNoHostAuditd) {
			t.Errorf("%q: %q, %v, want %q", conf, got, err, want)
		}
	}
}

func TestForwarders(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"syslog.conf":     "active = YES\n",
		"af_unix.conf":    "active = no\n",
		"laurel":          "direction = out\nactive = yes # of our own\n", // any name will do
		"old.conf.dpkg":   "active = yes\n",
		".hidden.conf":    "active = yes\n",
		"nothing.conf":    "",
		"au-remote.conf":  "#active = no\nactive = yes\n",
		"commented.conf":  "#active = yes\n",
		"unreadable.conf": strings.Repeat("x", 1<<20+1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := parseAuditdConf("plugin_dir = " + dir).forwarders()
	if want := []string{"au-remote", "laurel", "syslog", "unreadable"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	none := filepath.Join(dir, "none")
	if got, err := parseAuditdConf("plugin_dir = " + none).forwarders(); err != nil || len(got) != 0 {
		t.Errorf("no directory: %q, %v", got, err)
	}
	if got, err := parseAuditdConf("plugin_dir = " + none + "\ndispatcher = /sbin/audispd").forwarders(); err != nil || !reflect.DeepEqual(got, []string{"dispatcher /sbin/audispd"}) {
		t.Errorf("auditd 2: %q, %v", got, err)
	}
}

func TestStartedAt(t *testing.T) {
	began := mustIdentify(os.Getpid()).startedAt()
	if age := time.Since(began); age < -time.Second || age > time.Hour {
		t.Errorf("this test began %v ago", age)
	}
}

func TestHostAuditdWithoutOne(t *testing.T) {
	if _, err := HostAuditd(&Lease{}, HostOptions{}); !errors.Is(err, ErrNoHostAuditd) {
		t.Errorf("got %v", err)
	}
	gone := &Lease{journal: journal{HostAuditd: process{PID: os.Getpid()}}} // the pid is another's
	if _, err := HostAuditd(gone, HostOptions{}); !errors.Is(err, ErrAuditdGone) {
		t.Errorf("got %v", err)
	}
	me := &Lease{journal: journal{HostAuditd: mustIdentify(os.Getpid())}}
	if _, err := HostAuditd(me, HostOptions{}); !errors.Is(err, ErrNoHostAuditd) {
		t.Errorf("a program that is not auditd: %v", err)
	}
	if _, err := StartAuditd(me, AuditdOptions{Dir: t.TempDir()}); !errors.Is(err, ErrAuditdRunning) {
		t.Errorf("a private one beside the host's: %v", err)
	}
}
