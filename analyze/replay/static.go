package replay

import (
	"slices"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Dropped is a rule of the base that records what no rule of the new set by itself records as a whole.
type Dropped struct {
	Rule int // of the base
	// Gone: no new rule is about any of it. Else there is one that may record all, or a part.
	Gone bool
}

// DroppedRules compares always rules without a log: what a log does not hold is not lost in it. A rule is not dropped where the new set has it, or a
// wider one.
func DroppedRules(base, now []match.Rule) (list []Dropped) {
	is, was := sameRules(base, now), sameRules(now, base)
	for i := range base {
		if hides(&base[i]) || onFilters(&base[i]) || is[i] != NoRule || replaced(&base[i], i, now, was) {
			continue
		}
		gone := !slices.ContainsFunc(now, func(r match.Rule) bool { return touches(&r, &base[i]) })
		list = append(list, Dropped{i, gone})
	}
	return list
}

// replaced tells whether a wider rule of now records all that rule i of the base did. One below a never rule that stood below rule i does not.
func replaced(r *match.Rule, i int, now []match.Rule, was []int) bool {
	for n := range now {
		if covers(&now[n], r) {
			return true
		}
		if hides(&now[n]) && now[n].Forms[0].List == r.Forms[0].List && was[n] > i && mayTake(&now[n], r) {
			return false
		}
	}
	return false
}

// touches tells whether an always rule may record what another did, but for a sliver: the same list, a system call that both have, and no other
// file. A rule on a file or a folder does not replace one that is on none.
func touches(r, of *match.Rule) bool {
	a, b := &r.Forms[0], &of.Forms[0]
	if a.Action != rule.ActionAlways || a.List != b.List {
		return false
	}
	common := false
	for i := range a.Mask {
		common = common || a.Mask[i]&b.Mask[i] != 0
	}
	return common && !otherFile(a, b) && !otherArch(a, b)
}

// fieldArch is AUDIT_ARCH (include/uapi/linux/audit.h).
const fieldArch = 11

// otherArch tells whether two rules are each of one architecture, and not of the same: the same bits of the mask are other calls there.
func otherArch(a, b *rule.Wire) bool {
	arch := func(w *rule.Wire) uint32 {
		for _, f := range w.Fields {
			if f.Type == fieldArch && f.Op == rule.OpEqual {
				return f.Value
			}
		}
		return 0
	}
	x, y := arch(a), arch(b)
	return x != 0 && y != 0 && x != y
}

// otherFile tells whether a rule is on a file or a folder, and the other on none or one elsewhere.
func otherFile(a, b *rule.Wire) bool {
	x, y := fileOf(a), fileOf(b)
	return x != "" && !within(x, y) && !within(y, x)
}

func fileOf(w *rule.Wire) string {
	for _, f := range w.Fields {
		if (f.Type == rule.FieldWatch || f.Type == rule.FieldDir) && f.Op == rule.OpEqual {
			return f.Str
		}
	}
	return ""
}

// within tells whether a file is a folder, or below it.
func within(file, folder string) bool {
	if folder == "" {
		return false
	}
	return file == folder || len(file) > len(folder) && file[:len(folder)] == folder && (folder[len(folder)-1] == '/' || file[len(folder)] == '/')
}

// Hiders are rules of the new set that take what the base would record, whether a log holds such events or not: rules that the base has not, and
// those that now stand above an always rule that stood above them. Indexes of now.
func Hiders(base, now []match.Rule) (list []int) {
	was, is := sameRules(now, base), sameRules(base, now)
	for n := range now {
		if !hides(&now[n]) {
			continue
		}
		if was[n] == NoRule {
			if slices.ContainsFunc(base, func(b match.Rule) bool { return mayTake(&now[n], &b) }) {
				list = append(list, n)
			}
			continue
		}
		for b := range was[n] {
			if sameList := base[b].Forms[0].List == now[n].Forms[0].List; sameList && !hides(&base[b]) && is[b] > n {
				list = append(list, n)
				break
			}
		}
	}
	return list
}

// mayTake tells whether a rule that hides may take something that an always rule records. Single records and whole processes it may take of any.
func mayTake(hider, of *match.Rule) bool {
	a, b := &hider.Forms[0], &of.Forms[0]
	if a.List != rule.ListExit && a.List != rule.ListIOUring {
		return true
	}
	if hides(of) || a.List != b.List || otherArch(a, b) {
		return false
	}
	x, y := fileOf(a), fileOf(b)
	if x != "" && y != "" && !within(x, y) && !within(y, x) {
		return false
	}
	for i := range a.Mask {
		if a.Mask[i]&b.Mask[i] != 0 {
			return true
		}
	}
	return false
}

// hides tells whether a rule keeps something from being recorded. All rules of the list exclude do (kernel/auditfilter.c: audit_filter).
func hides(r *match.Rule) bool {
	return r.Forms[0].Action == rule.ActionNever || r.Forms[0].List == rule.ListExclude
}
