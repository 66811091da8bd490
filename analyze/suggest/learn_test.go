package suggest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// told is a ledger that adds up what events say by themselves, in words: what a Learner must come to, in the plainest way.
type told struct {
	rows  map[string]*Parts
	hosts map[string]map[string]bool
	split Split
	sum   Parts
}

func (l *told) Doubt()       {}
func (l *told) Again() error { return nil }
func (l *told) Write(r *analyze.Row) error {
	v := Volume{1, uint64(len(r.Event.Records)), uint64(r.Event.LogBytes)}
	l.sum.add(l.split.Tested(r.Node, r.Sec), v)
	if r.Origin != analyze.Rules && r.Origin != analyze.UserMessages && r.Origin != analyze.KernelMade {
		return nil
	}
	text := l.text(r)
	if l.rows[text] == nil {
		l.rows[text], l.hosts[text] = &Parts{}, map[string]bool{}
	}
	l.rows[text].add(l.split.Tested(r.Node, r.Sec), v)
	l.hosts[text][r.Node] = true
	return nil
}

func (l *told) text(r *analyze.Row) string {
	if r.Call == nil {
		rec := &r.Event.Records[0]
		exe, _ := rec.Text("exe")
		uid, ok := rec.Uint("uid")
		if !ok {
			uid = noID
		}
		auid, ok := rec.Uint("auid")
		if !ok {
			auid = unset
		}
		return fmt.Sprint(r.Rule, string(rec.Type), exe, uid, auid)
	}
	sys := r.Event.Syscall()
	exe, _ := sys.Text("exe")
	uid, _ := sys.Uint("uid")
	euid, _ := sys.Uint("euid")
	auid, _ := sys.Uint("auid")
	success, _ := sys.Text("success")
	exit, _ := sys.Text("exit")
	return fmt.Sprint(r.Rule, r.Arch, r.Syscall, exe, uid, euid, auid, success, exit[0] == '-', l.dir(r))
}

// dir is the folder of an event's file by its last PATH record that is no PARENT.
func (l *told) dir(r *analyze.Row) string {
	cwd, dir := "", ""
	for i := range r.Event.Records {
		rec := &r.Event.Records[i]
		if text, ok := rec.Text("cwd"); ok {
			cwd = text
		}
		name, ok := rec.Text("name")
		if kind, _ := rec.Text("nametype"); string(rec.Type) != "PATH" || kind == "PARENT" || !ok || dir != "" {
			continue
		}
		if !strings.HasPrefix(name, "/") {
			name = cwd + "/" + name
		}
		dir = path.Dir(name)
		if mode, _ := rec.Text("mode"); strings.HasPrefix(mode, "04") {
			dir = path.Clean(name)
		}
	}
	return dir
}

func TestLearnerCountsAsOneByOne(t *testing.T) {
	rules := rulesOf(t, hostlog.Rules)
	for _, seed := range []uint64{1, 2, 3} {
		text := hostlog.Text(hostlog.Options{Seed: seed, Hosts: 4, Named: true, Days: 2, Bytes: 2 << 20})
		l := &told{rows: map[string]*Parts{}, hosts: map[string]map[string]bool{}}
		n := learnText(t, rules, text, LearnerOptions{})
		l.split = n.Split
		n = learnText(t, rules, text, LearnerOptions{}, l)
		got, total := map[string]*Parts{}, n.Beyond
		hosts := map[string]int{}
		for i := range n.Behaviours {
			b := &n.Behaviours[i]
			text := textOf(b)
			if got[text] == nil {
				got[text] = &Parts{}
			}
			got[text].join(Parts{b.Learnt, b.Tested})
			hosts[text] = max(hosts[text], b.Hosts)
			total.join(Parts{b.Learnt, b.Tested})
		}
		for _, m := range n.Undecided {
			total.join(m.Parts)
		}
		if !reflect.DeepEqual(got, l.rows) {
			for text, p := range l.rows {
				if got[text] == nil || *got[text] != *p {
					t.Errorf("seed %d: %s: got %v, want %v", seed, text, got[text], p)
				}
			}
			t.Fatalf("%d behaviours, want %d", len(got), len(l.rows))
		}
		for text, want := range l.hosts {
			if hosts[text] > len(want) || hosts[text] == 0 {
				t.Errorf("%s: on %d hosts, want %d", text, hosts[text], len(want))
			}
		}
		if total != n.Total || n.Total != l.sum || n.Total.Tested.Bytes == 0 || n.Total.Learnt.Bytes == 0 {
			t.Errorf("seed %d: all parts are %v, total is %v, the log holds %v", seed, total, n.Total, l.sum)
		}
	}
}

