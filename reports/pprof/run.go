package pprof

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/google/pprof/profile"
)

// WriteRun writes what the rules of each candidate recorded in the run's attribution slots, compressed. Runs differ in how much their workloads do:
// go tool pprof -normalize makes two of them comparable. It refuses a run without attribution.
func WriteRun(w io.Writer, run *result.Run) error {
	if len(run.Attribution) == 0 {
		return fmt.Errorf("make a pprof profile: the run has no attribution: it needs --rules, and to have gone beyond its pilots")
	}
	return write(w, buildRun(run))
}

func buildRun(run *result.Run) *profile.Profile {
	samples := 0
	for _, a := range run.Attribution {
		samples += len(a.Rows)
	}
	b := builder{at: map[frame]*profile.Location{}, most: mostOf(samples), out: &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "events", Unit: "count"}, {Type: "records", Unit: "count"}, {Type: "bytes", Unit: "bytes"},
			{Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "events", Unit: "count"}, Period: 1,
		DefaultSampleType: "bytes",
	}}
	if from, to := run.Started.Unix(), run.Finished.Unix(); from > 0 && to >= from && to <= yearTenThousand/32 {
		b.out.TimeNanos, b.out.DurationNanos = run.Started.UnixNano(), run.Finished.Sub(run.Started).Nanoseconds()
	}
	rules := map[string][]result.Rule{}
	for _, a := range run.Arms {
		rules[a.Name] = a.Rules
	}
	for _, a := range run.Attribution {
		b.attribution(a, rules[a.Arm])
	}
	return b.out
}

// attribution adds the rows of one rule set on one scenario.
func (b *builder) attribution(a result.Attribution, rules []result.Rule) {
	price := prices(a)
	for _, row := range a.Rows {
		value := []int64{0, b.count(row.Records), b.count(row.Bytes), b.whole(price[priced{row.Rule, row.Type}] * float64(row.Records))}
		if countsEvents(row.Type, row.Syscall) {
			value[0] = b.count(row.Events)
		}
		key, rule := rulesFrames(row.Rule, rules)
		b.out.Sample = append(b.out.Sample, &profile.Sample{Value: value, Label: map[string][]string{"scenario": {shown(a.Scenario, "(no scenario)")}},
			Location: []*profile.Location{
				b.location(frame{kind: "type", name: shown(row.Type, "(no type)")}),
				b.location(frame{kind: "exe", name: shown(row.Exe, "(no program named)")}),
				b.location(frame{kind: "syscall", name: shown(row.Syscall, "(no syscall)")}),
				b.location(rule),
				b.location(key),
				b.location(frame{kind: "rules", name: shown(a.Arm, "(no name)")}),
			}})
	}
}

type priced struct {
	rule int
	kind string
}

// prices are nanoseconds of CPU by record, of each rule and record type.
func prices(a result.Attribution) map[priced]float64 {
	price := map[priced]float64{}
	for _, r := range a.Rules {
		for _, t := range r.ByType {
			if t.Records > 0 {
				price[priced{r.Rule, t.Type}] = t.CPUNs / float64(t.Records)
			}
		}
	}
	return price
}

// rulesFrames are the key of a rule and the rule. The rule is named by its file's base name: checkouts of one set lie in different directories.
func rulesFrames(i int, rules []result.Rule) (key, rule frame) {
	if i < 0 || i >= len(rules) {
		return frame{kind: "key", name: "(no rule)"}, frame{kind: "rule", name: "(made by the kernel without a rule)"}
	}
	r := rules[i]
	name := fmt.Sprintf("%s:%d %s", path.Base(r.File), r.Line, r.Text)
	return frame{kind: "key", name: shown(keyOf(r.Text), "(no key)")}, frame{kind: "rule", name: shown(name, ""), file: escape.Line(r.File), line: max(r.Line, 0)}
}

// keyOf is the key in a rule's text, several joined by a comma.
func keyOf(text string) string {
	var keys []string
	words := strings.Fields(text)
	for i, w := range words {
		if value, found := strings.CutPrefix(w, "key="); found && i > 0 && words[i-1] == "-F" {
			keys = append(keys, strings.Trim(value, `"`))
		}
		if w == "-k" && i+1 < len(words) {
			keys = append(keys, strings.Trim(words[i+1], `"`))
		}
	}
	return strings.Join(keys, ",")
}
