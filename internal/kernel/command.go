package kernel

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Command is the rule as one line of an audit.rules file: auditctl reads it back to the same binary rule.
// Numbers stay numbers, so the line does not depend on this or that table of names.
// What auditctl has no words for (a key that is not the last field, an exit rule for no syscall) is printed as near as
// it goes.
func Command(w rule.Wire) string {
	args := Args(w)
	for i, a := range args {
		args[i] = escape(a)
	}
	return strings.Join(args, " ")
}

// Args is the rule as arguments of auditctl, one string each.
func Args(w rule.Wire) []string {
	args := []string{"-a", actionWord(w.Action) + "," + w.List.String()}
	syscalls := syscallArgs(w)
	arch := archField(w)
	if arch < 0 {
		args = append(args, syscalls...)
	}
	for i, f := range w.Fields {
		args = append(args, fieldArgs(f)...)
		if i == arch { // auditctl wants arch before -S
			args = append(args, syscalls...)
		}
	}
	return args
}

func actionWord(a rule.Action) string {
	switch a {
	case rule.ActionNever:
		return "never"
	case rule.ActionPossible:
		return "possible"
	case rule.ActionAlways:
		return "always"
	}
	return strconv.FormatUint(uint64(a), 10)
}

func archField(w rule.Wire) int {
	for i, f := range w.Fields {
		if f.Type == fieldArch {
			return i
		}
	}
	return -1
}

// syscallArgs is the -S of a rule. auditctl fills the mask of the lists other than exit and io_uring by itself and
// refuses -S on some; the task list has none.
func syscallArgs(w rule.Wire) []string {
	if w.List != rule.ListExit && w.List != rule.ListIOUring {
		return nil
	}
	if fullMask(w) {
		return []string{"-S", "all"}
	}
	var numbers []string
	for i, word := range w.Mask {
		for bit := range 32 {
			if word&(1<<bit) != 0 {
				numbers = append(numbers, strconv.Itoa(32*i+bit))
			}
		}
	}
	if numbers == nil {
		return nil
	}
	return []string{"-S", strings.Join(numbers, ",")}
}

// fullMask tells "all syscalls". The last word is left out, as auditctl does: the kernel takes its upper bits away.
func fullMask(w rule.Wire) bool {
	for _, word := range w.Mask[:len(w.Mask)-1] {
		if word != ^uint32(0) {
			return false
		}
	}
	return true
}

func fieldArgs(f rule.WireField) []string {
	switch f.Type {
	case rule.FieldFilterKey:
		var args []string
		for _, k := range strings.Split(f.Str, string(rule.KeySeparator)) {
			args = append(args, "-F", "key="+k)
		}
		return args
	case fieldCompare:
		if p, ok := comparePairs[f.Value]; ok {
			return []string{"-C", p[0] + operator(f.Op) + p[1]}
		}
	}
	return []string{"-F", fieldName(f.Type) + operator(f.Op) + fieldValue(f)}
}

// escape is the only escape that auditctl -R knows: a backslash before a space or a backslash.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, " ", `\ `).Replace(s)
}

// shellLine is a command for a person to paste into a shell.
func shellLine(args ...string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		quoted[i] = a
		if a == "" || strings.ContainsFunc(a, func(r rune) bool { return !plainInShell(r) }) {
			quoted[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

func plainInShell(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_=,./:+@%", r)
}

// Commands are the shell lines that make any kernel hold this state, in their order.
func (s State) Commands() []string {
	lines := []string{"auditctl --backlog_wait_time 0", "auditctl -D"}
	for _, w := range s.Rules {
		lines = append(lines, shellLine(append([]string{"auditctl"}, Args(w)...)...))
	}
	set := func(option string, v uint32) { lines = append(lines, fmt.Sprintf("auditctl %s %d", option, v)) }
	set("-r", s.RateLimit)
	set("-b", s.BacklogLimit)
	set("--backlog_wait_time", s.BacklogWaitTime)
	set("-e", s.Enabled)
	set("-f", s.Failure) // last: a host that panics at a lost record has its queue emptied by then
	return lines
}