func textOf(b *Behaviour) string {
	if b.MsgType != "" {
		return fmt.Sprint(b.Rule, b.MsgType, b.Exe, b.UID, b.AUID)
	}
	success := map[Outcome]string{Succeeded: "yes", Failed: "no"}[b.Outcome]
	return fmt.Sprint(b.Rule, b.Arch, b.Syscall, b.Exe, b.UID, b.EUID, b.AUID, success, b.Errno != 0, b.Dir)
}

// A full table folds what is light into the folders above: no volume is lost, and what is heavy stays where it is.
func TestFoldingLosesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	l := NewLearner(LearnerOptions{MaxBehaviours: 200, MaxTextBytes: 20_000})
	base := oneRow(t, openat, "", `"/"`, `name="/heavy/folder/f"`+inode)
	var want Volume
	for i := range 20_000 {
		row := *base
		row.LogBytes = uint64(500 + rng.IntN(500))
		if i%10 != 0 {
			row.Path = fmt.Appendf(nil, "/srv/%d/%d/%d/f", rng.IntN(3), rng.IntN(50), rng.IntN(1000))
			row.Call.Exe.Text = fmt.Appendf(nil, "/usr/sbin/p%d", rng.IntN(100))
			row.Decision = analyze.Decision{Origin: analyze.Rules, Rule: rng.IntN(5)}
		} else {
			row.Call.Exe.Text = []byte("/usr/sbin/heavy")
			want.Add(Volume{1, uint64(len(row.Records)), row.LogBytes})
		}
		if err := l.Write(&row); err != nil {
			t.Fatal(err)
		}
		if len(l.entries) > 200 || len(l.index) != len(l.entries) || l.exes.bytes+l.dirs.bytes > 20_200 {
			t.Fatalf("after %d events: %d behaviours, %d in the index, %d bytes of text", i, len(l.entries), len(l.index), l.exes.bytes+l.dirs.bytes)
		}
	}
	n := l.Noise()
	var sum, heavy Parts
	others, deeper := 0, 0
	for i := range n.Behaviours {
		b := &n.Behaviours[i]
		sum.join(Parts{b.Learnt, b.Tested})
		if b.Dir == "/heavy/folder" && b.Exe == "/usr/sbin/heavy" {
			heavy.join(Parts{b.Learnt, b.Tested})
		}
		if b.Other {
			others++
		}
		if b.Deeper {
			deeper++
		}
	}
	if sum != n.Total || n.Folded == 0 || others == 0 || deeper == 0 {
		t.Errorf("behaviours hold %v, the log %v; %d folded, %d others, %d deeper", sum, n.Total, n.Folded, others, deeper)
	}
	heavy.Learnt.Add(heavy.Tested)
	if heavy.Learnt != want {
		t.Errorf("the heavy folder has %v, want %v", heavy.Learnt, want)
	}
}

