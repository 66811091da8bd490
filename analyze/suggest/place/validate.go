package place

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Validate says why a change must not be written: its lines do not say exactly what it says, an auditctl or the kernel would refuse them or
// read them otherwise, or they hold what no rule file can. Nothing is shown or written that it does not let pass. target is the host that
// loads the rules; the lines must also mean the same to auditctl 3.0, 4.0 and 4.2.
func Validate(c *suggest.Change, target ruleset.Target) error {
	if c.Kind == suggest.Narrow {
		return validNarrow(c, target)
	}
	if err := validParts(c); err != nil {
		return err
	}
	lines := c.Lines()
	for i, line := range lines {
		calls := suggest.Calls{}
		if c.Kind == suggest.Exit {
			calls = c.Calls[i]
		}
		r, err := parseLine(line)
		if err != nil {
			return fmt.Errorf("the rule cannot be written: %s", briefly(err))
		}
		if !says(r, c, calls) {
			return fmt.Errorf("%s: read again it is not the same rule", line)
		}
		if err := compiles(r, calls, target); err != nil {
			return err
		}
	}
	return nil
}

// validNarrow judges lines that are made of a line of the rule file. That they are narrower is judged where that line is known.
func validNarrow(c *suggest.Change, target ruleset.Target) error {
	if len(c.Text) == 0 {
		return fmt.Errorf("a narrower form without a line")
	}
	for _, line := range c.Text {
		if i := strings.IndexFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }); i >= 0 {
			return fmt.Errorf("%q holds a control byte", line)
		}
		r, err := parseLine(line)
		if err != nil {
			return fmt.Errorf("the rule cannot be written: %s", briefly(err))
		}
		if r.Flag != "-a" && r.Flag != "-w" {
			return fmt.Errorf("%s: %s adds no rule in its place", line, r.Flag)
		}
		if _, _, err := rule.Compile(r, envOf(target, dialects(target)[len(dialects(target))-1])); err != nil {
			return err
		}
	}
	return nil
}

// validParts judges the parts of a change by themselves.
func validParts(c *suggest.Change) error {
	if len(c.Text) > 0 || (c.Kind == suggest.Exit) != (len(c.Calls) > 0) {
		return fmt.Errorf("a %s change with what belongs to another kind", c.Kind)
	}
	if len(c.Conds) == 0 && c.Kind != suggest.Exclude && c.Kind != suggest.User { // those have a record type
		return fmt.Errorf("a %s change without a condition", c.Kind)
	}
	for _, calls := range c.Calls {
		if err := validCalls(calls); err != nil {
			return err
		}
	}
	if c.Kind == suggest.Exclude || c.Kind == suggest.User {
		if !word.MatchString(c.MsgType) {
			return fmt.Errorf("record type %q", c.MsgType)
		}
	}
	for _, cond := range c.Conds {
		if err := validCond(c.Kind, cond); err != nil {
			return err
		}
	}
	return nil
}

func validCalls(calls suggest.Calls) error {
	if calls.Arch != "b64" && calls.Arch != "b32" {
		return fmt.Errorf("architecture %q: b64 or b32", calls.Arch)
	}
	if len(calls.Names) == 0 {
		return fmt.Errorf("no syscall for %s", calls.Arch)
	}
	for _, name := range calls.Names {
		if !word.MatchString(name) || name == "all" {
			return fmt.Errorf("syscall %q: each by its name or number", name)
		}
	}
	return nil
}

// word is what names and numbers look like that are no paths: no octal by mistake, nothing that ends a word.
var word = regexp.MustCompile(`^-?([1-9][0-9]*|0|0x[0-9a-f]+|[A-Za-z_][A-Za-z0-9_]*)$`)

// excludeFields are all that the kernel asks for on the lists user and exclude. Any other ends the walk of the list
// (kernel/auditfilter.c: audit_filter).
var excludeFields = []string{"pid", "uid", "gid", "auid", "subj_user", "subj_role", "subj_type", "subj_sen", "subj_clr", "exe"}

// notOnExit are fields that auditctl or the kernel refuse on the exit list, that Calls say, or that change which syscalls a rule is for.
var notOnExit = []string{"arch", "key", "msgtype", "fstype", "perm"}

