package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/livetest"
)

// chmods is perm-churn in small: explain slots are there to be looked at, not to be long.
const chmods = "imitates: Modes that change.\nhurts: They are recorded.\nop: chmod\nsession: service\npilot_ops: 3000\nmax_ops: 3000\nfiles:\n  dirs: 1\n  count: 10\nmix:\n  chmod: 1\n"

// One rule records all chmods: the explain slots must tell what a recorded call costs, and what any other.
func TestLiveExplain(t *testing.T) {
	livetest.Take(t)
	bin, dir := build(t), filepath.Join(t.TempDir(), "run")
	before, _ := livetest.State(t)
	rules := writeFile(t, "a.rules", "-b 8192\n-a always,exit -F arch=b64 -S chmod,fchmod,fchmodat -k perm\n")
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--scenario", writeFile(t, "chmods.yaml", chmods), "--quick", "--rounds", "1",
		"--explain", "--no-logs", "--out", dir))
	if r.code != 0 {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.out, r.err)
	}
	restored(t, before)
	got, slots, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(slots); n == 0 || slots[n-1].Kind != result.SlotExplain {
		t.Errorf("%d slots, the last of kind %q", n, slots[n-1].Kind)
	}
	if len(got.Explained) != 5 {
		t.Fatalf("%d explained, want no audit, no rules, a.rules, its mute copy, and no audit again", len(got.Explained))
	}
	for _, e := range got.Explained {
		checkExplained(t, e)
	}
	if !strings.Contains(r.out, "explain ") {
		t.Errorf("the report does not explain:\n%s", r.out)
	}
}

func checkExplained(t *testing.T, e result.Explained) {
	t.Helper()
	name := e.Arm
	if e.Mute {
		name += " (mute)"
	}
	if !slices.Contains(e.Levels, "syscalls") || !slices.Contains(e.Levels, "scheduler") {
		if strings.Contains(strings.Join(e.Notes, " "), "no syscalls: ") {
			livetest.Missing(t, fmt.Sprintf("raw tracepoints: %q", e.Notes))
		}
		t.Errorf("%s: levels %q, notes %q", name, e.Levels, e.Notes)
	}
	if e.ProbeNs <= 0 {
		t.Errorf("%s: the probes add %v ns", name, e.ProbeNs)
	}
	var made, recorded uint64
	for _, c := range e.Syscalls {
		if c.Name == "chmod" || strings.HasPrefix(c.Name, "fchmod") {
			made, recorded = made+c.Count, recorded+c.Recorded
		}
	}
	wantRecorded := uint64(0)
	if e.Arm == "a.rules" && !e.Mute {
		wantRecorded = made
	}
	if made != e.Ops || recorded != wantRecorded {
		t.Errorf("%s: %d chmods seen, %d operations done; %d of them recorded, want %d", name, made, e.Ops, recorded, wantRecorded)
	}
	if (e.Record != nil) != (wantRecorded > 0) || e.Record != nil && (e.Record.Ns <= 0 || e.Record.Calls != made) {
		t.Errorf("%s: record cost %+v", name, e.Record)
	}
	if e.Record != nil && (e.Auditd.OnCPUNs == 0 || e.Kauditd.OnCPUNs == 0) {
		t.Errorf("%s: auditd %+v, kauditd %+v", name, e.Auditd, e.Kauditd)
	}
}
