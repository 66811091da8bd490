package html

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
)

// ruleTable is a table of rules that a reader sorts and filters.
type ruleTable struct {
	Filters []filter
	Head    []sortHead
	Rows    []ruleRow
	More    string
}

// filter is a choice of one column's values.
type filter struct {
	Label  string
	Column int
	Values []string
}

// sortHead is a column that sorts. Sorted is how the page begins: "descending" or "".
type sortHead struct {
	Name   string
	Number bool
	Sorted string
}

type ruleRow struct {
	Place, Link string // of the rule in the listing below
	Text        string
	Cells       []sortCell
}

// sortCell is a cell with what it sorts by.
type sortCell struct {
	Text, By, Bar string
	Number        bool
}

// maxRuleRows bounds the table: a page is to be read.
const maxRuleRows = 400

func number(text string, by float64) sortCell { return sortCell{Text: text, By: at6(by), Number: true} }

// at6 is a number to sort by.
func at6(v float64) string {
	if !finite(v) {
		return "0"
	}
	return fmt.Sprintf("%.6g", v)
}

// noisiestRules adds the table of what each rule recorded on each scenario.
func (v *runView) noisiestRules(d *document) {
	type entry struct {
		a result.Attribution
		r result.RuleShare
	}
	var list []entry
	for _, a := range v.run.Attribution {
		for _, r := range a.Rules {
			if r.Events > 0 || r.Bytes > 0 {
				list = append(list, entry{a, r})
			}
		}
	}
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(x, y entry) int {
		return cmp.Compare(float64(y.r.Bytes)/float64(max(y.a.Ops, 1)), float64(x.r.Bytes)/float64(max(x.a.Ops, 1)))
	})
	t := ruleTable{Head: []sortHead{{Name: "rule"}, {Name: "set"}, {Name: "workload"}, {"bytes/op", true, "descending"}, {Name: "share", Number: true},
		{Name: "events/op", Number: true}, {Name: "CPU/op", Number: true}}}
	sets, workloads := &filter{Label: "Set", Column: 1}, &filter{Label: "Workload", Column: 2}
	list, more := first(list, maxRuleRows)
	for _, e := range list {
		sets.see(e.a.Arm)
		workloads.see(e.a.Scenario)
		t.Rows = append(t.Rows, v.ruleRow(e.a, e.r))
	}
	t.Filters = []filter{*sets, *workloads}
	if more > 0 {
		t.More = plural(more, "lighter row") + " are in the data at the end of the page."
	}
	d.add("rules", "The noisiest rules", "Each rule on each workload where it recorded anything; a rule’s name leads to its line in the listing.", "rules", t)
}

func (f *filter) see(value string) {
	if !slices.Contains(f.Values, value) {
		f.Values = append(f.Values, value)
	}
}

func (v *runView) ruleRow(a result.Attribution, r result.RuleShare) ruleRow {
	ops := float64(max(a.Ops, 1))
	share := float64(r.Bytes) / float64(max(allBytes(a), 1))
	part := number(percentOf(share), share)
	part.Bar = percentAt(share)
	return ruleRow{Place: place(v.file(r.File), r.Line), Link: v.anchor(a.Arm, r.File, r.Line), Text: r.Text, Cells: []sortCell{
		{Text: a.Arm, By: a.Arm}, {Text: a.Scenario, By: a.Scenario}, number(bytesOf(float64(r.Bytes)/ops), float64(r.Bytes)/ops), part,
		number(digitsOf(float64(r.Events)/ops), float64(r.Events)/ops), number(timeOf(r.CPUNs/ops), r.CPUNs/ops)}}
}
