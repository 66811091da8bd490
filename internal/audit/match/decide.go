package match

import (
	"github.com/auditprof/auditprof/internal/audit/event"
)

// Answer is what a decision says.
type Answer uint8

// The answers.
const (
	None    Answer = iota // no syscall rule recorded it
	Yes                   // Decision.Rule recorded it
	Unknown               // one of Decision.Candidates did
)

var answerText = [...]string{"none", "yes", "unknown"}

// String is the answer in a word.
func (a Answer) String() string {
	if int(a) < len(answerText) {
		return answerText[a]
	}
	return "?"
}

// Decision says which rule recorded an event.
type Decision struct {
	Answer Answer
	Rule   int // Yes: index into the rules; else -1
	// Candidates, of Unknown, are the rules that may have recorded it, in the order of the rules, -1 first for none of them. It is valid
	// until the judge's next decision.
	Candidates []int
	Why        Why        // Unknown: what the log does not say
	Rests      Assumption // what the answer takes for granted
	Conflict   bool       // no reading of the event lets these rules record it with that key: the log was written under others
	Open       bool       // more facts about names may change the answer
}

// Decide says which rule recorded an event that is in a log. It does not allocate where the records answer all that the rules ask.
func (j *Judge) Decide(c *event.Call) Decision {
	if j.isForeign(c) {
		return j.foreign()
	}
	first, sure := j.look(c)
	if sure {
		return j.decided(first)
	}
	return j.decideOpen(first)
}

// Glance decides where the records answer all that the rules ask, and reports whether they do: Decide would say the same. Else nothing is
// decided, and a judge that knows facts is to be asked.
func (j *Judge) Glance(c *event.Call) (d Decision, sure bool) {
	like := j.likeness(c)
	if like == 0 || j.places.facts != nil {
		return j.glance(c)
	}
	if j.glanced == nil {
		j.glanced = new([glances]glanced)
	}
	g := &j.glanced[like>>32%glances]
	if g.like != like {
		d, sure := j.glance(c)
		g.remember(like, d, sure)
	}
	return g.decision(), g.sure
}

func (j *Judge) glance(c *event.Call) (d Decision, sure bool) {
	if j.isForeign(c) {
		return j.foreign(), true
	}
	first, sure := j.look(c)
	if !sure {
		return Decision{Rule: -1, Open: true}, false
	}
	return j.decided(first), true
}

// look walks the likeliest world, and tells whether it is the only one and explains the event.
func (j *Judge) look(c *event.Call) (first outcome, sure bool) {
	j.start(c)
	j.readKey()
	j.worlds.begin(0)
	first = j.walk()
	return first, len(j.worlds.trail) == 0 && j.explains(first) && !j.m.taskRules
}

// decided is the decision of one outcome that nothing contradicts.
func (j *Judge) decided(o outcome) Decision {
	d := Decision{Answer: None, Rule: -1, Rests: j.worlds.rests, Open: j.places.wantsFacts()}
	if o.form != noForm {
		d.Answer, d.Rule = Yes, int(j.m.forms[o.form].rule)
		d.Rests |= j.loaded(d.Rule)
	}
	if j.worlds.keyed {
		d.Rests |= AssumeKey
	}
	return d
}

// loaded is what it takes for granted that a rule of a text was in the kernel at all.
func (j *Judge) loaded(rule int) Assumption {
	if j.m.rules[rule].Pos.File == "" {
		return 0
	}
	return AssumeLoaded
}

// decideOpen tries all worlds, then those in which something that was taken for granted is not so.
func (j *Judge) decideOpen(first outcome) Decision {
	rests := j.explore(first)
	d := Decision{Rule: -1, Why: j.worlds.why, Rests: rests.kept, Open: true}
	if j.worlds.keyed {
		d.Rests |= AssumeKey
	}
	if len(j.found) == 0 {
		return j.bend(d)
	}
	if rests.dropped != 0 && len(j.found) == 1 {
		d.Rests |= rests.dropped
	}
	return j.conclude(d)
}

// explored is what a search of worlds rests on.
type explored struct {
	kept    Assumption // of the worlds that explain the event
	dropped Assumption // how others were ruled out
}

// explore walks all worlds, the first of which has been walked, and collects what those that explain the event say in j.found.
func (j *Judge) explore(first outcome) explored {
	j.found = j.found[:0]
	var e explored
	for o, walks := first, 1; ; o, walks = j.walk(), walks+1 {
		if why := j.excludes(o); why == 0 {
			e.kept |= j.worlds.rests
			j.note(o)
		} else {
			e.dropped |= why
		}
		if !j.worlds.next() {
			break
		}
		if walks == j.worlds.most() || j.worlds.steps > j.worlds.mostSteps() {
			j.worlds.full = true
			break
		}
	}
	if j.worlds.full && j.worlds.bends == 0 {
		why := j.worlds.why
		j.collect()
		j.worlds.why |= why
	}
	j.addTasks()
	return e
}

// note adds an outcome that is not there yet, as far as it is about another rule or another action.
func (j *Judge) note(o outcome) {
	for _, old := range j.found {
		if j.ruleOf(old) == j.ruleOf(o) && j.isNever(old) == j.isNever(o) {
			return
		}
	}
	j.found = append(j.found, o)
}

// isNever tells whether a never rule wins.
func (j *Judge) isNever(o outcome) bool {
	switch {
	case o.form >= 0:
		return j.m.forms[o.form].never
	case o.form == noForm:
		return false
	}
	return j.m.tasks[noForm-1-o.form].never
}

// conclude makes a decision of j.found, which is not empty.
func (j *Judge) conclude(d Decision) Decision {
	if j.worlds.full && len(j.found) > 0 {
		d.Why |= WhyWorlds
	} else if len(j.found) == 1 {
		d.Why = 0
		if d.Rule = j.ruleOf(j.found[0]); d.Rule >= 0 {
			d.Answer = Yes
			d.Rests |= j.loaded(d.Rule)
		}
		return d
	}
	d.Answer, d.Candidates = Unknown, j.candidates()
	j.places.undecided()
	return d
}
