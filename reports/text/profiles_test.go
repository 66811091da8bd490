package text

import "github.com/auditprof/auditprof/analyze"

// profiles are hand-made, one for each thing that the report must cope with.
var profiles = map[string]func() *analyze.Profile{
	"profile-host":     hostProfile,
	"profile-fleet":    fleetProfile,
	"profile-by-key":   byKeyProfile,
	"profile-stranger": strangerProfile,
	"profile-quiet":    quietProfile,
	"profile-empty":    func() *analyze.Profile { return &analyze.Profile{} },
	"profile-hostile":  hostileProfile,
}

func n(events, records, bytes uint64) analyze.Count {
	return analyze.Count{Events: events, Records: records, Bytes: bytes}
}

func ruleOf(file string, line int, text string, c analyze.Count) analyze.RuleCount {
	return analyze.RuleCount{RuleID: analyze.RuleID{File: file, Line: line, Text: text}, Count: c}
}

// hostProfile is four minutes of a database host.
func hostProfile() *analyze.Profile {
	p := &analyze.Profile{
		Window: analyze.Window{FirstSec: 1795348496, LastSec: 1795348740, Boots: 1,
			Hosts: []analyze.Host{{FirstSec: 1795348496, LastSec: 1795348740, CoveredSec: 244, Count: n(61_000, 215_000, 39_000_000)}}},
	}
	p.Log.Bytes, p.Log.Skipped = 39_000_120, []analyze.Skipped{{Reason: "no header", Lines: 3, Bytes: 120, Input: "audit.log", Line: 17}}
	p.Total = n(61_000, 215_000, 39_000_000)
	p.Origins = analyze.Books{{Origin: analyze.Rules, Count: n(56_571, 208_000, 37_500_000)}, {Origin: analyze.UserMessages, Count: n(4_400, 4_400, 900_000)},
		{Origin: analyze.KernelMade, Count: n(13, 40, 9_000)}, {Origin: analyze.Undecided, Count: n(16, 60, 9_600)}, {Origin: analyze.Auditd, Count: n(1, 1, 120)}}
	p.Rules = []analyze.RuleCount{
		ruleOf("10-base.rules", 3, "-a never,exit -F arch=b64 -S adjtimex -F uid=998", analyze.Count{}),
		ruleOf("30-access.rules", 4, "-a always,exit -F arch=b64 -S open,openat -F success=1 -F auid>=1000 -k successful-access", n(19_135, 76_000, 14_000_000)),
		ruleOf("80-everything.rules", 2, "-w /var/lib -p r -k var_lib_open", n(37_400, 132_000, 23_500_000)),
		ruleOf("80-everything.rules", 9, "-w /etc/shadow -p wa -k shadow", analyze.Count{}),
		ruleOf("90-rare.rules", 1, "-w /etc/sudoers -p wa", n(36, 120, 400)),
	}
	p.Rules[2].Maybe = 16
	p.Types = analyze.Table{Rows: []analyze.Named{{Name: "SYSCALL", Count: n(56_600, 56_600, 21_000_000)}, {Name: "PATH", Count: n(50_000, 90_000, 12_000_000)},
		{Name: "CWD", Count: n(50_000, 50_000, 3_000_000)}, {Name: "PROCTITLE", Count: n(12_000, 12_000, 2_000_000)}}}
	p.Exes = analyze.Table{Rows: []analyze.Named{{Name: "/usr/lib/postgresql/15/bin/postgres", Count: n(48_000, 180_000, 33_000_000)},
		{Name: "/usr/bin/bash", Count: n(8_000, 20_000, 4_000_000)}, {Name: "", Count: n(5_000, 15_000, 2_000_000)}}}
	p.Syscalls = analyze.Table{Rows: []analyze.Named{{Name: "openat", Count: n(50_000, 200_000, 36_000_000)}, {Name: "", Count: n(4_414, 4_441, 909_120)}}}
	p.Users = analyze.Users{Rows: []analyze.UserCount{{User: analyze.User{AUID: "unset", UID: "105"}, Count: n(48_000, 180_000, 33_000_000)},
		{User: analyze.User{AUID: "1500", UID: "0"}, AUIDName: "alice", UIDName: "root", Count: n(8_000, 20_000, 4_000_000)}}}
	p.Sessions = analyze.Table{Rows: []analyze.Named{{Name: "unset", Count: n(48_000, 180_000, 33_000_000)}, {Name: "7", Count: n(13_000, 35_000, 6_000_000)}}}
	p.Keys = analyze.Table{Rows: []analyze.Named{{Name: "var_lib_open", Count: n(37_400, 132_000, 23_500_000)}, {Name: "successful-access", Count: n(19_135, 76_000, 14_000_000)}}}
	p.Paths = analyze.Paths{NoPath: n(11_000, 15_000, 3_000_000), Relative: n(100, 400, 60_000), Rows: []analyze.PathCount{
		{Path: "/", Count: n(49_900, 199_600, 35_940_000)},
		{Path: "/usr", Count: n(9_000, 36_000, 5_000_000), Own: n(9_000, 36_000, 5_000_000)},
		{Path: "/var/lib/postgresql/15/main", Count: n(40_000, 160_000, 30_000_000), Own: n(40_000, 160_000, 30_000_000)}}}
	p.StartedBy = analyze.StartedBy{Rows: []analyze.Chain{{Programs: []string{"/usr/lib/postgresql/15/bin/postgres"}, Count: n(48_000, 180_000, 33_000_000)},
		{Programs: []string{"/usr/sbin/sshd", "/usr/bin/bash (backup.sh)"}, Whole: true, Count: n(8_000, 20_000, 4_000_000)}, {Count: n(5_000, 15_000, 2_000_000)}}}
	p.Cells = []analyze.Cell{
		{Origin: analyze.Rules, Rule: 2, Type: "SYSCALL", Exe: "/usr/lib/postgresql/15/bin/postgres", Syscall: "openat", Count: n(37_000, 37_000, 23_000_000)},
		{Origin: analyze.Rules, Rule: 1, Type: "SYSCALL", Exe: "/usr/lib/postgresql/15/bin/postgres", Syscall: "openat", Count: n(11_000, 44_000, 10_000_000)},
		{Origin: analyze.Rules, Rule: 1, Type: "SYSCALL", Exe: "/usr/bin/bash", Syscall: "openat", Count: n(8_000, 32_000, 4_000_000)},
		{Origin: analyze.Rules, Rule: 2, Type: "PATH", Exe: "/usr/bin/bash", Syscall: "openat", Count: n(400, 400, 500_000)},
	}
	p.Rate = analyze.Rate{PeakSec: 1795348511, PeakEvents: 4812, Bursts: []analyze.Burst{{StartSec: 1795348500, Events: 44_000, Rule: 2, RuleEvents: 36_000}}}
	p.Series = analyze.Series{StartSec: 1795348480, WidthSec: 16, Events: []uint64{100, 900, 44_000, 9_000, 0, 3, 900, 900, 900, 700, 600, 500, 400, 300, 200, 97}}
	p.Unknown = analyze.Unknown{Reasons: []analyze.Tallied{{Name: "fd call", Events: 12}, {Name: "dirfd", Events: 16}},
		Sets: []analyze.Candidates{{Rules: []int{2, analyze.NoRule}, Count: n(16, 60, 9_600)}}}
	p.Assumptions = []analyze.Tallied{{Name: "loaded as written", Events: 56_571}, {Name: "names mean what they say", Events: 50_000}}
	return p
}

