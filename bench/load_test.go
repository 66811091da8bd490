package bench

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/internal/livetest"
)

func parse(t *testing.T, text string) *rule.Set {
	t.Helper()
	set, err := rule.ParseFile("x.rules", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// What a control line may do to the machine: nothing beyond the limits that a restore puts back.
func TestControlLines(t *testing.T) {
	text := "-D\n-D -k old\n-b 8192\n-r 100\n-f 2\n-e 2\n-i\n-c\n--loginuid-immutable\n--backlog_wait_time 60000\n--reset-lost\n-q /a,/b\n-t\n-m hello\n"
	s, a := &session{}, Arm{}
	wiped := 0
	for _, c := range parse(t, text).Controls() {
		wipes, err := s.applyControl(&a, c, 0, 250)
		if err != nil {
			t.Fatal(err)
		}
		if wipes != nil {
			wiped++
		}
	}
	if wiped != 2 {
		t.Errorf("%d lines take rules away, want both -D", wiped)
	}
	l := a.Limits
	if *l.BacklogLimit != 8192 || *l.RateLimit != 100 || *l.Failure != 1 || *l.BacklogWaitTime != 500 {
		t.Errorf("limits %d %d %d %d, want 8192 100 1 500", *l.BacklogLimit, *l.RateLimit, *l.Failure, *l.BacklogWaitTime)
	}
	var sent []string
	for _, c := range a.Info.Controls {
		if c.Measured != "" {
			sent = append(sent, c.Measured)
		}
		if c.Measured != c.Text && c.Note == "" {
			t.Errorf("%q became %q and no word is said", c.Text, c.Measured)
		}
	}
	if want := []string{"-D", "-D -k old", "-b 8192", "-r 100", "-f 1", "--backlog_wait_time 500"}; !slices.Equal(sent, want) {
		t.Errorf("sent %q, want %q", sent, want)
	}
}

// The limit that counts is the last one of the set, else the host's own.
func TestRateLimitsDropMarks(t *testing.T) {
	limited := kernel.State{RateLimit: 5}
	for _, c := range []struct {
		text  string
		found kernel.State
		want  bool
	}{{"-r 100\n", kernel.State{}, true}, {"-r 100\n-r 0\n", limited, false}, {"-b 5\n", limited, true}, {"-b 5\n", kernel.State{}, false}} {
		s, a := &session{}, Arm{}
		for _, ctl := range parse(t, c.text).Controls() {
			if _, err := s.applyControl(&a, ctl, 0, 250); err != nil {
				t.Fatal(err)
			}
		}
		if got := rateLimit(a.Limits, c.found) > 0; got != c.want {
			t.Errorf("%q on a host with -r %d: %t", c.text, c.found.RateLimit, got)
		}
	}
}

func TestDeleteByKeyTakesThatKeyOnly(t *testing.T) {
	s, a := &session{}, Arm{}
	wipes, err := s.applyControl(&a, parse(t, "-D -k old\n").Controls()[0], 1, 250)
	if err != nil {
		t.Fatal(err)
	}
	if !wipes(loadedRule{wire: anyWire("very-old-key")}) || wipes(loadedRule{wire: anyWire("new")}) {
		t.Error("-D -k old takes the keys that contain old (src/auditctl.c, delete_all.c: strstr), no others")
	}
}

func TestRefuseBeforeAnythingIsTouched(t *testing.T) {
	if _, err := auditctlPath(); err != nil {
		livetest.Missing(t, "auditctl: that is refused first")
	}
	task := parse(t, "-a never,task -F uid=1\n")
	for _, c := range []struct {
		name string
		o    Options
		want error
	}{
		{"task rules", Options{Sets: []Source{{Name: "a", Set: task}}}, ErrTaskRules},
		{"task rules allowed", Options{Sets: []Source{{Name: "a", Set: task}}, AllowTaskRules: true}, nil},
		{"nothing in it", Options{Sets: []Source{{Name: "a", Set: parse(t, "# x\n")}}}, ErrRules},
		{"bad lines", Options{Sets: []Source{{Name: "a", Set: parse(t, "-w /a\n"), Bad: rule.Errors{{What: "x"}}}}}, ErrRules},
		{"bad lines left out", Options{Sets: []Source{{Name: "a", Set: parse(t, "-w /a\n"), Bad: rule.Errors{{What: "x"}}}}, KeepGoing: true}, nil},
	} {
		if err := refuse(c.o); !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestPlaceKeepsTheOrderOfEvaluation(t *testing.T) {
	exit := func(k string) loadedRule { return loadedRule{wire: anyWire(k)} }
	exclude := loadedRule{wire: rule.Wire{List: rule.ListExclude}}
	list := place(nil, exclude, false)
	list = place(list, exit("b"), false)
	list = place(list, exit("c"), false)
	list = place(list, exit("a"), true)
	var got []string
	for _, l := range list {
		got = append(got, l.wire.Key())
	}
	if want := []string{"", "a", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("order %q, want %q", got, want)
	}
}

func TestWaitTimeIsBounded(t *testing.T) {
	for _, c := range []struct {
		jiffies  uint32
		hz       int
		measured uint32
		noted    bool
	}{{0, 250, 0, false}, {500, 250, 500, false}, {501, 250, 500, true}, {60000, 1000, 2000, true}, {60000, 100, 200, true}} {
		got, note := waitTime(c.jiffies, c.hz)
		if got != c.measured || (note != "") != c.noted {
			t.Errorf("%d jiffies at %d: %d %q", c.jiffies, c.hz, got, note)
		}
	}
}

func TestMuteAndKeyedCopies(t *testing.T) {
	full := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways}
	for range rule.MaxFields {
		full.Fields = append(full.Fields, rule.WireField{Type: 1, Op: rule.OpEqual})
	}
	set := []rule.Wire{
		anyWire("k"),
		{List: rule.ListExit, Action: rule.ActionNever},
		{List: rule.ListExclude, Action: rule.ActionAlways},
		full,
	}
	mute, notMuted := Mute(set)
	if !mutedWire(mute[0]) || mutedWire(mute[1]) || mutedWire(mute[2]) || notMuted != 1 || len(mute) != 4 {
		t.Errorf("mute copy %v, %d not muted", mute, notMuted)
	}
	if f := mute[0].Fields; f[len(f)-1].Type != rule.FieldFilterKey {
		t.Error("the key stays the last field, as auditctl has it")
	}
	keyed, why := Keyed(set)
	if keyed[0].Key() != "k\x01auditprof.0" || keyed[1].Key() != "auditprof.1" || keyed[2].Key() != "" || keyed[3].Key() != "" {
		t.Errorf("keys %q %q %q %q", keyed[0].Key(), keyed[1].Key(), keyed[2].Key(), keyed[3].Key())
	}
	if why[0] != "" || why[2] == "" || why[3] == "" {
		t.Errorf("reasons %q", why)
	}
	if set[0].Key() != "k" {
		t.Error("the set itself was changed")
	}
}

// Results are found by the arm's name: two arms with one name would be one.
func TestTheTwinHasANameOfItsOwn(t *testing.T) {
	arm := func(kind, name string) Arm { return Arm{Info: result.Arm{Kind: kind, Name: name}} }
	arms := withTwin([]Arm{arm(result.ArmNoAudit, "no audit"), arm(result.ArmCandidate, "a"), arm(result.ArmCandidate, "a again")})
	seen := map[string]bool{}
	for _, a := range arms {
		if seen[a.Info.Name] {
			t.Errorf("two arms %q", a.Info.Name)
		}
		seen[a.Info.Name] = true
	}
	if twin := arms[len(arms)-1]; len(arms) != 4 || twin.Info.TwinOf != "a" {
		t.Errorf("%d arms, the last repeats %q", len(arms), twin.Info.TwinOf)
	}
	if alone := withTwin(arms[:1:1]); len(alone) != 2 || alone[1].Info.TwinOf != "no audit" {
		t.Errorf("%+v: A/A is in every run", alone)
	}
}

// groupLease notes how a process was started.
type groupLease struct {
	fakeLease
	own bool
}

func (l *groupLease) Start(cmd *exec.Cmd, marked bool) error {
	l.own = cmd.SysProcAttr != nil && cmd.SysProcAttr.Setpgid
	return l.fakeLease.Start(cmd, marked)
}

// A Ctrl-C on the terminal goes to the whole group: an auditctl in it would end as if it had refused the line. And one that is not the
// lease's would add its rule after the restore of a killed bench.
func TestAuditctlRunsUnderTheLeaseInItsOwnGroup(t *testing.T) {
	dir := t.TempDir()
	script := "#!/bin/sh\nprintf 'Error: \\n no such   rule\\n' >&2\nexit 255\n"
	if err := os.WriteFile(filepath.Join(dir, "auditctl"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	lease := &groupLease{}
	err := runAuditctl(context.Background(), lease, []string{"-w", "/x"})
	if err == nil || err.Error() != "auditctl: Error: no such rule" {
		t.Errorf("%v", err)
	}
	if !lease.own || lease.untracked.Load() != 1 {
		t.Errorf("own group %t, untracked %d", lease.own, lease.untracked.Load())
	}
}
