package ruleset

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// firstPlaceholder is the first number that stands for a user or group nobody has given a number: so high that no log has it honestly.
// The last of 32 bits is "unset" and none of them.
const (
	firstPlaceholder = 0xffff0000
	lastPlaceholder  = 0xfffffffe
)

// ids give names their numbers, or a placeholder.
type ids struct {
	known        func(name string) (uint32, bool)
	placeholders map[string]uint32
	names        map[uint32]string
	next         *uint32
}

func newIDs(known func(string) (uint32, bool), next *uint32) *ids {
	return &ids{known: known, placeholders: map[string]uint32{}, names: map[uint32]string{}, next: next}
}

// number is what stands for a name in a rule: for root 0 everywhere.
func (t *ids) number(name string) (uint32, bool) {
	if name == "root" {
		return 0, true
	}
	if t.known != nil {
		if id, ok := t.known(name); ok {
			return id, true
		}
	}
	if id, ok := t.placeholders[name]; ok {
		return id, true
	}
	// auditctl looks these up as names too, and no host has them.
	if name == "unset" || strings.HasPrefix(name, "-") || *t.next > lastPlaceholder {
		return 0, false
	}
	id := *t.next
	*t.next++
	t.placeholders[name], t.names[id] = id, name
	return id, true
}

// unknown are the fields of a rule that hold a placeholder.
func unknown(w rule.Wire, users, groups *ids) []match.UnknownID {
	var out []match.UnknownID
	for i, f := range w.Fields {
		if name, ok := users.names[f.Value]; ok && holdsUser(f.Type) {
			out = append(out, match.UnknownID{Field: i, Name: name})
		}
		if name, ok := groups.names[f.Value]; ok && holdsGroup(f.Type) {
			out = append(out, match.UnknownID{Field: i, Name: name, Group: true})
		}
	}
	return out
}

func holdsUser(typ uint32) bool {
	return typ >= 1 && typ <= 4 || typ == fieldAUID || typ == fieldObjUID
}
func holdsGroup(typ uint32) bool { return typ >= 5 && typ <= 8 || typ == fieldObjGID }
