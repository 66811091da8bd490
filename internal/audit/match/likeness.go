package match

import (
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// A busy process makes the same event again and again, but for numbers that no rule asks for: its time, a pid, the address of a buffer.
// What a rule set may look at in an event is known, and so is when two events are one to it.

// glances is how many decisions a Judge remembers: 160 KiB.
const glances = 4096

// glanced is a decision that Glance took.
type glanced struct {
	like     uint64 // likeness of the event, 0 for none
	rule     int32
	rests    Assumption
	answer   Answer
	sure     bool
	conflict bool
	open     bool
}

func (g *glanced) decision() Decision {
	return Decision{Answer: g.answer, Rule: int(g.rule), Rests: g.rests, Conflict: g.conflict, Open: g.open}
}

// remember keeps a decision, which has no candidates.
func (g *glanced) remember(like uint64, d Decision, sure bool) {
	*g = glanced{like: like, rule: int32(d.Rule), rests: d.Rests, answer: d.Answer, sure: sure, conflict: d.Conflict, open: d.Open}
}

// asks is what the rules that a system call meets ask of it, besides what its sums stand for.
type asks struct {
	values uint8 // bits of the arguments that are compared with numbers
	modes  uint8 // of those whose lowest two bits are the access mode of an open
	dirs   uint8 // of those that are a directory to which names are relative, or AT_FDCWD
	result bool  // exit=
}

// asksOf finds what is asked of a call of an arch.
func (m *Matcher) asksOf(s *slot, machine, nr uint32) (a asks) {
	switch s.perm.flags {
	case flagsA1:
		a.modes |= 1 << 1
	case flagsA2:
		a.modes |= 1 << 2
	case flagsSocketcall:
		a.values |= 1 << 0
	}
	does := nameCallNumbers.of(machine, nr)
	for _, arg := range [...]uint8{does.first, does.second} {
		if arg > 0 {
			a.dirs |= 1 << (arg - 1)
		}
	}
	for _, list := range [...][]entry{s.exit, s.inode} {
		for i := range list {
			for _, p := range m.forms[list[i].form].plain {
				if p.left >= regA0 && p.left <= regA3 {
					a.values |= 1 << (p.left - regA0)
				}
				a.result = a.result || p.left == regExit
			}
		}
	}
	return a
}

// likeness is a number, never 0, that two events share only where the same is glanced of both. It is 0 for an event that has to be looked at:
// one that was read without sums (event.Memo), or that has records of a rare kind.
func (j *Judge) likeness(c *event.Call) uint64 {
	if c.WhoSum == 0 || c.Uring || c.Syscall >= indexed || c.Syscall == uringEnter || c.Has&event.HasIPC != 0 || c.Has&event.HasCwd != 0 && c.CwdSum == 0 {
		return 0
	}
	like := mix(c.WhoSum, c.CwdSum)
	for i := range c.Names {
		n := &c.Names[i]
		if n.Sum == 0 {
			return 0
		}
		like = mix(like^n.Sum, uint64(n.Item))
	}
	like = mix(like^(uint64(c.Arch)<<32|uint64(c.Syscall)), uint64(c.Has)<<34|uint64(boolInt(c.Success))<<33|uint64(boolInt(c.Kernel))<<32|uint64(c.Items))
	like = mix(like^uint64(c.Openat2Flags), uint64(uint32(c.Family))<<32|uint64(c.Per))
	like = j.likenessAsked(c, like)
	if len(j.m.bounds) > 0 {
		like = mix(like, j.era.of(j.m.bounds, Moment{Sec: c.Event.Sec, Milli: c.Event.Milli, Serial: c.Event.Serial}))
	}
	return like | 1
}

// likenessAsked adds what only some calls are asked for.
func (j *Judge) likenessAsked(c *event.Call, like uint64) uint64 {
	a := &j.m.arch(c.Arch).slots[c.Syscall].asks
	few := uint64(0)
	for n, value := range c.A {
		bit := uint8(1) << n
		if a.values&bit != 0 {
			like = mix(like, value)
		}
		if a.modes&bit != 0 {
			few = few<<2 | value&3
		}
		if a.dirs&bit != 0 {
			few = few<<1 | uint64(boolInt(uint32(value) == atFDCWD))
		}
	}
	like = mix(like, few)
	if a.result {
		like = mix(like, uint64(c.Exit))
	}
	if j.m.pids {
		like = mix(like, uint64(c.PPID)<<32|uint64(c.PID))
	}
	return like
}

// era is the part of a log between two moments at which rules came or went.
type era struct {
	like                    uint64 // 0: not known
	firstSec, lastSec       int64
	firstSerial, lastSerial uint64
}

// of is a number of the part that a moment is in: two of the same number are on the same side of all bounds.
func (e *era) of(bounds []Moment, m Moment) uint64 {
	if e.like == 0 || m.Sec < e.firstSec || m.Sec > e.lastSec || m.Serial < e.firstSerial || m.Serial > e.lastSerial {
		e.find(bounds, m)
	}
	return e.like
}

// find makes e the part around a moment, see Moment.Before.
func (e *era) find(bounds []Moment, m Moment) {
	*e = era{like: 1, firstSec: m.Sec - maxEraSec, lastSec: m.Sec + maxEraSec, lastSerial: ^uint64(0)}
	for _, b := range bounds {
		before := m.Before(b)
		switch d := m.Sec - b.Sec; {
		case d > sameBootSec:
			e.firstSec = max(e.firstSec, b.Sec+sameBootSec+1)
		case d < -sameBootSec:
			e.lastSec = min(e.lastSec, b.Sec-sameBootSec-1)
		case before:
			e.firstSec, e.lastSec = max(e.firstSec, b.Sec-sameBootSec), min(e.lastSec, b.Sec+sameBootSec)
			e.lastSerial = min(e.lastSerial, b.Serial-1)
		default:
			e.firstSec, e.lastSec = max(e.firstSec, b.Sec-sameBootSec), min(e.lastSec, b.Sec+sameBootSec)
			e.firstSerial = max(e.firstSerial, b.Serial)
		}
		e.like = mix(e.like, uint64(boolInt(before))) | 1
	}
}

// maxEraSec is far beyond the time of any log.
const maxEraSec = 1 << 40

// boundsOf are the moments at which rules came or went.
func boundsOf(rules []Rule) (bounds []Moment) {
	add := func(m Moment) {
		if !m.IsZero() && !slices.Contains(bounds, m) {
			bounds = append(bounds, m)
		}
	}
	for i := range rules {
		for _, s := range append([]Span{{rules[i].From, rules[i].Until}}, rules[i].Again...) {
			add(s.From)
			add(s.Until)
		}
	}
	return bounds
}

// asksPIDs tells whether any rule asks for the number of a process.
func asksPIDs(rules []Rule) bool {
	for i := range rules {
		for n := range rules[i].Forms {
			for _, f := range rules[i].Forms[n].Fields {
				if f.Type == fieldPID || f.Type == fieldPPID {
					return true
				}
			}
		}
	}
	return false
}

// mixers are random: nobody can write a log in which events that are not alike have one likeness.
var mixers = [2]uint64{rand.Uint64(), rand.Uint64()}

// mix makes one number of two.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^mixers[0], b^mixers[1])
	return hi ^ lo
}
