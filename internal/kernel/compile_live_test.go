package kernel

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// auditctlVariable names more auditctl programs to compare the rule compiler with, separated by blanks.
const auditctlVariable = "AUDITPROF_AUDITCTL"

// here is what auditctl looks up on this machine.
func here(t testing.TB, d rule.Dialect) rule.Env {
	t.Helper()
	machine, ok := map[string]uint32{"amd64": names.ArchX86_64, "arm64": names.ArchAArch64}[runtime.GOARCH]
	if !ok {
		t.Skip("no comparison on " + runtime.GOARCH + ": its kernel may be of another machine than this program")
	}
	return rule.Env{
		Machine: machine, Dialect: d,
		User: func(name string) (uint32, bool) {
			u, err := user.Lookup(name)
			if err != nil {
				return 0, false
			}
			return id(u.Uid)
		},
		Group: func(name string) (uint32, bool) {
			g, err := user.LookupGroup(name)
			if err != nil {
				return 0, false
			}
			return id(g.Gid)
		},
		IsDir: func(path string) bool {
			s, err := os.Stat(path)
			return err == nil && s.IsDir()
		},
	}
}

func id(text string) (uint32, bool) {
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err == nil
}

// differ are the lines on which the compiler and auditctl part on purpose.
var differ = []struct {
	line   *regexp.Regexp
	reason string
}{
	{regexp.MustCompile(`arch=(ppc|s390)\S* .*-S [a-z]`), "no names of syscalls for machines that auditprof does not run on"},
	{regexp.MustCompile(`io_uring`), "an auditctl that was built without the list, which the kernel has"},
	{regexp.MustCompile(`-S (\S*,)?(203[2-9]|204[0-7])\b`), "numbers of syscall classes: what they become differs by kernel"},
}

// oracle is one auditctl that the compiler is compared with.
type oracle struct {
	client  *Client
	program string
	env     rule.Env

	loaded, refused, refusedByKernel int
	different                        map[int]int // by the row of differ
}

func newOracle(t testing.TB, c *Client, program string) *oracle {
	t.Helper()
	out, err := exec.Command(program, "-v").CombinedOutput()
	if err != nil {
		t.Fatalf("%s -v: %v: %s", program, err, out)
	}
	d, err := rule.DialectOf(string(out))
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return &oracle{client: c, program: program, env: here(t, d), different: map[int]int{}}
}

// addable is the rule of a line that may be given to auditctl: one to add, nothing else in the line, and not on the task list, whose
// rules outlive their deletion in what was forked meanwhile.
func addable(line string) (*rule.Rule, bool) {
	s, err := rule.ParseFile("f", strings.NewReader(line))
	if err != nil || len(s.Rules()) != 1 || len(s.Controls()) > 0 {
		return nil, false
	}
	r := s.Rules()[0]
	return r, r.List != rule.ListTask && (r.Flag == "-a" || r.Flag == "-A" || r.Flag == "-w")
}

// compare gives one line to auditctl and to the compiler. They are alike where both refuse it, where the kernel refuses it from both,
// and where the kernel lists the same bytes.
func (o *oracle) compare(t *testing.T, line string) {
	t.Helper()
	r, ok := addable(line)
	if !ok {
		return
	}
	trouble := o.trouble(t, r)
	if trouble == "" {
		return
	}
	for i, d := range differ {
		if d.line.MatchString(line) {
			o.different[i]++
			t.Logf("%s\nauditctl %s %s: %s", line, o.env.Dialect, trouble, d.reason)
			return
		}
	}
	t.Errorf("%s\nauditctl %s %s", line, o.env.Dialect, trouble)
}

// trouble says how auditctl and the compiler part, "" where they do not.
func (o *oracle) trouble(t *testing.T, r *rule.Rule) string {
	t.Helper()
	args := r.Args()
	if d := o.env.Dialect; args[0] == "-A" && d >= 4_00_04 && d < 4_01_01 {
		args[0] = "-a" // these versions delete the rule instead; what they would add is the same
	}
	out, runErr := exec.Command(o.program, args...).CombinedOutput()
	listed := o.takeAll(t)
	ours, _, err := rule.Compile(r, o.env)
	switch {
	case len(listed) > 1:
		t.Fatalf("%s\nauditctl %s: %d rules", r.Text, o.env.Dialect, len(listed))
	case len(listed) == 1:
		o.loaded++
		if err != nil {
			return fmt.Sprintf("loads it, the compiler says %v", err)
		}
		return o.same(t, ours, listed[0])
	case runErr != nil && bytes.Contains(out, []byte("Error sending add rule data request")):
		o.refusedByKernel++
		if err != nil {
			return fmt.Sprintf("has it refused by the kernel: %s, the compiler says %v", out, err)
		}
		if o.client.Add(ours) == nil {
			o.takeAll(t)
			return fmt.Sprintf("has it refused by the kernel: %s, which takes it from the compiler", out)
		}
	default:
		o.refused++
		if err == nil {
			return fmt.Sprintf("refuses it: %v %s, the compiler makes %s", runErr, out, Command(ours))
		}
	}
	return ""
}

