package policy

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// hide says what an attacker would need to hide in a change, in one sentence.
func hide(c *suggest.Change) string {
	switch c.Kind {
	case suggest.Exit:
		return hideInExit(c)
	case suggest.Exclude, suggest.User:
		if exe := c.Cond("exe"); exe != "" {
			return fmt.Sprintf("whoever acts from within %s%s: of what happens, %s records are gone", quotedPath(exe), asUser(c), quotedPath(c.MsgType))
		}
		return fmt.Sprintf("nothing: %s records are gone for everybody, and all other records of the events stay", quotedPath(c.MsgType))
	case suggest.Filesystem:
		return fmt.Sprintf("nothing but to act on files of %s, which path= and dir= do not see any more", quotedPath(c.Cond("fstype")))
	}
	return "nothing but to do what the narrower form does not ask for"
}

func hideInExit(c *suggest.Change) string {
	var b strings.Builder
	if exe := c.Cond("exe"); exe != "" {
		fmt.Fprintf(&b, "an attacker must already act from within %s (a library preloaded into it is enough)%s", quotedPath(exe), asUser(c))
	} else {
		fmt.Fprintf(&b, "an attacker must already act%s", asUser(c))
	}
	if c.Cond("auid") == unset {
		b.WriteString(", in no login session")
	}
	b.WriteString("; what hides is ")
	if c.Cond("success") == "1" {
		b.WriteString("successful ")
	}
	b.WriteString(callNames(c))
	if c.Cond("dir") == "" && c.Cond("path") == "" && strings.Contains(callNames(c), "connect") {
		b.WriteString(" to whatever address")
		if family := c.Cond("saddr_fam"); family != "" {
			b.WriteString(" of family " + quotedPath(family))
		}
	}
	if dir := c.Cond("dir"); dir != "" {
		b.WriteString(" below " + quotedPath(dir))
	}
	if p := c.Cond("path"); p != "" {
		b.WriteString(" of " + quotedPath(p))
	}
	return b.String() + ", and nothing else"
}

func asUser(c *suggest.Change) string {
	if uid := c.Cond("uid"); uid != "" {
		return " as uid " + quotedPath(uid)
	}
	return ""
}

// quotedPath is text as it is where a rule can hold it, else escaped.
func quotedPath(s string) string {
	if strings.HasPrefix(s, "/") && inexact(s) == "" || notNumber(s) == "" || wordOf("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")(s) == "" {
		return s
	}
	return quoted(s)
}

// callNames are the calls of a change, once each, in the order in which they come.
func callNames(c *suggest.Change) string {
	var out []string
	seen := map[string]bool{}
	for _, a := range c.Calls {
		for _, name := range a.Names {
			if !seen[name] {
				seen[name] = true
				out = append(out, quotedPath(name))
			}
		}
	}
	if len(out) > 8 {
		out = append(out[:8], "…")
	}
	return strings.Join(out, ", ")
}
