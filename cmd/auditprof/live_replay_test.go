package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/livetest"
	"github.com/klauspost/compress/zstd"
)

// TestLiveReplayIsWhatTheKernelDoes: the same work under the old rules and under those that suggest-exclusions wrote, each recorded by the kernel.
// What the matcher leaves of the first log is the second.
func TestLiveReplayIsWhatTheKernelDoes(t *testing.T) {
	livetest.Take(t)
	bin, dir := build(t), t.TempDir()
	old, written := writeFile(t, "old.rules", openSet), filepath.Join(dir, "new")
	for _, args := range [][]string{
		{"bench", "--rules", "old=" + old, "--scenario", "db-churn", "--quick", "--rounds", "1", "--out", filepath.Join(dir, "one")},
		{"suggest-exclusions", "--run", filepath.Join(dir, "one"), "--write", written},
		{"bench", "--rules", "old=" + old, "--rules", "new=" + written, "--scenario", "db-churn", "--quick", "--rounds", "1", "--out", filepath.Join(dir, "two")},
	} {
		if r := run(t, bounded(t, 2*time.Minute, bin, args...)); r.code != 0 {
			t.Fatalf("%q exits with %d\n%s\n%s", args, r.code, r.out, r.err)
		}
	}
	logs := filepath.Join(dir, "two", "logs")
	all := deeds(t, filepath.Join(logs, "old+db-churn.log.zst"), "")
	left := deeds(t, filepath.Join(logs, "old+db-churn.log.zst"), slurpAll(t, written))
	recorded := deeds(t, filepath.Join(logs, "new+db-churn.log.zst"), "")
	if sum(all) < 500 || sum(left) > sum(all)/10 {
		t.Fatalf("of %d events the new rules leave %d: nothing to compare", sum(all), sum(left))
	}
	for what := range merged(left, recorded) {
		// what a process does once in a while (a sort that spills, a checkpoint) does not fall into every slot alike
		if diff := max(left[what], recorded[what]) - min(left[what], recorded[what]); diff > 2+max(left[what], recorded[what])/20 {
			t.Errorf("%s: the replay leaves %d, the kernel records %d", what, left[what], recorded[what])
		}
	}
}

func merged(maps ...map[string]int) map[string]bool {
	out := map[string]bool{}
	for _, m := range maps {
		for k := range m {
			out[k] = true
		}
	}
	return out
}

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

// deeds counts the system calls of the workload's user in a packed log, those that rules would record; all where there are no rules.
func deeds(t *testing.T, file, rules string) map[string]int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	packed, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	var judge *match.Judge
	if rules != "" {
		judge = judgeOf(t, rules)
	}
	count := map[string]int{}
	call := &event.Call{}
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(packed), nil) {
		if !call.Read(ev) || call.UID != 65534 || judge != nil && judge.Foretell(call).Recorded == match.None {
			continue
		}
		exe, _ := call.Exe.AppendUntrusted(nil)
		count[fmt.Sprintf("syscall %d of %s, success %v", call.Syscall, exe, call.Success)]++
	}
	return count
}
