package rule

import "strings"

// watch adds what -w means: path or dir, every syscall, and perm, rwxa without -p (src/auditctl.c: audit_setup_watch_name;
// lib/libaudit.c: audit_add_watch_dir).
func (c *compiler) watch() {
	if !c.rule.IsWatch() {
		return
	}
	at := c.rule.Watch
	path := trimWatch(at.Text)
	kind := FieldWatch
	if c.env.IsDir != nil && c.env.IsDir(path) {
		kind = FieldDir
	}
	letters := "rwxa"
	if c.rule.Perms.Text != "" {
		letters = c.rule.Perms.Text
		c.fail(checkPerms(c.rule.Perms, letters))
	}
	c.wire.Fields = append(c.wire.Fields, textField(kind, OpEqual, path), WireField{Type: fieldPerm, Op: OpEqual, Value: permValue(letters)})
	c.given = true
	c.allSyscalls()
	c.noteWatch(at, path)
}

// trimWatch takes slashes off the end of a path, but none off // alone.
func trimWatch(path string) string {
	if len(path) <= 2 {
		return path
	}
	return path[:1] + strings.TrimRight(path[1:], "/")
}

// noteWatch says what auditctl warns of.
func (c *compiler) noteWatch(at Token, path string) {
	if strings.Contains(path, "..") {
		c.note(at.Pos, "a .. in a watch is no way up: give the path as it is in the end")
	}
	if strings.ContainsAny(path, "*?") {
		c.note(at.Pos, "* and ? in a watch are ordinary characters: watch the directory, or each file")
	}
	if c.env.Dialect >= sincePermSyscalls && c.rule.Flag != "-W" {
		c.note(at.Pos, "-w is tested at every syscall: -a always,exit with arch, path or dir, and perm is faster")
	}
}
