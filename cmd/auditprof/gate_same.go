package main

import (
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// sameRule tells whether two lines are the same rule for the kernel, their keys aside: a budget names a rule as somebody wrote it, and a run has it as it
// was loaded.
func (g *gated) sameRule(a, b string) bool {
	for _, dir := range []bool{false, true} {
		x, y := g.kernelForm(a, dir), g.kernelForm(b, dir)
		if x != nil && y != nil && x.Equal(*y) {
			return true
		}
	}
	return false
}

// kernelForm is a line as the kernel holds it, without its key; nil where it is no rule. Users and groups that have no number are not known.
func (g *gated) kernelForm(line string, dir bool) *rule.Wire {
	set, err := rule.ParseFile("line", strings.NewReader(line+"\n"))
	if err != nil || len(set.Rules()) != 1 {
		return nil
	}
	w, _, err := rule.Compile(set.Rules()[0], rule.Env{Machine: g.target.Machine, Dialect: g.target.Auditctl, IsDir: func(string) bool { return dir }})
	if err != nil {
		return nil
	}
	w.Fields = slices.DeleteFunc(w.Fields, func(f rule.WireField) bool { return f.Type == rule.FieldFilterKey })
	return &w
}
