package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/text"
)

// nextSteps are the commands that help on from what was found.
func nextSteps(a *analyzed, f analyzeFlags, args []string) []text.Step {
	var steps []text.Step
	if f.merge {
		return steps
	}
	switch unknown := a.profile.Origins.Of(analyze.Undecided).Events; {
	case len(a.profile.Rules) == 0:
		steps = append(steps, text.Step{Why: "with the rules of the host that wrote the log, which rule it was", Command: "auditprof analyze --rules rules.d" + plain(args)})
	case slices.ContainsFunc(a.profile.Conflicts.Keys, func(k analyze.Tallied) bool { return k.Name != "" }):
		steps = append(steps, text.Step{Why: "on the host that wrote the log: the rules that it has loaded, for --rules", Command: "auditctl -l > loaded.rules"})
	case unknown > 0 && f.snapshot == "" && len(f.rules) > 0:
		steps = append(steps, text.Step{Why: "on the host that wrote the log: what makes unknown into yes or no, for --host-snapshot", Command: "auditprof snapshot" + flagged("--rules", f.rules) + " --output host.json"})
	}
	if !slices.Contains(f.rules, "-") && !slices.Contains(args, "-") {
		again := "auditprof analyze" + f.deciding() + " --format pprof --output p.pb.gz" + plain(args)
		steps = append(steps, text.Step{Why: "the same as a flame graph", Command: again + " && go tool pprof -http=: p.pb.gz"})
	}
	if len(f.rules) > 0 && !slices.Contains(f.rules, "-") {
		steps = append(steps, text.Step{Why: "what these rules cost, measured on this machine", Command: "auditprof bench --rules " + quoted(strings.Join(f.rules, ","))})
	}
	return steps
}

// deciding are the flags that decisions depend on, as typed.
func (f analyzeFlags) deciding() string {
	if f.byKey {
		return f.typed() + " --by-key"
	}
	return f.typed()
}

// flagged is a flag for each value, as typed.
func flagged(flag string, values []string) string {
	out := ""
	for _, v := range values {
		out += " " + flag + " " + quoted(v)
	}
	return out
}

func plain(args []string) string {
	out := ""
	for _, a := range args {
		out += " " + quoted(a)
	}
	return out
}

var needsNoQuotes = regexp.MustCompile(`^[A-Za-z0-9_./,:=@%+-]+$`)

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if needsNoQuotes.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
