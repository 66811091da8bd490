package html

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/compare"
	"github.com/auditprof/auditprof/reports/testrun"
)

// page is the page of a run, as text.
func page(t testing.TB, run *result.Run, o RunOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteRun(&b, run, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func profilePage(t testing.TB, p *analyze.Profile, o ProfileOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteProfile(&b, p, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func comparisonPage(t testing.TB, c *compare.Comparison) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteComparison(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func smallPage(t testing.TB) string {
	run, slots := testrun.Small()
	return page(t, run, RunOptions{Slots: slots, Dir: "runs/one"})
}

func TestPageBeginsWithTheVerdict(t *testing.T) {
	got := smallPage(t)
	at := 0
	for _, want := range []string{"<h1>", "Verdict", "To do first", `id="slowdown"`, `id="cost"`, `id="course"`, `id="volume"`, `id="rules"`, `id="files"`, `id="trust"`,
		`id="environment"`, `download="result.json.gz"`, `download="slots.jsonl.gz"`} {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("no %q where it should be", want)
		}
		at += i
	}
}

// What a rule recorded leads to its line, and each name of a line is there once.
func TestLinksLeadToLines(t *testing.T) {
	got := smallPage(t)
	ids := map[string]int{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(got, -1) {
		ids[m[1]]++
	}
	for id, n := range ids {
		if n != 1 {
			t.Errorf("%d elements are named %q", n, id)
		}
	}
	links := regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(got, -1)
	if len(links) < 12 {
		t.Fatalf("only %d links", len(links))
	}
	for _, m := range links {
		if ids[m[1]] == 0 {
			t.Errorf("a link leads to %q, which is nowhere", m[1])
		}
	}
}

func TestPageAsksForNothing(t *testing.T) {
	run, slots := testrun.Small()
	for what, got := range map[string]string{"run": page(t, run, RunOptions{Slots: slots}), "profile": profilePage(t, &analyze.Profile{}, ProfileOptions{})} {
		if !strings.Contains(got, "default-src 'none'") {
			t.Errorf("%s: no policy", what)
		}
		for _, bad := range []string{"http://", "https://", " src=", "url(", "@import", " style=", " onclick=", "unsafe-inline"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s: the page has %q", what, bad)
			}
		}
	}
}

var tag = regexp.MustCompile(`</?[a-zA-Z][^>]*>`)
var tagName = regexp.MustCompile(`^</?[a-zA-Z0-9]+`)

// shape is the elements of a page in their order.
func shape(page string) []string {
	var list []string
	for _, t := range tag.FindAllString(page, -1) {
		list = append(list, tagName.FindString(t))
	}
	return list
}

// A hostile name changes no element of the page, and brings no character into it that does not print.
func TestHostileNamesStayText(t *testing.T) {
	pages := func(text string) map[string]string {
		p, a := testrun.Filled[analyze.Profile](text), testrun.Filled[advice.Advice](text)
		p.Series.WidthSec = 60
		c := testrun.Filled[compare.Comparison](text)
		return map[string]string{
			"run":     page(t, testrun.HostileRun(text), RunOptions{Slots: testrun.Filled[[]result.Slot](text), Suggestion: &a, Remarks: []string{text}, Dir: text}),
			"compare": comparisonPage(t, &c),
			"profile": profilePage(t, &p, ProfileOptions{Logs: text, Rules: text, Target: text, Remarks: []string{text}, Next: []Step{{text, text}}, Suggestion: &a}),
		}
	}
	plain := pages("harmless")
	for _, name := range testrun.Hostile() {
		for what, got := range pages(name.Text) {
			if a, b := shape(plain[what]), shape(got); !slices.Equal(a, b) {
				t.Errorf("%s, %s: %d elements, not %d", what, name.What, len(b), len(a))
			}
			bad := strings.IndexFunc(got, func(r rune) bool {
				return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || r == unicode.ReplacementChar
			})
			if bad >= 0 {
				t.Errorf("%s, %s: a character that does not print: %q", what, name.What, got[max(0, bad-60):min(len(got), bad+20)])
			}
		}
	}
}

// A directory that is cut off, and a run in which nothing was measured, are pages too.
func TestEmptyResultsArePages(t *testing.T) {
	if got := page(t, &result.Run{}, RunOptions{Remarks: []string{"result.json is torn"}}); !strings.Contains(got, "Nothing was measured.") || !strings.Contains(got, "result.json is torn") {
		t.Error(got)
	}
	if got := profilePage(t, &analyze.Profile{}, ProfileOptions{}); !strings.Contains(got, "There is no event in the log.") {
		t.Error(got)
	}
}

// The page of a comparison says what grew and which rule it was, and takes less for no good news.
func TestComparisonNamesTheRule(t *testing.T) {
	rule := &compare.Rule{File: "rules.d/site.rules", Line: 7, Text: "-a always,exit -S connect -k net"}
	workload := compare.WorkloadChange{Name: "connect-storm", Unit: "connect", Old: compare.PerUnit{Events: 1, Bytes: 500}, New: compare.PerUnit{Events: 2, Bytes: 1000},
		Rules: []compare.RuleVolume{{Kind: compare.Added, New: rule, Is: compare.PerUnit{Events: 1, Bytes: 500}}}, Explains: []int{0}, Share: 1}
	side := func(w compare.WorkloadChange) *compare.Comparison {
		return &compare.Comparison{Base: compare.Side{Name: "before"}, Others: []compare.Against{{Side: compare.Side{Name: "after"},
			Sets: []compare.SetChange{{New: "site", Rules: []compare.RuleChange{{Kind: compare.Added, New: rule}}, Workloads: []compare.WorkloadChange{w}}}}}}
	}
	got := comparisonPage(t, side(workload))
	for _, want := range []string{"<h1>site on connect-storm records 1000", "site.rules:7 (added): 100", `<span class="new">&#43; site.rules:7`, "after against before"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
	workload.Old, workload.New = workload.New, workload.Old
	if got := comparisonPage(t, side(workload)); !strings.Contains(got, "Less is recorded") || strings.Contains(got, `<dt class="good">`) {
		t.Error("less volume is taken for good news")
	}
}

// A set that its side is named by is not named twice.
func TestSideNamedByItsSet(t *testing.T) {
	got := comparisonPage(t, &compare.Comparison{Base: compare.Side{Name: "run:now"}, Others: []compare.Against{{Side: compare.Side{Name: "run:next"},
		Sets: []compare.SetChange{{Old: "now", New: "next"}}}}})
	if !strings.Contains(got, ">run:next</h2>") || !strings.Contains(got, "Beside run:now. ") {
		t.Error("run:next: next")
	}
}

// What nobody knows is not the same.
func TestComparisonOfTheUnknownIsNotTheSame(t *testing.T) {
	with := func(list ...compare.WorkloadChange) string {
		return comparisonPage(t, &compare.Comparison{Base: compare.Side{Name: "before"}, Others: []compare.Against{{Side: compare.Side{Name: "after"},
			Sets: []compare.SetChange{{New: "site", Workloads: list}}}}})
	}
	unknown := compare.WorkloadChange{Name: "opens", Unit: "open", NoVolume: "opens has no attribution slot"}
	same := compare.WorkloadChange{Name: "execs", Unit: "exec", Same: true}
	for want, got := range map[string]string{"They share no workload": with(), "What is recorded cannot be compared.": with(unknown),
		"is the same on 1\u00a0workload, and not known on 1.": with(unknown, same), "What is recorded is the same.": with(same)} {
		if !strings.Contains(got, "<h1>") || !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
	if got := with(unknown); !strings.Contains(got, "opens: volume not compared, opens has no attribution slot") {
		t.Error("the page does not say what is not known")
	}
}

// Slots of a run that was asked for 1e300 of everything: no place of a drawing is outside of it, and no number of a table is NaN.
func TestAbsurdFiguresStayInside(t *testing.T) {
	run, slots := testrun.Small()
	for i := range run.Results {
		for name, m := range run.Results[i].Metrics {
			m.Value, m.Low, m.High = 1e300, -1e300, 1e308
			run.Results[i].Metrics[name] = m
		}
	}
	for i := range slots {
		slots[i].WorkloadCPUNs, slots[i].BacklogPeak = 1<<62, -1<<62
	}
	got := page(t, run, RunOptions{Slots: slots})
	for _, bad := range []string{"NaN", "+Inf", "-Inf", "e+30"} {
		if i := strings.Index(strings.ToValidUTF8(got[:strings.Index(got, `id="data"`)], ""), bad); i >= 0 {
			t.Errorf("the page has %q: %q", bad, got[max(0, i-80):i+20])
		}
	}
}

// withRules is a run of n rules, all of which recorded something on every scenario.
func withRules(n int) *result.Run {
	run, _ := testrun.Small()
	for i := range run.Arms {
		if len(run.Arms[i].Rules) == 0 {
			continue
		}
		run.Arms[i].Rules = nil
		for j := range n {
			run.Arms[i].Rules = append(run.Arms[i].Rules, result.Rule{File: "site.rules", Line: j + 1, Text: fmt.Sprintf("-a always,exit -F arch=b64 -S openat,openat2,creat -F dir=/srv/application-%d/data -F success=1 -F auid>=1000 -k access-%d", j, j)})
		}
	}
	for i := range run.Attribution {
		a := &run.Attribution[i]
		a.Rules, a.Rows = nil, nil
		for j := range n {
			a.Rules = append(a.Rules, result.RuleShare{Rule: j, File: "site.rules", Line: j + 1, Text: run.Arms[2].Rules[0].Text, Events: 10, Records: 30, Bytes: uint64(1000 + j)})
			a.Rows = append(a.Rows, result.Row{Rule: j, Type: "SYSCALL", Exe: "/usr/bin/app", Syscall: "openat", Events: 10, Records: 30, Bytes: uint64(1000 + j)})
		}
	}
	return run
}

func TestPageStaysSmall(t *testing.T) {
	large, slots := testrun.Large()
	for what, got := range map[string]string{"400 rules": page(t, withRules(400), RunOptions{Slots: slots}), "20 scenarios": page(t, large, RunOptions{Slots: slots})} {
		if len(got) >= 2_000_000 {
			t.Errorf("%s: %d bytes", what, len(got))
		}
	}
}

func BenchmarkWriteRun(b *testing.B) {
	run, slots := testrun.Large()
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteRun(io.Discard, run, RunOptions{Slots: slots}); err != nil {
			b.Fatal(err)
		}
	}
}
