package analyze

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
)

const (
	maxUnexplained  = 5 // events of the origin unexplained that are kept as text
	maxCandidates   = 32
	maxSets         = 256
	maxConflictKeys = 64
)

// unknownTally counts what is undecided.
type unknownTally struct {
	whys  [32]uint64
	sets  map[uint64]*Candidates
	other Count
}

// conflictTally counts events whose key contradicts the rules.
type conflictTally struct {
	Conflicts
	keys   *nameTable
	placed bool // Input and Line are of the first
}

// addDoubts counts what a decision is not sure of.
func (t *Tally) addDoubts(r *Row, n Count, sec int64) {
	for set := uint32(r.Rests); set != 0; set &= set - 1 {
		t.rests[bits.TrailingZeros32(set)]++
	}
	if r.Origin == Undecided {
		t.addUndecided(r, n)
	}
	if r.Conflict {
		t.addConflict(r, n, sec)
	}
}

func (t *Tally) addUndecided(r *Row, n Count) {
	for set := uint32(r.Why); set != 0; set &= set - 1 {
		t.unknown.whys[bits.TrailingZeros32(set)]++
	}
	for _, rule := range r.Candidates {
		if rule >= 0 && rule < len(t.rules) {
			t.rules[rule].maybe++
		}
	}
	t.unknown.add(r.Candidates, n)
}

// add counts an event for its candidates. The number by which a set is found says which rules are in it: sets with many rules have no row.
func (u *unknownTally) add(rules []int, n Count) {
	hash := uint64(len(rules))
	for _, rule := range rules {
		hash = fold(hash ^ uint64(rule+2))
	}
	set := u.sets[hash]
	if set == nil {
		if len(u.sets) >= maxSets || len(rules) > maxCandidates {
			u.other.add(n)
			return
		}
		if u.sets == nil {
			u.sets = map[uint64]*Candidates{}
		}
		set = &Candidates{Rules: append([]int{}, rules...)}
		u.sets[hash] = set
	}
	if !slices.Equal(set.Rules, rules) {
		u.other.add(n)
		return
	}
	set.Count.add(n)
}

func (u *unknownTally) profile() Unknown {
	out := Unknown{Reasons: tallied(u.whys, func(bit uint32) string { return match.Why(bit).String() }), Sets: []Candidates{}, Other: u.other}
	for _, set := range u.sets {
		out.Sets = append(out.Sets, *set)
	}
	slices.SortFunc(out.Sets, func(a, b Candidates) int { return cmp.Or(heavier(a.Count, b.Count), slices.Compare(a.Rules, b.Rules)) })
	return out
}

func tallied(counts [32]uint64, name func(bit uint32) string) []Tallied {
	out := []Tallied{}
	for bit, n := range counts {
		if n > 0 {
			out = append(out, Tallied{name(1 << bit), n})
		}
	}
	sortTallied(out)
	return out
}

func sortTallied(list []Tallied) {
	slices.SortFunc(list, func(a, b Tallied) int {
		return cmp.Or(cmp.Compare(b.Events, a.Events), strings.Compare(a.Name, b.Name))
	})
}

func (t *Tally) addConflict(r *Row, n Count, sec int64) {
	c := &t.conflicts
	if c.keys == nil {
		c.keys = newNameTable(4*maxConflictKeys, nil)
		c.FirstSec, c.LastSec = sec, sec
	}
	if !c.placed {
		c.Input, c.Line, c.placed = strings.Clone(r.Input), r.Line, true
	}
	c.Events++
	c.FirstSec, c.LastSec = min(c.FirstSec, sec), max(c.LastSec, sec)
	c.keys.add(c.keys.id(t.textOf(r, HasKey, r.Key, &t.key)), n)
}

func (c *conflictTally) profile() Conflicts {
	out := c.Conflicts
	out.Keys = []Tallied{}
	if c.keys == nil {
		return out
	}
	table := c.keys.table()
	out.KeysCut = table.Cut
	for _, row := range table.Rows {
		out.Keys = append(out.Keys, Tallied{row.Name, row.Events})
	}
	sortTallied(out.Keys)
	if more := len(out.Keys) - maxConflictKeys; more > 0 {
		out.Keys = out.Keys[:maxConflictKeys]
		out.KeysCut += uint64(more)
	}
	return out
}

// addUnexplained keeps the first few events that nothing explains, as text.
func (t *Tally) addUnexplained(r *Row) {
	if len(t.unexplained) < maxUnexplained {
		t.unexplained = append(t.unexplained, quote(r))
	}
}

// firstUnexplained are the first few in the order of the log.
func (t *Tally) firstUnexplained() []string {
	all := slices.Concat([]string{}, t.unexplained, t.unexplainedLate)
	return all[:min(len(all), maxUnexplained)]
}

// quote is an event as a report shows it: where it is, and the beginning of its first line.
func quote(r *Row) string {
	where := fmt.Sprintf("line %d", r.First.Line)
	if r.Input != "" {
		where = fmt.Sprintf("%s:%d", r.Input, r.First.Line)
	}
	return validText(fmt.Sprintf("%s: %.300s", where, r.First.Raw))
}
