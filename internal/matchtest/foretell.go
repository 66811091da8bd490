//go:build linux && amd64

package matchtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Foretold is how what the matcher foretold from a log without suppression compares with what the kernel did under all rules.
type Foretold struct {
	Calls   int // compared
	Right   int // the rule, whether it is recorded, and which records
	Open    int // foretold as unknown, and what happened was among the possible
	Silent  int // of those that were right: calls that left no record of their own
	Dropped int // of those that were right: records that an exclude rule kept out of an event that was recorded
	Wrong   []string
}

// Add puts two together.
func (f *Foretold) Add(o *Foretold) {
	f.Calls += o.Calls
	f.Right += o.Right
	f.Open += o.Open
	f.Silent += o.Silent
	f.Dropped += o.Dropped
	f.Wrong = append(f.Wrong, o.Wrong...)
}

func (f *Foretold) String() string {
	return fmt.Sprintf("%d calls foretold: %d right (%d silent, %d records dropped), %d open, %d wrong", f.Calls, f.Right, f.Silent, f.Dropped, f.Open, len(f.Wrong))
}

// foretold runs a plan twice more without what suppresses, foretells from it what all rules do, and compares with full, a run with all.
// What differs between the two runs is left out: the kernel's caches had a hand in it.
func (m *Machine) foretold(p Plan, full *Log) (*Foretold, error) {
	open, err := m.complete(p, Options{NoSuppressors: true})
	if err != nil {
		return nil, err
	}
	again, err := m.complete(p, Options{NoSuppressors: true})
	if err != nil {
		return nil, err
	}
	return foretell(full, open, again)
}

// foreteller is one comparison.
type foreteller struct {
	Foretold
	full  map[int]*event.Event
	rules []match.Rule // of full, as the open run's tree and processes have them
	log   *Log         // full
}

func foretell(full, open, again *Log) (*Foretold, error) {
	var of [3]map[int]*event.Event
	for i, l := range []*Log{full, open, again} {
		var err error
		if of[i], err = l.operations(); err != nil {
			return nil, err
		}
	}
	f := foreteller{full: of[0], log: full}
	var err error
	if f.rules, err = translated(full, open); err != nil {
		return nil, err
	}
	last := full.lastBeforeRemoval()
	events, err := readEvents(open.Text)
	if err != nil {
		return nil, err
	}
	return &f.Foretold, f.compareAll(events, func(c *event.Call) (int, bool) {
		n := open.operation(c)
		return n, n >= 0 && n < last && of[1][n] != nil && of[2][n] != nil && sameDeed(open, of[1][n], again, of[2][n])
	})
}

// translated are the rules of one run with the inodes and processes of another.
func translated(from, to *Log) ([]match.Rule, error) {
	var lines []string
	for _, r := range from.Rules {
		i := slices.IndexFunc(to.Read, func(o Loaded) bool { return o.Index == r.Index })
		if i < 0 {
			return nil, fmt.Errorf("rule %s compiles in one run only", r.Line)
		}
		lines = append(lines, to.Read[i].Line)
	}
	return matchRules(lines, nil)
}

// lastBeforeRemoval is the first operation for which not all rules were loaded any more: operations are executed in their order.
func (l *Log) lastBeforeRemoval() int {
	at := len(l.layout.ops)
	moments := l.removals()
	if len(moments) == 0 {
		return at
	}
	first, err := parseStamp(moments[0])
	if err != nil {
		return 0
	}
	at = 0
	events, _ := readEvents(l.Text)
	var c event.Call
	for _, ev := range events {
		if c.Read(ev) && ev.Serial < first.Serial {
			at = max(at, l.operation(&c))
		}
	}
	return at
}

// compareAll foretells every event of the open run with the facts of its whole log.
func (f *foreteller) compareAll(events []*event.Event, wanted func(*event.Call) (int, bool)) error {
	m, err := match.New(f.rules, match.Host{Kernel: runningKernel()})
	if err != nil {
		return err
	}
	first := match.NewFacts(m)
	var c event.Call
	for _, ev := range events {
		if c.Read(ev) {
			first.Learn(&c)
		}
	}
	facts := first.Again()
	j := m.Judge(facts)
	was, err := messages(f.log.Text)
	if err != nil {
		return err
	}
	for _, ev := range events {
		if !c.Read(ev) {
			if n := messageNumber(ev); n != "" {
				f.message(ev, j.Foretell(&c), was[n])
			}
			continue
		}
		facts.Learn(&c)
		if n, ok := wanted(&c); ok {
			f.compare(&c, j.Foretell(&c), f.full[n])
		}
	}
	return nil
}

