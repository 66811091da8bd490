package markdown

import (
	"fmt"
	"io"
	"path"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/text"
	"github.com/auditprof/auditprof/reports/unit"
)

// WriteRun writes the run: what was found and its cause, one table of all arms and scenarios, and folded: canaries that were not
// seen, trust, rules, record types. The options say at which rates workloads run and where the run lies, as for text; width and colour do not count.
func WriteRun(w io.Writer, run *result.Run, options text.Options) error {
	d := &document{}
	d.verdict("auditprof bench", text.RunVerdict(run, options))
	d.add("\n**next** " + sentence(text.RunNext(run, options)))
	d.fold(costs(run))
	d.fold(leftOut(run))
	d.fold(unseen(run))
	d.fold(list("Trust, warnings, and how the machine was left", text.RunTrust(run, options)))
	for _, a := range run.Attribution {
		d.fold(rulesOf(a))
		d.fold(typesOf(a))
	}
	return d.print(w)
}

// maxSentences bounds the verdict: what is beyond is in the tables.
const maxSentences = 30

// verdict writes a heading and the sentences as a list.
func (d *document) verdict(title string, said []text.Sentence) {
	d.add("### " + title)
	d.sentences(said)
}

func (d *document) sentences(said []text.Sentence) {
	for i, s := range said {
		if i == maxSentences {
			d.left += len(said) - i
			return
		}
		d.add("- " + item(s))
	}
}

// item is a sentence with its label, alarms with a sign that is more than a colour.
func item(s text.Sentence) string {
	line := sentence(s.Text)
	if s.Label != "" {
		line = "**" + sentence(s.Label) + "** " + line
	}
	if s.Alarm {
		line = ":warning: " + line
	}
	return line
}

func list(title string, said []text.Sentence) table {
	t := table{title: title}
	for _, s := range said {
		t.rows = append(t.rows, []string{item(s)})
	}
	return t
}

// leftOut is the table of lines that did not load.
func leftOut(run *result.Run) table {
	t := table{title: "Lines that did not load", heads: []string{"rules", "line", "text", "why"}}
	for _, a := range run.Arms {
		if a.TwinOf != "" {
			continue
		}
		for _, l := range a.LeftOut {
			if len(t.rows) == shownLeftOut {
				t.more++
				continue
			}
			t.rows = append(t.rows, []string{code(a.Name), code(fmt.Sprintf("%s:%d:%d", path.Base(l.File), l.Line, l.Col)), code(l.Text), sentence(l.Why)})
		}
	}
	return t
}

// shownLeftOut leaves room for what the rules cost: more lines than these fail for few reasons.
const shownLeftOut = 40

// costs is the table of all arms but repeated ones.
func costs(run *result.Run) table {
	t := table{title: "Cost by workload and rule set", heads: []string{"workload", "rules", "slowdown [95 % CI]", "CPU", " filter tax/op", " record cost/op", " p99", " log/op", " lost"}}
	if run.Quick || run.RoundsDone < 6 {
		t.heads[2] = "slowdown [range]"
	}
	twins := map[string]bool{}
	for _, a := range run.Arms {
		twins[a.Name] = a.TwinOf != ""
	}
	for _, r := range run.Results {
		if !twins[r.Arm] {
			t.rows = append(t.rows, costRow(r))
		}
	}
	return t
}

// costRow has no times where records were lost: a set that drops what it should record is fast for the wrong reason.
func costRow(r result.Result) []string {
	row := []string{code(r.Scenario), code(r.Arm), interval(r, result.Slowdown), interval(r, result.CPURatio), amount(r, result.FilterTaxPerOp, unit.Time),
		amount(r, result.RecordCostPerOp, unit.Time), amount(r, result.LatencyP99, unit.Time), amount(r, result.LogBytesPerOp, unit.Bytes), lost(r)}
	if !r.Complete {
		for i := 2; i <= 6; i++ {
			row[i] = unit.None
		}
		row[7] = "at least " + row[7]
	} else if m, stopped := r.Metrics[result.AtLeastSlowdown]; stopped {
		row[2] = "at least " + unit.Ratio(m.Value)
	}
	return row
}

func interval(r result.Result, name string) string {
	m, ok := r.Metrics[name]
	if !ok {
		return unit.None
	}
	return fmt.Sprintf("%s \\[%s %s\\]", unit.Ratio(m.Value), unit.Ratio(m.Low), unit.Ratio(m.High))
}

// amount is a figure; ~0 is one that the noise hides.
func amount(r result.Result, name string, show func(float64) string) string {
	m, ok := r.Shown(name)
	switch {
	case !ok:
		return unit.None
	case m.Low < 0 && m.High > 0:
		return "\\~0"
	}
	return show(m.Value)
}

func lost(r result.Result) string {
	n := r.Metrics[result.Lost].Value + r.Metrics[result.EventsMissing].Value + r.Metrics[result.PartialEvents].Value
	if n == 0 && r.Complete {
		return "0"
	}
	return "**LOST " + unit.Count(int64(min(max(n, 0), 1<<62))) + "**"
}

// shownRules is how many rules a table of an attribution has.
const shownRules = 15

func rulesOf(a result.Attribution) table {
	t := table{title: fmt.Sprintf("Rules: %s on %s", tagged(a.Arm), tagged(a.Scenario)), heads: []string{"rule", "text", " events/op", " bytes", " share", " CPU"}}
	var bytes uint64
	for _, r := range a.Rules {
		bytes += r.Bytes
	}
	for i, r := range a.Rules {
		if i == shownRules {
			t.more = len(a.Rules) - i
			break
		}
		t.rows = append(t.rows, []string{code(fmt.Sprintf("%s:%d", path.Base(r.File), r.Line)), code(r.Text), perOp(r.Events, a.Ops), unit.Bytes(float64(r.Bytes)),
			unit.Percent(float64(r.Bytes) / float64(max(bytes, 1))), unit.Time(r.CPUNs)})
	}
	return t
}

func perOp(events, ops uint64) string {
	if ops == 0 {
		return unit.None
	}
	return unit.Digits(float64(events) / float64(ops))
}

func typesOf(a result.Attribution) table {
	t := table{title: fmt.Sprintf("Record types: %s on %s", tagged(a.Arm), tagged(a.Scenario)), heads: []string{"type", " records", " bytes", " CPU"}}
	for _, c := range a.Types {
		t.rows = append(t.rows, []string{code(c.Type), unit.Count(int64(min(c.Records, 1<<62))), unit.Bytes(float64(c.Bytes)), unit.Time(c.CPUNs)})
	}
	return t
}

// unseen are canaries that left no event: what a rule set does not show.
func unseen(run *result.Run) table {
	t := table{title: "Canaries that left no event", heads: []string{"canary", "rules", "session", "what was done"}}
	for _, c := range run.Canaries {
		if c.Done && c.Events == 0 {
			t.rows = append(t.rows, []string{code(c.Name), code(c.Arm), code(c.Session), sentence(c.What)})
		}
	}
	slices.SortStableFunc(t.rows, func(a, b []string) int { return slices.Compare(a, b) })
	return t
}
