//go:build linux && amd64

package matchtest

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// KeyPrefix begins the one key of each loaded rule; its index in the rules of the log follows.
const KeyPrefix = "mt"

// Loaded is a rule that the kernel took.
type Loaded struct {
	Line string // as in a rule file
	Rule *rule.Rule
	Wire rule.Wire // as the line says it
}

// parseLine compiles one rule as the installed auditctl would on this machine.
func parseLine(line string) (Loaded, error) {
	s, err := rule.ParseFile("rules.rules", strings.NewReader(line+"\n"))
	if err != nil {
		return Loaded{}, err
	}
	if len(s.Rules()) != 1 || len(s.Controls()) > 0 {
		return Loaded{}, fmt.Errorf("%s: not one rule", line)
	}
	r := s.Rules()[0]
	if r.List == rule.ListTask {
		return Loaded{}, fmt.Errorf("%s: rules of the task list outlive a run: leave it out", line)
	}
	w, _, err := rule.Compile(r, rule.Env{Machine: names.ArchX86_64, Dialect: rule.Dialect3_0, IsDir: func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.IsDir()
	}})
	return Loaded{Line: line, Rule: r, Wire: w}, err
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