// same compares what auditctl left in the kernel with what the compiler made, and with what that leaves in the kernel.
func (o *oracle) same(t *testing.T, ours, theirs rule.Wire) string {
	t.Helper()
	if !bytes.Equal(ours.Encode(), theirs.Encode()) {
		return fmt.Sprintf("makes %s, the compiler %s", Command(theirs), Command(ours))
	}
	if err := o.client.Add(ours); err != nil {
		return fmt.Sprintf("loads it, the compiler's is refused: %v", err)
	}
	if again := o.takeAll(t); len(again) != 1 || !bytes.Equal(again[0].Encode(), ours.Encode()) {
		return fmt.Sprintf("loads it, the compiler's is listed as %v", again)
	}
	return ""
}

// takeAll lists and deletes what is loaded.
func (o *oracle) takeAll(t *testing.T) []rule.Wire {
	t.Helper()
	rules, err := o.client.Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range rules {
		if err := o.client.Delete(w); err != nil {
			t.Fatal(err)
		}
	}
	return rules
}

// corpusLines are the lines of all rule files of the corpus, each once. They belong to others and are read in place.
func corpusLines(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("AUDITPROF_CORPUS")
	if dir == "" {
		found, err := filepath.Glob(filepath.Join("..", "..", "..", "*", "corpus"))
		if err != nil || len(found) != 1 {
			t.Skip("no corpus of rule files: set AUDITPROF_CORPUS to the folder that holds rules/")
		}
		dir = found[0]
	}
	var lines []string
	seen := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(dir, "rules"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".rules") {
			return err
		}
		text, err := os.ReadFile(path)
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\r\n")
			if !seen[line] {
				lines = append(lines, line)
			}
			seen[line] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// oddLines are rules in which auditctl reads a value in a way of its own.
var oddLines = strings.Split(`-a always,exit -S OPEN,0x10,010,5x -S close
-a always,exit -S all -S open
-A never,exit -F uid=root -k a -F key=b
-a always,user -F uid=daemon -F msgtype>=user_auth -F msgtype<0x500
-a never,exclude -F msgtype=UNKNOWN[1334]
-a never,exclude -F msgtype=unknown[1334]
-a never,exclude -F msgtype=DM_CTRL
-a never,exclude -F msgtype=LANDLOCK_ACCESS
-a never,exclude -F msgtype=cwd -F auid=unset -F exe=/bin/sh
-a never,exclude -F euid=0
-a never,exclude -F exe=/bin/sh -k k
-a never,exclude -F sessionid=3
-a never,exclude -F exe=/bin/sh -p w
-a never,exclude -F perm=w -F exe=/bin/sh
-a never,filesystem -F fstype=TraceFS -k f
-a never,filesystem -F fstype!=0x64626720
-a never,filesystem -F fstype=cgroup2
-a never,filesystem -F fstype=4294967295
-a never,filesystem -F uid=0
-a always,exit -F arch=b32 -S open,madvise,madvise1,socketcall
-a always,exit -F arch=b64 -S socketcall
-a always,exit -F arch=b64 -S setxattrat
-a always,exit -F arch=b64 -S cachestat,fchmodat2,mseal
-a always,exit -F arch=b64 -S uretprobe
-a always,exit -F arch=aarch64 -S openat
-a always,exit -F arch=armv7l -S open
-a always,exit -F arch=armeb -S open
-a always,exit -F arch=arm -S pselect6
-a always,exit -F arch=c000003e -S open
-a always,exit -F arch=0x40000003 -S open
-a always,exit -F arch=40000003 -S open
-a always,exit -F arch!=B64 -S open
-a always,exit -F arch=s390x -S 5
-a always,exit -F arch=riscv64 -S 5
-a always,exit -F arch=b64 -F arch=b32 -S open
-a always,exit -F arch=b64 -S 2031
-a always,exit -S ALL
-a always,exit -S nix
-w /etc/ -p RW
-w /etc/hostname// -p wa -k k -k l
-w // -p r
-w / -p r
-w /nowhere/at/all -p wa
-w /etc/nowhere -p wa
-w /etc -F path=/etc/hostname
-w /etc/hostname -F auid=0 -F perm=x -p r
-w /etc -a exit,never
-w /etc -a exclude,always
-a always,exit -F path=/etc/hostname/ -p x
-a always,exit -F path=/etc/hostname -F perm=r -F perm=w -p x
-a always,exit -F dir=/etc/ -F perm=rwxa
-a always,exit -F dir=/nowhere
-a always,exit -F dir!=/etc
-a always,exit -F path=relative
-a always,exit -F pid=0x1F -F ppid=017 -F pers=08
-a always,exit -F a0=-1 -F a1&0xff -F a2&=07 -F a3<4294967297
-a always,exit -F a0=99999999999999999999 -F pid=99999999999999999999
-a always,exit -F a0=0xfffffffffffffff0 -F pid=0xfffffffffffffff0
-a always,exit -F exit=-99999999999999999999 -F exit=-9223372036854775807 -F exit>9223372036854775807
-a always,exit -F inode!=4294967298 -F devmajor=8 -F devminor>=1
-a always,exit -F inode=5
-a always,exit -F success=0x1 -F success=0 -F success=2
-a always,exit -F auid!=unset -F auid=-1 -F loginuid!=4294967295
-a always,exit -F auid>=unset
-a always,exit -F auid>=4294967294
-a always,exit -F uid=unset
-a always,exit -F uid=-2
-a always,exit -F uid=daemon -F euid<=root -F obj_uid=bin
-a always,exit -F uid=nobody-of-this-name
-a always,exit -F uid=-
-a always,exit -F gid=daemon -F sgid!=0x10 -F obj_gid=tty
-a always,exit -F gid=-1
-a always,exit -F gid=unset
-a always,exit -F sessionid=unset -F sessionid>3 -F sessionid=-1 -F sessionid=word
-a always,exit -F exit=-EACCES -F exit!=eperm -F exit=-13 -F exit>5 -F exit=EWOULDBLOCK -F exit=EDEADLOCK
-a always,exit -F filetype=FIFO -F filetype!=socket -F filetype=character -F filetype=link -F filetype=block
-a always,exit -F saddr_fam=2 -F saddr_fam=inet -F saddr_fam!=0x10
-a always,exit -F saddr_fam=\ 2
-a always,exit -F subj_user=a_u -F subj_role!=r -F subj_type=t -F subj_sen=s0 -F subj_clr=s0
-a always,exit -F obj_user=a_u -F obj_role=r -F obj_type!=t -F obj_lev_low=s0 -F obj_lev_high=s0
-a always,exit -F exe=/bin/sh -k k
-a always,exit -F exe!=/bin/sh
-a always,exit -F path=/etc/c=d>e
-a always,exit -C uid!=euid -C obj_gid=egid -C loginuid=obj_uid -C fsuid=suid
-a always,exit -C fsgid!=sgid -C gid=obj_gid -C auid!=suid
-a always,exit -F field_compare=11
-a always,exit -F field_compare=26
-a always,exit -S open -F key!=x -F uid=0
-a always,exit -S open -F KEY=x -F uid=0
-a always,exit -S open -F KEY=x -k y
-a always,exit -S open -F key!=x -F uid=0 -k y
-a always,exit -F arch=b64 -F perm=wa -F path=/etc/hostname -k k
-a always,exit -F perm=wa -F arch=b64 -k k
-a always,exit -F arch=b32 -S open -F perm=rwxa
-a always,exit -S open -F perm=x
-a always,io_uring -S openat
-a always,io_uring -S all
-a always,io_uring -S OPENAT2,20 -F uid=0 -k u
-a always,io_uring -S uring_cmd128
-a always,io_uring -S read
-a always,io_uring -F uid=0
-a always,exit -F arch=ppc64 -S open
-a always,exit -F arch=b64 -S 2040`, "\n")

// What the compiler makes of a rule is what the installed auditctl leaves in the kernel, byte for byte, and what one refuses the other
// refuses: for odd rules, for random ones and for every rule of the corpus.
func TestLiveCompile(t *testing.T) {
	c := live(t)
	program, err := findProgram("auditctl")
	if err != nil {
		t.Fatal(err)
	}
	compareWith(t, c, program)
}

func compareWith(t *testing.T, c *Client, program string) {
	found, err := readRCU()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := writeRCU(found); err != nil {
			t.Error(err)
		}
	})
	if found != "" {
		_ = writeRCU("1") // read-only sysfs: slower, not wrong
	}
	o := newOracle(t, c, program)
	for _, line := range oddLines {
		o.compare(t, line)
	}
	if o.loaded < 40 || o.refused < 10 || o.refusedByKernel < 5 {
		t.Errorf("only %d rules loaded, %d refused, %d refused by the kernel", o.loaded, o.refused, o.refusedByKernel)
	}
	for _, line := range dialectLines(t, o.env.Dialect) {
		o.compare(t, line)
	}
	o.compareRandom(t, 1000)
	t.Run("corpus", func(t *testing.T) {
		for _, line := range corpusLines(t) {
			o.compare(t, line)
		}
	})
	t.Logf("auditctl %s: %d loaded alike, %d refused by both, %d by the kernel from both, different on purpose %v", o.env.Dialect,
		o.loaded, o.refused, o.refusedByKernel, o.different)
}

// dialectLines are the lines of the table of dialects for one version of auditctl.
func dialectLines(t *testing.T, d rule.Dialect) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "audit", "rule", "testdata", "dialects.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for row := range strings.Lines(string(text)) {
		if cols := strings.Split(row, "\t"); len(cols) == 3 && cols[0] == d.String() {
			lines = append(lines, cols[1])
		}
	}
	return lines
}

// The same for auditctl of other versions, built in some other place and never installed.
func TestLiveDialects(t *testing.T) {
	programs := strings.Fields(os.Getenv(auditctlVariable))
	if len(programs) == 0 {
		t.Skip("no other auditctl to compare with: set " + auditctlVariable + " to programs built from other versions of audit-userspace")
	}
	for _, program := range programs {
		t.Run(program, func(t *testing.T) { compareWith(t, live(t), program) })
	}
}
