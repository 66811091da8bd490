package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/verify"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/livetest"
)

// init makes this test binary what the program is to itself: its own guard, watchdog and workloads. It comes after that of main.go.
func init() {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "__") {
		os.Exit(Command{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}.Main(os.Args[1:]))
	}
}

// openSet is the story that suggest-exclusions is for: a rule on open, and a database below it.
const openSet = "-b 8192\n-a always,exit -F arch=b64 -S open,openat -k file_accesses\n-a always,exit -F arch=b32 -S open,openat -k file_accesses\n"

// quieted is openSet with what takes the database out of it.
const quieted = "-a never,exit -F arch=b64 -S open,openat -F auid=unset -F uid=65534 -F success=1 -F exe=/var/lib/auditprof/bin/db-churn -F dir=/var/lib/auditprof/data/db-churn\n" + openSet

// canarySet records every canary.
const canarySet = "-b 8192\n" +
	"-a always,exit -F arch=b64 -S open,openat,execve,unlink,unlinkat,rename,renameat,renameat2,chmod,fchmodat,setxattr -k files\n" +
	"-a always,exit -F arch=b64 -S ptrace,process_vm_writev,mount,unshare,init_module,finit_module,delete_module,bpf,kexec_load -k kernel\n" +
	"-a always,exit -F arch=b64 -S setresuid,clock_settime,sethostname,connect -k system\n"

func ruleSet(t *testing.T, text string) *rule.Set {
	t.Helper()
	s, err := rule.ParseFile("a.rules", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sideBySide verifies a change in a folder of its own.
func sideBySide(t *testing.T, in verifyInput) *verify.Verified {
	t.Helper()
	t.Chdir(t.TempDir())
	in.Rounds, in.Quick, in.Quiet = 1, true, true
	v, err := Command{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}.verifyProposals(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestLiveVerifyBearsAGoodChangeOut(t *testing.T) {
	livetest.Take(t)
	before, _ := livetest.State(t)
	v := sideBySide(t, verifyInput{Old: ruleSet(t, openSet), New: ruleSet(t, strings.ReplaceAll(quieted, "db-churn", "few-file-churn")), IDs: []string{"P1"},
		Scenarios: []string{inSmall(t, "file-churn", 3_000)}})
	restored(t, before)
	noTrace(t)
	w := v.Workloads[0]
	if !v.OK() || w.Predicted < 0.9 || w.Measured < 0.9 || w.Apart > verify.MaxApart {
		t.Errorf("foretold %.3f, measured %.3f, failures %q", w.Predicted, w.Measured, v.Failures)
	}
	if len(v.Canaries.Lost) != 0 || v.Canaries.Before < 8 {
		t.Errorf("canaries %+v: the set records opens, and the change takes the database's own", v.Canaries)
	}
	if p := v.Proposals[0]; !p.Exercised || p.ID != "P1" {
		t.Errorf("%+v", p)
	}
}

// TestLiveCanariesThatABadChangeHides: everything of one user, which is what a first idea often looks like, and the names of files.
func TestLiveCanariesThatABadChangeHides(t *testing.T) {
	livetest.Take(t)
	bad := "-a never,exit -S all -F uid=65534 -F auid=unset\n-a never,exclude -F msgtype=PATH\n" + canarySet
	v := sideBySide(t, verifyInput{Old: ruleSet(t, canarySet), New: ruleSet(t, bad), IDs: []string{"P1"}, Scenarios: []string{calls(t)}})
	if v.OK() {
		t.Error("the change is borne out")
	}
	lost := map[string]int{}
	for _, c := range v.Canaries.Lost {
		lost[c.Session+" "+c.Name]++
	}
	// A service loses all of them by its uid; a login those that are told by a path alone.
	for _, want := range []string{"service ptrace", "service exec-tmp", "service connect", "service module-load", "login open-shadow", "login ssh-key"} {
		if lost[want] == 0 {
			t.Errorf("%s is not said to be lost", want)
		}
	}
	if lost["login ptrace"] != 0 || lost["login setuid-exec"] != 0 {
		t.Errorf("a login's ptrace, or the setuid program that exe= tells, is said to be lost: %v", lost)
	}
	if v.Canaries.Before < 70 {
		t.Errorf("only %d of %d canaries are seen under a set that records all", v.Canaries.Before, v.Canaries.Done)
	}
}

// slurpAll is the text of all files of a folder.
func slurpAll(t *testing.T, dir string) (text string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text += slurp(t, filepath.Join(dir, e.Name()))
	}
	return text
}
