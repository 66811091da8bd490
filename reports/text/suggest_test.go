package text

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
)

// advices are answers of each kind.
var advices = map[string]func() *advice.Advice{"suggest": fullAdvice, "suggest-nothing": noAdvice, "suggest-hostile": hostileAdvice}

func volumeOf(events, records, bytes uint64) suggest.Volume {
	return suggest.Volume{Events: events, Records: records, Bytes: bytes}
}

func fullAdvice() *advice.Advice {
	opens := advice.Rule{Index: 40, File: "40-files.rules", Line: 12, Text: "-a always,exit -F arch=b64 -S open,openat -k file_accesses"}
	return &advice.Advice{
		Schema: advice.Schema, Logs: "audit.log (31 files)", Rules: "site.rules", Target: "kernel 5.14.0, auditctl 3.1.5",
		Window: analyze.Window{FirstSec: 1_700_000_000, LastSec: 1_700_533_000, Boots: 14, Hosts: hostsOf(14, 38_000),
			Holes: []analyze.Hole{{Host: "db3", FromSec: 1_700_100_000, ToSec: 1_700_100_180}}},
		Split: advice.Split{Hosts: 14, HeldOut: []string{"db1", "db9"}}, Fit: advice.Fit{Conflicts: 2},
		Before: advice.Parts{Learnt: volumeOf(40e6, 180e6, 180e9), Tested: volumeOf(21e6, 90e6, 91e9)}, Saved: advice.Parts{Learnt: volumeOf(38e6, 170e6, 164e9), Tested: volumeOf(19e6, 80e6, 82e9)},
		Removable: advice.Parts{Learnt: volumeOf(39e6, 175e6, 170e9)}, DayBytes: 45.2e9, DayHosts: 14,
		Proposals: []advice.Proposal{
			{
				ID: "P1", Kind: "exit", Lines: []string{"-a never,exit -F arch=b64 -S open,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/lib/postgresql/16/bin/postgres -F dir=/var/lib/postgresql/16/main"},
				Before: "40-files.rules:12", Quiets: []advice.Rule{opens},
				Saved: advice.Parts{Learnt: volumeOf(35e6, 150e6, 140e9), Tested: volumeOf(17e6, 70e6, 71e9)}, Unknown: volumeOf(12, 50, 9000),
				Share: 0.78, DayBytes: 35.4e9, Hosts: 14, Risk: "low", Assumes: []string{"nobody but root and uid 26 may write /var/lib/postgresql/16/main: look with namei -l /var/lib/postgresql/16/main"},
				BlindTo: "postgres as uid 26 without a login opening files below /var/lib/postgresql/16/main, when it succeeds",
				Seen:    []string{"other programs", "other users", "anybody who logged in", "failures", "files elsewhere", "its other system calls"},
				Hide:    "an attacker must already run code inside the postgres binary", Behaviours: 12_000, AtLeast: true, NewTested: 3,
				Rarest:     []advice.Lost{{Exe: "/usr/lib/postgresql/16/bin/postgres", Path: "/var/lib/postgresql/16/main/pg_wal", UID: 26, Events: 2}, {Exe: "/usr/lib/postgresql/16/bin/postgres", UID: 26, Events: 7}},
				Collateral: []advice.RuleLoss{{Rule: advice.Rule{Index: 50, File: "60-site.rules", Line: 88}, Volume: volumeOf(12, 50, 9000)}, {Rule: advice.Rule{Index: -1}, Volume: volumeOf(1, 5, 900)}},
				Caveats:    []string{"dir= must exist when the rules are loaded", "uid=26 is a number: hosts that share these rules must have the same user under it"},
				Shadows:    []advice.Rule{opens}, Costs: []advice.Blinded{{Name: "Sigma: Data Exfiltration", Why: "it could hide a read of a data file"}},
				Price: advice.Price{Rules: 1, Fields: 2, NsPerSyscall: 65.3, NsOther: 3.8},
			},
			{
				ID: "P2", Kind: "narrower", Lines: []string{"-w /opt -p wa -k opt"}, Before: "60-site.rules:88", Quiets: []advice.Rule{{Index: 50, File: "60-site.rules", Line: 88}},
				Saved: advice.Parts{Learnt: volumeOf(3e6, 10e6, 14e9)}, Share: 0.04, DayBytes: 1.8e9, Hosts: 12, Risk: "medium", Reasons: []string{"reads are not seen any more"},
				BlindTo: "what the line asked for and its narrower form does not", Hide: "an attacker must only read", Caveats: []string{"dir= must exist when the rules are loaded"},
			},
			{
				ID: "P3", Kind: "exclude", Lines: []string{"-a never,exclude -F msgtype=PROCTITLE"}, Before: "10-base.rules:4", Saved: advice.Parts{Learnt: volumeOf(0, 10e6, 4e9)}, Share: 0.02, DayBytes: 2e8, Hosts: 14,
				Risk: "low", BlindTo: "the PROCTITLE record of every event; the events stay", Hide: "nothing but a command line", Behaviours: 0, Price: advice.Price{Rules: 1},
			},
		},
		Refused: []advice.Refused{
			{Kind: "exit", Lines: []string{"-a never,exit -F arch=b64 -S openat -F uid=996 -F exe=/usr/bin/bash"}, Saves: volumeOf(1e6, 5e6, 11e8), Risk: "forbidden", Why: "bash runs whatever it is given"},
			{Kind: "narrower", Lines: []string{"-a always,exit -F arch=b64 -S open,openat -F success=1 -k file_accesses"}, Saves: volumeOf(1e6, 5e6, 6e8), Risk: "medium", Why: "failures are not seen any more"},
		},
		Guarded: advice.Guarded{Builtin: advice.Watch{Total: 37}, Sigma: advice.Watch{Total: 112, Lost: 1, Unclear: 3}, Keeps: advice.Watch{Total: 4}, KeepLogs: advice.Watch{Total: 2}, Mandated: advice.Watch{Total: 52, Lost: 1}},
		Proof:   advice.Proof{Events: 61_402_118, Passes: 4, Unknown: volumeOf(12, 50, 9000), Dropped: []advice.Dropped{{Lines: []string{"-a never,exit -F arch=b64 -S close -F uid=7"}, Why: "it was to save 8000 bytes, and saves 0 in the replay"}}},
		Wrote:   []string{"new.d", "noise.patch"}, Remarks: []string{"the log does not say which machine wrote it: x86_64 is assumed"},
	}
}

