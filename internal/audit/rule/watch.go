package rule

import "strings"

// Limits of a path (include/uapi/linux/limits.h).
const (
	maxPath = 4096 // PATH_MAX, with the final NUL
	maxName = 255  // NAME_MAX
)

const legalPerms = "one to four of r, w, x and a"

// watch reads -w and -W (src/auditctl.c: audit_setup_watch_name, check_path). Whether the path is a file or a directory is not
// known here. A watch begins as a rule of two fields, path or dir, and perm.
func (p *lineParser) watch(o option) *Error {
	if p.listed {
		return wrong(o.Token, "-w on its own, or -F path= or -F dir=", "%s in a rule that has its list", o.Text)
	}
	if p.fields > 0 {
		return wrong(o.Token, "the watch before its fields", "%s after a field", o.Text)
	}
	path := o.value.Text
	p.listed, p.syscalls, p.perms = true, true, true
	p.rule.Flag, p.rule.List, p.rule.Action, p.rule.Watch = o.Text, ListExit, ActionAlways, o.value
	p.fields = 2
	name := strings.TrimRight(path, "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case path[0] != '/':
		return wrong(o.value, "an absolute path", "watch path %s does not begin with /", quote(path))
	case len(path) >= maxPath:
		return wrong(o.value, "at most 4095 bytes", "watch path of %d bytes", len(path))
	case len(name) > maxName:
		return wrong(o.value, "at most 255 bytes", "last part of the watch path has %d bytes", len(name))
	}
	return nil
}

// perm reads -p. It sets every perm of the rule, or adds one where there is none (lib/libaudit.c: audit_update_watch_perms).
func (p *lineParser) perm(o option) *Error {
	if !p.listed {
		return p.needsList(o, "-p")
	}
	if err := checkPerms(o.value, o.value.Text); err != nil {
		return err
	}
	if p.fields == 0 {
		return wrong(o.Token, "-w PATH, or a field, before -p", "-p without anything before it")
	}
	p.perms = true
	found := p.rule.IsWatch()
	if found {
		p.rule.Perms = o.value
	}
	for i := range p.rule.Fields {
		if p.rule.Fields[i].Name == "perm" {
			p.rule.Fields[i].Value, found = o.value.Text, true
		}
	}
	if found {
		return nil
	}
	return p.add(o.Token, Field{Pos: o.value.Pos, Flag: "-p", Name: "perm", Op: "=", Value: o.value.Text})
}

// checkPerms judges the letters of a permission filter, in any case and any number of times.
func checkPerms(at Token, perms string) *Error {
	if len(perms) > 4 || strings.Trim(strings.ToLower(perms), "rwxa") != "" {
		return wrong(at, legalPerms, "permissions %s", quote(perms))
	}
	return nil
}
