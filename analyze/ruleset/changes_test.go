package ruleset

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// logOf makes CONFIG_CHANGE records, one a second from second 100 on, serials from 1 on. A line with a type of its own stays as it is.
func logOf(bodies ...string) string {
	var b strings.Builder
	for i, body := range bodies {
		if strings.HasPrefix(body, "type=") {
			fmt.Fprintln(&b, body)
			continue
		}
		fmt.Fprintf(&b, "type=CONFIG_CHANGE msg=audit(%d.000:%d): auid=0 ses=55%s\n", 100+i, i+1, body)
	}
	return b.String()
}

func add(key string, res int) string {
	return fmt.Sprintf(" op=add_rule key=%s list=4 res=%d", key, res)
}

func applied(t *testing.T, rules, log string) *Set {
	t.Helper()
	var c Changes
	for _, ev := range events(t, log) {
		c.Add(ev)
	}
	return compile(t, rules, Options{}).ApplyConfigChanges(&c)
}

const (
	ruleA = "-a always,exit -S 1 -k a"
	ruleB = "-a always,exit -S 2 -k b"
	ruleC = "-a always,exit -S 3"
	ruleW = "-w /x/w -p w -k w"
	ruleV = "-w /x/v -p w -k w"
)

func TestLoads(t *testing.T) {
	a, b, c, w := add(`"a"`, 1), add(`"b"`, 1), add("(null)", 1), add(`"w"`, 1)
	for _, test := range []struct {
		name       string
		rules, log []string
		want       []string
		remark     string
	}{
		{"whole", []string{ruleA, ruleB, ruleC}, []string{a, b, c}, []string{ruleA, ruleB, ruleC}, ""},
		{"one refused", []string{ruleA, ruleB, ruleC}, []string{a, add(`"b"`, 0), c}, []string{ruleA, ruleC}, ""},
		{"a duplicate is refused, the first is loaded", []string{ruleA, ruleB, ruleA}, []string{a, b, add(`"a"`, 0)}, []string{ruleA, ruleB}, ""},
		{"a path is missing", []string{ruleA, ruleW, ruleB}, []string{a, b}, []string{ruleA, ruleB}, ""},
		{"which of two paths is missing is not said", []string{ruleA, ruleW, ruleV, ruleB}, []string{a, w, b}, []string{ruleA, ruleW, ruleV, ruleB}, ""},
		{"both are missing", []string{ruleA, ruleW, ruleV, ruleB}, []string{a, b}, []string{ruleA, ruleB}, ""},
		{"the first record may be that of a load cut in two", []string{ruleW, ruleA, ruleB}, []string{a, b}, []string{ruleW, ruleA, ruleB}, ""},
		{"one of two is refused", []string{ruleA, ruleA + "2", ruleW, ruleV, ruleB}, []string{a, add(`"a2"`, 1), w, add(`"w"`, 0), b}, []string{ruleA, ruleA + "2", ruleW, ruleB}, ""},
		{"another order is another set", []string{ruleA, ruleB, ruleC}, []string{b, add(`"a"`, 0), c}, []string{ruleA, ruleB, ruleC}, "2 rules were added by hand"},
		{"another set", []string{ruleA, ruleB, ruleC}, []string{a, b, add(`"z"`, 1)}, []string{ruleA, ruleB, ruleC}, `3 rules were added by hand from 100.000 on (CONFIG_CHANGE, keys "a", "b", "z")`},
		{"a few lines by hand", []string{ruleA, ruleB, ruleC}, []string{add(`"b"`, 0)}, []string{ruleA, ruleB, ruleC}, ""},
		{"loaded twice, once without", []string{ruleA, ruleB}, []string{a, add(`"b"`, 0), " op=remove_rule key=\"a\" list=4 res=1", a, b}, []string{ruleA, ruleB}, "-:2:1: the log holds loads of the set with this line and without it"},
		{"removed and loaded again", []string{ruleA, ruleB}, []string{a, b, " op=remove_rule key=\"a\" list=4 res=1", " op=remove_rule key=\"b\" list=4 res=1", a, b}, []string{ruleA, ruleB}, ""},
		{"removed by hand", []string{ruleA, ruleB}, []string{a, b, " op=remove_rule key=\"a\" list=4 res=1"}, []string{ruleA, ruleB}, `1 rule was removed by hand from 102.000 on (CONFIG_CHANGE, keys "a")`},
		{"old words", []string{ruleA, ruleB}, []string{` op="add rule" key="a" list=4 res=1`, ` op="add_rule" key="b" list=4 res=0`}, []string{ruleA}, ""},
		{"settings are no rules", []string{ruleA, ruleB}, []string{" op=set audit_enabled=1 old=1 res=1"}, []string{ruleA, ruleB}, ""},
	} {
		set := applied(t, strings.Join(test.rules, "\n")+"\n", logOf(test.log...))
		if got := texts(set); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		said := ""
		for _, r := range set.Remarks {
			said += r.String() + "\n"
		}
		if test.remark == "" && said != "" || !strings.Contains(said, test.remark) {
			t.Errorf("%s: remarks %q, want %q", test.name, said, test.remark)
		}
		if missing := len(test.rules) - len(set.Rules); len(set.Refused) != missing {
			t.Errorf("%s: refused %v, %d rules are missing", test.name, set.Refused, missing)
		}
	}
}

