package text

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
)

func writeProfile(t *testing.T, p *analyze.Profile, o ProfileOptions) string {
	t.Helper()
	var b strings.Builder
	if err := WriteProfile(&b, p, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func profileOptions(width int) ProfileOptions {
	return ProfileOptions{Width: width, Top: 3, Logs: "audit.log", Rules: "rules.d", Target: "kernel 6.18.44, auditctl 3.0.9",
		Remarks: []string{"the log does not say which machine wrote it: x86_64 is assumed"},
		Next:    []Step{{"what these rules cost on this machine", "auditprof bench --rules rules.d"}}}
}

func TestProfileGolden(t *testing.T) {
	for name, make := range profiles {
		for _, width := range []int{80, 132} {
			got := writeProfile(t, make(), profileOptions(width))
			golden(t, fmt.Sprintf("%s-%d", name, width), got)
		}
	}
}

func TestProfileWidthAndBytes(t *testing.T) {
	for name, make := range profiles {
		for width := 80; width <= 200; width += 7 {
			t.Run(fmt.Sprint(name, width), func(t *testing.T) {
				o := profileOptions(width)
				for _, o.All = range []bool{false, true} {
					checkLines(t, writeProfile(t, make(), o), width, []string{o.Next[0].Command})
				}
			})
		}
	}
	checkLines(t, writeProfile(t, hostProfile(), ProfileOptions{}), 80, nil)
}

func TestProfileColorOnlyAdds(t *testing.T) {
	sequence := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for name, make := range profiles {
		o := profileOptions(80)
		plain := writeProfile(t, make(), o)
		o.Color = true
		if coloured := writeProfile(t, make(), o); plain == coloured || sequence.ReplaceAllString(coloured, "") != plain {
			t.Errorf("%s: colour changes the text", name)
		}
	}
}

func TestProfileHasNoDayWithoutADay(t *testing.T) {
	if text := writeProfile(t, hostProfile(), profileOptions(80)); strings.Contains(text, "a day") || !strings.Contains(text, "no figure per day") {
		t.Errorf("got\n%s", text)
	}
	// two of four hosts have a day: 38 MB in 685,000 s
	if text := writeProfile(t, fleetProfile(), profileOptions(132)); !strings.Contains(text, "a day and host, mean of the 2 with 24 hours or more: 7,568 events") {
		t.Errorf("got\n%s", text)
	}
}

func TestProfileSaysFirstThatTheRulesAreOthers(t *testing.T) {
	text := writeProfile(t, strangerProfile(), profileOptions(132))
	alarm, verdict := strings.Index(text, "OTHER RULES"), strings.Index(text, "NOISY")
	if alarm < 0 || verdict < alarm || !strings.Contains(text, "their keys: stig-access (800)\n") || !strings.Contains(text, "audit.log.1:1234") {
		t.Errorf("got\n%s", text)
	}
}

func TestProfileListsSilentRulesWhenAsked(t *testing.T) {
	o := profileOptions(100)
	if text := writeProfile(t, hostProfile(), o); strings.Contains(text, "/etc/shadow") || !strings.Contains(text, "1 of 5 rules recorded nothing") {
		t.Errorf("got\n%s", text)
	}
	o.All = true
	text := writeProfile(t, hostProfile(), o)
	if !strings.Contains(text, "80-everything.rules:9  -w /etc/shadow") || strings.Contains(text, "adjtimex") {
		t.Errorf("got\n%s", text)
	}
	if !strings.Contains(text, "by session") || !strings.Contains(text, "successful-access") {
		t.Errorf("keys or sessions are missing in\n%s", text)
	}
}

func TestCourse(t *testing.T) {
	for _, c := range []struct {
		events []uint64
		width  int
		want   string
	}{
		{nil, 10, ""},
		{[]uint64{5}, 10, ""},
		{[]uint64{0, 1, 50, 100}, 10, " .=@"},
		{[]uint64{1, 1, 0, 0, 2, 2, 8}, 4, ": =@"},
		{[]uint64{0, 0}, 4, "  "},
	} {
		v := &profileView{profile: &analyze.Profile{Series: analyze.Series{Events: c.events}}}
		if got := v.course(c.width); got != c.want {
			t.Errorf("%v in %d: %q, want %q", c.events, c.width, got, c.want)
		}
	}
}

func TestSuppresses(t *testing.T) {
	for text, want := range map[string]bool{
		"-a always,exit -S open -k never":        false,
		"-a never,exit -S open":                  true,
		"-A exit,never -S open":                  true,
		"-a always,exclude -F msgtype=CWD":       true,
		"-a exclude,always -F msgtype=CWD":       true,
		"-w /never -p wa":                        false,
		"-a":                                     false,
		"-a always,exit -F dir=/exclude -F uid=": false,
	} {
		if got := suppresses(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestProfileWriteError(t *testing.T) {
	if err := WriteProfile(brokenPipe{}, hostProfile(), ProfileOptions{}); err == nil {
		t.Error("the error of the writer is gone")
	}
}

func FuzzHostileProfile(f *testing.F) {
	f.Add("\x1b[2J", "\xff", uint64(1<<63), int64(-1<<62), 80)
	f.Add(strings.Repeat("x", 300), strings.Repeat("名", 90), uint64(0), int64(1<<62), 160)
	f.Fuzz(func(t *testing.T, a, b string, n uint64, sec int64, width int) {
		p := hostileProfile()
		p.Window.FirstSec, p.Window.LastSec, p.Conflicts.FirstSec, p.Rate.PeakSec = sec, sec/2, sec, sec
		p.Window.Hosts[0].Name, p.Window.Hosts[0].CoveredSec, p.Window.Hosts[0].Events = a, sec, n
		p.Window.Holes = []analyze.Hole{{Host: b, FromSec: sec, ToSec: -sec}}
		p.Window.Boots, p.RulesCut, p.Window.Hosts[0].Holes, p.Types.Cut = n, n, n, n
		p.Rules[0].RuleID, p.Rules[1].Count = analyze.RuleID{File: a, Line: int(sec), Text: b}, analyze.Count{Events: n, Records: n, Bytes: n}
		p.Total.Bytes, p.Paths.Rows[2].Bytes, p.Series.Events[3], p.Origins[0].Events = n, n, n, n
		p.Exes.Rows[0].Name, p.Users.Rows[0].UID, p.Cells[1].Syscall = a, b, a
		o := ProfileOptions{Width: width % 300, Top: width, All: width%2 == 0, Logs: a, Rules: b, Target: a, Remarks: []string{b}, Next: []Step{{b, a}}}
		checkLines(t, writeProfile(t, p, o), max(width%300, 80), []string{a})
	})
}

func TestChainName(t *testing.T) {
	for want, c := range map[string]analyze.Chain{
		"sshd > bash (backup.sh) > tar": {Programs: []string{"/usr/sbin/sshd", "/usr/bin/bash (backup.sh)", "/usr/bin/tar"}, Whole: true},
		"... > cron":                    {Programs: []string{"cron"}},
		"unknown":                       {},
		"init":                          {Whole: true},
	} {
		if got := chainName(c); got != want {
			t.Errorf("%v: %q, want %q", c, got, want)
		}
	}
}

// The start of auditd leaves an event without a key that no rule recorded: that is no other rule set, and no alarm.
func TestProfileOfAnEventWithoutAKeyIsNoAlarm(t *testing.T) {
	p := strangerProfile()
	p.Conflicts.Events, p.Conflicts.Keys = 1, []analyze.Tallied{{Name: "", Events: 1}}
	p.Origins[0].Count, p.Unexplained = n(1, 2, 300), p.Unexplained[:1]
	text := writeProfile(t, p, profileOptions(80))
	if strings.Contains(text, "OTHER RULES") || strings.Contains(text, "UNEXPLAINED") || !strings.Contains(text, "odd    1 event, <0.1 % of the bytes") {
		t.Errorf("got\n%s", text)
	}
}

// A directory whose heavy part has a row of its own says so, and what is left of the root is no directory.
func TestProfilePathsAreApart(t *testing.T) {
	p := hostProfile()
	p.Paths.Rows = []analyze.PathCount{
		{Path: "/", Count: n(100, 100, 1000), Own: n(10, 10, 100)},
		{Path: "/usr", Count: n(90, 90, 900), Own: n(40, 40, 400)},
		{Path: "/usr/lib", Count: n(50, 50, 500), Own: n(50, 50, 500)}}
	text := writeProfile(t, p, profileOptions(132))
	for _, want := range []string{"\n  /usr/lib  ", "\n  /usr (elsewhere in it)  ", "\n  (elsewhere, less than 5 % each)  ", "files below  /usr/lib"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "\n  /  ") {
		t.Errorf("the root is a row:\n%s", text)
	}
}

func TestUserName(t *testing.T) {
	for want, u := range map[string]analyze.UserCount{
		"no login as 105":      {User: analyze.User{AUID: "unset", UID: "105"}, AUIDName: "unset", UIDName: "unknown(105)"},
		"1500 alice as 0 root": {User: analyze.User{AUID: "1500", UID: "0"}, AUIDName: "alice", UIDName: "root"},
		"(not said) as 7":      {User: analyze.User{UID: "7"}},
		"login as system":      {User: analyze.User{AUID: "login", UID: "system"}},
	} {
		if got := userName(u); got != want {
			t.Errorf("%+v: %q, want %q", u, got, want)
		}
	}
}