func hostsOf(n int, coveredSec int64) []analyze.Host {
	list := make([]analyze.Host, n)
	for i := range list {
		list[i] = analyze.Host{Name: fmt.Sprintf("db%d", i), CoveredSec: coveredSec}
	}
	return list
}

func noAdvice() *advice.Advice {
	return &advice.Advice{Logs: "audit.log", Rules: "a.rules", Split: advice.Split{Hosts: 1}, Window: analyze.Window{FirstSec: 1_700_000_000, LastSec: 1_700_000_060, Hosts: hostsOf(1, 60)},
		Before: advice.Parts{Learnt: volumeOf(3, 12, 3000)}, Nothing: "no single program and place makes as much as a hundredth of the log",
		Doubts: []string{"the log covers less than 24 hours", "the log is of one host"}, Guarded: advice.Guarded{Builtin: advice.Watch{Total: 37}}}
}

func hostileAdvice() *advice.Advice {
	a := fullAdvice()
	bad := "/tmp/\x1b[2J\u202e\x9b31m\n-a never,exit\t\x7f" + strings.Repeat("x", 90)
	a.Logs, a.Rules, a.Nothing = bad, bad, bad
	a.Doubts, a.Remarks, a.Wrote = []string{bad}, []string{bad}, []string{bad}
	p := &a.Proposals[0]
	p.Lines, p.BlindTo, p.Hide, p.Before = []string{bad, strings.Repeat(`a\ b `, 80)}, bad, bad, bad
	p.Rarest[0].Exe, p.Rarest[0].Path, p.Seen, p.Reasons, p.Caveats = bad, bad, []string{bad}, []string{bad}, []string{bad}
	p.Quiets, p.Collateral[0].File, p.Costs[0] = append(p.Quiets, advice.Rule{File: bad}), bad, advice.Blinded{Name: bad, Why: bad}
	a.Refused[0].Lines, a.Refused[0].Why = []string{bad}, bad
	a.Proof.Dropped[0] = advice.Dropped{Lines: []string{bad}, Why: bad}
	return a
}

func suggestionOptions(width int) SuggestionOptions {
	return SuggestionOptions{Width: width, RuleCount: 212, Next: []Step{{"the rule files with these changes, in a new directory", "auditprof suggest-exclusions --rules site.rules audit.log --write new-rules"}}}
}

func writeSuggestion(t *testing.T, a *advice.Advice, o SuggestionOptions) string {
	t.Helper()
	var b strings.Builder
	if err := WriteSuggestion(&b, a, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSuggestionGolden(t *testing.T) {
	for name, make := range advices {
		for _, width := range []int{80, 160} {
			got := writeSuggestion(t, make(), suggestionOptions(width))
			golden(t, fmt.Sprintf("%s-%d", name, width), got)
		}
	}
}

func TestSuggestionWidthAndBytes(t *testing.T) {
	for name, make := range advices {
		for width := 80; width <= 200; width += 7 {
			t.Run(fmt.Sprint(name, width), func(t *testing.T) {
				o := suggestionOptions(width)
				checkLines(t, writeSuggestion(t, make(), o), width, []string{o.Next[0].Command})
			})
		}
	}
	checkLines(t, writeSuggestion(t, &advice.Advice{}, SuggestionOptions{}), 80, nil)
}

func TestSuggestionColorOnlyAdds(t *testing.T) {
	sequence := regexp.MustCompile("\x1b\\[[0-9;]*m")
	o := suggestionOptions(80)
	plain := writeSuggestion(t, fullAdvice(), o)
	o.Color = true
	if coloured := writeSuggestion(t, fullAdvice(), o); plain == coloured || sequence.ReplaceAllString(coloured, "") != plain {
		t.Error("colour changes the text")
	}
}

// A failed proof is never printed as a proof.
func TestSuggestionOfAFailedProof(t *testing.T) {
	a := fullAdvice()
	a.Proof.Unnamed = volumeOf(3, 9, 1000)
	if text := writeSuggestion(t, a, suggestionOptions(80)); !strings.Contains(text, "FAILED") || strings.Contains(text, "nothing gone") {
		t.Errorf("got\n%s", text)
	}
}

// No figure per day without a day.
func TestSuggestionHasNoDayWithoutADay(t *testing.T) {
	a := fullAdvice()
	a.DayBytes = 0
	for i := range a.Proposals {
		a.Proposals[i].DayBytes = 0
	}
	if text := writeSuggestion(t, a, suggestionOptions(80)); strings.Contains(text, "a day") {
		t.Errorf("got\n%s", text)
	}
}
