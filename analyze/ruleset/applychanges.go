package ruleset

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// ApplyConfigChanges is the set as the log says that it was loaded: without the lines that the kernel refused when the set was loaded,
// with the files of a rules.d in the order in which they were, with rules that the kernel removed by itself bounded to the part of the log
// before, and with what the records say of -w being a file or a directory. What was added or removed by hand is remarked. s stays as it
// is. A set of a live kernel is not changed: it is what is loaded now, and nobody knows what was before.
func (s *Set) ApplyConfigChanges(c *Changes) *Set {
	out, by := s.apply(c)
	if len(s.Others) == 0 {
		return out
	}
	var all, fit []*Set
	for _, other := range s.Others {
		o, byOther := other.apply(c)
		if all = append(all, o); byOther != loaderNone {
			fit, by = append(fit, o), max(by, byOther)
		}
	}
	const unknown = "events that another rule records in another order are unknown"
	switch {
	case !out.loaded && len(fit) == 0 && !c.byAugenrules():
		out.Others = all
		out.remark(rule.Pos{}, "the log holds no load of these rules, and tools differ in the order of the files of the rules directory: "+unknown)
	case len(fit) == 0 || out.loaded && by == loaderAugenrules:
	case out.loaded && by == loaderAnybody:
		out.Others = fit
		out.remark(rule.Pos{}, "the log does not tell in which order the files of the rules directory were loaded: "+unknown)
	default:
		out = fit[0]
		out.Others = fit[1:]
		out.remark(rule.Pos{}, "the files of the rules directory were loaded in the order "+out.fileOrder()+", as the log shows; augenrules would have another")
	}
	return out
}

// byAugenrules tells whether the log shows augenrules loading whatever it was: then the host has its order.
func (c *Changes) byAugenrules() bool {
	return slices.ContainsFunc(c.list, func(ch change) bool { return ch.kind == changeAdd && ch.file == augenrulesFile })
}

// loader is what a log says of who loaded a set.
type loader uint8

const (
	loaderNone       loader = iota // no load in the log is of this set
	loaderAnybody                  // it does not say
	loaderOther                    // auditctl, from a file that is not augenrules'
	loaderAugenrules               // auditctl, from the file that augenrules makes
)

// augenrulesFile is what augenrules makes of a rules.d and gives to auditctl -R (audit-userspace init.d/augenrules).
const augenrulesFile = "/etc/audit/audit.rules"

// loaderOf tells who made the first of some loads.
func loaderOf(rows []load, list []change) loader {
	if len(rows) == 0 {
		return loaderNone
	}
	switch list[rows[0].from].file {
	case "":
		return loaderAnybody
	case augenrulesFile:
		return loaderAugenrules
	}
	return loaderOther
}

// fileOrder are the files in the order of their first rules.
func (s *Set) fileOrder() string {
	var files []string
	for _, a := range s.attempts {
		if name := path.Base(a.at.file); !slices.Contains(files, name) {
			files = append(files, name)
		}
	}
	const few = 4
	if len(files) > few {
		files = append(files[:few], "…")
	}
	return strings.Join(files, ", ")
}

// apply does it for one order of the files, and tells who loaded the set in this order.
func (s *Set) apply(c *Changes) (out *Set, by loader) {
	clone := *s
	out = &clone
	out.Rules, out.Refused, out.Remarks, out.Others = slices.Clone(s.Rules), slices.Clone(s.Refused), slices.Clone(s.Remarks), nil
	switch {
	case s.Live || len(c.list) == 0 && len(c.updated) == 0:
		return out, loaderNone
	case len(c.nodes) > 1:
		out.remark(rule.Pos{}, "the log is of more than one host: what it says of rules being loaded and removed is not applied")
		return out, loaderNone
	case c.dropped:
		out.remark(rule.Pos{}, fmt.Sprintf("the log says of more than %d rules being loaded and removed: the later ones are not looked at", maxChanges))
	}
	list := s.changes(c)
	out.settleKinds(list, c.updated)
	out.applyRemovals(list)
	if len(s.attempts) == 0 {
		return out, loaderNone // a listing is what is loaded, in no order of lines
	}
	ours := out.applyLoads(loads(list), list)
	out.remarkByHand(list, ours)
	out.loaded = len(ours) > 0
	return out, loaderOf(ours, list)
}

// changes are those of the log, without their keys where no rule of the set has one: then the keys were taken out of the rules.
func (s *Set) changes(c *Changes) []change {
	if slices.ContainsFunc(s.Rules, func(r match.Rule) bool { return labelOf(r).key != "" }) {
		return c.list
	}
	list := slices.Clone(c.list)
	for i := range list {
		list[i].rule.key = ""
	}
	return list
}
