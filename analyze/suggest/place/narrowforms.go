package place

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Narrow is what suggest.Options asks for narrower forms of the rules of a base. It refuses a rule whose line may not be changed (see Apply), and
// what is not narrower.
func Narrow(b Base) (func(q int, n suggest.Narrowing) ([]string, error), error) {
	t, err := newText(b)
	if err != nil {
		return nil, err
	}
	p := newPlan(t)
	return func(q int, n suggest.Narrowing) ([]string, error) {
		if q < 0 || q >= len(t.rules) {
			return nil, fmt.Errorf("rule %d of %d", q, len(t.rules))
		}
		if err := p.mayEdit(q); err != nil {
			return nil, err
		}
		line, err := narrowed(t.rules[q].Rule, n, b.Options.Target)
		if err != nil {
			return nil, err
		}
		return []string{line}, nil
	}, nil
}

func narrowed(r *rule.Rule, n suggest.Narrowing, target ruleset.Target) (string, error) {
	switch {
	case n.Perms != "":
		return NarrowPerms(r, n.Perms, target)
	case n.Login:
		return NarrowLogins(r, target)
	case n.Success:
		return NarrowSuccess(r, target)
	case n.Calls != "":
		return NarrowCalls(r, strings.Split(n.Calls, ","), target)
	}
	return "", fmt.Errorf("nothing to narrow by")
}

// NarrowPerms is the line of a rule with fewer letters in its perm: letters is a part of those that it has, in any order. A watch without -p
// has rwxa.
func NarrowPerms(r *rule.Rule, letters string, target ruleset.Target) (string, error) {
	want := copyOf(r)
	var s splice
	if r.IsWatch() {
		want.Perms = rule.Token{Pos: r.Perms.Pos, Text: letters}
		s = splice{at: r.Perms.Pos.Col - 1, drop: len(r.Perms.Text), add: letters}
		if r.Perms.Text == "" {
			s = splice{at: beforeKey(r), add: " -p " + letters}
		}
	}
	for i, f := range r.Fields {
		if f.Name != "perm" {
			continue
		}
		want.Fields[i].Value = letters
		s = splice{at: f.Pos.Col - 1, drop: len(f.Value), add: letters}
		if f.Flag == "-F" {
			s.at += len(f.Name) + len(f.Op)
		}
	}
	if s.add == "" {
		return "", fmt.Errorf("%s: a rule without perm", r.Pos)
	}
	return s.narrow(r, want, target)
}

// NarrowLogins is the line of a rule that records only what people do who logged in: by convention those are users from 1000 on (login.defs(5):
// UID_MIN), and a process without a login has auid unset, which is the greatest number.
func NarrowLogins(r *rule.Rule, target ruleset.Target) (string, error) {
	return with(r, target, suggest.Cond{Field: "auid", Op: ">=", Value: "1000"}, suggest.Cond{Field: "auid", Op: "!=", Value: "unset"})
}

// NarrowSuccess is the line of a rule that records only calls that succeed. It refuses rules on the file itself (path=, inode=, -w): at the
// moment in which the kernel takes a watched file away the call has no outcome yet, and its deletion would not be recorded
// (kernel/audit_watch.c: audit_update_watch). It also refuses Linux 5.16 to 5.19, where such a rule never matches.
func NarrowSuccess(r *rule.Rule, target ruleset.Target) (string, error) {
	file := func(f rule.Field) bool { return f.Name == "path" || f.Name == "inode" }
	if r.IsWatch() || slices.ContainsFunc(r.Fields, file) {
		return "", fmt.Errorf("%s: with success=1 the deletion of the file would not be recorded", r.Pos)
	}
	if noOutcome(target.Kernel) {
		return "", fmt.Errorf("%s: success= never matches on Linux %s", r.Pos, target.Kernel)
	}
	return with(r, target, suggest.Cond{Field: "success", Op: "=", Value: "1"})
}

// noOutcome tells the kernels on which success= and exit= never match: from 5.16 on the return code was set after the filter had run, mended
// in 6.0 and in some 5.19 (kernel/auditsc.c: __audit_syscall_exit; audit-kernel issue 138).
func noOutcome(v match.Version) bool {
	return !v.IsZero() && !v.Less(match.Version{Major: 5, Minor: 16}) && v.Less(match.Version{Major: 6})
}

// with is the line of a rule with more conditions, behind those that it has and before its key.
func with(r *rule.Rule, target ruleset.Target, conds ...suggest.Cond) (string, error) {
	want := copyOf(r)
	text := ""
	for _, c := range conds {
		want.Fields = append(want.Fields, rule.Field{Flag: "-F", Name: c.Field, Op: c.Op, Value: c.Value})
		text += " -F " + c.String()
	}
	return splice{at: beforeKey(r), add: text}.narrow(r, want, target)
}

func copyOf(r *rule.Rule) *rule.Rule {
	out := *r
	out.Fields = slices.Clone(r.Fields)
	return &out
}

// splice is a change of a line: at is an offset in bytes.
type splice struct {
	at, drop int
	add      string
}

// narrow is the line with the splice made. Where it does not say what want does, as when an option is there twice, it is want written anew.
// It is an error if the result is no narrower form of r.
func (s splice) narrow(r, want *rule.Rule, target ruleset.Target) (string, error) {
	line := want.String()
	if s.at >= 0 && s.at+s.drop <= len(r.Text) {
		spliced := strings.TrimSpace(r.Text[:s.at] + s.add + r.Text[s.at+s.drop:])
		if is, err := parseLine(spliced); err == nil && is.String() == line {
			line = spliced
		}
	}
	is, err := parseLine(line)
	if err != nil {
		return "", err
	}
	if err := Narrower(r, is, target); err != nil {
		return "", err
	}
	return line, nil
}

// beforeKey is where in its line a rule's key begins, blanks before it left out; the end of the line where there is none, or where conditions
// stand behind it, whose order would be another.
func beforeKey(r *rule.Rule) int {
	end := strings.TrimRight(r.Text, " ")
	behind := func(f rule.Field) bool { return f.Pos.Col > r.Keys[0].Pos.Col }
	if len(r.Keys) == 0 || slices.ContainsFunc(r.Fields, behind) {
		return len(end)
	}
	head := strings.TrimRight(r.Text[:min(r.Keys[0].Pos.Col-1, len(r.Text))], " ")
	for _, option := range []string{"key=", "-F", "-k"} {
		if cut, ok := strings.CutSuffix(head, option); ok {
			head = strings.TrimRight(cut, " ")
		}
	}
	if strings.HasSuffix(r.Text[:len(head)+1], " ") || len(head) == 0 {
		return len(head)
	}
	return len(end)
}
