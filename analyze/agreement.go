package analyze

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Agreement is how often the matcher says of an event what the kernel itself said.
type Agreement struct {
	Agree, Disagree uint64
	Unknown         uint64 // the matcher says that the log does not tell
	Disagreements   []Disagreement
}

// Disagreement is one event of which the matcher says something else than the kernel.
type Disagreement struct {
	At      string // SEC.MMM:SERIAL
	Kernel  int    // the rule, NoRule for none
	Matcher int
	Records []string // as written
}

// Bounds of what is kept of disagreements: enough to report one.
const (
	maxDisagreements = 3
	maxShownRecords  = 20
)

// Compared is ExtraKeys as a Decider that asks the matcher about each event too, with the extra key taken out of it. The kernel's word
// is what it answers; Agreement is how the two compare.
//
// The events of one log are given in its order, once: what a name means that only a later event tells, the matcher does not know here.
type Compared struct {
	*ExtraKeys
	Agreement Agreement
	facts     *match.Facts
	judge     *match.Judge
	call      event.Call
}

// Compare makes a Decider of both. The rules are those of x, by index, without their extra keys.
func Compare(x *ExtraKeys, rules []match.Rule, host match.Host) (*Compared, error) {
	m, err := match.New(rules, host)
	if err != nil {
		return nil, fmt.Errorf("compare the matcher with the kernel: %w", err)
	}
	facts := match.NewFacts(m)
	return &Compared{ExtraKeys: x, facts: facts, judge: m.Judge(facts)}, nil
}

// Decide is the kernel's word.
func (c *Compared) Decide(ev *event.Event) Decision {
	d := c.ExtraKeys.Decide(ev)
	if d.Origin == SlotEdge || !c.call.Read(ev) {
		return d
	}
	sys := ev.Syscall()
	if sys == nil {
		sys = uringOp(ev)
	}
	said, own := c.strip(sys)
	if !said && !hasKernelRecord(ev) {
		return d // recorded by a rule that has no extra key: the kernel does not say which
	}
	c.facts.Learn(&c.call)
	if d.Rule >= 0 && own == "" {
		// A rule of path= or inode= without a key of its own carries that of the rule it beat, which the extra key has hidden.
		c.call.Has &^= event.HasKey
	}
	c.compare(ev, d.Rule, c.judge.Decide(&c.call))
	return d
}

// strip takes the extra key out of the call. It tells whether there was one, and the keys that are left.
func (c *Compared) strip(sys *record.Record) (said bool, own string) {
	keys := record.Keys(sys)
	last := len(keys) - 1
	if last < 0 || !strings.HasPrefix(keys[last], c.Prefix) {
		return false, strings.Join(keys, "\x01")
	}
	own = strings.Join(keys[:last], "\x01")
	c.call.Key = keyValue(own, last > 0)
	return true, own
}

// keyValue is a key as the kernel writes it (kernel/audit.c: audit_log_key).
func keyValue(key string, present bool) record.Value {
	if !present {
		return record.Value{Text: []byte("(null)")}
	}
	text := record.EncodeUntrusted(key)
	if plain, ok := strings.CutPrefix(text, `"`); ok {
		return record.Value{Text: []byte(strings.TrimSuffix(plain, `"`)), Quote: '"'}
	}
	return record.Value{Text: []byte(text)}
}

func (c *Compared) compare(ev *event.Event, kernel int, d match.Decision) {
	a := &c.Agreement
	switch {
	case d.Answer == match.Unknown:
		a.Unknown++
	case d.Rule == kernel:
		a.Agree++
	default:
		a.Disagree++
		a.keep(ev, kernel, d.Rule)
	}
}

func (a *Agreement) keep(ev *event.Event, kernel, matcher int) {
	if len(a.Disagreements) == maxDisagreements {
		return
	}
	d := Disagreement{At: fmt.Sprintf("%d.%03d:%d", ev.Sec, ev.Milli, ev.Serial), Kernel: kernel, Matcher: matcher}
	for i := range ev.Records[:min(len(ev.Records), maxShownRecords)] {
		d.Records = append(d.Records, string(ev.Records[i].Raw))
	}
	a.Disagreements = append(a.Disagreements, d)
}