// fleetProfile is days of many hosts, with holes.
func fleetProfile() *analyze.Profile {
	p := hostProfile()
	p.Window = analyze.Window{FirstSec: 1795000000, LastSec: 1795348740, Boots: 19, HostsCut: 0,
		Hosts: []analyze.Host{
			{Name: "db-1", CoveredSec: 340_000, Holes: 1, Count: n(40_000, 100_000, 30_000_000)}, {Name: "db-2", CoveredSec: 345_000, Count: n(20_000, 100_000, 8_000_000)},
			{Name: "db-3", CoveredSec: 7200, Count: n(500, 5_000, 500_000)}, {Name: "web-1", CoveredSec: 7200, Count: n(500, 10_000, 500_000)}},
		Holes: []analyze.Hole{{Host: "db-1", FromSec: 1795100000, ToSec: 1795103600}}}
	p.Log.Missing, p.Log.Duplicates, p.Log.Late, p.Log.Partial = 1200, 4, 1, 7
	p.Origins[0].Events, p.Origins[3].Events = 50_000, 6_587
	return p
}

// byKeyProfile is a log without a rule set.
func byKeyProfile() *analyze.Profile {
	p := hostProfile()
	p.Rules, p.Unknown, p.Assumptions = nil, analyze.Unknown{}, nil
	p.Origins[0].Origin = analyze.ByKey
	p.Origins = append(p.Origins[:3], p.Origins[4])
	p.Rate.Bursts[0].Rule = analyze.NoRule
	return p
}

