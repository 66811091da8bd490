package ruleset

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// noRules is what auditctl -l prints where nothing is loaded.
const noRules = "No rules"

// The lines that auditctl -l prints (audit-userspace src/auditctl-listing.c: print_rule). It escapes nothing: a path may hold blanks.
var (
	listedWatch = regexp.MustCompile(`^-w (/.*) -p (r?w?x?a?)((?: -k .+)?)$`)
	listedRule  = regexp.MustCompile(`^-a (always|never),(user|task|exit|exclude|filesystem|io_uring)((?: -F arch!?=\S+)?)((?: -S \S+)?)((?: -[FC] .*)?)$`)
	listedTest  = regexp.MustCompile(`^(-[FC]) ([a-z0-9_]+)(!=|<=|>=|&=|=|<|>|&)(.*)$`)
	nextTest    = regexp.MustCompile(` -[FC] [a-z0-9_]+[=!<>&]`)
)

// isListing tells text of auditctl -l from a rule file: nothing but rules, each in the one way in which auditctl prints it, ids as
// numbers, -S behind arch, keys as -F key=. Watches alone are written by hand in the same way: they are taken for a listing where the
// file is not called *.rules.
func isListing(name, text string) bool {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	rules := 0
	for _, l := range lines {
		switch {
		case isListedRule(l):
			rules++
		case !listedWatch.MatchString(l):
			return false
		}
	}
	return rules > 0 || !strings.HasSuffix(name, ".rules")
}

func isListedRule(line string) bool {
	m := listedRule.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	takesSyscalls := m[2] == "exit" || m[2] == "io_uring"
	if takesSyscalls != (m[4] != "") || strings.Contains(m[4], ",all") {
		return false
	}
	for _, test := range splitTests(m[5]) {
		t := listedTest.FindStringSubmatch(test)
		if t == nil || t[1] == "-F" && !printedValue(t[2], t[4]) {
			return false
		}
	}
	return true
}

// printedValue tells whether auditctl prints a value of a field so: ids are numbers in a listing.
func printedValue(field, value string) bool {
	nr, known := names.FieldNumber(field)
	if !known || value == "" {
		return false
	}
	if nr > 9 && nr != fieldSessionID && nr != fieldObjUID && nr != fieldObjGID {
		return true
	}
	_, err := strconv.ParseInt(value, 10, 64)
	return err == nil
}

// splitTests cuts the -F and -C of a listed rule apart. A blank inside a value is a part of it.
func splitTests(text string) []string {
	var out []string
	for text != "" {
		end := len(text)
		if at := nextTest.FindStringIndex(text[1:]); at != nil {
			end = at[0] + 1
		}
		out = append(out, text[1:end])
		text = text[end:]
	}
	return out
}

// escapeListing gives the values of listed rules the escapes that a rule file needs. A line that auditctl does not print stays as it is.
func escapeListing(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		body := strings.TrimSuffix(l, "\n")
		lines[i] = escapeListed(body) + l[len(body):]
	}
	return strings.Join(lines, "")
}

func escapeListed(line string) string {
	if m := listedWatch.FindStringSubmatch(line); m != nil {
		words := []string{"-w " + escape(m[1]), "-p " + m[2]}
		for _, k := range strings.Split(m[3], " -k ")[1:] {
			words = append(words, "-k "+escape(k))
		}
		return strings.Join(words, " ")
	}
	m := listedRule.FindStringSubmatch(line)
	if m == nil {
		return line
	}
	out := strings.TrimSuffix(line, m[5])
	for _, test := range splitTests(m[5]) {
		if !listedTest.MatchString(test) {
			return line
		}
		out += " " + test[:3] + escape(fileType(test[3:]))
	}
	return out
}

// fileTypes are the numbers that auditctl prints and does not read (include/uapi/linux/stat.h: S_IFMT).
var fileTypes = map[string]string{
	"4096": "fifo", "8192": "character", "16384": "dir", "24576": "block", "32768": "file", "40960": "link", "49152": "socket",
}

func fileType(test string) string {
	for _, op := range []string{"filetype=", "filetype!="} {
		if value, ok := strings.CutPrefix(test, op); ok && fileTypes[value] != "" {
			return op + fileTypes[value]
		}
	}
	return test
}

// escape is the only escape of a rule file: a backslash before a blank or a backslash.
var escape = strings.NewReplacer(`\`, `\\`, " ", `\ `).Replace

// listed reads the rules of one listing, one after the other.
type listed struct {
	machine uint32
	arch    uint32 // by whose table auditctl printed the names of syscalls last
}

// newest reads every field that a kernel may list: which auditctl loaded the rules is of no matter to what is loaded.
const newest = rule.Dialect4_2

// numbered gives the syscalls of a listed rule their numbers. auditctl prints the names of a rule without arch by the table of the
// last arch that it printed (src/auditctl-listing.c: _audit_elf is not reset), and reads them by the machine's own.
func (l *listed) numbered(r *rule.Rule) *rule.Rule {
	if r.Arch != "" {
		if nr, ok := archOf(l.machine, r.Arch); ok {
			l.arch = nr
		}
	}
	if r.List != rule.ListExit {
		return r
	}
	arch := l.arch
	if arch == 0 {
		arch = l.machine
	}
	out := *r
	out.Syscalls = append([]rule.Token(nil), r.Syscalls...)
	for i, t := range out.Syscalls {
		if nr, ok := names.SyscallNumber(arch, t.Text); ok {
			out.Syscalls[i].Text = strconv.Itoa(nr)
		}
	}
	return &out
}

func archOf(machine uint32, word string) (uint32, bool) {
	if nr, ok := names.ArchBits(machine, strings.ToLower(word)); ok {
		return nr, true
	}
	return names.ArchNumber(word)
}

// maskOnly is a rule of the same syscalls that tests nothing but the arch: what perm adds to a mask is in a listed mask already.
func maskOnly(r *rule.Rule) *rule.Rule {
	out := *r
	out.Fields, out.Keys = nil, nil
	for _, f := range r.Fields {
		if f.Name == "arch" && f.Flag == "-F" {
			out.Fields = append(out.Fields, f)
		}
	}
	out.SyscallsAt = len(out.Fields)
	return &out
}
