package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/sample"
	"github.com/auditprof/auditprof/bench/verify"
	"github.com/auditprof/auditprof/scenarios"
)

const anOpenRule = "# a.rules:1\n-a always,exit -F arch=b64 -S 257 -F key=o\n"

// opened is one event of openat.
func opened(serial, pid, ppid int, exe, name string) string {
	id := fmt.Sprintf("msg=audit(1700000000.000:%d): ", serial)
	return "type=SYSCALL " + id + fmt.Sprintf(`arch=c000003e syscall=257 success=yes exit=3 a0=0 a1=0 a2=0 a3=0 items=1 ppid=%d pid=%d auid=4294967295 uid=65534 gid=65534 euid=65534 suid=65534 fsuid=65534 egid=65534 sgid=65534 fsgid=65534 tty=(none) ses=4294967295 comm="x" exe=%q key="o"`, ppid, pid, exe) + "\n" +
		"type=CWD " + id + "cwd=\"/\"\n" +
		"type=PATH " + id + fmt.Sprintf("item=0 name=%q inode=1 dev=00:1 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL", name) + "\n" +
		"type=PROCTITLE " + id + "proctitle=\"x\"\n"
}

// keptRun writes a run of some arms, each with the log of two workloads. change may spoil it before it is written.
func keptRun(t *testing.T, log string, change func(*result.Run), arms ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	w, err := result.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := &result.Run{Schema: result.Schema, Ended: "complete", Environment: result.Environment{Kernel: "6.18.44-cloud", Auditctl: "3.0.9", Arch: "x86_64", BootID: "another"},
		Scenarios: []result.Scenario{{Name: "db"}, {Name: "net"}}}
	for _, arm := range arms {
		r.Arms = append(r.Arms, result.Arm{Name: arm})
		must := []error{w.RuleSet(arm, []byte(anOpenRule))}
		for _, s := range r.Scenarios {
			name, _ := result.LogFile(arm, s.Name)
			n, err := w.Log(arm, s.Name, strings.NewReader(log), 1<<20)
			must = append(must, err)
			r.Logs = append(r.Logs, result.Log{Scenario: s.Name, Arm: arm, File: name, Bytes: int64(len(log)), PackedBytes: n, Complete: s.Name == "db", PIDs: []int{7}})
		}
		if err := errors.Join(must...); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(r)
	}
	if err := errors.Join(w.Run(r), w.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOpenRun(t *testing.T) {
	dir := keptRun(t, opened(1, 7, 1, "/x", "/y"), nil, "site")
	got, err := openRun(dir, "", "")
	if err != nil {
		t.Fatal(err)
	}
	want := &benchRun{Name: "run", Arm: "site", Scenarios: []string{"db", "net"},
		Logs:    []string{dir + "/logs/site+db.log.zst", dir + "/logs/site+net.log.zst"},
		Rules:   []string{dir + "/rules/site.rules"},
		Target:  "auditctl=3.0.9,kernel=6.18.44-cloud,arch=x86_64",
		Remarks: []string{"the log of net has gaps: records were lost in that slot"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if got, err := openRun(dir, "site", "net"); err != nil || len(got.Logs) != 1 || got.Scenarios[0] != "net" {
		t.Errorf("%+v %v", got, err)
	}
}

// A workload of a file of the user's own is measured again where that file is named: no run makes programs run that it brings itself.
func TestARunOfAFileIsVerifiedByThatFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "db.yaml")
	if err := os.WriteFile(file, []byte("mix: {stat: 1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := scenarios.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, digest string
		words        []string
		want         string // of the error
	}{
		{"unnamed", info.Digest(), nil, "name it with --scenario FILE.yaml"},
		{"by its name", info.Digest(), []string{"db"}, "name it with --scenario FILE.yaml"},
		{"by its file", info.Digest(), []string{file}, ""},
		{"by another file", "00", []string{file}, "is not the file that was measured"},
		{"one that ships", "", []string{"db"}, ""},
	} {
		dir := keptRun(t, opened(1, 7, 1, "/x", "/y"), func(r *result.Run) { r.Scenarios[0].Definition = c.digest }, "a")
		f, args := suggestFlags{run: dir, verify: true, scenarios: c.words}, []string{}
		run, err := f.takeRun(&args)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) || exitCode(err) != exitUsage {
				t.Errorf("%s: %v, want %q", c.what, err, c.want)
			}
			continue
		}
		if err != nil || !slices.Equal(run.Scenarios, []string{"db"}) || !slices.Equal(f.scenarios, c.words) {
			t.Errorf("%s: %+v, %v", c.what, run, err)
		}
	}
}

// What is looked up on this machine now is of the run only where it is of this boot.
func TestOpenRunKnowsItsBoot(t *testing.T) {
	now := sample.Proc{}.BootID()
	for id, want := range map[string]bool{now: now != "", "": false, "another": false} {
		dir := keptRun(t, "", func(r *result.Run) { r.Environment.BootID = id }, "site")
		if got, err := openRun(dir, "", ""); err != nil || got.SameBoot != want {
			t.Errorf("boot %q: %+v %v", id, got, err)
		}
	}
}

func TestOpenRunRefuses(t *testing.T) {
	spoil := func(f func(dir string) error, arms ...string) string {
		dir := keptRun(t, opened(1, 7, 1, "/x", "/y"), nil, arms...)
		if err := f(dir); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	keep := func(string) error { return nil }
	for what, c := range map[string]struct{ dir, arm, scenario, want string }{
		"no directory":       {filepath.Join(t.TempDir(), "nosuch"), "", "", "give the directory that bench wrote"},
		"an empty directory": {t.TempDir(), "", "", "holds no result.json"},
		"two rule sets":      {spoil(keep, "a", "b"), "", "", "name one with --arm: a, b"},
		"another rule set":   {spoil(keep, "a"), "c", "", `no log of arm "c": --arm is one of a`},
		"another workload":   {spoil(keep, "a"), "", "idle", `no log of scenario "idle" for arm "a": --scenario is one of db, net`},
		"no logs kept":       {keptRun(t, "", func(r *result.Run) { r.Logs = nil }, "a"), "", "", "it keeps no log"},
		"a log that is gone": {spoil(func(d string) error { return os.Remove(d + "/logs/a+db.log.zst") }, "a"), "", "", "the log of db"},
		"a log cut short":    {spoil(func(d string) error { return os.Truncate(d+"/logs/a+db.log.zst", 5) }, "a"), "", "", "not as the run left it"},
		"a result cut short": {spoil(func(d string) error { return os.Truncate(d+"/result.json", 50) }, "a"), "", "", "no JSON result"},
		"a log elsewhere":    {keptRun(t, "", func(r *result.Run) { r.Logs[0].File = "../../etc/shadow" }, "a"), "", "", "contradicts itself"},
		"a link for a log": {spoil(func(d string) error {
			os.Remove(d + "/logs/a+db.log.zst")
			return os.Symlink("/etc/passwd", d+"/logs/a+db.log.zst")
		}, "a"), "", "", "not as the run left it"},
	} {
		got, err := openRun(c.dir, c.arm, c.scenario)
		if err == nil || !strings.Contains(err.Error(), c.want) || exitCode(err) != exitUsage {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}

// A prediction counts the workload's own events, record by record.
func TestPredict(t *testing.T) {
	own, child, failed := opened(10, 7, 1, "/db", "/data/a"), opened(11, 9, 7, "/db", "/data/b"), strings.Replace(opened(12, 7, 1, "/db", "/data/c"), "success=yes exit=3", "success=no exit=-2", 1)
	log := own + child + failed + opened(13, 8, 1, "/other", "/data/a") + "type=USER msg=audit(1700000000.000:14): pid=1 uid=0 auid=1 ses=1 msg='op=auditprof-mark id=1.'\n"
	dir := keptRun(t, log, nil, "old", "new")
	rules := "-a never,exit -F arch=b64 -S openat -F exe=/db -F success=1\n-a never,exclude -F msgtype=PROCTITLE\n" + anOpenRule
	if err := os.WriteFile(filepath.Join(dir, "rules", "new.rules"), []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	run, _, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	got, err := predict(dir, run, run.Logs[0], "new")
	title := strings.Index(own, "type=PROCTITLE")
	want := verify.Predicted{Bytes: uint64(len(own + child + failed)), Gone: uint64(len(own) + len(child) + len(own) - title)}
	if err != nil || got != want {
		t.Errorf("%+v %v, want %+v: two whole events and one PROCTITLE", got, err, want)
	}
	if got, err := predict(dir, run, run.Logs[0], "old"); err != nil || got.Gone != 0 || got.Bytes != want.Bytes {
		t.Errorf("under the old rules %+v %v", got, err)
	}
}
