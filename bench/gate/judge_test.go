package gate

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

var today = time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC)

func budget(t *testing.T, text string) *Budget {
	t.Helper()
	b, err := ReadBudget("b.yaml", strings.NewReader("version: 1\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func estimated(of Dimension, low, v, high float64, n int) Figure {
	return Figure{Dimension: of, Kind: Timed, Value: v, Low: low, High: high, N: n}
}

// oneScenario is a run of the workload w.
func oneScenario(figures map[string]Figure) *Figures {
	if _, ok := figures[result.Lost]; !ok {
		figures[result.Lost] = exact(Plain, 0, 12)
	}
	return &Figures{Scenarios: []Subject{{Name: "w", Figures: figures}}}
}

// seenAll is a comparison that found nothing gone.
func seenAll() *Sight { return &Sight{Compared: map[string]uint64{LostEvents: 100}} }

// The bound of the interval decides and not the point: beyond it fails, within it passes, across it nobody can tell.
func TestLimitsAreHeldAgainstTheInterval(t *testing.T) {
	for _, c := range []struct {
		limit          string
		low, val, high float64
		n              int
		want           Status
	}{
		{"latency_p99 < 5ms", 3e6, 4e6, 4.9e6, 12, Pass},
		{"latency_p99 < 5ms", 3e6, 4e6, 5e6, 12, Inconclusive},
		{"latency_p99 <= 5ms", 3e6, 4e6, 5e6, 12, Pass},
		{"latency_p99 < 5ms", 4e6, 6e6, 7e6, 12, Inconclusive},
		{"latency_p99 < 5ms", 5e6, 6e6, 7e6, 12, Fail},
		{"latency_p99 <= 5ms", 5e6, 6e6, 7e6, 12, Inconclusive},
		{"latency_p99 > 5ms", 5.1e6, 6e6, 7e6, 12, Pass},
		{"latency_p99 > 5ms", 3e6, 4e6, 5e6, 12, Fail},
		{"latency_p99 >= 5ms", 5e6, 6e6, 7e6, 12, Pass},
		{"latency_p99 >= 5ms", 4e6, 4.5e6, 4.9e6, 12, Fail},
		{"latency_p99 == 5ms", 5e6, 5e6, 5e6, 12, Pass},
		{"latency_p99 == 5ms", 4e6, 5e6, 6e6, 12, Inconclusive},
		{"latency_p99 == 5ms", 6e6, 6e6, 7e6, 12, Fail},
		{"latency_p99 < 5ms", 1e6, 1e6, 1e6, 3, Inconclusive}, // three rounds are no interval
	} {
		v, err := Judge(Input{Budget: budget(t, "scenarios: {w: ["+c.limit+"]}"), Figures: oneScenario(map[string]Figure{"latency_p99": estimated(Time, c.low, c.val, c.high, c.n)}), Sight: seenAll()})
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Checks[len(v.Checks)-1]; got.Status != c.want || v.Outcome != c.want {
			t.Errorf("%s of [%v %v]: %s, all %s, want %s", c.limit, c.low, c.high, got.Status, v.Outcome, c.want)
		} else if c.want == Inconclusive && (got.Reason == "" || got.Cure == "") {
			t.Errorf("%s: cannot tell, and says neither why nor what to do: %+v", c.limit, got)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	figures := oneScenario(map[string]Figure{result.LogBytesPerOp: exact(Size, 100, 3)})
	for text, want := range map[string]string{
		"scenarios: {v: [lost <= 0]}":                               `b.yaml:2:13: the run did not run "v": it has "w"`,
		"scenarios: {w: [log_byte/op < 1KiB]}":                      `did you mean "log_bytes/op"`,
		"scenarios: {w: [latency < 1ms]}":                           "latency_p",
		"scenarios: {w: [log_bytes/op < 1ms]}":                      "is a size",
		"scenarios: {w: [{limit: log_bytes/op < 1KiB, rule: a:1}]}": `no rule of "w" is "a:1"`,
		"log: [log_bytes < 1KiB]":                                   "no log was replayed",
		"rules: [rules < 10]":                                       "no rules were read",
	} {
		_, err := Judge(Input{Budget: budget(t, text), Figures: figures, Sight: seenAll()})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "b.yaml:2:") {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	// A metric that is known and was not measured is no pass.
	v, err := Judge(Input{Budget: budget(t, "scenarios: {w: [slowdown <= 5%]}"), Figures: figures, Sight: seenAll()})
	if err != nil || v.Outcome != Inconclusive {
		t.Errorf("got %+v, %v", v, err)
	}
	// A section that is left out is.
	v, err = Judge(Input{Budget: budget(t, "scenarios: {v: [lost <= 0]}"), Figures: figures, Sight: seenAll(), Only: []string{SectionLog}})
	if err != nil || v.Outcome != Pass {
		t.Errorf("got %+v, %v", v, err)
	}
}

func TestNumbersThatAreNone(t *testing.T) {
	for _, f := range []Figure{exact(Size, math.NaN(), 1), exact(Size, math.Inf(1), 1), {Low: 2, High: 1, N: 1}} {
		_, err := Judge(Input{Budget: budget(t, "scenarios: {w: [log_bytes < 1KiB]}"), Figures: oneScenario(map[string]Figure{"log_bytes": f}), Sight: seenAll()})
		if !errors.Is(err, ErrFigures) {
			t.Errorf("%+v: got %v", f, err)
		}
	}
}

func TestLossIsAnErrorUnlessAllowed(t *testing.T) {
	lossy := func() *Figures {
		f := oneScenario(map[string]Figure{result.Lost: exact(Plain, 3, 12), result.LogBytes: exact(Size, 10, 12)})
		f.Scenarios[0].Broken = "3 records lost"
		return f
	}
	for text, want := range map[string][]Status{
		"scenarios: {w: [log_bytes < 1KiB]}":                                         {Pass, Fail, Inconclusive}, // seen, lost, log_bytes
		"scenarios: {w: [log_bytes < 1KiB, lost <= 3]}":                              {Pass, Pass, Pass},         // seen, lost, log_bytes
		"scenarios: {w: [log_bytes < 1KiB, lost <= 2]}":                              {Pass, Fail, Inconclusive},
		"scenarios: {w: [log_bytes < 1KiB, {limit: lost <= 2, severity: warn}]}":     {Pass, Warn, Inconclusive},
		"scenarios: {'*': [lost <= 5], w: [{limit: slowdown < 5%, severity: warn}]}": {Pass, Pass, Warn},
	} {
		v, err := Judge(Input{Budget: budget(t, text), Figures: lossy(), Sight: seenAll()})
		if err != nil {
			t.Fatal(err)
		}
		var got []Status
		for _, c := range v.Checks {
			got = append(got, c.Status)
		}
		if len(got) != len(want) {
			t.Fatalf("%s: got %v, want %v", text, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: got %v, want %v", text, got, want)
			}
		}
	}
}

func TestRelativeLimits(t *testing.T) {
	ours := oneScenario(map[string]Figure{"cpu_per_op": estimated(Time, 110, 115, 120, 12), "log_bytes_per_op": exact(Size, 1100, 12)})
	base := oneScenario(map[string]Figure{"cpu_per_op": estimated(Time, 98, 100, 102, 12), "log_bytes_per_op": exact(Size, 1000, 1)})
	for _, c := range []struct {
		limit, apart string
		base         *Figures
		want         Status
	}{
		{"log_bytes/op <= baseline + 10%", "", base, Pass},
		{"log_bytes/op <= baseline + 9.9%", "", base, Fail},
		{"log_bytes/op <= baseline + 99B", "", base, Fail},
		{"log_bytes/op <= baseline + 10%", "the host was a", base, Pass}, // exact: the same on another machine
		{"cpu/op <= baseline + 25%", "", base, Pass},                     // 120 is within 98 × 1.25
		{"cpu/op <= baseline + 20%", "", base, Inconclusive},
		{"cpu/op <= baseline + 5%", "", base, Fail}, // 110 is beyond 102 × 1.05
		{"cpu/op <= baseline + 25%", "the host was a", base, Inconclusive},
		{"cpu/op <= baseline + 25%", "", nil, Inconclusive},
	} {
		v, err := Judge(Input{Budget: budget(t, "scenarios: {w: ["+c.limit+"]}"), Figures: ours, Base: c.base, Apart: c.apart, Sight: seenAll()})
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Checks[len(v.Checks)-1]; got.Status != c.want {
			t.Errorf("%s (%s): %+v, want %s", c.limit, c.apart, got, c.want)
		}
	}
}

func TestLimitsPerRule(t *testing.T) {
	f := oneScenario(map[string]Figure{})
	one := func(file string, line int, text string, bytes float64) RuleFigures {
		return RuleFigures{File: file, Line: line, Text: text, Key: keyOf(text), Figures: map[string]Figure{result.LogBytesPerOp: exact(Size, bytes, 1)}}
	}
	f.Scenarios[0].Rules = []RuleFigures{one("a.rules", 3, "-a always,exit -S openat -k opens", 900), one("a.rules", 4, "-w /etc -p wa -k etc", 10)}
	for rule, want := range map[string]int{"any": 1, "a.rules:3": 1, "a.rules:4": 0, "key=opens": 1, "key=etc": 0, "-w  /etc -p wa -k etc": 0} {
		v, err := Judge(Input{Budget: budget(t, `scenarios: {w: [{limit: log_bytes/op < 100B, rule: "`+rule+`"}]}`), Figures: f, Sight: seenAll()})
		if err != nil {
			t.Fatal(err)
		}
		if v.Count(Fail) != want {
			t.Errorf("%s: %d fail, want %d", rule, v.Count(Fail), want)
		}
	}
}

func TestWhatIsNoLongerSeenFails(t *testing.T) {
	gone := func(sure bool) *Sight {
		s := seenAll()
		s.Losses = []Loss{{Kind: LostEvents, Name: "-w /etc -p wa -k etc", At: "a.rules:4", By: "-a never,exit -S all", ByAt: "a.rules:1", Exe: "/usr/bin/x", Sure: sure, Events: 3, Records: 9, Bytes: 900}}
		return s
	}
	entry := func(what, expires string) string {
		return "unseen: [{what: '" + what + "', reason: r, owner: o, expires: " + expires + "}]"
	}
	for _, c := range []struct {
		name, text string
		sight      *Sight
		want       Status
	}{
		{"nothing is gone", "", seenAll(), Pass},
		{"events are gone", "", gone(true), Fail},
		{"the log leaves it open", "", gone(false), Inconclusive},
		{"nobody compared", "", nil, Inconclusive},
		{"nothing to compare", "", &Sight{Compared: map[string]uint64{LostEvents: 0}}, Inconclusive},
		{"told only", "seen: warn", gone(true), Pass},
		{"turned off", "seen: 'off'", gone(true), Pass},
		{"accepted by the rule that takes them", entry("-a never,exit  -S all", "2027-01-15"), gone(true), Pass},
		{"accepted by the rule that recorded them", entry("-w /etc -p wa -k etc", "2027-01-15"), gone(true), Pass},
		{"over", entry("-a never,exit -S all", "2027-01-14"), gone(true), Fail},
		{"another", entry("-w /usr -p wa", "2027-02-01"), gone(true), Fail},
		{"another program", "unseen: [{what: '-a never,exit -S all', exe: /usr/bin/y, reason: r, owner: o, expires: 2028-01-01}]", gone(true), Fail},
		{"more than there are rows", "", &Sight{Compared: map[string]uint64{LostEvents: 9}, Cut: 2}, Fail},
	} {
		v, err := Judge(Input{Budget: budget(t, c.text), Figures: &Figures{}, Sight: c.sight, NoSight: "no base rules", Today: today, Only: []string{SectionLog}})
		if err != nil {
			t.Fatal(err)
		}
		if v.Outcome != c.want {
			t.Errorf("%s: %s, want %s (%+v)", c.name, v.Outcome, c.want, v.Checks)
		}
	}
}

func TestLinesThatDoNotLoadFail(t *testing.T) {
	v, err := Judge(Input{Budget: budget(t, ""), Figures: &Figures{}, Sight: seenAll(), Loaded: 3, NotLoaded: []Problem{{ID: "not-loaded", File: "a.rules", Line: 2, Col: 7, Text: "no such field"}}})
	if err != nil || v.Outcome != Fail || len(v.Problems) != 1 || !strings.Contains(v.Checks[0].Reason, "a.rules:2:7: no such field") {
		t.Errorf("got %+v, %v", v, err)
	}
}

func TestValidRun(t *testing.T) {
	valid := func() *result.Run {
		return &result.Run{Ended: "complete", Rounds: 12, RoundsDone: 12, Results: []result.Result{{Scenario: "w", Arm: "a"}}, Restored: result.Restored{OK: true}}
	}
	for name, spoil := range map[string]func(*result.Run){
		"valid":        func(*result.Run) {},
		"interrupted":  func(r *result.Run) { r.Ended = "interrupted" },
		"short":        func(r *result.Run) { r.RoundsDone = 3 },
		"not put back": func(r *result.Run) { r.Restored.OK = false },
		"empty":        func(r *result.Run) { r.Results = nil },
		"books":        func(r *result.Run) { r.Books = []result.Books{{Scenario: "w", UnexplainedBytes: 1}} },
		"a/a": func(r *result.Run) {
			r.Trust.AA = map[string]result.Metric{"w": {Value: 1.1, Low: 1.05, High: 1.2, N: 12}}
		},
	} {
		run := valid()
		spoil(run)
		if err := ValidRun(run); errors.Is(err, ErrInvalidRun) != (name != "valid") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A first budget reads back, and what it is of keeps what is exact in it.
func TestFirstBudget(t *testing.T) {
	f := oneScenario(map[string]Figure{
		"latency_p99": estimated(Time, 3e6, 4.2e6, 5.1e6, 12), "slowdown": estimated(Ratio, 1.01, 1.03, 1.04, 12), "log_bytes_per_op": exact(Size, 12345.678, 12),
		"events_per_op": exact(Plain, 0.0123, 12), "filter_tax": estimated(Time, -3, -1, -0.5, 12),
	})
	f.Scenarios[0].Name = "odd: \"name\"\n"
	f.Rules = &Subject{Name: SectionRules, Figures: map[string]Figure{Rules: exact(Plain, 40, 1), RulesPassed + "/openat": exact(Plain, 7, 1)}}
	f.Log = &Subject{Name: SectionLog, Figures: map[string]Figure{"log_bytes": exact(Size, 0, 1)}}
	var text bytes.Buffer
	if err := WriteFirst(&text, f, "run\n: x"); err != nil {
		t.Fatal(err)
	}
	b, err := ReadBudget("first.yaml", bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatalf("%v\n%s", err, text.String())
	}
	v, err := Judge(Input{Budget: b, Figures: f, Sight: seenAll()})
	if err != nil || v.Outcome != Pass {
		t.Errorf("got %v, %+v\n%s", err, v, text.String())
	}
}

func TestBaseline(t *testing.T) {
	f := oneScenario(map[string]Figure{"log_bytes_per_op": exact(Size, 12345.678, 12), "events_per_op": exact(Plain, 1.00004, 1), "cpu_per_op": estimated(Time, 1, 2, 3, 12)})
	f.Scenarios[0].Rules = []RuleFigures{
		{File: "b", Line: 1, Text: "-w  /b", Figures: map[string]Figure{"log_bytes_per_op": exact(Size, 5, 1)}},
		{File: "a", Line: 9, Text: "-w /a", Figures: map[string]Figure{"log_bytes_per_op": exact(Size, 0.5, 1)}},
	}
	var one, two bytes.Buffer
	if err := BaselineOf(f).Write(&one); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"bytes": 12350`, `"events": 1,`, `"rule": "-w /a"`, `"rule": "-w /b"`} {
		if !strings.Contains(one.String(), want) {
			t.Errorf("no %s in\n%s", want, one.String())
		}
	}
	if err := fits(t, schemaOf(t, "baseline.schema.json"), one.Bytes()); err != nil {
		t.Error(err)
	}
	b, err := DecodeBaseline(bytes.NewReader(one.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := BaselineOf(b.Figures()).Write(&two); err != nil || one.String() != two.String() {
		t.Errorf("%v: what was read back is another\n%s", err, two.String())
	}
	for _, text := range []string{"", "[]", `{"schema":"x"}`, `{"schema":"auditprof/baseline/1","scenarios":{"w":{"total":{"events":1e999}}}}`} {
		if _, err := DecodeBaseline(strings.NewReader(text)); err == nil {
			t.Errorf("%q is taken for a baseline", text)
		}
	}
}

func TestVerdictFitsItsSchema(t *testing.T) {
	s := seenAll()
	s.Losses = []Loss{{Kind: LostEvents, Name: "-w /etc", Sure: true, Events: 1}}
	v, err := Judge(Input{Budget: budget(t, "scenarios: {w: [log_bytes < 1KiB, slowdown < 5%]}\nunseen: [{what: -w /etc, reason: r, owner: o, expires: 2028-01-01}]"), Today: today,
		Figures: oneScenario(map[string]Figure{"log_bytes": exact(Size, 2000, 3)}), Sight: s, Loaded: 2, NotLoaded: []Problem{{ID: "not-loaded", File: "a", Line: 1, Level: "error", Text: "x"}}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := v.Write(&out); err != nil {
		t.Fatal(err)
	}
	if err := fits(t, schemaOf(t, "verdict.schema.json"), out.Bytes()); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestNearest(t *testing.T) {
	if got := nearest("scenario", []string{"scenarios", "log"}); got != `, did you mean "scenarios"?` {
		t.Error(got)
	}
	if got := nearest("zzzzzz", []string{"scenarios", "log"}); got != "" {
		t.Error(got)
	}
}

// What names no section, as an unset variable does, leaves none out.
func TestNoSectionIsLeftOutByAnEmptyList(t *testing.T) {
	f := oneScenario(map[string]Figure{result.LogBytes: exact(Size, 2000, 3)})
	v, err := Judge(Input{Budget: budget(t, "scenarios: {w: [log_bytes < 1KiB]}"), Figures: f, Sight: seenAll(), Only: []string{}})
	if err != nil || v.Outcome != Fail {
		t.Errorf("got %+v, %v", v, err)
	}
}

// A limit on each rule is no pass where nobody knows what each rule did.
func TestNoFiguresOfSingleRules(t *testing.T) {
	f := oneScenario(map[string]Figure{})
	v, err := Judge(Input{Budget: budget(t, "scenarios: {w: [{limit: log_bytes/op < 1KiB, rule: any}]}"), Figures: f, Sight: seenAll()})
	if err != nil || v.Outcome != Inconclusive {
		t.Errorf("got %+v, %v", v, err)
	}
	_, err = Judge(Input{Budget: budget(t, "scenarios: {w: [{limit: log_byte/op < 1KiB, rule: any}]}"), Figures: f, Sight: seenAll()})
	if err == nil || !strings.Contains(err.Error(), `did you mean "log_bytes/op"`) {
		t.Errorf("got %v", err)
	}
}

// A limit on loss allows a loss; a workload that is broken for another reason stays so.
func TestALimitOnLossAllowsNothingElse(t *testing.T) {
	f := oneScenario(map[string]Figure{result.LogBytes: exact(Size, 10, 12)})
	f.Scenarios[0].Broken = "5 slots are not valid"
	v, err := Judge(Input{Budget: budget(t, "scenarios: {w: [log_bytes < 1KiB, lost <= 0]}"), Figures: f, Sight: seenAll()})
	if err != nil || v.Outcome != Inconclusive {
		t.Errorf("got %+v, %v", v, err)
	}
}

// Acts that the base recorded and that nobody did under the new rules are not seen there.
func TestCanariesThatWereNotDone(t *testing.T) {
	act := func(arm, name string, events uint64) result.Canary {
		return result.Canary{Arm: arm, Name: name, Session: "login", By: "canaries", Done: true, Events: events}
	}
	base := &result.Run{Canaries: []result.Canary{act("old", "sudoers", 2), act("old", "shadow", 1), act("old", "unseen", 0)}}
	for _, c := range []struct {
		name string
		run  *result.Run
		sure []bool
	}{
		{"all are seen", &result.Run{Canaries: []result.Canary{act("new", "sudoers", 1), act("new", "shadow", 1)}}, nil},
		{"one is gone", &result.Run{Canaries: []result.Canary{act("new", "sudoers", 0), act("new", "shadow", 1)}}, []bool{true}},
		{"one was not done", &result.Run{Canaries: []result.Canary{act("new", "shadow", 1)}}, []bool{false}},
		{"none was done", &result.Run{}, []bool{false, false}},
	} {
		s := seenAll()
		s.Canaries(base, "old", c.run, "new")
		var sure []bool
		for _, l := range s.Losses {
			sure = append(sure, l.Sure)
		}
		if !slices.Equal(sure, c.sure) || s.Compared[LostCanary] != 2 {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

// A baseline has four digits: the run that it was written of keeps it to the last of them.
func TestABaselineIsKeptByItsOwnRun(t *testing.T) {
	of := func(v float64) *Figures {
		return oneScenario(map[string]Figure{result.LogBytesPerOp: exact(Size, v, 12)})
	}
	var file bytes.Buffer
	if err := BaselineOf(of(12344.4)).Write(&file); err != nil {
		t.Fatal(err)
	}
	base, err := DecodeBaseline(&file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		limit string
		now   float64
		want  Status
	}{
		{"log_bytes/op <= baseline", 12344.4, Pass}, {"log_bytes/op == baseline", 12344.4, Pass}, {"log_bytes/op >= baseline", 12346.4, Pass},
		{"log_bytes/op <= baseline", 12356, Fail}, {"log_bytes/op <= baseline + 10B", 12351, Pass},
	} {
		v, err := Judge(Input{Budget: budget(t, "scenarios: {w: ["+c.limit+"]}"), Figures: of(c.now), Base: base.Figures(), Sight: seenAll()})
		if err != nil || v.Outcome != c.want {
			t.Errorf("%s of %v: %+v, %v", c.limit, c.now, v, err)
		}
	}
}

// An entry that names nothing says what it may have been meant for; a metric that a section never has is an error with those that it has.
func TestWhatWasMeant(t *testing.T) {
	const gone = "-a always,exit -F arch=b64 -S unlink -k delete"
	sight := &Sight{Compared: map[string]uint64{LostEvents: 1, LostCanary: 1}, Losses: []Loss{{Kind: LostEvents, Name: gone, Sure: true}, {Kind: LostCanary, Name: "sudoers", Sure: true}}}
	entry := func(what string) string {
		return "unseen: [{what: '" + what + "', reason: r, owner: o, expires: 2030-01-01}]"
	}
	for what, want := range map[string]string{
		"-a always,exit -F arch=b64 -S unlinkat -k delete": `did you mean "` + gone + `"?`,
		"canary sudoer": `did you mean "canary sudoers"?`,
	} {
		v, err := Judge(Input{Budget: budget(t, entry(what)), Figures: &Figures{}, Sight: sight, Today: today})
		if err != nil || len(v.Remarks) != 1 || !strings.Contains(v.Remarks[0], want) || v.Outcome != Fail {
			t.Errorf("%s: %v %+v", what, err, v)
		}
	}
	log := &Subject{Name: SectionLog, Figures: map[string]Figure{result.LogBytes: exact(Size, 5, 1), result.Events: exact(Plain, 5, 1)}}
	_, err := Judge(Input{Budget: budget(t, "log: [wall < 5s]"), Figures: &Figures{Log: log}, Sight: seenAll()})
	if err == nil || !strings.Contains(err.Error(), `b.yaml:2:7: log has no metric "wall", which is one of a workload: it has "events", "log_bytes"`) {
		t.Error(err)
	}
}

func TestABaselineBelowNothing(t *testing.T) {
	for _, text := range []string{
		`{"schema":"auditprof/baseline/1","scenarios":{},"log":{"total":{"events":1,"records":1,"bytes":-1},"rules":[]}}`,
		`{"schema":"auditprof/baseline/1","scenarios":{"w":{"total":{},"rules":[{"rule":"-w /x","events":-1}]}}}`,
		`{"schema":"auditprof/baseline/1","scenarios":{},"rule_set":{"rules":-3}}`,
	} {
		if _, err := DecodeBaseline(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "below 0") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
