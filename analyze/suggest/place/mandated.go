package place

import (
	"fmt"
	"io"
	"slices"
	"sort"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Mandate is what a compliance profile wants of a rule set.
type Mandate struct {
	Rules   []int      // the rules that its lines are, as indexes into the rule set, in order
	Missing []rule.Pos // lines of the profile that are no rule of the set
	Lines   int        // rules that the profile has
}

// ReadMandated reads a compliance profile: rules, one a line, as in a rule file; comments and control lines are passed over. Compared are
// rules, not text: spacing, the order of fields and of syscalls, -k or -F key=, names or numbers are of no matter, and neither is the key,
// which is a label. So a line that a scanner looks for is found also where it would not find it: it is kept as it is all the same.
//
// The errors are what auditctl's grammar refuses, with place and reason, and a profile without a rule.
func ReadMandated(name string, r io.Reader, set *ruleset.Set, target ruleset.Target) (Mandate, error) {
	profile, err := rule.ParseFile(name, r)
	if err != nil {
		return Mandate{}, fmt.Errorf("read mandated rules: %w", err)
	}
	c := comparison{env: envOf(target, completed(target).Auditctl)}
	loaded := map[string][]int{}
	for i, m := range set.Rules {
		if own, err := parseLine(m.Text); err == nil {
			for _, key := range c.keys(own) {
				loaded[key] = append(loaded[key], i)
			}
		}
	}
	var out Mandate
	for _, want := range profile.Rules() {
		out.Lines++
		var found []int
		for _, key := range c.keys(want) {
			found = append(found, loaded[key]...)
		}
		if len(found) == 0 {
			out.Missing = append(out.Missing, want.Pos)
		}
		out.Rules = append(out.Rules, found...)
	}
	if out.Lines == 0 {
		return out, fmt.Errorf("read mandated rules: %s: no rule in it: one rule a line, as in a rule file", rule.Pos{File: name})
	}
	slices.Sort(out.Rules)
	out.Rules = slices.Compact(out.Rules)
	return out, nil
}

func completed(t ruleset.Target) ruleset.Target {
	t, _ = t.Complete()
	return t
}

// comparison compares rules by what they record.
type comparison struct{ env rule.Env }

// keys are the same for two rules where they record the same. A watch has two: whether it is of a directory is not known.
func (c comparison) keys(r *rule.Rule) []string {
	var out []string
	for _, dir := range []bool{false, true} {
		c.env.IsDir = func(string) bool { return dir }
		w, _, err := rule.Compile(r, c.env)
		if err != nil {
			continue
		}
		w.Fields = slices.DeleteFunc(w.Fields, func(f rule.WireField) bool { return f.Type == rule.FieldFilterKey })
		sort.Slice(w.Fields, func(i, j int) bool { return fieldLess(w.Fields[i], w.Fields[j]) })
		if key := string(w.Encode()); !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

func fieldLess(a, b rule.WireField) bool {
	switch {
	case a.Type != b.Type:
		return a.Type < b.Type
	case a.Op != b.Op:
		return a.Op < b.Op
	case a.Value != b.Value:
		return a.Value < b.Value
	}
	return a.Str < b.Str
}