// A load of many rules is laid over its lines in little memory.
func TestLongLoad(t *testing.T) {
	const n = 50_000
	var lines []attempt
	var adds []change
	for i := range n {
		l := label{key: fmt.Sprint(i % 7), list: 4}
		lines = append(lines, attempt{label: l, mayBeSilent: i == 100})
		if i != 100 {
			adds = append(adds, change{rule: l, ok: i != 200})
		}
	}
	out, ok := align(lines, adds)
	if !ok || out[99] != outcomeLoaded || out[100] != outcomeAbsent || out[200] != outcomeRefused || out[n-1] != outcomeLoaded {
		t.Errorf("%v", ok)
	}
	adds[3].rule.key = "x"
	if _, ok := align(lines, adds); ok {
		t.Error("a rule of another set is in the load")
	}
}

func TestRemovals(t *testing.T) {
	m := func(n int) match.Moment { return match.Moment{Sec: int64(99 + n), Serial: uint64(n)} }
	const gone = `op=remove_rule path="/x/w" key="w" list=4 res=1`
	rules := ruleW + "\n" + ruleA + "\n" + ruleV + "\n"
	for _, c := range []struct {
		name  string
		log   []string
		spans [][2]match.Moment // of ruleW
	}{
		{"gone", []string{gone}, [][2]match.Moment{{{}, m(1)}}},
		{"gone, another path", []string{strings.Replace(gone, "/x/w", "/x/z", 1)}, [][2]match.Moment{{}}},
		{"gone, another key", []string{strings.Replace(gone, `"w"`, `"y"`, 1)}, [][2]match.Moment{{}}},
		{"gone and loaded again", []string{gone, add(`"w"`, 1)}, [][2]match.Moment{{{}, m(1)}, {m(2), {}}}},
		{"gone and not loaded again", []string{gone, add(`"w"`, 0)}, [][2]match.Moment{{{}, m(1)}}},
		{"gone, loaded again and gone", []string{gone, add(`"w"`, 1), gone}, [][2]match.Moment{{{}, m(1)}, {m(2), m(3)}}},
		{"gone, then a boot", []string{gone, "type=DAEMON_START msg=audit(101.500:9000): op=start ver=3.0.9 format=raw kernel=6.1.0 res=success", " op=set audit_enabled=1 old=0 res=1"},
			[][2]match.Moment{{{}, m(1)}, {m(3), {}}}},
	} {
		set := applied(t, rules, logOf(c.log...))
		var spans [][2]match.Moment
		for _, r := range set.Rules {
			switch r.Text {
			case ruleW:
				spans = append(spans, [2]match.Moment{r.From, r.Until})
				for _, a := range r.Again {
					spans = append(spans, [2]match.Moment{a.From, a.Until})
				}
				kinds := len(r.Forms)
				if c.spans[0][1].IsZero() != (kinds == 2) {
					t.Errorf("%s: %d forms of a watch that is known to be a path", c.name, kinds)
				}
			default:
				if !r.From.IsZero() || !r.Until.IsZero() {
					t.Errorf("%s: %s is bounded too", c.name, r.Text)
				}
			}
		}
		if !slices.Equal(spans, c.spans) {
			t.Errorf("%s: %v, want %v", c.name, spans, c.spans)
		}
		for _, r := range set.Remarks {
			if strings.Contains(r.Text, "by hand") {
				t.Errorf("%s: %v", c.name, r)
			}
		}
	}
}

