package bench

import (
	"strconv"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// MuteField is the test that ends every always rule of a mute copy, in auditctl's words. A personality that no Linux program has, so it is
// compared (kernel/auditsc.c: audit_filter_rules, AUDIT_PERS: one load and one compare) and never true.
const MuteField = "pers=0x5a5a5a5a"

const muteValue = 0x5a5a5a5a

// Mute is a copy of a rule set that filters as the set does and records nothing: the filter tax without the record cost.
// It is an upper bound of the tax, since the kernel walks on past the rule that would have matched. It also counts the always rules that
// have no field left for the test and stay as they are.
func Mute(rules []rule.Wire) (mute []rule.Wire, notMuted int) {
	for _, w := range rules {
		if w.Action == rule.ActionAlways && recordsSyscalls(w.List) {
			m, ok := w.WithField(rule.FieldPers, rule.OpEqual, muteValue)
			if !ok {
				notMuted++
			}
			w = m
		}
		mute = append(mute, w)
	}
	return mute, notMuted
}

// recordsSyscalls tells the lists whose always rules make events of system calls and name them by key.
// The kernel takes neither keys nor personality seriously on the others (kernel/auditfilter.c: audit_filter).
func recordsSyscalls(l rule.List) bool {
	return l == rule.ListExit || l == rule.ListTask || l == rule.ListIOUring
}

// KeyPrefix begins the extra key of every rule in a keyed copy; the rule's index follows.
const KeyPrefix = "auditprof."

// Keyed is a copy of a rule set in which every rule that records events carries one unique extra key, and for each rule "" or why it could
// not get one. never rules are keyed too: it changes nothing, they record nothing.
func Keyed(rules []rule.Wire) (keyed []rule.Wire, noKey []string) {
	for i, w := range rules {
		why := ""
		switch {
		case !recordsSyscalls(w.List):
			why = "the " + w.List.String() + " list records no event of its own"
		default:
			k, ok := w.WithExtraKey(KeyPrefix + strconv.Itoa(i))
			if !ok {
				why = "no room for one more key"
			}
			w = k
		}
		keyed, noKey = append(keyed, w), append(noKey, why)
	}
	return keyed, noKey
}
