package rule

import (
	"fmt"
	"strings"
)

const (
	legalLists = "task, exit, user, exclude, filesystem or io_uring"
	legalPair  = "LIST,ACTION with list " + legalLists + " and action always or never"
)

var listWords = map[string]List{
	"task": ListTask, "exit": ListExit, "user": ListUser, "exclude": ListExclude, "filesystem": ListFilesystem, "io_uring": ListIOUring,
}

var actionWords = map[string]Action{"always": ActionAlways, "never": ActionNever}

// String is auditctl's word for the action.
func (a Action) String() string {
	words := [...]string{"never", "possible", "always"}
	if int(a) < len(words) {
		return words[a]
	}
	return fmt.Sprintf("action-%d", uint32(a))
}

// pair reads the value of -a, -A and -d: a list and an action in either order (src/auditctl.c: audit_rule_setup). After a watch
// auditctl takes the list first only, and changes the watch's list and action.
func (p *lineParser) pair(o option) *Error {
	p.pairs++
	if p.pairs > 1 {
		return wrong(o.Token, "one rule a line", "a second %s in one line", o.Text)
	}
	if p.listed && p.rule.Flag != "-w" || p.listed && o.Text == "-d" {
		return wrong(o.Token, "one rule a line", "%s after %s", o.Text, p.rule.Flag)
	}
	first, second, ok := strings.Cut(o.value.Text, ",")
	if !ok || strings.Contains(second, ",") {
		return p.badPair(o.value, "%s is not a list and an action", quote(o.value.Text))
	}
	for _, word := range []string{first, second} {
		if word == "entry" {
			return p.badPair(o.value, "list entry is gone from the kernel, use exit")
		}
		if word == "possible" {
			return p.badPair(o.value, "action possible is gone from the kernel, use always or never")
		}
	}
	if _, actionFirst := actionWords[first]; actionFirst && !p.listed {
		first, second = second, first
	}
	list, okList := listWords[first]
	action, okAction := actionWords[second]
	if !okList || !okAction {
		return p.badPair(o.value, "%s is not a list and an action", quote(o.value.Text))
	}
	if list == ListTask && p.syscalls {
		return p.badPair(o.value, "syscalls are not tested by the task list")
	}
	p.rule.Flag, p.rule.List, p.rule.Action, p.listed = o.Text, list, action, true
	return nil
}

func (p *lineParser) badPair(t Token, format string, args ...any) *Error {
	p.lost = true
	return wrong(t, legalPair, format, args...)
}
