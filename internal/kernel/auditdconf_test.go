package kernel

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

const hostConf = `# the host's
log_file = /var/log/audit/audit.log
Log_Format=ENRICHED
max_log_file_action = ROTATE
space_left_action = EMAIL
admin_space_left_action = HALT
disk_full_action = SINGLE
disk_error_action = IGNORE
##tcp_listen_port = 60
freq = 50
plugin_dir = /etc/audit/plugins.d`

func TestPrivatizeChangesOnlyWhatItSays(t *testing.T) {
	c := parseAuditdConf(hostConf)
	c.privatize("/p/audit.log", "/p/plugins.d")
	want := []string{"log_file: /var/log/audit/audit.log -> /p/audit.log", "plugin_dir: /etc/audit/plugins.d -> /p/plugins.d",
		"max_log_file_action: ROTATE -> IGNORE", "space_left_action: EMAIL -> IGNORE", "admin_space_left_action: HALT -> IGNORE",
		"disk_full_action: SINGLE -> IGNORE"}
	if !reflect.DeepEqual(c.changed, want) {
		t.Errorf("changed %q\nwant %q", c.changed, want)
	}
	for _, line := range []string{"# the host's", "Log_Format=ENRICHED", "##tcp_listen_port = 60", "freq = 50", "disk_error_action = IGNORE"} {
		if !slices.Contains(c.lines, line) {
			t.Errorf("%q is gone", line)
		}
	}
	if len(c.lines) != strings.Count(hostConf, "\n")+1 {
		t.Errorf("%d lines", len(c.lines))
	}
	if w := c.warnings(); len(w) != 0 {
		t.Errorf("warnings for nothing: %q", w)
	}
}

func TestPrivatizeAddsWhatIsMissing(t *testing.T) {
	c := parseAuditdConf("write_logs = no\nlog_format = NOLOG\nlog_file = /a\nlog_file = /b\n")
	c.privatize("/p/log", "/p/plugins")
	for _, line := range []string{"write_logs = yes", "log_format = RAW", "disk_full_action = IGNORE", "plugin_dir = /p/plugins"} {
		if !slices.Contains(c.lines, line) {
			t.Errorf("%q is missing in %q", line, c.lines)
		}
	}
	if got := c.get("log_file", ""); got != "/p/log" || strings.Contains(c.text(), "/a") {
		t.Errorf("log_file %q in %q", got, c.text())
	}
	if !slices.Contains(c.changed, "log_file: /b -> /p/log") || !slices.Contains(c.changed, "plugin_dir: not set -> /p/plugins") {
		t.Errorf("changed %q", c.changed)
	}
}

func TestAuditdConfWarnings(t *testing.T) {
	c := parseAuditdConf("tcp_listen_port = 60\noverflow_action = HALT\nwrite_logs = no")
	w := strings.Join(c.warnings(), "\n")
	for _, word := range []string{"tcp_listen_port = 60", "overflow_action = HALT", "write_logs = no"} {
		if !strings.Contains(w, word) {
			t.Errorf("no word of %s in %q", word, w)
		}
	}
}

func TestActivePlugins(t *testing.T) {
	got := activePlugins(map[string]string{"syslog.conf": "active = YES\n", "af_unix.conf": "active = no", "a.conf~": "active = yes", "b.conf": ""})
	if !reflect.DeepEqual(got, []string{"syslog"}) {
		t.Errorf("got %q", got)
	}
}

func TestRunsAuditdIn(t *testing.T) {
	for cmdline, want := range map[string]bool{
		"/sbin/auditd\x00-n\x00-c\x00/run/y\x00": true,
		"/sbin/auditd\x00-n\x00-c\x00/etc\x00":   false,
		"/sbin/auditd\x00-c\x00":                 false,
		"vi\x00-c\x00/run/y\x00":                 false,
		"":                                       false,
	} {
		if got := runsAuditdIn([]byte(cmdline), []string{"/run/x", "/run/y"}); got != want {
			t.Errorf("%q: %v", cmdline, got)
		}
	}
}
