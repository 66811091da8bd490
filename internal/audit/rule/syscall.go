package rule

import "strings"

// maxSyscall is one more than the greatest number that a rule's mask holds.
const maxSyscall = 32 * maskWords

// syscall reads one -S: names and numbers, comma separated, or all. Names are not looked up: which exist is a matter of the
// machine and of auditctl's version.
func (p *lineParser) syscall(o option) *Error {
	if l := p.rule.List; p.listed && (l == ListTask || l == ListUser || l == ListFilesystem || l == ListExclude) {
		return wrong(o.Token, "-S with the exit or the io_uring list", "syscalls are not tested by the %s list", l)
	}
	if p.rule.Syscalls == nil {
		p.rule.SyscallsAt = len(p.rule.Fields)
	}
	found := false
	at := o.value.Pos
	for _, name := range strings.Split(o.value.Text, ",") {
		t := Token{at, name}
		at = at.after(len(name) + 1)
		if name == "" {
			continue // as strtok_r skips it (src/auditctl.c: parse_syscall)
		}
		if n, _ := cNumber(name, 0); startsWithDigit(name) && n >= maxSyscall {
			return wrong(t, "0 to 2047", "syscall number %s", quote(name))
		}
		p.rule.Syscalls = append(p.rule.Syscalls, t)
		found = true
	}
	p.syscalls = true
	if !found {
		return wrong(o.value, valueOf["-S"], "-S without a syscall")
	}
	return nil
}
