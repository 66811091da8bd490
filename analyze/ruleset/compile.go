package ruleset

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Compile gives the text the form in which the target's kernel holds it. It fails with ErrNoRules where no line loads.
func (s *Source) Compile(o Options) (*Set, error) {
	set, err := s.compile(o)
	if err != nil {
		return nil, err
	}
	for _, parts := range s.otherOrders() {
		if other, err := (&Source{parts}).compile(o); err == nil {
			set.Others = append(set.Others, other)
		}
	}
	return set, nil
}

func (s *Source) compile(o Options) (*Set, error) {
	target, remarks := o.Target.Complete()
	next := uint32(firstPlaceholder)
	c := &compiler{o: o, set: &Set{}, users: newIDs(o.User, &next), groups: newIDs(o.Group, &next), loaded: newHeld()}
	c.env = rule.Env{Machine: target.Machine, Dialect: target.Auditctl, User: c.users.number, Group: c.groups.number}
	for _, r := range remarks {
		c.set.remark(rule.Pos{}, r)
	}
	c.parents = parents(s)
	for _, p := range s.parts {
		c.part(p)
	}
	c.set.Rules = c.loaded.rules()
	if len(c.set.Rules) == 0 {
		return nil, c.nothing()
	}
	return c.set, nil
}

// compiler carries out the lines of rule files as auditctl and the kernel would.
type compiler struct {
	o       Options
	env     rule.Env
	set     *Set
	users   *ids
	groups  *ids
	parents map[string]bool
	loaded  *held
	listed  *listed         // inside a listing
	locked  map[string]bool // files that have locked the rules with -e 2
	goesOn  bool            // -c or -i was read
	stopped rule.Pos        // the line at which a strict load ended
	added   int             // rule lines that compiled
}

// maxRules is more than any kernel is given; each takes about a kilobyte here.
const maxRules = 100_000

// nothing says why no line is loaded.
func (c *compiler) nothing() error {
	why := make([]error, 0, 1)
	if len(c.set.Refused) > 0 {
		why = append(why, errors.New(c.set.Refused[0].String()))
	}
	return errors.Join(append([]error{fmt.Errorf("%w that loads (%d lines refused)", ErrNoRules, len(c.set.Refused))}, why...)...)
}

func (c *compiler) part(p part) {
	c.listed = nil
	if p.listing {
		c.listed = &listed{machine: c.env.Machine}
	}
	if p.listing && !p.live {
		c.set.remark(rule.Pos{File: p.set.Files[0].Name}, "read as what auditctl -l prints: it does not say whether a -w is always or never, nor whether it watches a file or a directory")
	}
	for _, s := range steps(p) {
		if c.stopped.Line > 0 {
			return
		}
		c.step(s)
	}
}

// step carries out one line.
func (c *compiler) step(s step) {
	if s.line.Kind == rule.KindBad {
		why := "refused by auditctl"
		for _, e := range s.bad {
			why = said(e)
		}
		c.fails(s.line.Pos, why)
		return
	}
	for _, e := range s.bad {
		c.set.remark(e.Pos, said(e))
	}
	for _, ctl := range s.line.Controls {
		c.control(ctl)
	}
	if s.line.Rule != nil {
		c.rule(s.line.Rule)
	}
}

// said is an error without its place.
func said(e *rule.Error) string {
	if e.Legal == "" {
		return e.What
	}
	return e.What + ": " + e.Legal
}

// fails keeps a line that is not loaded, and ends a strict load.
func (c *compiler) fails(pos rule.Pos, why string) {
	c.set.refuse(pos, why)
	if c.o.Strict && !c.goesOn && c.listed == nil {
		c.stopped = pos
		c.set.remark(pos, "auditctl -R stops at this line: nothing behind it is loaded")
	}
}

func (c *compiler) control(ctl rule.Control) {
	switch ctl.Option {
	case "-D":
		c.loaded.wipe(ctl.Key)
	case "-c", "-i":
		c.goesOn = true
	case "-e":
		if ctl.Number == 2 {
			if c.locked == nil {
				c.locked = map[string]bool{}
			}
			c.locked[ctl.Pos.File] = true
		}
	}
}

