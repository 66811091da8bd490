package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// Source is a candidate as the user named it.
type Source struct {
	Name string
	Set  *rule.Set
	// Bad are the lines that the grammar refuses; they are left out with KeepGoing.
	Bad rule.Errors
	// Plain: it is timed, and nothing else.
	Plain bool
}

// Errors of a candidate. All name the line.
var (
	// ErrRules: a line that does not load, or a set with nothing in it.
	ErrRules = errors.New("the rules cannot be measured")
	// ErrTaskRules: rules of the task list would outlive the run in every process forked meanwhile.
	ErrTaskRules = errors.New("rules of the task list keep their effect on every process forked during the run, and no restore mends that: leave them out, or pass --allow-task-rules on a machine that is rebooted afterwards")
	// ErrNoAuditctl: rules are loaded by the installed auditctl.
	ErrNoAuditctl = errors.New("auditctl is not installed: apt install auditd, or dnf install audit")
)

// refuse says what can be said before anything is touched.
func refuse(o Options) error {
	for _, sc := range o.Scenarios {
		if _, err := workAccounts(sc); err != nil {
			return err
		}
	}
	if o.Load == LoadAuditctl || o.Target == "" {
		if _, err := auditctlPath(); err != nil {
			return err
		}
	}
	for _, src := range o.Sets {
		if len(src.Bad) > 0 && !o.KeepGoing {
			return fmt.Errorf("%w: %w", ErrRules, src.Bad)
		}
		if len(src.Set.Rules()) == 0 {
			return fmt.Errorf("%w: %s holds no rule", ErrRules, src.Name)
		}
		for _, r := range src.Set.Rules() {
			if r.List == rule.ListTask && !o.AllowTaskRules {
				return fmt.Errorf("%s: %w", r.Pos, ErrTaskRules)
			}
		}
	}
	return nil
}

// candidate loads a set line by line, in the order in which auditctl -R would, and compares with what the kernel lists. From then on the
// binary form is what is loaded.
func (s *session) candidate(ctx context.Context, src Source, hz int) (Arm, error) {
	a := Arm{Plain: src.Plain, Info: result.Arm{Name: src.Name, Kind: result.ArmCandidate, Files: fileNames(src.Set), Sources: sources(src.Set)}}
	for _, e := range src.Bad {
		a.Info.LeftOut = append(a.Info.LeftOut, leftOut(e.Pos, lineText(src.Set, e.Pos), e.What))
	}
	wait := uint32(0)
	if err := s.lease.Apply(nil, kernel.Limits{BacklogWaitTime: &wait}); err != nil {
		return a, err
	}
	var loaded []loadedRule
	for _, l := range src.Set.Order {
		s.lease.Beat()
		if err := ctx.Err(); err != nil {
			return a, err
		}
		for _, c := range l.Controls {
			wipes, err := s.applyControl(&a, c, len(loaded), hz)
			if err != nil {
				return a, err
			}
			if wipes != nil {
				loaded = slices.DeleteFunc(loaded, wipes)
				if err := s.lease.Apply(wires(loaded), kernel.Limits{BacklogWaitTime: &wait}); err != nil {
					return a, err
				}
			}
		}
		if l.Rule == nil {
			continue
		}
		var err error
		loaded, err = s.load(ctx, loaded, l.Rule)
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return a, ctx.Err()
		}
		if !s.KeepGoing {
			return a, fmt.Errorf("%w: %w: mend the line, or leave such lines out with --keep-going", ErrRules, atLine(l.Rule, err))
		}
		a.Info.LeftOut = append(a.Info.LeftOut, refused(l.Rule, err))
	}
	if len(loaded) == 0 {
		return a, fmt.Errorf("%w: %s: no line of it loads here", ErrRules, src.Name)
	}
	slices.SortStableFunc(loaded, func(x, y loadedRule) int { return int(x.wire.List) - int(y.wire.List) })
	if err := s.listedBack(loaded); err != nil {
		return a, fmt.Errorf("%w: %w", ErrRules, err)
	}
	for _, l := range loaded {
		a.Rules = append(a.Rules, l.wire)
		a.Info.Rules = append(a.Info.Rules, result.Rule{File: l.rule.Pos.File, Line: l.rule.Pos.Line, Col: l.rule.Pos.Col, Text: l.rule.Text,
			List: l.wire.List.String(), Action: actionWord(l.wire.Action)})
	}
	a.setNoKey()
	if a.Limits.BacklogWaitTime == nil {
		a.waitAsFound(s.lease.Found(), hz)
	}
	return a, nil
}

// loadedRule is a line and what the kernel made of it.
type loadedRule struct {
	rule *rule.Rule
	wire rule.Wire
}

func wires(list []loadedRule) []rule.Wire {
	var ws []rule.Wire
	for _, l := range list {
		ws = append(ws, l.wire)
	}
	return ws
}

