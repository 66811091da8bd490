package compare

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Kinds of change of a rule.
const (
	Added   = "added"
	Removed = "removed"
	Moved   = "moved"   // the same rule at another place among those that stayed: the first match decides
	Changed = "changed" // another text with the same list and key, and alike
)

// RuleChange is one rule that is not what or where it was. Old is nil for an added one, New for a removed one.
type RuleChange struct {
	Kind string `json:"kind"`
	Old  *Rule  `json:"old,omitempty"`
	New  *Rule  `json:"new,omitempty"`
}

// pairing says which rules of two sets are the same one.
type pairing struct {
	newOf []int // by index of the old rule: that of the new one, -1 for none
	oldOf []int
	kind  []string // by index of the new rule: "", Moved, Changed or Added
}

// pair finds the new rule of each old one: first by text, then by likeness.
func pair(before, after []Rule) pairing {
	p := pairing{newOf: none(len(before)), oldOf: none(len(after)), kind: make([]string, len(after))}
	p.byText(before, after)
	p.moved()
	p.byLikeness(before, after)
	for j, i := range p.oldOf {
		if i < 0 {
			p.kind[j] = Added
		}
	}
	return p
}

func none(n int) []int {
	xs := make([]int, n)
	for i := range xs {
		xs[i] = -1
	}
	return xs
}

func (p pairing) join(i, j int) { p.newOf[i], p.oldOf[j] = j, i }

func plain(text string) string { return strings.Join(strings.Fields(text), " ") }

// byText joins equal texts; of several the first with the first.
func (p pairing) byText(before, after []Rule) {
	at := map[string][]int{}
	for i, r := range before {
		at[plain(r.Text)] = append(at[plain(r.Text)], i)
	}
	for j, r := range after {
		if same := at[plain(r.Text)]; len(same) > 0 {
			p.join(same[0], j)
			at[plain(r.Text)] = same[1:]
		}
	}
}

// moved marks those that must have moved: all outside of a longest row of rules that kept their order.
func (p pairing) moved() {
	var tails, tailAt []int // patience: the smallest old index that ends a row of each length, and the new index it is at
	before := none(len(p.oldOf))
	for j, i := range p.oldOf {
		if i < 0 {
			continue
		}
		n := sort.SearchInts(tails, i)
		if n == len(tails) {
			tails, tailAt = append(tails, i), append(tailAt, j)
		} else {
			tails[n], tailAt[n] = i, j
		}
		if n > 0 {
			before[j] = tailAt[n-1]
		}
	}
	stayed := map[int]bool{}
	for j := last(tailAt); j >= 0; j = before[j] {
		stayed[j] = true
	}
	for j, i := range p.oldOf {
		if i >= 0 && !stayed[j] {
			p.kind[j] = Moved
		}
	}
}

func last(xs []int) int {
	if len(xs) == 0 {
		return -1
	}
	return xs[len(xs)-1]
}

// mostLike bounds the comparisons of rules with the same list and key: sets that share nothing are not worth more.
const mostLike = 200_000

// alike is the least share of common words, of all words of both, at which two rules are one that was changed.
const alike = 0.5

