package hostlog

import (
	"bytes"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// compiled are the Rules as a kernel holds them, in its order, which is that of the lines.
func compiled(t *testing.T) []match.Rule {
	t.Helper()
	set, err := rule.ParseFile("audit.rules", strings.NewReader(Rules))
	if err != nil {
		t.Fatal(err)
	}
	var out []match.Rule
	for _, r := range set.Rules() {
		w, _, err := rule.Compile(r, rule.Env{Machine: names.ArchX86_64, Dialect: rule.Dialect3_0})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, match.Rule{Pos: r.Pos, Text: r.Text, Forms: []rule.Wire{w}})
	}
	return out
}

// each calls visit with every event of a log and its call, nil for a message.
func each(t *testing.T, log io.Reader, visit func(*event.Event, *event.Call)) {
	t.Helper()
	bad := func(r *record.Record) { t.Fatalf("line %d is no record: %v: %s", r.Line, r.Bad, r.Raw) }
	var c event.Call
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(log), bad) {
		if ev.Partial {
			t.Fatalf("%d lacks its %s", ev.Serial, ev.Missing)
		}
		if c.Read(ev) {
			visit(ev, &c)
		} else {
			visit(ev, nil)
		}
	}
}

// Every event of every act is recorded by the rule whose key it has, and what rules do not record is not there.
func TestMatchAgrees(t *testing.T) {
	rules := compiled(t)
	m, err := match.New(rules, match.Host{})
	if err != nil {
		t.Fatal(err)
	}
	facts := match.NewFacts(m)
	j := m.Judge(facts)
	byKey := map[string]int{}
	each(t, New(Options{Seed: 1, Days: 3, PerDay: 4000}), func(ev *event.Event, c *event.Call) {
		if c == nil {
			return
		}
		facts.Learn(c)
		key, _ := ev.Syscall().Text("key")
		byKey[key]++
		d := j.Decide(c)
		if d.Answer != match.Yes || rules[d.Rule].Forms[0].Key() != key {
			t.Fatalf("key %q, decided %v rule %d candidates %v why %v:\n%s", key, d.Answer, d.Rule, d.Candidates, d.Why, ev.Records[0].Raw)
		}
		if f := j.Foretell(c); f.Recorded != match.Yes {
			t.Fatalf("would be recorded: %v (%v):\n%s", f.Recorded, f.Why, ev.Records[0].Raw)
		}
	})
	for _, key := range []string{"identity", "time_change", "user_commands", "network", "file_accesses", "delete"} {
		if byKey[key] == 0 {
			t.Errorf("no event has the key %s", key)
		}
	}
}

func TestLog(t *testing.T) {
	o := Options{Seed: 7, Hosts: 2, Named: true, Days: 2, PerDay: 3000}
	text := Text(o)
	if !bytes.Equal(text, Text(o)) {
		t.Error("the same options make two logs")
	}
	if o.Seed = 8; bytes.Equal(text, Text(o)) {
		t.Error("the seed makes no difference")
	}
	var gaps event.Gaps
	hours, nodes, events := [24]int{}, map[string]int{}, 0
	each(t, bytes.NewReader(text), func(ev *event.Event, _ *event.Call) {
		gaps.Add(ev)
		hours[ev.Sec/3600%24]++
		nodes[ev.Node]++
		events++
	})
	if n := gaps.Count(); n.Missing+n.Duplicates+n.Late != 0 || n.Daemon != 2 || n.Boots != 2 {
		t.Errorf("serials: %+v", n)
	}
	if len(nodes) != 2 || nodes["db1.example"] < 5000 || nodes["db2.example"] < 5000 || events > 14_000 {
		t.Errorf("%v", nodes)
	}
	if hours[14] < 2*hours[2] {
		t.Errorf("%d events at 14:00, %d at 02:00: nights are as busy as days", hours[14], hours[2])
	}
}

func TestBytesFillTheDays(t *testing.T) {
	const want = 4 << 20
	text := Text(Options{Seed: 3, Days: 4, Bytes: want})
	if off := math.Abs(float64(len(text))/want - 1); off > .05 {
		t.Errorf("%d bytes for %d", len(text), want)
	}
	last := int64(0)
	each(t, bytes.NewReader(text), func(ev *event.Event, _ *event.Call) { last = max(last, ev.Sec) })
	if days := float64(last-Start) / 86400; days < 3.8 || days > 4 {
		t.Errorf("they fill %.2f days of 4", days)
	}
}

// What a guest chooses reaches the log as the kernel would write it, and can be read again.
func TestGuests(t *testing.T) {
	names := []string{"/tmp/a\n-a never,exit -S all", "/tmp/ -F uid=0", "/tmp/\t\"x\x01", "/tmp/4142", "\xff/tmp"}
	seen := map[string]int{}
	g := Guest{From: .25, Till: .5, Events: 500, Make: func(i int, _ *rand.Rand) Event {
		a := Person(1001, 4711, 9, names[i%5]+"exe", names[i%5])
		a.Cwd = names[i%5] + "cwd"
		return a.Open(names[i%5], ReadOnly, ModeFile, 1001)
	}}
	each(t, New(Options{Seed: 2, PerDay: 100, Guests: []Guest{g}}), func(ev *event.Event, c *event.Call) {
		if c == nil || c.UID != 1001 {
			return
		}
		if hour := ev.Sec / 3600 % 24; hour < 6 || hour >= 12 {
			t.Fatalf("a guest at hour %d", hour)
		}
		name, _ := c.Names[0].Name.AppendUntrusted(nil)
		exe, _ := c.Exe.AppendUntrusted(nil)
		cwd, _ := c.Cwd.AppendUntrusted(nil)
		if string(exe) != string(name)+"exe" || string(cwd) != string(name)+"cwd" {
			t.Fatalf("%q runs as %q in %q", name, exe, cwd)
		}
		seen[string(name)]++
	})
	for _, name := range names {
		if seen[name] != 100 {
			t.Errorf("%q came %d times", name, seen[name])
		}
	}
}

func BenchmarkLog(b *testing.B) {
	b.SetBytes(16 << 20)
	for b.Loop() {
		if _, err := io.Copy(io.Discard, New(Options{Days: 1, Bytes: 16 << 20})); err != nil {
			b.Fatal(err)
		}
	}
}
