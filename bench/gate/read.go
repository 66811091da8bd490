package gate

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// BudgetVersion is the version of the form that this package reads.
const BudgetVersion = "1"

// Bounds of a budget file.
const (
	maxBudgetBytes = 1 << 20
	maxBudgetNodes = 50_000
	maxText        = 4096
)

// ReadBudget reads a budget (docs/budget.schema.json). name is what errors say: file:line:col, what is wrong and what would be legal. All errors of
// the file come at once, up to 20, each on its own line; those of reading r are wrapped.
func ReadBudget(name string, r io.Reader) (*Budget, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxBudgetBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(text) > maxBudgetBytes {
		return nil, fmt.Errorf("%s: more than %d bytes: no budget is that large", name, maxBudgetBytes)
	}
	d := &document{file: name}
	root := d.parse(text)
	if root == nil {
		return nil, d.err()
	}
	b := &Budget{File: name, Seen: SeverityError}
	version := false
	d.fields(root, "a budget", []string{"version", "$schema", "scenarios", "log", "rules", "seen", "unseen"}, func(key, value *yaml.Node) {
		switch key.Value {
		case "version":
			version = true
			if value.Kind != yaml.ScalarNode || value.Value != BudgetVersion {
				d.fail(value, "version %s: this auditprof reads version %s", quote(value.Value), BudgetVersion)
			}
		case "$schema":
			d.text(value, "$schema")
		case "scenarios":
			b.Scenarios = d.sections(value)
		case "log":
			b.Log = d.limits(value)
		case "rules":
			b.Rules = d.limits(value)
		case "seen":
			b.Seen = d.severity(value, true)
		case "unseen":
			b.Unseen = d.unseen(value)
		}
	})
	if !version {
		d.fail(root, "there is no version: begin with version: %s", BudgetVersion)
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	return b, nil
}

func (d *document) sections(n *yaml.Node) []Section {
	var list []Section
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		d.fail(n, "scenarios takes names of workloads with a list of limits each, this is %s", kindOf(n))
		return nil
	}
	d.each(n, func(key, value *yaml.Node) {
		list = append(list, Section{Name: key.Value, Limits: d.limits(value), Place: d.place(key)})
	})
	return list
}

func (d *document) limits(n *yaml.Node) []Limit {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		d.fail(n, "this takes a list of limits, as - log_bytes/op < 4KiB, and is %s", kindOf(n))
		return nil
	}
	var list []Limit
	for _, item := range n.Content {
		list = append(list, d.limit(item))
	}
	return list
}

// limit reads one limit: an expression alone, or with a severity and the rule that it is of.
func (d *document) limit(n *yaml.Node) Limit {
	l := Limit{Severity: SeverityError, Place: d.place(n)}
	if n.Kind == yaml.ScalarNode {
		l.Expression = d.expression(n)
		return l
	}
	found := false
	d.fields(n, "a limit", []string{"limit", "severity", "rule"}, func(key, value *yaml.Node) {
		switch key.Value {
		case "limit":
			l.Expression, l.Place, found = d.expression(value), d.place(value), true
		case "severity":
			l.Severity = d.severity(value, false)
		case "rule":
			l.Rule = d.text(value, "rule")
		}
	})
	if !found && n.Kind == yaml.MappingNode {
		d.fail(n, "limit is missing: write - limit: log_bytes/op < 4KiB")
	}
	return l
}

func (d *document) expression(n *yaml.Node) Expression {
	text := d.text(n, "a limit")
	if text == "" {
		return Expression{}
	}
	e, err := ParseExpression(text)
	if err != nil {
		d.fail(n, "%v", err)
	}
	return e
}

func (d *document) severity(n *yaml.Node, off bool) Severity {
	s := Severity(n.Value)
	if n.Kind == yaml.ScalarNode && (s == SeverityError || s == SeverityWarn || off && s == SeverityOff) {
		return s
	}
	legal := "error or warn"
	if off {
		legal = `error, warn or "off"`
	}
	d.fail(n, "%s is no severity here: %s", quote(n.Value), legal)
	return SeverityError
}

func (d *document) unseen(n *yaml.Node) []Accepted {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		d.fail(n, "unseen takes a list, each with what, reason, owner and expires, and is %s", kindOf(n))
		return nil
	}
	var list []Accepted
	for _, item := range n.Content {
		list = append(list, d.accepted(item))
	}
	return list
}

func (d *document) accepted(n *yaml.Node) Accepted {
	a := Accepted{Place: d.place(n)}
	words := map[string]*string{"what": &a.What, "exe": &a.Exe, "type": &a.Type, "reason": &a.Reason, "owner": &a.Owner}
	d.fields(n, "an entry of unseen", []string{"what", "exe", "type", "reason", "owner", "expires"}, func(key, value *yaml.Node) {
		if key.Value == "expires" {
			a.Expires = d.date(value)
			return
		}
		*words[key.Value] = d.text(value, key.Value)
	})
	if n.Kind != yaml.MappingNode {
		return a
	}
	for _, name := range []string{"what", "reason", "owner"} {
		if *words[name] == "" {
			d.fail(n, "%s is missing: what is no longer recorded needs what, reason, owner and expires", name)
		}
	}
	d.named(n, a.What)
	if a.Expires.IsZero() {
		d.fail(n, "expires is missing: the last day on which this holds, as 2030-06-30")
	}
	return a
}

// named refuses what names nothing that could be lost, and wildcards: one entry for all that looks alike would let a later change hide in it, under
// a reason that nobody gave for that.
func (d *document) named(n *yaml.Node, what string) {
	kinds := []string{LostCanary, LostDetection, LostKeep}
	word, name, _ := strings.Cut(what, " ")
	switch {
	case what == "" || strings.HasPrefix(what, "-"):
	case strings.Contains(what, "*"):
		d.fail(n, "what: %s: there are no wildcards here: each thing that goes unseen has a reason, an owner and a day of its own; the verdict prints its name", quote(what))
	case !slices.Contains(kinds, word) || strings.TrimSpace(name) == "":
		d.fail(n, "what: %s: give the text of a rule, canary NAME, detection NAME or keep FILE:LINE%s", quote(what), nearest(word, kinds))
	}
}

func (d *document) date(n *yaml.Node) time.Time {
	t, err := time.Parse(time.DateOnly, n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.fail(n, "%s is no day: write it as 2030-06-30", quote(n.Value))
		return time.Unix(0, 0) // it was there
	}
	return t
}
