package kernel

import (
	"math/rand"
	"strings"
	"testing"
)

// words are what random rules are made of: every field and operator, values that auditctl reads in ways of their own, and some that it
// refuses.
var words = struct{ lists, fields, ops, values, calls, pairs, watches, perms []string }{
	lists: strings.Fields("exit exit exit exit user exclude filesystem"),
	fields: strings.Fields(`pid uid euid suid fsuid gid egid sgid fsgid auid loginuid pers arch msgtype subj_user subj_role subj_type
		subj_sen subj_clr ppid obj_user obj_role obj_type obj_lev_low obj_lev_high sessionid fstype devmajor devminor inode exit success path
		perm dir filetype obj_uid obj_gid field_compare exe saddr_fam a0 a1 a2 a3 key KEY Uid PERM perm perm`),
	ops: strings.Fields("= = = = = != != < > <= >= & &="),
	values: strings.Fields(`0 1 -1 5 010 0x10 08 4294967295 4294967296 -2 99999999999999999999 -99999999999999999999 9223372036854775808
		unset root daemon nobody9 tty /etc /etc/ /etc/hostname /nowhere /nowhere/x b64 B64 x86_64 aarch64 c000003e 0xc000003e 40000003
		SYSCALL cwd 1300 UNKNOWN[1399] file dir fifo Socket character r wa rwxa RX x tracefs cgroup cgroup2 -EPERM EACCES eagain
		2 10 45 46 s0 a=b a>b 1x -x - yes 0x 0xfffffffff 15 16 24 25 26`),
	calls:   strings.Fields("open close all OPEN 5 0x5 openat,open execve getpid,5 2031 socketcall fchmodat2 setxattrat stat madvise nix 07,08 mmap2 2048 1x"),
	pairs:   strings.Fields("uid auid euid suid fsuid obj_uid gid egid sgid fsgid obj_gid"),
	watches: strings.Fields("/etc /etc/hostname /etc/ /nowhere/x // /etc//"),
	perms:   strings.Fields("r wa RWXA x"),
}

// randomLine is a rule of up to three options. It is never on the task list and says nothing but the rule.
func randomLine(rng *rand.Rand) string {
	pick := func(from []string) string { return from[rng.Intn(len(from))] }
	line := "-a " + pick([]string{"always,", "never,"}) + pick(words.lists)
	if rng.Intn(8) == 0 {
		line = "-w " + pick(words.watches)
		if rng.Intn(2) == 0 {
			line += " -p " + pick(words.perms)
		}
	}
	for range rng.Intn(4) {
		switch rng.Intn(8) {
		case 0, 1:
			line += " -S " + pick(words.calls)
		case 2:
			line += " -C " + pick(words.pairs) + pick([]string{"=", "!="}) + pick(words.pairs)
		case 3:
			line += " -k " + pick(words.values)
		case 4:
			line += " -F arch=" + pick([]string{"b64", "b32", "aarch64"})
		default:
			line += " -F " + pick(words.fields) + pick(words.ops) + pick(words.values)
		}
	}
	return line
}

// compareRandom compares rules that nobody has thought of, the same ones each time.
func (o *oracle) compareRandom(t *testing.T, count int) {
	t.Helper()
	rng := rand.New(rand.NewSource(1))
	for range count {
		o.compare(t, randomLine(rng))
	}
}