// What is known beside the volumes is carried along when a table is full.
func TestFoldingKeepsWhatIsKnown(t *testing.T) {
	l := NewLearner(LearnerOptions{MaxBehaviours: 40})
	row := *oneRow(t, openat, "", `"/"`, `name="/srv/"`+folder, `name="/srv/f"`+made)
	exec := oneRow(t, execve, "", `"/"`, `name="/usr/sbin/x" inode=9 dev=fe:00 mode=0100775 ouid=7 ogid=8 rdev=00:00 nametype=NORMAL`)
	if err := errors.Join(l.Write(&row), l.Write(exec)); err != nil {
		t.Fatal(err)
	}
	link := oneRow(t, openat, "", `"/"`, `name="/srv/link" inode=9 dev=fe:00 mode=0120777 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`)
	if err := l.Write(link); err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		deep := *oneRow(t, openat, "", `"/"`, fmt.Sprintf(`name="/srv/%d/f"`, i)+inode)
		deep.Node = fmt.Sprintf("host%d", i)
		if err := l.Write(&deep); err != nil {
			t.Fatal(err)
		}
	}
	n := l.Noise()
	at := slices.IndexFunc(n.Behaviours, func(b Behaviour) bool { return b.Dir == "/srv" && b.Deeper })
	if at < 0 {
		t.Fatalf("nothing was folded into /srv: %+v", n.Behaviours)
	}
	b := &n.Behaviours[at]
	thin := b.Thin[0].Learnt.Events + b.Thin[0].Tested.Events
	if b.Hosts < 100 || b.Hosts != b.hosts.len() || thin != b.Learnt.Events+b.Tested.Events || b.FileOwner != (Ownership{Seen: true, UID: 26}) {
		t.Errorf("hosts %d, thin %d of %v, files of %+v", b.Hosts, thin, b.Learnt, b.FileOwner)
	}
	if b.ExeOwner != (Ownership{Seen: true, UID: 7, Writable: true}) || b.DirOwner != (Ownership{Seen: true, UID: 26}) {
		t.Errorf("program of %+v, folder of %+v", b.ExeOwner, b.DirOwner)
	}
	for i := range n.Behaviours {
		if b := &n.Behaviours[i]; b.Dir == "/srv" && !b.Deeper && b.FileOwner.Writable {
			t.Errorf("the permissions of a link count: %+v", b)
		}
	}
}

// What must be seen stays apart when a table is full, and where there is so much of it that it is folded, too, an exclusion deeper down may
// take it.
func TestFoldingKeepsWhatIsWanted(t *testing.T) {
	for name, every := range map[string]int{"rare": 400, "a flood": 2} {
		l := NewLearner(LearnerOptions{MaxBehaviours: 50, Wanted: func(r *analyze.Row) bool { return strings.HasPrefix(string(r.Path), "/srv/a/b/secret") }})
		row := *oneRow(t, openat, "", `"/"`, `name="/x/f"`+inode)
		for i := range 500 {
			row.Path = fmt.Appendf(nil, "/srv/a/b/%d/f", i)
			if i%every == 0 {
				row.Path = fmt.Appendf(nil, "/srv/a/b/secret%d/f", i)
			}
			if err := l.Write(&row); err != nil {
				t.Fatal(err)
			}
		}
		rules := rulesOf(t, "-a always,exit -F arch=b64 -S openat\n")
		c := Change{Kind: Exit, Quiets: []int{0}, Calls: []Calls{{"b64", []string{"openat"}}}, Conds: []Cond{{"dir", "=", "/srv/a/b/secret0"}}}
		taker, ok := newTaker(&c, rules, names.ArchX86_64)
		if !ok {
			t.Fatal("a change that behaviours do not tell")
		}
		may, folded := false, false
		n := l.Noise()
		for i := range n.Behaviours {
			b := &n.Behaviours[i]
			may = may || b.Wanted && taker.mayTake(b)
			folded = folded || b.Wanted && b.Deeper
		}
		if !may || n.Folded == 0 || folded != (name == "a flood") {
			t.Errorf("%s: %d folded; what must be seen may be taken: %v; is folded: %v", name, n.Folded, may, folded)
		}
	}
}

