package main

import (
	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// compared asks the matcher about each event of an attribution slot too. Where there is no matcher for these rules the kernel's word stands
// alone, and the agreement says why.
func compared(x *analyze.ExtraKeys, in bench.AttributionInput) (analyze.Decider, func() result.Agreement) {
	host := match.Host{Machine: in.Machine}
	if v, err := match.ParseVersion(in.Kernel); err == nil {
		host.Kernel = v
	}
	rules := make([]match.Rule, len(in.Wires))
	for i, w := range in.Wires {
		r := in.Rules[i]
		rules[i] = match.Rule{Pos: rule.Pos{File: r.File, Line: r.Line, Col: r.Col}, Text: r.Text, Forms: []rule.Wire{w}}
	}
	d, err := analyze.Compare(x, rules, host)
	if err != nil {
		return x, func() result.Agreement { return result.Agreement{NotCompared: err.Error()} }
	}
	return d, func() result.Agreement { return agreementOf(d.Agreement) }
}

func agreementOf(a analyze.Agreement) result.Agreement {
	out := result.Agreement{Agree: a.Agree, Disagree: a.Disagree, Unknown: a.Unknown}
	for _, d := range a.Disagreements {
		out.Disagreements = append(out.Disagreements, result.Disagreement{Event: d.At, Kernel: d.Kernel, Matcher: d.Matcher, Records: d.Records})
	}
	return out
}
