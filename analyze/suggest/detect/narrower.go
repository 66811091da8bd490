package detect

import (
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// narrowed is what a condition loses where old is replaced by narrower rules: events of the condition that old records and none of them surely
// does.
func (c *Condition) narrowed(s *tables, old *region, news []region) (loss, bool) {
	sc := s.among(old)
	sc.keyed = true
	if !c.overlaps(sc) {
		return loss{}, false
	}
	sc.calls = c.callsIn(sc)
	opens := s.on.words(openCalls)
	opens = opens.intersect(&sc.calls)
	var covered calls
	weaker := false
	for i := range news {
		took, weak := c.covered(sc, old, &news[i])
		covered = covered.union(&took)
		weaker = weaker || weak
	}
	if sc.calls = sc.calls.without(&covered); c.overlaps(sc) {
		return loss{why: "the narrower rule no longer records its " + s.on.list(sc.calls)}, true
	}
	if sc.calls = opens; weaker && c.overlaps(sc) {
		return loss{why: "opening for reading only that creates or empties a file (O_CREAT, O_TRUNC) is no writing to perm=", soft: true}, true
	}
	return loss{}, false
}

// covered is the calls of a scene of which a new rule records all that the condition describes, and whether that leaves out odd ways to open.
func (c *Condition) covered(sc *scene, old, n *region) (calls, bool) {
	if n.never || n.list != old.list || c.asksKey() && n.key != old.key {
		return calls{}, false
	}
	for i := range n.wire.Fields {
		if !c.implies(sc, old, &n.wire.Fields[i]) {
			return calls{}, false
		}
	}
	took := n.calls.intersect(&sc.calls)
	if n.perm == 0 || old.perm != 0 && old.perm&^n.perm == 0 {
		return took, false
	}
	want := c.access()
	if want == 0 {
		missed := everyCall()
		if old.perm != 0 { // what is not of a class that is left out is asked as before
			missed = sc.on.permCalls(old.perm&^n.perm, true)
		}
		return took.without(&missed), false
	}
	weaker := want&(Write|Delete) != 0 && n.perm&Read == 0 && (old.perm == 0 || old.perm&Read != 0)
	return sc.on.permTakes(took, want, n.perm, old.perm != 0), weaker
}

func (c *Condition) asksKey() bool {
	return slices.ContainsFunc(c.tests, func(t test) bool { return t.field == ofKeys })
}

// access is the kinds of access that the condition is about, 0 for any use of a call.
func (c *Condition) access() Access {
	for i := range c.tests {
		if t := &c.tests[i]; t.field == ofCalls && !t.not && t.access != 0 {
			return t.access
		}
	}
	return 0
}

// permTakes are those of the calls of which perm= takes every use that is one of the wanted accesses. A call that only some kernels have in a class
// counts where the rule before had a perm= too: it is of the class for both or for none.
func (m machine) permTakes(of calls, want, perm Access, before bool) calls {
	for _, kind := range []Access{Read, Write, Attr, Exec, Delete} {
		if want&kind == 0 {
			continue
		}
		needs := kind
		if kind == Delete {
			needs = Write
		}
		missed := m.accessCalls(kind)
		if taken := m.permCalls(perm&needs, before); !taken.empty() {
			missed = missed.without(&taken)
		}
		of = of.without(&missed)
	}
	return of
}

// implies tells whether a field of a new rule holds for every event of the scene that the condition describes.
func (c *Condition) implies(sc *scene, old *region, f *rule.WireField) bool {
	switch f.Type {
	case fieldArch, fieldPerm, fieldKey:
		return true // looked at elsewhere
	}
	if slices.ContainsFunc(old.wire.Fields, func(o rule.WireField) bool { return sameField(o, *f) }) {
		return true
	}
	n := region{ids: everyID}
	n.narrow(sc.on, f)
	for i, values := range n.ids {
		if !values.every() {
			return f.Type != fieldExit && c.numbers(sc, ofUID+field(i)).within(values)
		}
	}
	return false
}

// numbers is what a field of an event can be that the condition describes.
func (c *Condition) numbers(sc *scene, f field) spans {
	out := sc.numbers(f)
	for i := range c.tests {
		if t := &c.tests[i]; t.field == f {
			out = out.intersect(t.wanted())
		}
	}
	return out
}

// sameField tells whether two fields ask the same. A slash at the end of dir= is another spelling.
func sameField(a, b rule.WireField) bool {
	a.Str, b.Str = strings.TrimRight(a.Str, "/"), strings.TrimRight(b.Str, "/")
	if a.Str != "" || b.Str != "" {
		a.Value, b.Value = 0, 0
	}
	return a == b
}