func TestOwners(t *testing.T) {
	l := NewLearner(LearnerOptions{})
	dirMode := func(mode, ouid, ogid string) string {
		return " inode=4 dev=fe:00 mode=04" + mode + " ouid=" + ouid + " ogid=" + ogid + " rdev=00:00 nametype="
	}
	for _, r := range []*analyze.Row{
		oneRow(t, execve, "", `"/"`, `name="/usr/sbin/x" inode=9 dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`,
			`name="/lib64/ld.so" inode=10 dev=fe:00 mode=0100777 ouid=5 ogid=0 rdev=00:00 nametype=NORMAL`),
		oneRow(t, openat, "", `"/"`, `name="/data/in/"`+dirMode("0755", "26", "26")+"PARENT", `name="/data/in/f"`+made),
		oneRow(t, openat, "", `"/"`, `name="/data/in"`+dirMode("0755", "26", "26")+"NORMAL"),
		oneRow(t, openat, "", `"/"`, `name="/data/"`+dirMode("1777", "0", "0")+"PARENT", `name="/data/f"`+made),
	} {
		if err := l.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	n := l.Noise()
	if len(n.Behaviours) != 3 {
		t.Fatalf("%d behaviours, want 3: %+v", len(n.Behaviours), n.Behaviours)
	}
	for i := range n.Behaviours {
		b := &n.Behaviours[i]
		if want := (Ownership{Seen: true}); b.ExeOwner != want {
			t.Errorf("exe of %s: got %+v, want %+v", b.Dir, b.ExeOwner, want)
		}
		want := map[string]Ownership{"/data/in": {Seen: true, UID: 26, Writable: true}, "/data": {Seen: true, Writable: true}, "/usr/sbin": {}}[b.Dir]
		if b.DirOwner != want {
			t.Errorf("%s: got %+v, want %+v", b.Dir, b.DirOwner, want)
		}
	}
	l = NewLearner(LearnerOptions{})
	for _, r := range []*analyze.Row{
		oneRow(t, execve, "", `"/"`, `name="/usr/sbin/x" inode=9 dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`),
		oneRow(t, execve, "", `"/"`, `name="/usr/sbin/x" inode=99 dev=fe:00 mode=0100775 ouid=7 ogid=8 rdev=00:00 nametype=NORMAL`),
	} {
		if err := l.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := l.Noise().Behaviours[0].ExeOwner, (Ownership{Seen: true, UID: 7, Writable: true}); got != want {
		t.Errorf("a program with two owners: got %+v, want %+v", got, want)
	}
	for mode, setid := range map[string]bool{"0104755": true, "0102755": true, "0101755": false} {
		l = NewLearner(LearnerOptions{})
		if err := l.Write(oneRow(t, execve, "", `"/"`, `name="/usr/sbin/x" inode=9 dev=fe:00 mode=`+mode+` ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`)); err != nil {
			t.Fatal(err)
		}
		if got := l.Noise().Behaviours[0].ExeOwner.SetID; got != setid {
			t.Errorf("a program of mode %s: SetID %v", mode, got)
		}
	}
}

func TestMessagesAndGaps(t *testing.T) {
	log := `type=BPF msg=audit(1700000000.100:1): prog-id=3 op=LOAD
type=SYSCALL msg=audit(1700000000.100:1): arch=c000003e syscall=321 success=yes exit=3 a0=5 a1=1 a2=1 a3=1 items=0 ppid=1 pid=9 auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="x" exe="/usr/sbin/x" key=(null)
type=SERVICE_START msg=audit(1700000000.200:2): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=x comm="systemd" exe="/usr/lib/systemd/systemd" res=success'
type=SYSCALL msg=audit(1700000000.300:3): arch=c000003e syscall=257 success=yes exit=3 items=0 key="k"
type=NETFILTER_CFG msg=audit(1700000000.400:4): table=filter family=2 entries=3
`
	l := NewLearner(LearnerOptions{})
	for _, r := range rowsOf([]byte(log)) {
		if err := l.Write(&r); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	n := l.Noise()
	for i := range n.Behaviours {
		b := &n.Behaviours[i]
		got = append(got, fmt.Sprintf("%s %s %d other=%v", b.MsgType, b.Exe, b.UID, b.Other))
	}
	slices.Sort(got)
	want := []string{"  0 other=true", "BPF /usr/sbin/x 0 other=false", "NETFILTER_CFG  4294967295 other=false", "SERVICE_START /usr/lib/systemd/systemd 0 other=false"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestALearnerTakesNoDoubtfulDecisions(t *testing.T) {
	l := NewLearner(LearnerOptions{})
	l.Doubt()
	if err := l.Write(&analyze.Row{}); err == nil || l.Again() == nil {
		t.Error("decisions that may change were taken")
	}
}

func TestPlainModes(t *testing.T) {
	const chmod, fchmodat = 90, 268
	for _, c := range []struct {
		syscall int
		fields  string
		want    bool
	}{{chmod, "a1=1ed", true}, {chmod, "a1=9ed", false}, {chmod, "a1=400", false}, {chmod, "a1=3ff", true}, {fchmodat, "a1=9ed a2=1ed", true},
		{fchmodat, "a1=1 a2=5ed", false}, {openat, "a1=1ed", false}} {
		l := NewLearner(LearnerOptions{})
		if err := l.Write(oneRow(t, c.syscall, c.fields, `"/"`, `name="/x/f"`+inode)); err != nil {
			t.Fatal(err)
		}
		if got := l.Noise().Behaviours[0].Plain; got != c.want {
			t.Errorf("%d %s: got %v", c.syscall, c.fields, got)
		}
	}
}
