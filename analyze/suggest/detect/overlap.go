package detect

import (
	"slices"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// scene is what two or three regions have in common, and what tests need to know to ask whether an event in all of them can pass.
type scene struct {
	*tables
	calls   calls
	regions []*region
	ids     [idFields]spans
	none    bool // no event can be in all of them
	keyed   bool // the last region is the rule that recorded the event: its key is the event's
	strict  bool // patterns that do not say where a name begins are taken for names outside of all dir=
}

// tables are what is known of a machine, made once.
type tables struct {
	on      machine
	via     links
	single  calls // calls that name one file
	sockets calls // calls that name one only where the address is of the family unix
}

func newTables(m machine, via links) *tables {
	return &tables{on: m, via: via, single: m.words(oneName), sockets: m.words(socketCalls)}
}

// among is the scene of these regions.
func (t *tables) among(regions ...*region) *scene {
	s := &scene{tables: t, regions: regions, calls: regions[0].calls, ids: regions[0].ids}
	for _, r := range regions[1:] {
		s.calls = s.calls.intersect(&r.calls)
		for f := range s.ids {
			s.ids[f] = s.ids[f].intersect(r.ids[f])
		}
	}
	s.none = s.calls.empty() || slices.ContainsFunc(s.ids[:], func(x spans) bool { return len(x) == 0 })
	return s
}

// numbers is what a field may be in all regions.
func (s *scene) numbers(f field) spans { return s.ids[f-ofUID] }

func (s *scene) argument(n int) spans {
	out := everyNumber()
	for _, r := range s.regions {
		out = out.intersect(r.arg(n))
	}
	return out
}

// overlaps tells whether an event of all regions could be one that the condition describes. It is false only where that cannot be.
func (c *Condition) overlaps(s *scene) bool {
	if s.none {
		return false
	}
	calls := c.callsIn(s)
	if calls.empty() {
		return false
	}
	for i := range c.tests {
		if !c.tests[i].may(s, &calls) {
			return false
		}
	}
	for i := range c.not {
		if c.not[i].surely(s, &calls) {
			return false
		}
	}
	return true
}

// callsIn are the calls of a scene that can be the condition's.
func (c *Condition) callsIn(s *scene) calls {
	calls := s.calls.intersect(&c.calls)
	if c.named && !s.numbers(ofFamily).has(familyUnix) {
		calls = calls.without(&s.sockets)
	}
	return calls
}

// reach works out once which calls the condition can be about.
func (c *Condition) reach(m machine) {
	c.calls = everyCall()
	for i := range c.tests {
		if t := &c.tests[i]; !t.not {
			can := t.reach(m)
			c.calls = c.calls.intersect(&can)
			c.named = c.named || t.field == ofPath || t.field == ofNameType
		}
	}
	for i := range c.not {
		c.not[i].reach(m)
	}
}

// reach is the calls that can pass a test.
func (t *test) reach(m machine) calls {
	switch t.field {
	case ofCalls:
		return *t.calls
	case ofType:
		return t.typeCalls(m)
	case ofPath:
		all, unnamed := everyCall(), m.words(noName)
		return all.without(&unnamed)
	case ofNameType:
		return t.nameCalls(m)
	case ofFamily, ofPort, ofAddress:
		return m.words(socketCalls)
	case ofArgument, ofAnyArg, ofCommand:
		return m.words(execCalls)
	}
	return everyCall()
}

// nameCalls are the calls that do one of these things with a name (kernel/auditsc.c: audit_log_name).
func (t *test) nameCalls(m machine) calls {
	if t.any([]byte("NORMAL")) || t.any([]byte("PARENT")) || t.any([]byte("UNKNOWN")) {
		all, unnamed := everyCall(), m.words(noName)
		return all.without(&unnamed)
	}
	table := ""
	if t.any([]byte("CREATE")) {
		table += openCalls + " " + makeCalls + " creat rename renameat renameat2 mq_open socketcall"
	}
	if t.any([]byte("DELETE")) {
		table += " unlink unlinkat rmdir rename renameat renameat2 mq_unlink"
	}
	return m.words(table)
}

// typeCalls are the calls whose events may have a record of one of the types.
func (t *test) typeCalls(m machine) calls {
	var all calls
	for nr := uint32(typeSyscall); nr <= names.LastPartOfCall; nr++ {
		if !names.PartOfCall(nr) || !t.nums.has(nr) {
			continue
		}
		table, few := typeCalls[nr]
		if !few {
			return everyCall()
		}
		c := m.words(table)
		all = all.union(&c)
	}
	return all
}

// may tells whether an event of the scene could pass.
func (t *test) may(s *scene, calls *calls) bool {
	switch t.field {
	case ofExe:
		return t.mayProgram(s)
	case ofPath:
		return t.not || t.mayPath(s, calls)
	case ofUID, ofEUID, ofAUID, ofOutcome:
		return s.numbers(t.field).meets(t.wanted())
	case ofFamily:
		// a family that the log does not show passes a not
		return t.not || s.numbers(ofFamily).meets(t.nums)
	case ofPort, ofAddress:
		return t.not || s.numbers(ofFamily).has(familyInet) || s.numbers(ofFamily).has(familyInet6)
	case ofUser:
		return t.not || t.mayUser(s)
	case ofRegister:
		return t.not || t.mayRegister(s)
	case ofKeys:
		return t.not || t.mayKey(s)
	}
	return true
}

// wanted is the numbers that pass.
func (t *test) wanted() spans {
	if t.not {
		return t.nums.complement()
	}
	return t.nums
}

func (t *test) mayUser(s *scene) bool {
	return slices.ContainsFunc([]field{ofUID, ofEUID, ofAUID}, func(f field) bool { return s.numbers(f).meets(t.nums) })
}

func (t *test) mayRegister(s *scene) bool {
	have := s.argument(t.n)
	return have.meets(t.nums) || slices.ContainsFunc(t.bits, have.hasBits)
}

// mayProgram asks each exe= of the regions. What is compared by inode there is compared by name here.
func (t *test) mayProgram(s *scene) bool {
	for _, r := range s.regions {
		if r.exe != "" && t.isProgram(s, r.exe) == t.not {
			return false
		}
		if !t.not && t.only(r.exeNo) {
			return false
		}
	}
	return true
}

// isProgram tells whether a program, by its name or through links, is one of the test's.
func (t *test) isProgram(s *scene, exe string) bool {
	return t.any([]byte(exe)) || t.any([]byte(s.via.follow(exe, len(exe))))
}

// only tells whether the test asks for nothing but these names.
func (t *test) only(names []string) bool {
	return len(names) > 0 && !slices.ContainsFunc(t.texts, func(p pattern) bool {
		name, one := p.literal()
		return p.re != nil || !one || !slices.Contains(names, name)
	})
}

// mayPath asks whether a name that the rules hold fast can be one of the test's. A rule with dir= or path= takes an event for any of its names, so
// it says where a file is only where the call names no other.
func (t *test) mayPath(s *scene, calls *calls) bool {
	if others := calls.without(&s.single); !others.empty() {
		return true
	}
	for _, r := range s.regions {
		for _, dir := range r.below {
			if to := s.via.follow(dir, len(dir)); !t.mayBelow(dir, s.strict) && (to == dir || !t.mayBelow(to, s.strict)) {
				return false
			}
		}
	}
	return true
}

// mayBelow tells whether a pattern may be that of dir or a name in it. One that does not begin at the root is compared with names as programs
// typed them, which may be relative to any directory.
func (t *test) mayBelow(dir string, strict bool) bool {
	return slices.ContainsFunc(t.texts, func(p pattern) bool { return !p.anchored() && !strict || p.anchored() && p.below(dir) })
}

// mayKey asks the key of the rule that recorded the event.
func (t *test) mayKey(s *scene) bool {
	if !s.keyed {
		return true
	}
	for _, key := range splitKeys(s.regions[len(s.regions)-1].key) {
		if t.any([]byte(key)) {
			return true
		}
	}
	return false
}

// surely tells whether every event of the scene is one that the condition describes.
func (c *Condition) surely(s *scene, calls *calls) bool {
	for i := range c.tests {
		if !c.tests[i].surely(s, calls) {
			return false
		}
	}
	return len(c.not) == 0
}

func (t *test) surely(s *scene, calls *calls) bool {
	switch t.field {
	case ofExe:
		for _, r := range s.regions {
			if r.exe != "" && t.any([]byte(r.exe)) != t.not {
				return true
			}
		}
	case ofUID, ofEUID, ofAUID, ofOutcome:
		return s.numbers(t.field).within(t.wanted())
	case ofCalls:
		left := calls.without(t.calls)
		return !t.not && t.access == 0 && left.empty()
	}
	return false
}
