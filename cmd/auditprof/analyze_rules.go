package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// analyzedRules is the rule set that a log is held against, as it was asked for: which host it is for is known later.
type analyzedRules struct {
	source   *ruleset.Source // nil: no --rules
	live     *ruleset.Set    // the rules that this kernel holds, nil: none
	snapshot *match.Snapshot // nil: none
	target   ruleset.Target  // of --target
	flag     string          // what that is called
	strict   bool
	name     string   // for the report, empty where there are no rules
	remarks  []string // about where the rules come from
}

// openRules reads --rules, or asks the kernel where that is wanted, and reads --host-snapshot. All its errors are of the command line.
func (c Command) openRules(f readingFlags, askKernel bool) (*analyzedRules, error) {
	r := &analyzedRules{strict: f.strict, flag: f.targetFlag}
	var err error
	if r.target, err = ruleset.ParseTarget(f.target); err != nil {
		return nil, usageError{fmt.Errorf("--%s%w", strings.TrimSuffix(f.targetFlag, "target"), err)}
	}
	if r.snapshot, err = readSnapshot(f.snapshot); err != nil {
		return nil, usageError{err}
	}
	switch {
	case len(f.rules) > 0:
		if r.source, err = ruleset.Open(f.rules, c.In, ruleset.ListingDetect); err != nil {
			return nil, usageError{err}
		}
		r.name = rulesName(f.rules)
	case askKernel:
		r.askKernel()
	}
	return r, nil
}

// askKernel takes the rules that are loaded here. Where there are none to be had the log's keys are all that is left, which is no error: the
// report says so.
func (r *analyzedRules) askKernel() {
	set, err := ruleset.Live()
	switch {
	case err == nil:
		r.live, r.name = set, "the rules loaded here"
		r.remarks = append(r.remarks, "no --rules: the log is held against the rules that are loaded in this kernel now")
	case errors.Is(err, ruleset.ErrNoRules):
		r.remarks = append(r.remarks, "no --rules, and none are loaded in this kernel: events are told by their keys alone")
	default:
		r.remarks = append(r.remarks, fmt.Sprintf("no --rules, and those of this kernel cannot be listed (%v): events are told by their keys alone", err))
	}
}

// rulesName is what a report calls the rules: the names as typed, without the folders above.
func rulesName(paths []string) string {
	var names []string
	for _, p := range paths {
		names = append(names, setName(p))
	}
	if len(names) > 3 {
		return fmt.Sprintf("%d rule files", len(names))
	}
	return strings.Join(names, ", ")
}

func readSnapshot(path string) (*match.Snapshot, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--host-snapshot: %w", err)
	}
	defer f.Close()
	s, err := match.DecodeSnapshot(f)
	if err != nil {
		return nil, fmt.Errorf("--host-snapshot %s: %w", filepath.Base(path), err)
	}
	return s, nil
}

// loaded is a rule set as one host's kernel holds it.
type loaded struct {
	matcher *match.Matcher  // nil: there are no rules
	set     *ruleset.Set    // that it is made of
	options ruleset.Options // with which its text was compiled
	orders  []analyze.Order // the same rules as they may have been loaded as well
	rules   []match.Rule
	target  ruleset.Target // as it was taken, completed where nobody says
	refused []string       // lines that are not loaded
	remarks []string
}

// load reads the rules as the host does that --target and the log speak of, and as the log says that they were loaded.
func (r *analyzedRules) load(seen *witness) (*loaded, error) {
	l := &loaded{target: r.target.Or(seen.host.Target())}
	l.options = ruleset.Options{Target: l.target, Strict: r.strict}
	if r.snapshot != nil {
		l.options = l.options.WithSnapshot(r.snapshot)
	}
	set := r.live
	if r.source != nil {
		var err error
		if set, err = r.source.Compile(l.options); err != nil {
			return nil, usageError{err}
		}
	}
	if set == nil {
		return l, nil
	}
	set = set.ApplyConfigChanges(&seen.changes)
	l.set, l.rules = set, set.Rules
	l.target, _ = l.target.Complete() // Compile has said what was not known
	l.refused, l.remarks = texts(set.Refused), texts(set.Remarks)
	for i := range l.remarks { // ruleset knows one name of it
		l.remarks[i] = strings.Replace(l.remarks[i], "nor --target says", "nor --"+r.flag+" says", 1)
	}
	var err error
	if l.matcher, err = r.matcher(set, l.target); err != nil {
		return nil, err
	}
	for _, other := range set.Others {
		m, err := r.matcher(other, l.target)
		if err != nil {
			return nil, err
		}
		l.orders = append(l.orders, analyze.NewOrder(l.matcher, m))
	}
	return l, nil
}

func (r *analyzedRules) matcher(set *ruleset.Set, t ruleset.Target) (*match.Matcher, error) {
	m, err := match.New(set.Rules, r.host(t))
	if err != nil {
		return nil, usageError{err}
	}
	return m, nil
}

// host is what is known of the machine that wrote the log.
func (r *analyzedRules) host(t ruleset.Target) match.Host {
	return match.Host{Machine: t.Machine, Kernel: t.Kernel, Snapshot: r.snapshot}
}

// same tells whether o decides as l does.
func (l *loaded) same(o *loaded) bool {
	if l.target != o.target || len(l.orders) != len(o.orders) || !reflect.DeepEqual(l.rules, o.rules) {
		return false
	}
	for i := range l.orders {
		if !reflect.DeepEqual(l.orders[i].Matcher.Rules(), o.orders[i].Matcher.Rules()) {
			return false
		}
	}
	return true
}

func texts(remarks []ruleset.Remark) []string {
	var list []string
	for _, r := range remarks {
		list = append(list, r.String())
	}
	return list
}

// ids name the rules for a profile.
func (l *loaded) ids() []analyze.RuleID {
	var ids []analyze.RuleID
	for i, r := range l.rules {
		ids = append(ids, ruleID(r, i))
	}
	return ids
}

// targetText is what wrote the log, as far as it is known.
func targetText(t ruleset.Target) string {
	var parts []string
	if !t.Kernel.IsZero() {
		parts = append(parts, fmt.Sprintf("kernel %s", t.Kernel))
	}
	if t.Auditctl != 0 {
		parts = append(parts, fmt.Sprintf("auditctl %s", t.Auditctl))
	}
	return strings.Join(parts, ", ")
}
