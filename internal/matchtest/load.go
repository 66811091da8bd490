//go:build linux && amd64

package matchtest

import (
	"os"
	"strconv"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// KeyPrefix begins the one key of each loaded rule; its index in the rules of the log follows.
const KeyPrefix = "mt"

// isDirectory is what auditctl asks of the path of a -w.
func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// keyed is the rule with one key that no other rule has. Rules of lists that record no events stay as they are: there a key changes what
// a rule does (kernel/auditfilter.c: audit_filter).
func (l Loaded) keyed(i int) rule.Wire {
	w := l.Wire
	if w.List != rule.ListExit {
		return w
	}
	w.Fields = nil
	for _, f := range l.Wire.Fields {
		if f.Type != rule.FieldFilterKey {
			w.Fields = append(w.Fields, f)
		}
	}
	key := KeyPrefix + strconv.Itoa(i)
	w.Fields = append(w.Fields, rule.WireField{Type: rule.FieldFilterKey, Op: rule.OpEqual, Str: key, Value: uint32(len(key))})
	return w
}

// suppresses tells the rules that leave no trace: without them a script's events are all in the log, with all their records.
func (l Loaded) suppresses() bool {
	return l.Wire.List != rule.ListExit || l.Wire.Action == rule.ActionNever
}
