package matchtest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Agreement is how the matcher's decisions on a log compare with the kernel's.
type Agreement struct {
	Events  int            // of system calls
	Right   int            // decided, as the kernel did
	Unknown int            // not decided, the kernel's rule among the candidates
	Why     map[string]int // unknown events by reason
	Wrong   []Disagreement
	Beyond  []Disagreement // as Wrong, where the log shows nothing but a name that leads elsewhere: no reader could know, see evidence
}

// Disagreement is an event that was decided otherwise than the kernel did, or left open without the kernel's rule among the candidates.
type Disagreement struct {
	Stamp  string
	Lines  string // of the event
	Kernel int    // index of the rule, -1 for none
	Ours   match.Decision
	Got    []int // indexes of the rules that were decided for: one, or the candidates; -1 for none
}

// Add puts two together.
func (a *Agreement) Add(b *Agreement) {
	a.Events += b.Events
	a.Right += b.Right
	a.Unknown += b.Unknown
	if a.Why == nil {
		a.Why = map[string]int{}
	}
	for why, n := range b.Why {
		a.Why[why] += n
	}
	a.Wrong = append(a.Wrong, b.Wrong...)
	a.Beyond = append(a.Beyond, b.Beyond...)
}

func (a *Agreement) String() string {
	return fmt.Sprintf("%d events: %d right, %d wrong, %d beyond the log, %d unknown %v", a.Events, a.Right, len(a.Wrong), len(a.Beyond), a.Unknown, a.Why)
}

// Compare lets the matcher decide every event of a case and compares.
func Compare(c *Case) (*Agreement, error) {
	rules, err := c.MatchRules()
	if err != nil {
		return nil, err
	}
	host := match.Host{}
	if c.Kernel != "" {
		if host.Kernel, err = match.ParseVersion(c.Kernel); err != nil {
			return nil, err
		}
	}
	m, err := match.New(rules, host)
	if err != nil {
		return nil, err
	}
	events, err := readEvents(c.Log)
	if err != nil {
		return nil, err
	}
	a := &Agreement{Why: map[string]int{}}
	shown := newEvidence(events)
	decide(m, events, func(ev *event.Event, d match.Decision) { a.judge(c, rules, ev, d, shown) })
	return a, nil
}

// readEvents is all events of a log that have a system call.
func readEvents(log []byte) ([]*event.Event, error) {
	var events []*event.Event
	reader := record.NewReader(bytes.NewReader(log))
	var bad error
	for ev := range event.NewAssembler(event.Options{}).Events(reader, func(r *record.Record) {
		bad = fmt.Errorf("line %d is no record: %s", r.Line, r.Bad)
	}) {
		events = append(events, ev.Clone())
	}
	if bad == nil {
		bad = reader.Err()
	}
	return events, bad
}

// decide decides events in the order of a log, with what the log shows of names, and a second time where that may change what was decided
// before.
func decide(m *match.Matcher, events []*event.Event, each func(*event.Event, match.Decision)) {
	facts := match.NewFacts(m)
	pass(m, facts, events, func(*event.Event, match.Decision) {})
	pass(m, facts.Again(), events, each)
}

// pass is one reading of a log: as the analysis does it, an event is decided by itself first, and again where facts may help.
func pass(m *match.Matcher, facts *match.Facts, events []*event.Event, each func(*event.Event, match.Decision)) {
	var c event.Call
	alone, informed := m.Judge(nil), m.Judge(facts)
	for _, ev := range events {
		if !c.Read(ev) {
			continue
		}
		d := alone.Decide(&c)
		if about := facts.Learn(&c); about || d.Open {
			d = informed.Decide(&c)
		}
		each(ev, d)
	}
}

// judge compares one decision.
func (a *Agreement) judge(c *Case, rules []match.Rule, ev *event.Event, d match.Decision, shown *evidence) {
	kernel, ok := c.Truth[stampOf(ev)]
	if !ok {
		return
	}
	a.Events++
	index := func(i int) int {
		if i < 0 {
			return -1
		}
		return rules[i].Pos.Line - 1
	}
	got := []int{index(d.Rule)}
	if d.Answer == match.Unknown {
		got = got[:0]
		for _, i := range d.Candidates {
			got = append(got, index(i))
		}
	}
	for _, g := range got {
		if g != kernel {
			continue
		}
		if d.Answer == match.Unknown {
			a.Unknown++
			a.Why[d.Why.String()]++
		} else {
			a.Right++
		}
		return
	}
	d.Candidates = nil
	diff := Disagreement{Stamp: stampOf(ev), Lines: linesOf(ev), Kernel: kernel, Ours: d, Got: got}
	if shown.beyond(ev, c.places(kernel), c.places(got...)) {
		a.Beyond = append(a.Beyond, diff)
	} else {
		a.Wrong = append(a.Wrong, diff)
	}
}

// places are what rules name with path=, dir= or -w.
func (c *Case) places(rules ...int) []string {
	var names []string
	for _, i := range rules {
		if i < 0 {
			continue
		}
		r, err := parseLine(c.Rules[i], nil)
		if err != nil {
			continue
		}
		for _, f := range r.Wire.Fields {
			if f.Type == rule.FieldWatch || f.Type == rule.FieldDir {
				names = append(names, f.Str)
			}
		}
	}
	return names
}

func stampOf(ev *event.Event) string { return fmt.Sprintf("%d.%03d:%d", ev.Sec, ev.Milli, ev.Serial) }

func linesOf(ev *event.Event) string {
	var b strings.Builder
	for i := range ev.Records {
		raw, _, _ := bytes.Cut(ev.Records[i].Raw, []byte{0x1d})
		b.Write(raw)
		b.WriteByte('\n')
	}
	return b.String()
}

// Text says what a disagreement is about, with the rules concerned.
func (d *Disagreement) Text(c *Case) string {
	var b strings.Builder
	name := func(i int) string {
		if i < 0 {
			return "no rule"
		}
		return fmt.Sprintf("%s:%d %s", RulesFile, i+1, c.Rules[i])
	}
	fmt.Fprintf(&b, "%sthe kernel: %s\n", d.Lines, name(d.Kernel))
	for _, g := range d.Got {
		fmt.Fprintf(&b, "ours (%s, %s%s, conflict %v): %s\n", d.Ours.Answer, d.Ours.Rests, d.Ours.Why, d.Ours.Conflict, name(g))
	}
	return b.String()
}