// byLikeness joins, among the rest, rules of the same list and key that have most in common, the most alike first.
func (p pairing) byLikeness(before, after []Rule) {
	type likeness struct {
		i, j  int
		share float64
	}
	old := map[string][]int{}
	for i, j := range p.newOf {
		if j < 0 {
			old[kin(before[i].Text)] = append(old[kin(before[i].Text)], i)
		}
	}
	var all []likeness
	compared := 0
	for j, i := range p.oldOf {
		if i >= 0 {
			continue
		}
		kindred := old[kin(after[j].Text)]
		if compared += len(kindred); compared > mostLike {
			break
		}
		for _, i := range kindred {
			if s := common(before[i].Text, after[j].Text); s >= alike {
				all = append(all, likeness{i, j, s})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b likeness) int { return cmp.Compare(b.share, a.share) })
	for _, l := range all {
		if p.newOf[l.i] < 0 && p.oldOf[l.j] < 0 {
			p.join(l.i, l.j)
			p.kind[l.j] = Changed
		}
	}
}

// kin is what a rule keeps when it is changed: its list, and its keys.
func kin(text string) string {
	words := strings.Fields(text)
	var keep []string
	for k, w := range words {
		switch {
		case w == "-a" || w == "-A":
			if k+1 < len(words) {
				keep = append(keep, listOf(words[k+1]))
			}
		case w == "-w":
			keep = append(keep, "exit") // a watch is a rule of the exit list, and often becomes one that says so
		case w == "-k" && k+1 < len(words):
			keep = append(keep, "key="+words[k+1])
		case strings.HasPrefix(w, "key="):
			keep = append(keep, w)
		}
	}
	slices.Sort(keep)
	return strings.Join(slices.Compact(keep), " ")
}

func listOf(word string) string {
	for _, part := range strings.Split(word, ",") {
		if part != "always" && part != "never" {
			return part
		}
	}
	return word
}

// common is the share of words that two rules have in common, 0 to 1: each syscall of an -S is a word, so that one more changes little.
func common(a, b string) float64 {
	x, y := bag(a), bag(b)
	both := 0
	for w, n := range x {
		both += min(n, y[w])
	}
	all := 0
	for _, n := range x {
		all += n
	}
	for _, n := range y {
		all += n
	}
	return 2 * float64(both) / float64(max(all, 1))
}

func bag(text string) map[string]int {
	words := map[string]int{}
	for _, w := range strings.Fields(text) {
		for _, name := range []string{"path=", "dir=", "perm=", "key="} { // a watch says the same with -w, -p and -k
			w = strings.TrimPrefix(w, name)
		}
		for _, part := range strings.Split(w, ",") {
			words[part]++
		}
	}
	return words
}

// changes lists what is not as it was: in the order of the new set, removed rules where they stood.
func (p pairing) changes(before, after []Rule) []RuleChange {
	list := []RuleChange{}
	i := 0
	removedUpTo := func(end int) {
		for ; i < end; i++ {
			if p.newOf[i] < 0 {
				list = append(list, RuleChange{Kind: Removed, Old: &before[i]})
			}
		}
	}
	for j := range after {
		switch k := p.kind[j]; k {
		case Added:
			list = append(list, RuleChange{Kind: Added, New: &after[j]})
		case Moved:
			list = append(list, RuleChange{Kind: k, Old: &before[p.oldOf[j]], New: &after[j]})
		default:
			removedUpTo(p.oldOf[j])
			if k == Changed {
				list = append(list, RuleChange{Kind: k, Old: &before[p.oldOf[j]], New: &after[j]})
			}
		}
	}
	removedUpTo(len(before))
	return list
}

// mostBecause bounds the changes that are named as a reason.
const mostBecause = 3

// above are the changes of exclusions that stand, or stood, above the old rule i: the first match decides, so they decide what is left for it.
func (p pairing) above(i int, before, after []Rule) (list []RuleChange) {
	for k := range i {
		if p.newOf[k] < 0 && excludes(before[k]) {
			list = append(list, RuleChange{Kind: Removed, Old: &before[k]})
		}
	}
	for k := range p.newOf[i] {
		switch kind := p.kind[k]; {
		case !excludes(after[k]) || kind == "":
		case kind == Added:
			list = append(list, RuleChange{Kind: kind, New: &after[k]})
		default:
			list = append(list, RuleChange{Kind: kind, Old: &before[p.oldOf[k]], New: &after[k]})
		}
	}
	return list[:min(len(list), mostBecause)]
}

// excludes tells a rule that keeps events from being recorded.
func excludes(r Rule) bool {
	words := strings.Fields(r.Text)
	return len(words) > 1 && (words[0] == "-a" || words[0] == "-A") && slices.Contains(strings.Split(words[1], ","), "never")
}