// strangerProfile is a log that was written under other rules.
func strangerProfile() *analyze.Profile {
	p := hostProfile()
	p.Conflicts = analyze.Conflicts{Events: 900, FirstSec: 1795348600, LastSec: 1795348740, Input: "audit.log.1", Line: 1234,
		Keys: []analyze.Tallied{{Name: "stig-access", Events: 800}, {Name: "", Events: 100}}}
	p.Origins = append(analyze.Books{{Origin: analyze.Unexplained, Count: n(900, 3600, 700_000)}}, p.Origins...)
	p.Unexplained = []string{"line 1234: type=SYSCALL msg=audit(1795348600.100:7): arch=c000003e syscall=2", "line 1238: type=SYSCALL", "line 1242: x", "line 1246: y"}
	return p
}

// quietProfile is a log of user messages alone.
func quietProfile() *analyze.Profile {
	p := &analyze.Profile{Total: n(2, 2, 400)}
	p.Log.Bytes = 400
	p.Window = analyze.Window{FirstSec: 1795348496, LastSec: 1795348496, Boots: 1, Hosts: []analyze.Host{{FirstSec: 1795348496, LastSec: 1795348496}}}
	p.Origins = analyze.Books{{Origin: analyze.UserMessages, Count: n(2, 2, 400)}}
	p.Rules = []analyze.RuleCount{ruleOf("a.rules", 1, "-w /etc/passwd -p wa", analyze.Count{})}
	p.Types = analyze.Table{Rows: []analyze.Named{{Name: "USER_LOGIN", Count: n(2, 2, 400)}}}
	return p
}

// hostileProfile has names of an attacker's choice wherever a log, a rule file or another profile may give one.
func hostileProfile() *analyze.Profile {
	p := strangerProfile()
	const bad = "\x1b]0;owned\a\u202e\xff\n"
	p.Window.Hosts[0].Name = bad
	p.Rules[1].File, p.Rules[2].Text = bad, bad
	p.Types.Rows[0].Name, p.Exes.Rows[0].Name, p.Syscalls.Rows[0].Name, p.Keys.Rows[0].Name, p.Sessions.Rows[0].Name = bad, bad, bad, bad, bad
	p.Users.Rows[0].AUID, p.Users.Rows[1].AUIDName = bad, bad
	p.Paths.Rows[2].Path = "/" + bad
	p.StartedBy.Rows[0].Programs[0] = bad
	p.Cells[0].Exe = bad
	p.Unknown.Reasons[0].Name, p.Assumptions[0].Name = bad, bad
	p.Unknown.Sets[0].Rules = []int{99, -7, 2}
	p.Rate.Bursts[0].Rule = 1 << 40
	p.Conflicts.Keys[0].Name, p.Conflicts.Input = bad, bad
	p.Log.Skipped[0].Reason, p.Log.Skipped[0].Input = bad, bad
	p.Unexplained[0] = bad
	return p
}
