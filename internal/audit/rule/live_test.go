package rule

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/livetest"
)

// harmless tells whether a line may be given to auditctl: one rule to add and nothing else, not on the task list, whose rules outlive
// their deletion in what was forked meanwhile.
func harmless(words []Token) bool {
	adds := 0
	for i, w := range words {
		if strings.Contains(w.Text, "task") && !strings.HasPrefix(w.Text, "/") {
			return false
		}
		if len(w.Text) < 2 || w.Text[0] != '-' {
			continue
		}
		if !strings.Contains("aAwpSFCk", w.Text[1:2]) {
			return false
		}
		if strings.Contains("aAw", w.Text[1:2]) && (i == 0 || words[i-1].Text != "-k") {
			adds++
		}
	}
	return adds == 1
}

// byMachine are refusals that the grammar does not decide, but the users, the syscalls and the kernel of this machine: the line is
// legal. A syscall number is a matter of the grammar.
var byMachine = regexp.MustCompile("Error sending add rule data request|Unknown user|Unknown group|Syscall name unknown: [^0-9]")

// byVersion are refusals of auditctl 3.0.9 for what a later version may take: they decide nothing here.
var byVersion = regexp.MustCompile("fields can be used with exclude filter|bad keyword .*io_uring|unknown message type|" +
	"file system type is unknown|elf mapping not found")

// stricter tells the rules that auditctl lets pass and this package refuses on purpose (see the package's documentation).
func stricter(line string) bool {
	return strings.Contains(line, "possible") || strings.HasSuffix(line, "-S ,")
}

// auditctl gives a rule to the installed auditctl, takes it out again and says whether the grammar let it pass, if that is what decided.
func auditctl(t *testing.T, words []Token) (legal, decided bool, said string) {
	args := make([]string, len(words))
	for i, w := range words {
		args[i] = w.Text
	}
	out, err := exec.Command(livetest.Program("auditctl"), args...).CombinedOutput()
	said = string(out)
	if err != nil {
		return byMachine.MatchString(said), !byVersion.MatchString(said), said
	}
	undo := slices.Clone(args)
	for i, a := range undo {
		if len(a) > 1 && a[0] == '-' && strings.Contains("aAw", a[1:2]) && (i == 0 || undo[i-1] != "-k") {
			undo[i] = map[byte]string{'a': "-d", 'A': "-d", 'w': "-W"}[a[1]] + a[2:]
		}
	}
	if out, err := exec.Command(livetest.Program("auditctl"), undo...).CombinedOutput(); err != nil {
		t.Errorf("auditctl %q: %v\n%s", undo, err, out)
	}
	return true, true, said
}

// tableLines are rules whose legality the tables of this package claim, and some that are legal in surprising ways.
func tableLines() []string {
	var out []string
	for _, c := range refused {
		out = append(out, c.text)
	}
	return append(out, strings.Split(`-a always,exit -S open,,close, -F key=
-w /etc/hostname -p RWxa -k a=b
-S open -a exit,always
-a always,exit -S all --
-aalways,exit -Sgetpid -Fauid=0 -kx
-a always,exit -F AUID=0 -F Arch=B64 -S 5x
-a always,exit -F arch=c000003e -S getpid
-a always,exit -F arch=0xc000003e -S getpid
-a always,exit -F exit=eacces -F exit=-13 -F a0&=0x10 -F a1&1 -F a2<=3
-a always,exit -F saddr_fam=inet
-a always,exit -F saddr_fam=45
-a always,exit -F saddr_fam=-1
-a always,exit -F sessionid=x
-a always,exit -F filetype=FIFO -F pers=8
-a always,exit -F path=/etc/a>b
-a always,exit -F path=/etc/hostname -p wa
-a always,exit -F path=/etc/hostname -F perm=r -p wa
-a always,exit -F path=/etc/hostname -F key=
-a always,exit -S getpid -F key!=x
-a always,exit -S getpid -k "quoted"
-a never,exclude -F msgtype=unknown[1334]
-a never,exclude -F msgtype=UNKNOWN[1334]
-a never,exclude -F msgtype=cwd
-a never,user -F msgtype>=1100 -F msgtype<1150
-a never,filesystem -F fstype=TraceFS
-a never,filesystem -F fstype=0x64626720 -k x
-a always,exit -C obj_uid!=auid -C Gid=egid
-a always,exit -F success=0x1
-a always,exit -F success=-1
-a always,exit -F inode>5
-a always,exit -F uid=-
-a always,exit -F perm=rr
-a always,exit -F arch=armv7l -S getpid
-a always,exit -F arch=aarch64 -S getpid
-a always,exit -F arch=b16 -S getpid
-a always,exit -F field_compare=1
-w /etc/hostname -F auid=0 -F perm=x -p r`, "\n")...)
}

// What the grammar decides, this package and the installed auditctl decide alike: over the tables, over all lines of the corpus
// that are refused, and over every eighth of the others.
func TestLiveGrammar(t *testing.T) {
	livetest.Take(t)
	compared := 0
	compare := func(line string) {
		words, err := split(Pos{"f", 1, 1}, line)
		if err != nil || len(words) == 0 || !harmless(words) || stricter(line) {
			return
		}
		_, ours := ParseFile("f", strings.NewReader(line))
		legal, decided, said := auditctl(t, words)
		if compared++; decided && legal != (ours == nil) {
			t.Errorf("%.120s\nauditctl %v: %s\nthis package: %v", line, legal, said, ours)
		}
	}
	for _, line := range tableLines() {
		compare(line)
	}
	if compared < 80 {
		t.Errorf("only %d lines of the tables compared", compared)
	}
	t.Run("corpus", func(t *testing.T) {
		n, seen := 0, map[string]bool{}
		corpusSets(t, func(_, _ string, s *Set, _ Errors) {
			for _, l := range s.Files[0].Lines {
				if seen[l.Text] || l.Kind != KindRule && l.Kind != KindBad {
					continue
				}
				seen[l.Text] = true
				if n++; l.Kind == KindBad || n%corpusStep == 0 {
					compare(l.Text)
				}
			}
		})
	})
	t.Logf("%d lines compared", compared)
}

// corpusStep keeps the time short for which the audit state is locked.
const corpusStep = 8