func TestWatchKinds(t *testing.T) {
	for log, want := range map[string][]uint32{
		` op=updated_rules path="/x/w" key="w" list=4 res=1`: {rule.FieldWatch},
		`op=remove_rule dir="/x/w" key="w" list=4 res=1`:     {rule.FieldDir},
		` op=updated_rules path="/x/q" key="w" list=4 res=1`: {rule.FieldWatch, rule.FieldDir},
	} {
		var got []uint32
		for _, w := range applied(t, ruleW+"\n", logOf(log)).Rules[0].Forms {
			got = append(got, kindOf(w))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", log, got, want)
		}
	}
}

// The files of a rules.d are loaded in the order of augenrules unless the log shows another: by the keys of what was loaded, or by who
// loaded it.
func TestFileOrder(t *testing.T) {
	const augenrules, other = "617564697463746C002D52002F6574632F61756469742F61756469742E72756C6573", "617564697463746C002D52002F746D702F782E72756C6573"
	by := func(title string, adds ...string) string {
		var b strings.Builder
		for i, a := range adds {
			at := fmt.Sprintf("msg=audit(100.000:%d): ", i+1)
			b.WriteString("type=CONFIG_CHANGE " + at + "auid=0 ses=5" + a + "\n")
			if title != "" {
				b.WriteString("type=SYSCALL " + at + "arch=c000003e syscall=44 success=yes exit=1 a0=3 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2\n")
				b.WriteString("type=PROCTITLE " + at + "proctitle=" + title + "\n")
			}
		}
		return b.String()
	}
	const augenrulesFirst, bytesFirst = "-a always,exit -S 1", "-a always,exit -S 2"
	for _, c := range []struct {
		name, keyOf1, keyOf2, log, first string
		others                           int
	}{
		{"no load", "a", "b", logOf("type=USER_AUTH msg=audit(1.000:1): pid=1"), augenrulesFirst, 1},
		{"keys show augenrules' order", "a", "b", by("", add(`"a"`, 1), add(`"b"`, 1)), augenrulesFirst, 0},
		{"keys show the other", "a", "b", by("", add(`"b"`, 1), add(`"a"`, 1)), bytesFirst, 0},
		{"keys show the other, whoever loaded it", "a", "b", by(augenrules, add(`"b"`, 1), add(`"a"`, 1)), bytesFirst, 0},
		{"another set", "a", "b", by("", add(`"x"`, 1), add(`"a"`, 1)), augenrulesFirst, 1},
		{"another set, by augenrules", "a", "b", by(augenrules, add(`"x"`, 1), add(`"a"`, 1)), augenrulesFirst, 0},
		{"no keys, nobody", "", "", by("", add("(null)", 1), add("(null)", 1)), augenrulesFirst, 1},
		{"no keys, augenrules", "", "", by(augenrules, add("(null)", 1), add("(null)", 1)), augenrulesFirst, 0},
		{"no keys, another file", "", "", by(other, add("(null)", 1), add("(null)", 1)), bytesFirst, 0},
		{"keys in the log alone, another file", "", "", by(other, add(`"b"`, 1), add(`"a"`, 1)), bytesFirst, 0},
		{"one key, augenrules", "k", "k", by(augenrules, add(`"k"`, 1), add(`"k"`, 1)), augenrulesFirst, 0},
	} {
		dir := t.TempDir()
		line := func(text, key string) string {
			if key != "" {
				text += " -k " + key
			}
			return text + "\n"
		}
		write(t, dir, "30-x.rules", line(augenrulesFirst, c.keyOf1))
		write(t, dir, "30-x-1.rules", line(bytesFirst, c.keyOf2))
		set, err := Load([]string{dir}, nil, ListingDetect, Options{Target: target})
		if err != nil {
			t.Fatal(err)
		}
		var ch Changes
		for _, ev := range events(t, c.log) {
			ch.Add(ev)
		}
		got := set.ApplyConfigChanges(&ch)
		if !strings.HasPrefix(got.Rules[0].Text, c.first) || len(got.Others) != c.others || len(got.Rules) != 2 {
			t.Errorf("%s: %q and %d more orders", c.name, texts(got), len(got.Others))
		}
	}
}

