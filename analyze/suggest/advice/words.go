package advice

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// BlindTo is what is no longer seen under a change, in a sentence.
func BlindTo(c *suggest.Change) string {
	switch c.Kind {
	case suggest.Narrow:
		return "what the line asked for and its narrower form does not"
	case suggest.Exclude:
		return fmt.Sprintf("the %s record of every event%s; the events stay", c.MsgType, actor(c, " of "))
	case suggest.User:
		return fmt.Sprintf("messages of type %s%s", c.MsgType, actor(c, " of "))
	case suggest.Filesystem:
		return "which file of " + c.Cond("fstype") + " an event is about: rules on files do not see those"
	}
	text := strings.TrimPrefix(actor(c, ""), " ")
	if text == "" {
		text = "anybody"
	}
	return text + " " + acts(c) + where(c) + outcome(c)
}

// actor is who does it: the program, the user, with or without a login.
func actor(c *suggest.Change, before string) string {
	var parts []string
	if exe := c.Cond("exe"); exe != "" {
		parts = append(parts, path.Base(exe))
	}
	if uid := c.Cond("uid"); uid != "" && len(parts) > 0 {
		parts = append(parts, "as uid "+uid)
	} else if uid != "" {
		parts = append(parts, "uid "+uid)
	}
	switch auid := c.Cond("auid"); auid {
	case "":
	case unset:
		parts = append(parts, "without a login")
	default:
		parts = append(parts, "logged in as "+auid)
	}
	if len(parts) == 0 {
		return ""
	}
	return before + strings.Join(parts, " ")
}

// unset is the auid of processes that no login began.
const unset = "4294967295"

// doings are what system calls of one kind do, in words.
var doings = []struct {
	calls []string
	words string
}{
	{[]string{"open", "openat", "openat2", "creat"}, "opening files"},
	{[]string{"connect"}, "connecting"},
	{[]string{"bind", "listen", "accept", "accept4"}, "serving connections"},
	{[]string{"socket", "socketpair"}, "making sockets"},
	{[]string{"unlink", "unlinkat", "rmdir"}, "deleting files"},
	{[]string{"rename", "renameat", "renameat2"}, "renaming files"},
	{[]string{"truncate", "ftruncate", "truncate64", "ftruncate64"}, "truncating files"},
	{[]string{"chmod", "fchmod", "fchmodat", "fchmodat2"}, "changing file modes"},
	{[]string{"chown", "fchown", "lchown", "fchownat"}, "changing file owners"},
	{[]string{"execve", "execveat"}, "starting programs"},
	{[]string{"adjtimex", "clock_adjtime"}, "adjusting the clock"},
	{[]string{"stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat"}, "looking at files"},
}

// maxCallsNamed is how many calls are named that there are no words for.
const maxCallsNamed = 6

// acts is what is done.
func acts(c *suggest.Change) string {
	var words, rest []string
	for _, calls := range c.Calls {
		for _, name := range calls.Names {
			if doing := doingOf(name); doing == "" && !slices.Contains(rest, name) {
				rest = append(rest, name)
			} else if doing != "" && !slices.Contains(words, doing) {
				words = append(words, doing)
			}
		}
	}
	if len(rest) > maxCallsNamed {
		rest = append(rest[:maxCallsNamed], fmt.Sprintf("%d more", len(rest)-maxCallsNamed))
	}
	if len(rest) > 0 {
		words = append(words, "calling "+strings.Join(rest, ", "))
	}
	return strings.Join(words, " and ")
}

func doingOf(call string) string {
	for _, d := range doings {
		if slices.Contains(d.calls, call) {
			return d.words
		}
	}
	return ""
}

func where(c *suggest.Change) string {
	switch {
	case c.Cond("dir") != "":
		return " below " + c.Cond("dir")
	case c.Cond("path") != "":
		return ", the file " + c.Cond("path")
	case c.Cond("saddr_fam") != "":
		return " over " + family(c.Cond("saddr_fam"))
	}
	return ""
}

// family is an address family (include/linux/socket.h) in words.
func family(number string) string {
	switch number {
	case "1":
		return "local sockets"
	case "2":
		return "IPv4"
	case "10":
		return "IPv6"
	}
	return "address family " + number
}

func outcome(c *suggest.Change) string {
	switch {
	case c.Cond("success") == "1":
		return ", when it succeeds"
	case c.Cond("success") == "0":
		return ", when it fails"
	case c.Cond("exit") != "":
		return ", when it ends with " + c.Cond("exit")
	}
	return ""
}

// StillSeen is what the conditions of a change leave in sight, one for each condition.
func StillSeen(c *suggest.Change) []string {
	seen := []string{}
	add := func(set bool, words string) {
		if set {
			seen = append(seen, words)
		}
	}
	if c.Kind == suggest.Narrow {
		return append(seen, "what the narrower line asks for")
	}
	add(c.Cond("exe") != "", "other programs")
	add(c.Cond("uid") != "", "other users")
	add(c.Cond("auid") == unset, "anybody who logged in")
	add(c.Cond("success") == "1", "failures")
	add(c.Cond("success") == "0", "successes")
	add(c.Cond("exit") != "", "other outcomes")
	add(c.Cond("saddr_fam") != "", "other address families")
	add(c.Cond("dir") != "", "files elsewhere")
	add(c.Cond("path") != "", "other files")
	add(c.Kind == suggest.Exit, "its other system calls")
	add(c.Kind == suggest.Exclude, "all other records")
	add(c.Kind == suggest.User, "all other messages")
	return seen
}