// loadByAuditctl runs auditctl for one rule and finds in the listing what it changed.
func (s *session) loadByAuditctl(ctx context.Context, loaded []loadedRule, r *rule.Rule) ([]loadedRule, error) {
	before, err := s.control.c.Rules()
	if err != nil {
		return loaded, err
	}
	if err := runAuditctl(ctx, s.lease, r.Args()); err != nil {
		return loaded, err
	}
	after, err := s.control.c.Rules()
	if err != nil {
		return loaded, err
	}
	switch {
	case len(after) == len(before)+1:
		i := firstDifference(before, after)
		return place(loaded, loadedRule{r, after[i]}, r.Flag == "-A"), nil
	case len(after) == len(before)-1:
		gone := before[firstDifference(after, before)]
		return slices.DeleteFunc(loaded, func(l loadedRule) bool { return l.wire.Equal(gone) }), nil
	}
	return loaded, fmt.Errorf("auditctl took it and the kernel holds %d rules, before %d", len(after), len(before))
}

// place keeps loaded in the order of evaluation within each list: -A goes before all rules of its list.
func place(loaded []loadedRule, l loadedRule, first bool) []loadedRule {
	if !first {
		return append(loaded, l)
	}
	i := slices.IndexFunc(loaded, func(o loadedRule) bool { return o.wire.List == l.wire.List })
	if i < 0 {
		return append(loaded, l)
	}
	return slices.Insert(loaded, i, l)
}

// firstDifference is the first place where the longer list has something else.
func firstDifference(short, long []rule.Wire) int {
	for i := range short {
		if !short[i].Equal(long[i]) {
			return i
		}
	}
	return len(short)
}

// auditctlLimit is generous: loading one rule takes milliseconds.
const auditctlLimit = 10 * time.Second

// runAuditctl runs it without a shell: every word of the line is one argument. It runs under the lease, so that none outlives a killed bench
// and adds its rule after the restore; and in a group of its own, so that Ctrl-C ends it through ctx and is not taken for a refused line.
func runAuditctl(ctx context.Context, lease starter, args []string) error {
	path, err := auditctlPath()
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, auditctlLimit)
	defer cancel()
	cmd := exec.CommandContext(limited, path, args...)
	cmd.Env = []string{"LANG=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := lease.Start(cmd, false); err != nil {
		return fmt.Errorf("start auditctl: %w", err)
	}
	ended := cmd.Wait()
	if err := lease.Untrack(cmd.Process.Pid); err != nil {
		return err
	}
	if ended != nil {
		return errors.New(auditctlSays(out.String(), ended))
	}
	return nil
}

// auditctlSays is auditctl's own words on one line.
func auditctlSays(out string, err error) string {
	words := oneLine(out)
	if words == "" {
		return fmt.Sprintf("auditctl failed without a word (%v)", err)
	}
	return "auditctl: " + words
}

func auditctlPath() (string, error) {
	for _, p := range []string{"auditctl", "/usr/sbin/auditctl", "/sbin/auditctl"} {
		if full, err := exec.LookPath(p); err == nil {
			return full, nil
		}
	}
	return "", ErrNoAuditctl
}

// auditctlVersion is "3.0.9", or "" where it cannot be asked.
func auditctlVersion() string {
	path, err := auditctlPath()
	if err != nil {
		return ""
	}
	out, err := exec.Command(path, "-v").Output()
	if err != nil {
		return ""
	}
	f := strings.Fields(string(out))
	if len(f) == 0 {
		return ""
	}
	return f[len(f)-1]
}

// atLine gives an error the place of its line, unless it names a place itself.
func atLine(r *rule.Rule, err error) error {
	var list rule.Errors
	if errors.As(err, &list) {
		return list
	}
	return fmt.Errorf("%s: %w", r.Pos, err)
}

// refused is a line left out, with the column of what is wrong in it where that is known.
func refused(r *rule.Rule, err error) result.LeftOut {
	var list rule.Errors
	if errors.As(err, &list) {
		e := list[0]
		why := e.What
		if e.Legal != "" {
			why += ": " + e.Legal
		}
		return leftOut(e.Pos, r.Text, why)
	}
	return leftOut(r.Pos, r.Text, err.Error())
}

func leftOut(p rule.Pos, text, why string) result.LeftOut {
	return result.LeftOut{File: p.File, Line: p.Line, Col: p.Col, Text: text, Why: why}
}

func lineText(set *rule.Set, p rule.Pos) string {
	for _, f := range set.Files {
		if f.Name == p.File && p.Line >= 1 && p.Line <= len(f.Lines) {
			return f.Lines[p.Line-1].Text
		}
	}
	return ""
}

func fileNames(set *rule.Set) []string {
	var names []string
	for _, f := range set.Files {
		names = append(names, f.Name)
	}
	return names
}

func actionWord(a rule.Action) string {
	if a == rule.ActionNever {
		return "never"
	}
	return "always"
}