// A directory whose order is the same to everybody has one.
func TestOneOrder(t *testing.T) {
	for files, want := range map[string]int{"a.rules b.rules": 0, "9-a.rules 10-b.rules": 1, "30-x.rules 30-x-1.rules": 1, "30-x.rules 30-x-1.rules 4-y.rules": 2} {
		dir := t.TempDir()
		for i, name := range strings.Fields(files) {
			write(t, dir, name, fmt.Sprintf("-a always,exit -S %d\n-e 2\n-D\n", i))
		}
		set, err := Load([]string{dir}, nil, ListingDetect, Options{Target: target})
		if err != nil {
			t.Fatal(err)
		}
		if len(set.Others) != want {
			t.Errorf("%s: %d more orders, want %d", files, len(set.Others), want)
		}
		for _, s := range append(set.Others, set) {
			if len(s.Rules) != len(strings.Fields(files)) {
				t.Errorf("%s: %q", files, texts(s))
			}
		}
	}
}

// One host's log says nothing of another host's rules.
func TestChangesOfTwoHosts(t *testing.T) {
	log := logOf(add(`"a"`, 0)) + "node=b " + logOf(add(`"b"`, 1))
	set := applied(t, ruleA+"\n"+ruleB+"\n", log)
	if len(set.Rules) != 2 || len(set.Remarks) != 1 || !strings.Contains(set.Remarks[0].Text, "more than one host") {
		t.Errorf("%q, %v", texts(set), set.Remarks)
	}
	live := &Set{Live: true, Rules: set.Rules}
	var c Changes
	for _, ev := range events(t, logOf(`op=remove_rule path="/x/w" key="w" list=4 res=1`)) {
		c.Add(ev)
	}
	if got := live.ApplyConfigChanges(&c); len(got.Rules) != 2 || len(got.Remarks) != 0 {
		t.Errorf("live rules are changed: %+v", got)
	}
}

// What auditctl -l listed was loaded, whatever was added and refused before.
func TestChangesOfAListing(t *testing.T) {
	src, err := Open([]string{"-"}, strings.NewReader(listing), ListingYes)
	if err != nil {
		t.Fatal(err)
	}
	set, err := src.Compile(Options{Target: target})
	if err != nil {
		t.Fatal(err)
	}
	var c Changes
	for _, ev := range events(t, logOf(add(`"perm_mod"`, 0), add(`"other"`, 1), `op=remove_rule path="/etc/passwd" key="identity" list=4 res=1`)) {
		c.Add(ev)
	}
	got := set.ApplyConfigChanges(&c)
	if len(got.Rules) != len(set.Rules) || len(got.Remarks) != len(set.Remarks)+1 {
		t.Errorf("%d of %d rules, remarks %v", len(got.Rules), len(set.Rules), got.Remarks)
	}
	if w := got.Rules[2]; w.Until.IsZero() || len(w.Forms) != 2 {
		t.Errorf("a watch whose path went away: until %v, %d forms", w.Until, len(w.Forms))
	}
}

// Whatever a log says, rules do not become more, and the set given in stays as it is.
func FuzzChanges(f *testing.F) {
	f.Add(logOf(add(`"a"`, 1), add(`"w"`, 0), `op=remove_rule path="/x/w" key="w" list=4 res=1`, add(`"w"`, 1)))
	f.Add("type=DAEMON_START msg=audit(1.000:1): ver=2.1\ntype=CONFIG_CHANGE msg=audit(1.000:1): op=add_rule key=6100 list=4 res=0\n")
	f.Fuzz(func(t *testing.T, log string) {
		var c Changes
		for _, ev := range lenient(log) {
			c.Add(ev)
		}
		set := compile(t, ruleA+"\n"+ruleW+"\n"+ruleB+"\n"+ruleV+"\n", Options{})
		before := len(set.Rules)
		out := set.ApplyConfigChanges(&c)
		if len(set.Rules) != before || len(out.Rules) > before {
			t.Fatalf("%d rules became %d", before, len(out.Rules))
		}
		for _, r := range out.Rules {
			if len(r.Forms) == 0 {
				t.Fatalf("%s has no form left", r.Text)
			}
		}
	})
}