func (c *compiler) rule(r *rule.Rule) {
	if c.locked[r.Pos.File] {
		c.fails(r.Pos, "the rules are locked by -e 2 before this line")
		return
	}
	if c.added == maxRules {
		c.fails(r.Pos, fmt.Sprintf("more than %d rules", maxRules))
		return
	}
	m, err := c.compile(r)
	if err != nil {
		c.fails(r.Pos, err.Error())
		return
	}
	c.added++
	prependBroken := c.env.Dialect >= 4_00_04 && c.env.Dialect < 4_01_01
	if r.Flag == "-A" && prependBroken && c.listed == nil {
		c.fails(r.Pos, fmt.Sprintf("auditctl %s deletes a rule when it is given -A", c.env.Dialect))
		c.loaded.remove(m)
		return
	}
	switch r.Flag {
	case "-d", "-W":
		if !c.loaded.remove(m) {
			c.fails(r.Pos, "no such rule is loaded that could be deleted")
		}
	case "-A":
		c.attempt(m)
		c.loaded.prepend(m)
	default:
		c.attempt(m)
		if !c.loaded.add(m) {
			c.fails(r.Pos, "the same rule is loaded already (Rule exists)")
		}
	}
}

// attempt notes what auditctl sends to the kernel. A listing is no load.
func (c *compiler) attempt(m match.Rule) {
	if c.listed != nil {
		return
	}
	names := slices.ContainsFunc(m.Forms[0].Fields, func(f rule.WireField) bool {
		return f.Type == rule.FieldWatch || f.Type == rule.FieldDir || f.Type == rule.FieldExe
	})
	c.set.attempts = append(c.set.attempts, attempt{place{m.Pos.File, m.Pos.Line}, labelOf(m), names || len(m.Unknown) > 0})
}

// compile gives all forms that a line may have in the kernel.
func (c *compiler) compile(r *rule.Rule) (match.Rule, error) {
	m := match.Rule{Pos: r.Pos, Text: strings.TrimSpace(r.Text)}
	forms, err := c.forms(r)
	if err != nil {
		return m, err
	}
	for _, w := range forms {
		if why := KernelRefuses(w); why != "" {
			return m, errors.New("the kernel refuses it: " + why)
		}
	}
	m.Forms = forms
	m.Unknown = unknown(forms[0], c.users, c.groups)
	return m, nil
}

func (c *compiler) forms(r *rule.Rule) ([]rule.Wire, error) {
	if c.listed != nil {
		return c.listedForms(r)
	}
	return c.textForms(r, c.env)
}

// textForms are the forms of rule text: two for a watch of what may be a file or a directory, the likeliest first.
func (c *compiler) textForms(r *rule.Rule, env rule.Env) ([]rule.Wire, error) {
	env.IsDir = func(string) bool { return false }
	asFile, _, err := rule.Compile(r, env)
	if err != nil {
		return nil, errorText(err)
	}
	if !r.IsWatch() {
		return []rule.Wire{asFile}, nil
	}
	env.IsDir = func(string) bool { return true }
	asDir, _, err := rule.Compile(r, env)
	if err != nil {
		return nil, errorText(err)
	}
	dir, known := c.isDir(r.Watch.Text)
	switch {
	case known && dir:
		return []rule.Wire{asDir}, nil
	case known:
		return []rule.Wire{asFile}, nil
	case dir:
		return []rule.Wire{asDir, asFile}, nil
	}
	return []rule.Wire{asFile, asDir}, nil
}

// listedForms are the forms of a line of auditctl -l: of a watch it shows neither the action nor whether it is a directory.
func (c *compiler) listedForms(r *rule.Rule) ([]rule.Wire, error) {
	env := c.env
	env.Dialect = newest
	r = c.listed.numbered(r)
	if r.IsWatch() {
		return c.listedWatch(r, env)
	}
	w, _, err := rule.Compile(r, env)
	if err != nil {
		return nil, errorText(err)
	}
	if len(r.Syscalls) > 0 {
		only, _, err := rule.Compile(maskOnly(r), env)
		if err != nil {
			return nil, errorText(err)
		}
		w.Mask = only.Mask
	}
	return []rule.Wire{w}, nil
}

func (c *compiler) listedWatch(r *rule.Rule, env rule.Env) ([]rule.Wire, error) {
	forms, err := c.textForms(r, env)
	if err != nil {
		return nil, err
	}
	if path := r.Watch.Text; len(path) > 1 && strings.HasSuffix(path, "/") {
		forms = listedAsDir(forms, path) // -F dir= keeps its slash, -F path= never has one
	}
	for _, w := range forms[:len(forms):len(forms)] {
		w.Action = rule.ActionNever
		forms = append(forms, w)
	}
	return forms, nil
}

func listedAsDir(forms []rule.Wire, path string) []rule.Wire {
	w := forms[0]
	w.Fields = append([]rule.WireField(nil), w.Fields...)
	w.Fields[0] = rule.WireField{Type: rule.FieldDir, Op: rule.OpEqual, Value: uint32(len(path)), Str: path}
	return []rule.Wire{w}
}

// errorText is what auditctl would refuse, without the place.
func errorText(err error) error {
	var list rule.Errors
	if errors.As(err, &list) && len(list) > 0 {
		return errors.New(said(list[0]))
	}
	return err
}
