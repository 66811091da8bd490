package kernel

import (
	"strings"
	"testing"
	"time"
)

// debianConf is what Debian 12 installs, as far as a preflight reads it.
const debianConf = `max_log_file = 8
num_logs = 5
max_log_file_action = ROTATE
space_left = 75
space_left_action = SYSLOG
admin_space_left = 50
admin_space_left_action = SUSPEND
disk_full_action = SUSPEND
q_depth = 2000
overflow_action = SYSLOG`

// roomy is a host with 10 GiB free and a fresh log of 1 MiB.
func roomy() HostFacts {
	return HostFacts{FreeBytes: 10 << 30, TotalBytes: 20 << 30, BlockBytes: 4096, LogBytes: mebibyte}
}

func TestPreflight(t *testing.T) {
	const mib = int64(mebibyte)
	oldest := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, c := range []struct {
		name     string
		conf     string // lines that replace or add to debianConf
		facts    func(*HostFacts)
		expected int64
		want     string   // "ACTION room-in-MiB", findings apart by ", "
		words    []string // in the text or the cure
	}{
		{name: "rotates, all is kept", expected: 39*mib - 1},
		{name: "rotates once too often", expected: 39 * mib, want: "ROTATE 39", words: []string{"max_log_file = 8 and", "num_logs = 5", "deletes the oldest log", "set num_logs = 7 "}},
		{name: "the next rotation deletes", facts: func(f *HostFacts) { f.Rotated, f.Oldest = []int{1, 2, 3, 4}, oldest }, expected: 7 * mib,
			want: "ROTATE 7", words: []string{"with records from 2026-03-04T05:06:07Z on", "7.0 MiB more of log"}},
		{name: "two are there", facts: func(f *HostFacts) { f.Rotated, f.Oldest = []int{1, 2}, oldest }, expected: 23 * mib, want: "ROTATE 23"},
		{name: "what num_logs does not reach is safe", facts: func(f *HostFacts) { f.Rotated, f.Oldest = []int{7}, oldest }, expected: 38 * mib},
		{name: "past the size already", facts: func(f *HostFacts) { f.LogBytes, f.Rotated = 9*mib, []int{1, 2, 3, 4} }, expected: mib, want: "ROTATE -1", words: []string{"past that by 1.0 MiB already"}},
		{name: "one log is no rotation", conf: "num_logs = 1", expected: 100 * mib},
		{name: "two logs", conf: "num_logs = 2", expected: 15 * mib, want: "ROTATE 15"},
		{name: "ignored size", conf: "max_log_file_action = ignore", expected: 100 * mib},
		{name: "kept logs", conf: "max_log_file_action = keep_logs", expected: 100 * mib},
		{name: "kept logs without size", conf: "max_log_file_action = keep_logs\nmax_log_file = 0", expected: 1, want: "KEEP_LOGS -1"},
		{name: "suspended by size", conf: "max_log_file_action = SUSPEND", expected: 100 * mib, want: "SUSPEND 7", words: []string{"stops logging"}},
		{name: "size warned of", conf: "max_log_file_action = SYSLOG", expected: 100 * mib, want: "SYSLOG 7"},
		{name: "a program by size, auditd 4.1", conf: "max_log_file_action = EXEC /sbin/x -y", expected: 100 * mib, want: "EXEC 7", words: []string{"runs /sbin/x -y"}},
		{name: "no size at all", conf: "max_log_file = 0", expected: 1, want: "ROTATE -1"},
		{name: "size is no number", conf: "max_log_file = 8M", expected: 1, want: "ROTATE 0", words: []string{"max_log_file = 8M", "auditd.conf(5)"}},
		{name: "size beyond reason", conf: "max_log_file = 99999999999999999999", expected: 1, want: "ROTATE 0"},
		{name: "logs are no number", conf: "num_logs = five", expected: 1, want: "ROTATE 0"},

		{name: "space_left first", facts: func(f *HostFacts) { f.FreeBytes = 80 * mib }, expected: 6 * mib, want: "SYSLOG 5", words: []string{"free 2.0 MiB"}},
		{name: "both", facts: func(f *HostFacts) { f.FreeBytes = 55 * mib }, expected: 6 * mib, want: "SYSLOG -20, SUSPEND 5"},
		{name: "halts", conf: "admin_space_left_action = halt", facts: func(f *HostFacts) { f.FreeBytes = 80 * mib; f.LogBytes = 0 }, expected: 31 * mib,
			want: "SYSLOG 5, HALT 30", words: []string{"shuts this machine down (HALT)"}},
		{name: "single user", conf: "space_left_action = SINGLE", facts: func(f *HostFacts) { f.FreeBytes = 80 * mib }, expected: 6 * mib, want: "SINGLE 5", words: []string{"single user mode (SINGLE)"}},
		{name: "a program", conf: "space_left_action = exec /usr/local/bin/archive", facts: func(f *HostFacts) { f.FreeBytes = 80 * mib }, expected: 6 * mib,
			want: "EXEC 5", words: []string{"runs /usr/local/bin/archive (EXEC)"}},
		{name: "a mail", conf: "space_left_action = EMAIL", facts: func(f *HostFacts) { f.FreeBytes = 80 * mib }, expected: 6 * mib, want: "EMAIL 5"},
		{name: "an action of the future", conf: "space_left_action = explode", facts: func(f *HostFacts) { f.FreeBytes = 80 * mib }, expected: 6 * mib, want: "EXPLODE 5"},
		{name: "percent", conf: "space_left = 25%", facts: func(f *HostFacts) { f.FreeBytes, f.TotalBytes = 505*mib, 2000*mib }, expected: 6 * mib, want: "SYSLOG 5"},
		{name: "percent that is none", conf: "space_left = 100%", expected: 1, want: "SYSLOG 0"},
		{name: "ignored space", conf: "space_left_action = IGNORE\nadmin_space_left_action = IGNORE", facts: func(f *HostFacts) { f.FreeBytes = 20 * mib }, expected: 6 * mib},

		{name: "full disk", conf: "space_left_action = IGNORE\nadmin_space_left_action = IGNORE", facts: func(f *HostFacts) { f.FreeBytes, f.BlockBytes = 11*mib, mib }, expected: 6 * mib, want: "SUSPEND 6"},
		{name: "a full disk loses", conf: "space_left_action = IGNORE\nadmin_space_left_action = IGNORE\ndisk_full_action = ignore",
			facts: func(f *HostFacts) { f.FreeBytes, f.BlockBytes = 11*mib, mib }, expected: 6 * mib, want: "IGNORE 6", words: []string{"loses records"}},

		{name: "plugins that fall behind", conf: "overflow_action = HALT", facts: func(f *HostFacts) { f.Plugins = []string{"syslog"} }, expected: 1,
			want: "HALT 0", words: []string{"a plugin (syslog)", "q_depth = 2000", "shuts this machine down"}},
		{name: "no plugin falls behind", conf: "overflow_action = HALT", expected: 1},
		{name: "a warning is enough for plugins", facts: func(f *HostFacts) { f.Plugins = []string{"syslog"} }, expected: 1},
	} {
		conf := parseAuditdConf(debianConf)
		for _, line := range strings.Split(c.conf, "\n") {
			if name, value := keyword(line); name != "" {
				conf.set(name, value)
			}
		}
		facts := roomy()
		if c.facts != nil {
			c.facts(&facts)
		}
		found := Preflight(conf.lines, facts, c.expected)
		var got, said []string
		for _, f := range found {
			got = append(got, f.Action+" "+strings.TrimSuffix(strings.TrimSuffix(mibOf(f.RoomBytes), " MiB"), ".0"))
			said = append(said, f.String())
			if f.Text == "" || f.Cure == "" || strings.Contains(f.String(), "\n") || f.ExpectedBytes != c.expected {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %q, want %q", c.name, strings.Join(got, ", "), c.want)
		}
		for _, w := range c.words {
			if !strings.Contains(strings.Join(said, "\n"), w) {
				t.Errorf("%s: no %q in %q", c.name, w, said)
			}
		}
	}
}

// mibOf is mib under a name that the table's constant does not hide.
func mibOf(n int64) string { return mib(n) }

func TestPreflightOfAnEmptyConf(t *testing.T) {
	// auditd's own defaults ignore every limit but the disk's end.
	if found := Preflight(nil, roomy(), 9<<30); len(found) != 0 {
		t.Errorf("found %v", found)
	}
	found := Preflight(nil, roomy(), 11<<30)
	if len(found) != 1 || found[0].Action != "IGNORE" {
		t.Errorf("found %v", found)
	}
}

func FuzzPreflight(f *testing.F) {
	f.Add(debianConf, int64(1), int64(1<<40))
	f.Add("space_left = 5%\nspace_left_action = EXEC\nmax_log_file_action = keep_logs", int64(-5), int64(0))
	f.Fuzz(func(t *testing.T, conf string, free, expected int64) {
		facts := roomy()
		facts.FreeBytes, facts.Rotated, facts.Plugins = free&(1<<50-1), []int{1, 900}, []string{"x"}
		expected &= 1<<50 - 1
		for _, finding := range Preflight(strings.Split(conf, "\n"), facts, expected) {
			if finding.RoomBytes > expected || len(finding.String()) > 2000 {
				t.Errorf("%+v", finding)
			}
		}
	})
}
