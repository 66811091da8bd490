package place

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// with one condition more, on open of b64.
func on(field, op, value string) suggest.Change {
	c := opens(0)
	c.Conds = []suggest.Cond{{Field: field, Op: op, Value: value}}
	return c
}

func calls(arch string, names ...string) suggest.Change {
	c := opens(0)
	c.Calls = []suggest.Calls{{Arch: arch, Names: names}}
	return c
}

func ofType(kind suggest.Kind, msgtype string, conds ...suggest.Cond) suggest.Change {
	return suggest.Change{Kind: kind, MsgType: msgtype, Conds: conds}
}

var validity = []struct {
	name   string
	change suggest.Change
	why    string // "" where it is valid
}{
	{"all conditions", opens(0), ""},
	{"errno", on("exit", "=", "-EACCES"), ""},
	{"unset login", on("auid", "=", "4294967295"), ""},
	{"family", on("saddr_fam", "=", "1"), ""},
	{"blanks inside a path", on("dir", "=", "/srv/a  b"), ""},
	{"backslash in a path", on("dir", "=", `/srv/a\b`), ""},
	{"quotes", on("exe", "=", `/usr/bin/"x' y"`), ""},
	{"what looks like options", on("exe", "=", `/usr/bin/x -F uid=0 -k x`), ""},
	{"what looks like an operator", on("exe", "=", `/usr/bin/a!=b`), "unknown field"},
	{"a newline and a rule", on("exe", "=", "/usr/bin/x\n-a never,task"), "printable ASCII"},
	{"a TAB", on("dir", "=", "/srv/a\tb"), "printable ASCII"},
	{"no ASCII", on("dir", "=", "/srv/ä"), "printable ASCII"},
	{"the byte that separates keys", on("dir", "=", "/srv/\x01"), "printable ASCII"},
	{"a blank at the end", on("dir", "=", "/srv/a "), "printable ASCII"},
	{"an empty value", on("dir", "=", ""), "printable ASCII"},
	{"a slash at the end", on("dir", "=", "/srv/"), "a part is empty"},
	{"two slashes", on("dir", "=", "/srv//a"), "a part is empty"},
	{"two slashes in front", on("exe", "=", "//usr/bin/x"), "a part is empty"},
	{"up", on("exe", "=", "/usr/bin/../../tmp/x"), "a part is empty, . or .."},
	{"here", on("exe", "=", "/usr/./bin/x"), "a part is empty, . or .."},
	{"root", on("dir", "=", "/"), "no path below /"},
	{"relative", on("exe", "=", "bin/x"), "no path below /"},
	{"gone", on("exe", "=", "/usr/bin/x (deleted)"), "is gone"},
	{"a long name", on("dir", "=", "/"+strings.Repeat("a", 256)), "longer than 255"},
	{"a long path", on("dir", "=", strings.Repeat("/abc", 1024)), "at most 4095"},
	{"the longest path", on("dir", "=", "/"+strings.Repeat("abc/", 1023)+"ab"), ""},
	{"a path that is not", on("exe", "!=", "/usr/bin/x"), "takes = alone"},
	{"a user by name", on("uid", "=", "postgres"), "unknown user"},
	{"octal", on("uid", "=", "010"), "is no number"},
	{"two words", on("uid", "=", "0 -F gid=0"), "is no number"},
	{"unset user", on("uid", "=", "4294967295"), "the kernel refuses it"},
	{"arch twice", on("arch", "=", "b32"), "not for a never rule"},
	{"a key", on("key", "=", "x"), "not for a never rule"},
	{"perm adds syscalls", on("perm", "=", "wa"), "not for a never rule"},
	{"no field", on("uid=0 -F gid", "=", "0"), "not for a never rule"},
	{"no operator", on("uid", "~", "0"), "operator"},
	{"two paths", func() suggest.Change {
		c := opens(0)
		c.Conds = append(c.Conds, suggest.Cond{Field: "path", Op: "=", Value: "/x"})
		return c
	}(), "the kernel refuses it"},
	{"no condition", suggest.Change{Kind: suggest.Exit, Calls: []suggest.Calls{{Arch: "b64", Names: []string{"open"}}}}, "without a condition"},
	{"no calls", suggest.Change{Kind: suggest.Exit, Conds: []suggest.Cond{{Field: "uid", Op: "=", Value: "1"}}}, "another kind"},
	{"all syscalls", calls("b64", "all"), "each by its name"},
	{"no syscall", calls("b64"), "no syscall"},
	{"no such syscall", calls("b64", "opem"), "refuses it"},
	{"two in one word", calls("b64", "open,close"), "each by its name"},
	{"of 32 bits", calls("b32", "open", "socketcall"), ""},
	{"too new for auditctl 3.0", calls("b64", "fchmodat2"), "auditctl 3.0.9 refuses it"},
	{"too new, by its number", calls("b64", "452"), ""},
	{"another machine", calls("aarch64", "openat"), "b64 or b32"},
	{"too many fields", func() suggest.Change {
		c := opens(0)
		for range 62 {
			c.Conds = append(c.Conds, suggest.Cond{Field: "a0", Op: "!=", Value: "1"})
		}
		return c
	}(), "more than 63 fields"},
	{"a record type", ofType(suggest.Exclude, "PROCTITLE"), ""},
	{"of one user", ofType(suggest.Exclude, "CWD", suggest.Cond{Field: "uid", Op: "=", Value: "26"}, suggest.Cond{Field: "exe", Op: "=", Value: "/usr/bin/x"}), ""},
	{"a field that ends the walk", ofType(suggest.Exclude, "CWD", suggest.Cond{Field: "success", Op: "=", Value: "1"}), "not for a never rule"},
	{"sessionid, which auditctl takes", ofType(suggest.User, "USER_ACCT", suggest.Cond{Field: "sessionid", Op: "=", Value: "1"}), "not for a never rule"},
	{"a label", ofType(suggest.User, "USER_AVC", suggest.Cond{Field: "subj_type", Op: "=", Value: "init_t"}), ""},
	{"a record type with more", ofType(suggest.Exclude, "CWD -F uid=0"), "record type"},
	{"no record type", ofType(suggest.Exclude, "NO_SUCH"), "cannot be written"},
	{"tracefs", ofType(suggest.Filesystem, "", suggest.Cond{Field: "fstype", Op: "=", Value: "tracefs"}), ""},
	{"cgroup2 by name", ofType(suggest.Filesystem, "", suggest.Cond{Field: "fstype", Op: "=", Value: "cgroup2"}), "auditctl 3.0.9 refuses it"},
	{"all but one", ofType(suggest.Filesystem, "", suggest.Cond{Field: "fstype", Op: "!=", Value: "0x74726163"}), "not for a never rule"},
	{"narrower", narrowTo(0, "-w /etc -p wa -k etc"), ""},
	{"a narrower line with a newline", narrowTo(0, "-w /etc -p wa\n-D"), "control byte"},
	{"a narrower line with a control option", narrowTo(0, "-a always,exit -S open -e 1"), "is not one rule"},
	{"a control line", narrowTo(0, "-D"), "is not one rule"},
	{"a deletion", narrowTo(0, "-W /etc -p wa"), "adds no rule"},
	{"in front of all", narrowTo(0, "-A always,exit -S open"), "adds no rule"},
	{"nothing", narrowTo(0), "without a line"},
}

func TestValidate(t *testing.T) {
	for _, c := range validity {
		err := Validate(&c.change, target)
		if (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v, want %q", c.name, err, c.why)
		}
	}
}

// Whatever a value holds: what is valid is one line that is read again as that value.
func FuzzValidate(f *testing.F) {
	for _, c := range validity {
		for _, cond := range c.change.Conds {
			f.Add(cond.Field, cond.Op, cond.Value)
		}
	}
	f.Fuzz(func(t *testing.T, field, op, value string) {
		c := on(field, op, value)
		if Validate(&c, target) != nil {
			return
		}
		line := c.Lines()[0]
		r, err := parseLine(line)
		if err != nil || strings.ContainsAny(line, "\n\r\t\x00") {
			t.Fatalf("%q: %v", line, err)
		}
		if got := r.Fields[1]; len(r.Fields) != 2 || got.Name+got.Op+got.Value != field+op+value {
			t.Fatalf("%q is read as %+v", line, r.Fields)
		}
	})
}