// messages are the numbers of the actor's user messages in a log.
func messages(log []byte) (map[string]bool, error) {
	events, err := readEvents(log)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, ev := range events {
		if n := messageNumber(ev); n != "" {
			seen[n] = true
		}
	}
	return seen, nil
}

// messageNumber is that of a user message of the actor's, "" of any other event.
func messageNumber(ev *event.Event) string {
	_, after, ok := strings.Cut(string(ev.Records[0].Body), "op=matchtest n=")
	if !ok {
		return ""
	}
	n, _, _ := strings.Cut(after, " ")
	return n
}

// message judges the forecast for a user message.
func (f *foreteller) message(ev *event.Event, says match.Forecast, was bool) {
	f.Calls++
	switch {
	case says.Records[0] == match.Unknown:
		f.Open++
	case was != (says.Records[0] == match.Yes):
		f.Wrong = append(f.Wrong, fmt.Sprintf("a user message that is in the log: %v, foretold: %s\n%s", was, says.Records[0], linesOf(ev)))
	case was:
		f.Right++
	default:
		f.Right++
		f.Silent++
	}
}

func runningKernel() match.Version {
	v, err := match.ParseVersion(kernelRelease())
	if err != nil {
		return match.Version{}
	}
	return v
}

// compare judges one forecast by what became of the call under all rules; was is nil where nothing is in the log.
func (f *foreteller) compare(c *event.Call, says match.Forecast, was *event.Event) {
	f.Calls++
	wrong, open := f.rule(says, was)
	if wrong == "" && was != nil {
		var alsoOpen bool
		wrong, alsoOpen = f.records(c, says, was)
		open = open || alsoOpen
	}
	switch {
	case wrong != "":
		f.Wrong = append(f.Wrong, f.text(c, says, was, wrong))
	case open:
		f.Open++
	default:
		f.Right++
		if was == nil {
			f.Silent++
		}
	}
}

// rule compares the rule that decides, and whether there is an event.
func (f *foreteller) rule(says match.Forecast, was *event.Event) (wrong string, open bool) {
	if was == nil {
		if says.Recorded == match.Yes {
			return "it is not in the log", false
		}
		return "", says.Recorded == match.Unknown
	}
	kernel := NoRule
	if _, _, index, ok := uniqueKey(was.Syscall().Raw); ok {
		kernel = index
	}
	index := func(i int) int {
		if i < 0 {
			return NoRule
		}
		return f.rules[i].Pos.Line - 1
	}
	switch {
	case says.Recorded == match.None:
		return "it is in the log", false
	case says.Answer == match.Unknown:
		for _, i := range says.Candidates {
			if index(i) == kernel {
				return "", true
			}
		}
		return "the rule is none of the candidates", false
	case index(says.Rule) != kernel:
		return "another rule recorded it", false
	}
	return "", says.Recorded == match.Unknown
}

// records compares how many records of each type there are.
func (f *foreteller) records(c *event.Call, says match.Forecast, was *event.Event) (wrong string, open bool) {
	count := func(records []record.Record, typ string) (n int) {
		for i := range records {
			if string(records[i].Type) == typ {
				n++
			}
		}
		return n
	}
	seen := map[string]bool{}
	for i := range c.Event.Records {
		typ := string(c.Event.Records[i].Type)
		if seen[typ] {
			continue
		}
		seen[typ] = true
		sure, maybe := 0, 0
		for k := range c.Event.Records {
			if string(c.Event.Records[k].Type) != typ {
				continue
			}
			switch says.Records[k] {
			case match.Yes:
				sure++
			case match.Unknown:
				maybe++
			}
		}
		got := count(was.Records, typ)
		if got < sure || got > sure+maybe {
			return fmt.Sprintf("%d records %s, foretold %d to %d", got, typ, sure, sure+maybe), false
		}
		f.Dropped += count(c.Event.Records, typ) - got
		open = open || maybe > 0
	}
	return "", open
}

func (f *foreteller) text(c *event.Call, says match.Forecast, was *event.Event, wrong string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s", wrong, linesOf(c.Event))
	if was != nil {
		fmt.Fprintf(&b, "under all rules:\n%s", linesOf(was))
		if _, _, index, ok := uniqueKey(was.Syscall().Raw); ok {
			fmt.Fprintf(&b, "the kernel: %s:%d %s\n", RulesFile, index+1, f.log.Rules[index].Line)
		}
	}
	fmt.Fprintf(&b, "foretold: %s, recorded %s, %s\n", says.Answer, says.Recorded, says.Why)
	if says.Rule >= 0 {
		fmt.Fprintf(&b, "by %s %s\n", f.rules[says.Rule].Pos, f.rules[says.Rule].Text)
	}
	return b.String()
}
