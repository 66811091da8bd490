package analyze

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// dayOf is the profile of some random events of one host and day.
func dayOf(t testing.TB, seed uint64, events, wild int) *Profile {
	var rules []RuleID
	for i := range 5 + int(seed%3) {
		rules = append(rules, RuleID{fmt.Sprintf("%d0-a.rules", seed%2), i + 1, fmt.Sprintf("-w /etc/%d -k k", i)})
	}
	tally, g := NewTally(rules), newRandomRow(seed, wild, len(rules))
	g.sec += int64(seed) * daySec
	for range events {
		r := g.next()
		r.Node = fmt.Sprintf("host%d", seed%4)
		r.Rests = 1
		r.Conflict = g.IntN(100) == 0
		tally.Add(r)
	}
	tally.Skip("NUL bytes", "", int64(seed), 3)
	return tally.Profile()
}

func text(t testing.TB, p *Profile) []byte {
	t.Helper()
	b, err := p.encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func merged(t testing.TB, list ...*Profile) *Profile {
	t.Helper()
	p, err := Merge(list...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Whatever the order of the profiles, the sum has the same bytes.
func TestMergeHasNoOrder(t *testing.T) {
	var list []*Profile
	for seed := range uint64(7) {
		list = append(list, dayOf(t, seed, 2000, 30).Share())
	}
	list = append(list, list[0], NewTally(nil).Profile())
	want := text(t, merged(t, list...))
	g := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if got := text(t, merged(t, list...)); !bytes.Equal(got, want) {
			t.Fatalf("another order, another profile:\n%s\n%s", got, want)
		}
	}
}

// The same events, in one profile or in several that are merged, have the same counts.
func TestMergeIsTheSum(t *testing.T) {
	rules := []RuleID{{"a.rules", 1, "-w /a"}, {"a.rules", 2, "-w /b"}, {"b.rules", 1, "-w /c"}}
	whole, parts := NewTally(rules), []*Tally{NewTally(rules), NewTally(rules), NewTally(rules)}
	g := newRandomRow(9, 40, len(rules))
	for i := range 9000 {
		r := g.next()
		r.Has &^= HasPID // who started whom is lost where a log is cut
		r.Sec = 1_700_000_000 + int64(i)
		r.Serial = uint64(i)
		whole.Add(r)
		parts[i/3000].Add(r)
	}
	want := whole.Profile()
	var list []*Profile
	for _, part := range parts {
		list = append(list, part.Profile())
	}
	got := merged(t, list...)
	checkSums(t, got)
	same := func(name string, a, b any) {
		t.Helper()
		if fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b) {
			t.Errorf("%s: %+v, want %+v", name, a, b)
		}
	}
	same("total", got.Total, want.Total)
	same("origins", got.Origins, want.Origins)
	same("rules", got.Rules, want.Rules)
	for i, table := range got.tables() {
		same("table", *table, *want.tables()[i])
	}
	same("users", got.Users, want.Users)
	same("paths", got.Paths, want.Paths)
	same("cells", got.Cells, want.Cells)
	same("unknown", got.Unknown.Reasons, want.Unknown.Reasons)
	same("sets", got.Unknown.Sets, want.Unknown.Sets)
	same("first", got.Window.FirstSec, want.Window.FirstSec)
	same("last", got.Window.LastSec, want.Window.LastSec)
	same("series", got.Series, want.Series)
	same("series of rules", got.RuleSeries, want.RuleSeries)
}

// With less room than there are names the sums are still those of everything.
func TestAFullMergeAddsUp(t *testing.T) {
	m := newMerge(mergeLimits{names: 20, users: 20, chains: 20, paths: 20, cells: 50, rules: 4, sets: 3, hosts: 2})
	var total Count
	for seed := range uint64(8) {
		p := dayOf(t, seed, 1000, 500)
		total.add(p.Total)
		m.add(p)
	}
	p := m.profile()
	checkSums(t, p)
	if p.Total != total {
		t.Errorf("%+v of %+v", p.Total, total)
	}
	byRule := sum(p.Rules, func(r RuleCount) Count { return r.Count })
	if of := p.Origins.Of(Rules); byRule != of {
		t.Errorf("the rules have %+v of %+v", byRule, of)
	}
	if last := p.Rules[len(p.Rules)-1]; !last.isOther() || len(p.Rules) != 5 || p.RulesCut == 0 {
		t.Errorf("rules %+v, %d cut", p.Rules, p.RulesCut)
	}
}

// The largest profile that a Tally makes fits a megabyte, adds up, and can be read back and merged.
func TestSharedProfileFitsAMegabyte(t *testing.T) {
	var rules []RuleID
	for i := range 6000 {
		rules = append(rules, RuleID{"a.rules", i + 1, fmt.Sprintf("-w /etc/%s/%d -p wa -k k", strings.Repeat("y", 300), i)})
	}
	tally, g := NewTally(rules), newRandomRow(5, 50_000, len(rules))
	long := strings.Repeat("x", 200)
	for range 60_000 {
		r := g.next()
		r.Exe = quoted(fmt.Sprintf("/usr/bin/%s/%d", long, g.IntN(50_000)))
		r.Path = fmt.Appendf(nil, "/%d%s/%d", g.IntN(50_000), long, g.IntN(50_000))
		tally.Add(r)
	}
	p := tally.Profile()
	checkSums(t, p)
	var b bytes.Buffer
	if err := p.WriteShared(&b); err != nil {
		t.Fatal(err)
	}
	if b.Len() > MaxSharedBytes || b.Len() < MaxSharedBytes/4 {
		t.Errorf("%d bytes", b.Len())
	}
	again, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	checkSums(t, again)
	if again.Total != p.Total || len(again.Rules) == 0 || again.RulesCut == 0 {
		t.Errorf("%+v of %+v, %d rules", again.Total, p.Total, len(again.Rules))
	}
	for _, r := range again.Rules {
		if !r.isOther() && r.Events == 0 {
			t.Errorf("a rule that recorded nothing has a row, others that recorded something have none: %+v", r)
		}
	}
	checkSums(t, merged(t, again, again))
}

// What names a person stays on the host.
func TestShareHidesUsers(t *testing.T) {
	rules := []RuleID{
		{"a.rules", 1, "-a always,exit -F arch=b64 -S open -F auid=alice -F dir=/home/alice/secret -k alice"},
		{"a.rules", 2, "-a always,exit -S execve -F auid>=1000 -F auid!=unset -F uid=1042 -F euid=0 -C auid!=uid -F exe=/usr/bin/alice"},
	}
	tally := NewTally(rules)
	r := Row{Decision: Decision{Rules, 0}, Has: HasUID | HasAUID | HasExe | HasSes | HasKey | HasPID | HasPPID, UID: 33, AUID: 1042, Ses: 77,
		Exe: quoted("/home/alice/bin/x"), Key: quoted("alice"), Path: []byte("/srv/alice/file"), PID: 5, PPID: 4, Records: []RecordSize{{1300, 10}}}
	tally.Add(&r)
	r.PID, r.PPID, r.UID, r.AUID = 6, 5, 0, 1<<32-1
	r.Path = []byte("/var/spool/cron/crontabs/alice")
	tally.Add(&r)
	tally.Skip("NUL bytes", "/home/alice/audit.log", 4, 1)
	p := tally.Profile()
	p.Users.Rows[0].AUIDName, p.Users.Rows[1].AUIDName = "alice", "alice"
	p.Unexplained = []string{"line 1: proctitle=alice"}
	shared := p.Share()
	checkSums(t, shared)
	for _, secret := range []string{"1042", `"77"`, "proctitle"} {
		if bytes.Contains(text(t, shared), []byte(secret)) {
			t.Errorf("%s is in the shared profile", secret)
		}
	}
	if got := strings.ReplaceAll(string(text(t, shared)), "/usr/bin/alice", ""); strings.Contains(got, "alice") {
		t.Errorf("a name is in the shared profile: %s", got)
	}
	if got := shared.Paths.Rows; got[len(got)-1].Path != "/var/spool/cron/crontabs/*" || !slices.ContainsFunc(got, func(r PathCount) bool { return r.Path == "/srv/*" }) {
		t.Errorf("paths %+v", got)
	}
	if want := (User{"unset", "root"}); !slices.ContainsFunc(shared.Users.Rows, func(u UserCount) bool { return u.User == want }) {
		t.Errorf("users %+v", shared.Users.Rows)
	}
	if got := shared.Rules[1].Text; got != "-a always,exit -S execve -F auid>=1000 -F auid!=unset -F uid=* -F euid=0 -C auid!=uid -F exe=/usr/bin/alice" {
		t.Errorf("rule %q", got)
	}
	if !bytes.Equal(text(t, shared.Share()), text(t, shared)) {
		t.Error("shared twice is not shared once")
	}
}

func TestMergeFiles(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	var list []*Profile
	for seed := range uint64(3) {
		path := filepath.Join(dir, fmt.Sprint(seed))
		var b bytes.Buffer
		p := dayOf(t, seed, 300, 20)
		if err := p.WriteShared(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		paths, list = append(paths, path), append(list, p.Share())
	}
	calls := 0
	p, err := MergeFiles(paths, func(n int) error { calls = n; return nil })
	if err != nil || calls != 3 {
		t.Fatalf("%v, %d calls", err, calls)
	}
	if !bytes.Equal(text(t, p), text(t, merged(t, list...))) {
		t.Error("files merge to something else than profiles")
	}
	stop := errors.New("stop")
	if _, err := MergeFiles(paths, func(n int) error { calls = n; return stop }); !errors.Is(err, stop) || calls != 1 {
		t.Errorf("%v after %d files", err, calls)
	}
	for want, path := range map[string]string{"no such file": filepath.Join(dir, "none"), "not a regular file": dir, "no profile": write(t, "type=SYSCALL"),
		"larger": write(t, strings.Repeat(" ", MaxSharedBytes+1))} {
		if _, err := MergeFiles(append(paths, path), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := MergeFiles(nil, nil); err == nil {
		t.Error("nothing was merged")
	}
}

func write(t *testing.T, s string) string {
	path := filepath.Join(t.TempDir(), "profile.json")
	if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     func(*Profile)
	}{
		{"another version", "schema", func(p *Profile) { p.Schema = "auditprof/profile/2" }},
		{"a rule that is not there", "rule 99", func(p *Profile) { p.Cells[0].Rule = 99 }},
		{"a series of no rule", "series of rule", func(p *Profile) { p.RuleSeries[0].Rule = -1 }},
		{"too many buckets", "buckets", func(p *Profile) { p.Series.Events = make([]uint64, 600) }},
		{"a width that is no power of two", "buckets", func(p *Profile) { p.Series.WidthSec = 3 }},
		{"too many buckets of a rule", "buckets", func(p *Profile) { p.RuleSeries[0].Events = make([]uint64, 500) }},
		{"a relative path", "path", func(p *Profile) { p.Paths.Rows[1].Path = "x" }},
		{"a path out of its place", "path", func(p *Profile) { slices.Reverse(p.Paths.Rows[1:]) }},
		{"a row left out", "exes add up", func(p *Profile) { p.Exes.Rows = p.Exes.Rows[1:] }},
		{"a cell left out", "cells add up", func(p *Profile) { p.Cells = p.Cells[1:] }},
		{"a huge count", "a count", func(p *Profile) { p.Log.Missing = 1 << 60 }},
		{"a host before its time", "host", func(p *Profile) { p.Window.Hosts[0].LastSec = -1 }},
		{"a long name", "a text of", func(p *Profile) { p.Keys.Rows[0].Name = strings.Repeat("x", 10_000) }},
		{"a long chain", "a chain", func(p *Profile) { p.StartedBy.Rows[0].Programs = make([]string, 100) }},
	} {
		p := dayOf(t, 1, 500, 10)
		if _, err := Read(bytes.NewReader(text(t, p))); err != nil {
			t.Fatalf("the profile itself: %v", err)
		}
		c.change(p)
		if _, err := Read(bytes.NewReader(text(t, p))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	for in, want := range map[string]string{"": "no profile", `{"schema":"auditprof/profile/1","more":1}`: "unknown field", `[1]`: "no profile",
		string(text(t, dayOf(t, 1, 3, 3))) + "}": "behind the profile"} {
		if _, err := Read(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// What Read takes can be merged, shared, and read again.
func FuzzRead(f *testing.F) {
	f.Add(text(f, dayOf(f, 1, 2, 1)))
	f.Add(text(f, dayOf(f, 2, 3, 3).Share()))
	f.Add([]byte(`{"schema":"auditprof/profile/1","series":{"width_sec":1}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		both := merged(t, p, p)
		if both.Total.Bytes != 2*p.Total.Bytes {
			t.Fatalf("twice %d is %d", p.Total.Bytes, both.Total.Bytes)
		}
		p.Paths.Hot(0.1)
		p.Window.PerDay()
		var b bytes.Buffer
		if err := both.WriteShared(&b); err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(b.Bytes()) {
			t.Error("no UTF-8")
		}
		if _, err := Read(&b); err != nil {
			t.Fatalf("written again: %v", err)
		}
	})
}
