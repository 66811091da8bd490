package detect

import "slices"

// scene is what two or three regions have in common, and what tests need to know to ask whether an event in all of them can pass.
type scene struct {
	on      machine
	via     links
	calls   calls
	regions []*region
	ids     [idFields]spans
	keyed   bool  // the last region is the rule that recorded the event: its key is the event's
	single  calls // calls that name one file
	unnamed calls // calls that name none
	sockets calls // calls that name one only where the address is of the family unix
}

// tables are what is known of calls, made once.
func (m machine) scene(via links) scene {
	return scene{on: m, via: via, single: m.words(oneName), unnamed: m.words(noName), sockets: m.words(socketCalls)}
}

// among is the scene of these regions.
func (s scene) among(regions ...*region) scene {
	s.regions, s.calls, s.ids = regions, regions[0].calls, regions[0].ids
	for _, r := range regions[1:] {
		s.calls = s.calls.intersect(&r.calls)
		for f := range s.ids {
			s.ids[f] = s.ids[f].intersect(r.ids[f])
		}
	}
	return s
}

// numbers is what a field may be in all regions.
func (s *scene) numbers(f field) spans { return s.ids[f-ofUID] }

// empty tells whether no event can be in all regions.
func (s *scene) empty() bool {
	return s.calls.empty() || slices.ContainsFunc(s.ids[:], func(x spans) bool { return len(x) == 0 })
}

func (s *scene) argument(n int) spans {
	out := everyNumber()
	for _, r := range s.regions {
		out = out.intersect(r.arg(n))
	}
	return out
}

// overlaps tells whether an event of all regions could be one that the condition describes. It is false only where that cannot be.
func (c *Condition) overlaps(s scene) bool {
	for i := range c.tests {
		t := &c.tests[i]
		if !t.not {
			t.narrow(&s)
		}
	}
	if s.empty() {
		return false
	}
	for i := range c.tests {
		if !c.tests[i].may(&s) {
			return false
		}
	}
	for i := range c.not {
		if c.not[i].surely(&s) {
			return false
		}
	}
	return true
}

// narrow takes the calls out of a scene that cannot pass the test.
func (t *test) narrow(s *scene) {
	switch t.field {
	case ofCalls:
		s.calls = s.calls.intersect(&t.calls)
	case ofType:
		c := t.typeCalls(s)
		s.calls = s.calls.intersect(&c)
	case ofPath, ofNameType:
		s.calls = s.calls.without(&s.unnamed)
		if !s.numbers(ofFamily).has(familyUnix) {
			s.calls = s.calls.without(&s.sockets)
		}
	case ofFamily, ofPort, ofAddress:
		s.calls = s.calls.intersect(&s.sockets)
	case ofArgument, ofAnyArg, ofCommand:
		c := s.on.words(execCalls)
		s.calls = s.calls.intersect(&c)
	}
}

// typeCalls are the calls whose events may have a record of one of the types.
func (t *test) typeCalls(s *scene) calls {
	var all calls
	for _, x := range t.nums {
		for nr := uint64(x.lo); nr <= uint64(x.hi); nr++ {
			if !callRecord(uint32(nr)) {
				continue
			}
			table, few := typeCalls[uint32(nr)]
			if !few {
				return everyCall()
			}
			c := s.on.words(table)
			all = all.union(&c)
		}
	}
	return all
}

// may tells whether an event of the scene could pass.
func (t *test) may(s *scene) bool {
	switch t.field {
	case ofExe:
		return t.mayProgram(s)
	case ofPath:
		return t.not || t.mayPath(s)
	case ofUID, ofEUID, ofAUID, ofOutcome:
		return len(s.numbers(t.field).intersect(t.wanted())) > 0
	case ofFamily:
		// a family that the log does not show passes a not
		return t.not || len(s.numbers(ofFamily).intersect(t.nums)) > 0
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
	return slices.ContainsFunc([]field{ofUID, ofEUID, ofAUID}, func(f field) bool { return len(s.numbers(f).intersect(t.nums)) > 0 })
}

func (t *test) mayRegister(s *scene) bool {
	have := s.argument(t.n)
	return len(have.intersect(t.nums)) > 0 || slices.ContainsFunc(t.bits, have.hasBits)
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
func (t *test) mayPath(s *scene) bool {
	if others := s.calls.without(&s.single); !others.empty() {
		return true
	}
	for _, r := range s.regions {
		for _, dir := range r.below {
			if !t.mayBelow(dir) && !t.mayBelow(s.via.follow(dir, len(dir))) {
				return false
			}
		}
	}
	return true
}

// mayBelow tells whether a pattern may be that of dir or a name in it. One that does not begin at the root is compared with names as programs
// typed them, which may be relative to any directory.
func (t *test) mayBelow(dir string) bool {
	return slices.ContainsFunc(t.texts, func(p pattern) bool { return !p.anchored() || p.below(dir) })
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
func (c *Condition) surely(s *scene) bool {
	return len(c.not) == 0 && !slices.ContainsFunc(c.tests, func(t test) bool { return !t.surely(s) })
}

func (t *test) surely(s *scene) bool {
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
		left := s.calls.without(&t.calls)
		return !t.not && t.access == 0 && left.empty()
	}
	return false
}
