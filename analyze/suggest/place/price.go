package place

import (
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Reference prices in nanoseconds, measured on one machine (Linux 6.18, x86_64, 2 virtual CPUs), each the difference of two filter taxes
// divided by the rules that make it. They are ratios to be held against each other, not promises: --verify measures.
//
//	getppid  530 with 50 rules that are not on the exit list (path=), 720 with 50 of other syscalls, 2,200 with 50 of all syscalls and a0=
//	stat     2,000 with 50 path= rules, 2,900 with 50 dir= rules
//
// and, on getppid again, with the arch and the syscall in each rule: 1,900 with 50 rules and one number that is false, 4,000 with four more
// that are true, 6,100 with eight more; 630 with 10 rules and a number that is false, 1,110 with 10 and exe= that is false.
const (
	stepNs = (720 - 530) / 50.0         // a rule whose mask has not the syscall is stepped over: 3.8
	openNs = (2200-530)/50.0 - stepNs   // a rule whose mask has it is opened, and one number compared: 29.6
	moreNs = (6100 - 1900) / (50 * 8.0) // one number more of the same rule: 10.5
	exeNs  = (1110-630)/10.0 + moreNs   // exe= takes and gives back a reference to the file: 58.5
	dirNs  = (2900-2000)/50.0 - stepNs  // dir= walks the trees that the name is in: 14.2, the way into the rule included
	spread = 0.5                        // which share of calls one condition lets pass to the next: not known, so one half
)

// Price is what a change costs those calls that it is not for: an estimate from reference prices, for the calls of one architecture. A never
// rule is walked field by field until one is false (kernel/auditsc.c: audit_filter_rules); the arch is true of all, each other condition
// is taken to let one half of the calls pass to the next. Rules above it that decide earlier are not looked at. rules are those that
// Change.Quiets is about.
func Price(c *suggest.Change, rules []match.Rule) suggest.Price {
	switch c.Kind {
	case suggest.Exit:
		return exitPrice(c)
	case suggest.Narrow:
		return narrowPrice(c, rules)
	case suggest.Filesystem: // asked for every name that a call has (kernel/auditsc.c: __audit_inode)
		return suggest.Price{Rules: 1, Fields: 1, NsPerSyscall: openNs}
	}
	// asked for every record, by no system call (kernel/audit.c: audit_log_start)
	return suggest.Price{Rules: 1, Fields: expected(len(c.Conds) + 1)}
}

func exitPrice(c *suggest.Change) suggest.Price {
	p := suggest.Price{Rules: 1, Fields: 1, NsPerSyscall: stepNs + openNs, NsOther: stepNs * float64(len(c.Calls))}
	if c.Cond("path") != "" || c.Cond("inode") != "" {
		// Such rules stand in one of 32 buckets by inode, and only calls with a name look there (kernel/auditsc.c: audit_filter_inode_name).
		const buckets = 32
		p.NsPerSyscall, p.NsOther, p.Fields = (stepNs+openNs)/buckets, 0, p.Fields/buckets
		return p
	}
	reach := 1.0
	for _, cond := range c.Conds {
		p.Fields += reach
		p.NsPerSyscall += reach * fieldNs(cond.Field)
		reach *= spread
	}
	p.NsPerSyscall += stepNs * float64(len(c.Calls)-1) // the rule of the other architecture
	return p
}

// fieldNs is the price of one more condition.
func fieldNs(field string) float64 {
	switch field {
	case "exe":
		return exeNs
	case "dir":
		return dirNs
	}
	return moreNs
}

// expected is how many of n conditions are compared on average, where the first always is.
func expected(n int) float64 {
	sum, reach := 0.0, 1.0
	for range n {
		sum += reach
		reach *= spread
	}
	return sum
}

// narrowPrice is what the conditions that a narrower form has more cost those calls that pass the others: at most that, since its mask may have
// fewer syscalls, which are not counted as a gain.
func narrowPrice(c *suggest.Change, rules []match.Rule) suggest.Price {
	p := suggest.Price{Rules: len(c.Text) - 1, NsOther: stepNs * float64(len(c.Text)-1)}
	if len(c.Quiets) != 1 || c.Quiets[0] >= len(rules) {
		return p
	}
	old := len(rules[c.Quiets[0]].Forms[0].Fields)
	for _, line := range c.Text {
		r, err := parseLine(line)
		if err != nil {
			continue
		}
		if more := fieldCount(r) - old; more > 0 {
			p.Fields = max(p.Fields, expected(more))
		}
	}
	p.NsPerSyscall = p.Fields*moreNs + p.NsOther
	return p
}

// fieldCount is how many fields the kernel gets of a rule: a watch has two by itself, a key is one.
func fieldCount(r *rule.Rule) int {
	n := len(r.Fields)
	if r.IsWatch() {
		n += 2
	}
	if r.Key() != "" {
		n++
	}
	return n
}
