package policy

import (
	"path"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// maxPath is PATH_MAX without its NUL (include/uapi/linux/limits.h).
const maxPath = 4095

// inexact says why a path cannot be written so that a rule means it and nothing else, "" where it can. Blanks, quotes and backslashes could be
// escaped; no service needs them, and whoever makes such names means no good.
func inexact(p string) string {
	switch {
	case !strings.HasPrefix(p, "/"):
		return "is not absolute"
	case len(p) > maxPath:
		return "is longer than 4095 bytes"
	case strings.HasSuffix(p, " (deleted)"):
		return "is deleted: a rule cannot be bound to it"
	}
	for _, b := range []byte(p) {
		if b <= ' ' || b > '~' {
			return "has a blank, a control byte or a byte beyond ASCII"
		}
		if b == '"' || b == '\'' || b == '\\' {
			return "has a quote or a backslash"
		}
	}
	if path.Clean(p) != p {
		return "is not clean (.. or // in it)"
	}
	return ""
}

// valueOf says what values a field of an exclusion has. Fields that are not here are not proposed: nobody has judged them.
var valueOf = map[string]func(string) string{
	"exe": inexact, "dir": inexact, "path": inexact,
	"uid": notNumber, "euid": notNumber, "suid": notNumber, "fsuid": notNumber, "gid": notNumber, "egid": notNumber, "sgid": notNumber, "fsgid": notNumber,
	"auid": notNumber, "obj_uid": notNumber, "obj_gid": notNumber, "saddr_fam": notNumber, "success": notNumber, "exit": notExit,
	"a0": notNumber, "a1": notNumber, "a2": notNumber, "a3": notNumber,
	"perm": wordOf("rwxa"), "filetype": wordOf("abcdefghijklmnopqrstuvwxyz"), "fstype": wordOf("abcdefghijklmnopqrstuvwxyz0123456789"),
	"subj_user": label, "subj_role": label, "subj_type": label,
}

func notNumber(s string) string {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return "is no number as the kernel has it"
	}
	return ""
}

func notExit(s string) string { return notNumber(strings.TrimPrefix(s, "-")) }

func wordOf(letters string) func(string) string {
	return func(s string) string {
		if s == "" || strings.Trim(s, letters) != "" {
			return "is no such word"
		}
		return ""
	}
}

func label(s string) string {
	return wordOf("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-")(s)
}

// operators that an exclusion may use. Credit is given for = alone, any other only narrows.
var operators = map[string]bool{"=": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true, "&": true, "&=": true}

// exactConds refuses conditions that cannot be written, or that nobody has judged.
func exactConds(v *verdict, c *suggest.Change) {
	seen := map[suggest.Cond]bool{}
	equals := map[string]bool{}
	for _, x := range c.Conds {
		check, known := valueOf[x.Field]
		switch {
		case !known:
			v.say(suggest.Forbidden, "nobody has judged conditions on %q", x.Field)
		case !operators[x.Op]:
			v.say(suggest.Forbidden, "%q is no operator", x.Op)
		case check(x.Value) != "":
			v.say(suggest.Forbidden, "%s %s %s", x.Field, quoted(x.Value), check(x.Value))
		case seen[x] || x.Op == "=" && equals[x.Field]:
			v.say(suggest.Forbidden, "%s is asked twice", x.Field)
		}
		seen[x] = true
		equals[x.Field] = equals[x.Field] || x.Op == "="
	}
}

// quoted is text of a log in a reason: escaped, and cut.
func quoted(s string) string {
	if len(s) > 200 {
		return strconv.QuoteToASCII(s[:200]) + "…"
	}
	return strconv.QuoteToASCII(s)
}

// quotedName is a name of a log in a reason: as it is where it is plain.
func quotedName(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/") == "" && len(s) <= 200 {
		return s
	}
	return quoted(s)
}