func validCond(kind suggest.Kind, c suggest.Cond) error {
	legal := true
	switch kind {
	case suggest.Exit:
		legal = !slices.Contains(notOnExit, c.Field)
	case suggest.Filesystem:
		legal = c.Field == "fstype" && c.Op == "="
	default:
		legal = slices.Contains(excludeFields, c.Field)
	}
	nr, known := names.FieldNumber(c.Field)
	if !legal || !known {
		return fmt.Errorf("field %q is not for a never rule of the list %s", c.Field, kind)
	}
	if !slices.Contains([]string{"=", "!=", "<", "<=", ">", ">=", "&", "&="}, c.Op) {
		return fmt.Errorf("operator %q", c.Op)
	}
	switch {
	case nr == rule.FieldWatch || nr == rule.FieldDir || nr == rule.FieldExe:
		return validPath(c)
	case strings.HasPrefix(c.Field, "subj_") || strings.HasPrefix(c.Field, "obj_") && c.Field != "obj_uid" && c.Field != "obj_gid":
		return printable(c)
	case !word.MatchString(c.Value):
		return fmt.Errorf("%s: %q is no number", c.Field, c.Value)
	}
	return nil
}

// validPath lets only paths pass that mean one thing: absolute, clean, printable ASCII.
func validPath(c suggest.Cond) error {
	const maxPath, maxName = 4095, 255 // PATH_MAX without its NUL, NAME_MAX (include/uapi/linux/limits.h)
	if err := printable(c); err != nil {
		return err
	}
	v := c.Value
	switch {
	case len(v) > maxPath:
		return fmt.Errorf("%s of %d bytes: at most %d", c.Field, len(v), maxPath)
	case v == "/" || v[0] != '/':
		return fmt.Errorf("%s=%s is no path below /", c.Field, strconv.Quote(v))
	case c.Op != "=":
		return fmt.Errorf("%s takes = alone here", c.Field)
	case strings.HasSuffix(v, " (deleted)"):
		return fmt.Errorf("%s=%s is gone: no rule can name it", c.Field, strconv.Quote(v))
	}
	for _, part := range strings.Split(v[1:], "/") {
		if part == "" || part == "." || part == ".." || len(part) > maxName {
			return fmt.Errorf("%s=%s: a part is empty, . or .., or longer than %d bytes", c.Field, strconv.Quote(v), maxName)
		}
	}
	return nil
}

// printable lets printable ASCII pass, with blanks only inside.
func printable(c suggest.Cond) error {
	bad := strings.IndexFunc(c.Value, func(r rune) bool { return r < ' ' || r > '~' })
	if c.Value == "" || bad >= 0 || strings.TrimSpace(c.Value) != c.Value {
		return fmt.Errorf("%s: %s cannot be written in a rule: printable ASCII, blanks only inside", c.Field, strconv.Quote(c.Value))
	}
	return nil
}

// says tells whether a rule, read again, is what a change means.
func says(r *rule.Rule, c *suggest.Change, calls suggest.Calls) bool {
	list := map[suggest.Kind]rule.List{suggest.Exit: rule.ListExit, suggest.Exclude: rule.ListExclude, suggest.User: rule.ListUser, suggest.Filesystem: rule.ListFilesystem}
	want := slices.Clone(c.Conds)
	switch c.Kind {
	case suggest.Exit:
		want = append([]suggest.Cond{{Field: "arch", Op: "=", Value: calls.Arch}}, want...)
	case suggest.Exclude, suggest.User:
		want = append([]suggest.Cond{{Field: "msgtype", Op: "=", Value: c.MsgType}}, want...)
	}
	if r.Flag != "-a" || r.List != list[c.Kind] || r.Action != rule.ActionNever || len(r.Keys) > 0 || r.IsWatch() || len(r.Fields) != len(want) {
		return false
	}
	for i, f := range r.Fields {
		if f.Flag != "-F" || f.Name != want[i].Field || f.Op != want[i].Op || f.Value != want[i].Value {
			return false
		}
	}
	return slices.EqualFunc(r.Syscalls, calls.Names, func(t rule.Token, name string) bool { return t.Text == name })
}

// compiles says why an auditctl or the kernel would refuse a never rule, or read it for other syscalls than it names.
func compiles(r *rule.Rule, calls suggest.Calls, target ruleset.Target) error {
	for _, d := range dialects(target) {
		env := envOf(target, d)
		env.User, env.Group = nil, nil // numbers alone mean the same on every host
		w, _, err := rule.Compile(r, env)
		if err != nil {
			return fmt.Errorf("%s: auditctl %s refuses it: %s", r.Text, d, briefly(err))
		}
		if why := ruleset.KernelRefuses(w); why != "" {
			return fmt.Errorf("%s: the kernel refuses it: %s", r.Text, why)
		}
		if len(calls.Names) > 0 && countBits(w.Mask[:]) > len(calls.Names) {
			return fmt.Errorf("%s: auditctl %s reads it for more syscalls than it names", r.Text, d)
		}
	}
	return nil
}

// briefly is what is wrong with a line, without a place: the line is no file's yet.
func briefly(err error) string {
	var list rule.Errors
	if errors.As(err, &list) && len(list) > 0 {
		return list[0].What
	}
	return err.Error()
}
