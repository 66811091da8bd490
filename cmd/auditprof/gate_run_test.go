package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/testrun"
	"github.com/rogpeppe/go-internal/testscript"
)

// runChanges are what gaterun can change in the run that it writes.
var runChanges = map[string]func(*result.Run, string){
	"host":   func(r *result.Run, v string) { r.Environment.Host = v },
	"ended":  func(r *result.Run, v string) { r.Ended = v },
	"schema": func(r *result.Run, v string) { r.Schema = v },
	"open":   func(r *result.Run, v string) { r.Books[0].UnexplainedBytes, _ = strconv.ParseUint(v, 10, 64) },
	"aa": func(r *result.Run, v string) {
		ratio, _ := strconv.ParseFloat(v, 64)
		r.Comparisons = nil
		r.Trust.AA = map[string]result.Metric{"db-churn": {Value: ratio, Low: ratio - 0.01, High: ratio + 0.01, N: 12}}
	},
	"lost": func(r *result.Run, v string) {
		n, _ := strconv.ParseFloat(v, 64)
		eachResult(r, func(x *result.Result) {
			x.Metrics[result.Lost] = result.Metric{Unit: "records", Value: n, Low: n, High: n, N: 12}
			x.Complete, x.Findings = false, []string{v + " records lost"}
		})
	},
	"quick": func(r *result.Run, v string) {
		eachResult(r, func(x *result.Result) {
			for name, m := range x.Metrics {
				m.N = 3
				x.Metrics[name] = m
			}
		})
	},
	"blind": func(r *result.Run, arm string) {
		for _, a := range []string{"site.rules", "stig.rules"} {
			c := result.Canary{Arm: a, Name: "sudoers", What: "opened /etc/sudoers", Session: "login", By: "canaries", Done: true, Events: 2}
			if a == arm {
				c.Events = 0
			}
			r.Canaries = append(r.Canaries, c)
		}
	},
}

func eachResult(r *result.Run, do func(*result.Result)) {
	for i := range r.Results {
		if r.Results[i].Arm == "site.rules" {
			do(&r.Results[i])
		}
	}
}

// gateRun NAME=VALUE… DIR: write a run directory with the rules of its arms.
func gateRun(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: gaterun [CHANGE=VALUE]… DIR")
	}
	run, _ := testrun.Small()
	for i := range run.Results { // each arm's own map
		m := map[string]result.Metric{}
		for name, v := range run.Results[i].Metrics {
			m[name] = v
		}
		run.Results[i].Metrics = m
	}
	for _, a := range args[:len(args)-1] {
		name, value, _ := strings.Cut(a, "=")
		change, ok := runChanges[name]
		if !ok {
			ts.Fatalf("gaterun: %s", name)
		}
		change(run, value)
	}
	dir := ts.MkAbs(args[len(args)-1])
	ts.Check(os.MkdirAll(filepath.Join(dir, "rules"), 0o755))
	data, err := json.Marshal(run)
	ts.Check(err)
	ts.Check(os.WriteFile(filepath.Join(dir, result.RunFile), data, 0o644))
	for _, a := range run.Arms {
		if a.Kind != result.ArmCandidate {
			continue
		}
		var text strings.Builder
		for _, r := range a.Rules {
			fmt.Fprintf(&text, "# %s:%d\n%s\n", filepath.Base(r.File), r.Line, r.Text)
		}
		name, err := result.RuleFile(a.Name)
		ts.Check(err)
		ts.Check(os.WriteFile(filepath.Join(dir, name), []byte(text.String()), 0o644))
	}
}
