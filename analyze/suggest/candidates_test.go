package suggest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// permissive allows everything.
type permissive struct{}

func (permissive) Grade(*Change, []*Behaviour) Grade { return Grade{} }

// The shape of every candidate, whatever the noise: who, what and in which order.
func TestShapeOfCandidates(t *testing.T) {
	order := []string{"auid", "uid", "success", "exit", "saddr_fam", "a1", "a2", "exe", "dir", "path"}
	exits := 0
	eachRandom(t, func(t *testing.T, _ *rand.Rand, n *Noise, _ randomly) {
		slices.SortFunc(n.Behaviours, compareBehaviours)
		s := newSearch(n, permissive{}, nil, Options{})
		s.candidates()
		for _, x := range s.found {
			c := &x.change
			if x.bytes < s.least {
				t.Fatalf("%s saves too little", c.Lines())
			}
			last := -1
			for _, cond := range c.Conds {
				at := slices.Index(order, cond.Field)
				if at <= last {
					t.Fatalf("%s: %s stands at the wrong place", c.Lines(), cond.Field)
				}
				last = at
			}
			if c.Kind == Exit {
				exits++
				checkExit(t, s, x)
			}
		}
	})
	if exits < 3000 {
		t.Fatalf("only %d exclusions were looked at", exits)
	}
}

func checkExit(t *testing.T, s *search, x *candidate) {
	c := &x.change
	if c.Cond("exe") == "" || c.Cond("uid") == "" || len(c.Calls) == 0 || len(c.Quiets) == 0 || !slices.IsSorted(c.Quiets) {
		t.Fatalf("%s lacks who or what, or quiets nothing: %v", c.Lines(), c.Quiets)
	}
	people := slices.ContainsFunc(x.of, func(i int) bool { return s.Behaviours[i].AUID != unset })
	if c.Cond("auid") == "4294967295" && people {
		t.Fatalf("%s takes what people do", c.Lines())
	}
	taker, _ := newTaker(c, s.Rules, names.ArchX86_64)
	for key := range taker.calls {
		if c.Cond("dir") != "" && s.classes.of(uint32(key>>32), uint32(key)).twin {
			t.Fatalf("%s has a folder and a call of two names", c.Lines())
		}
		if !slices.ContainsFunc(c.Quiets, func(r int) bool { return s.Rules[r].Forms[0].Mask[uint32(key)/32]&(1<<(uint32(key)%32)) != 0 }) {
			t.Errorf("%s has a call that none of its rules asks for", c.Lines())
		}
	}
	if c.Cond("dir") != "" && c.Cond("success") != "1" {
		t.Errorf("%s has a folder, and takes failures", c.Lines())
	}
}

// service is a service's noise: a behaviour to be changed.
func service(syscall string, change func(*Behaviour)) Behaviour {
	nr, ok := names.SyscallNumber(names.ArchX86_64, syscall)
	if !ok {
		panic("no such call: " + syscall)
	}
	b := Behaviour{Arch: names.ArchX86_64, Syscall: uint32(nr), Exe: "/usr/sbin/db", UID: 26, EUID: 26, AUID: unset, Outcome: Succeeded, Family: -1,
		Learnt: Volume{100, 400, 90_000}, Tested: Volume{50, 200, 45_000}, Hosts: 1}
	if change != nil {
		change(&b)
	}
	return b
}

func inDir(dir string) func(*Behaviour) {
	return func(b *Behaviour) { b.Names, b.Dir = OneName, dir }
}

func noiseOf(t *testing.T, rules string, of ...Behaviour) *Noise {
	n := &Noise{Rules: rulesOf(t, rules), Behaviours: of, Split: Split{CoveredSec: 3 * daySec, Hosts: 2}}
	for i := range of {
		n.Total.join(Parts{of[i].Learnt, of[i].Tested})
	}
	return n
}

const fileRules = `-w /etc/shadow -p rwa -k shadow
-a always,exit -F arch=b64 -S open,openat -k files
-a always,exit -F arch=b32 -S open,openat -k files
-a always,exit -F arch=b64 -S unlink,rename,fchmod -k delete
-a always,exit -F arch=b64 -S connect -k net
`

func TestWhatIsProposed(t *testing.T) {
	i386open := func(b *Behaviour) {
		nr, _ := names.SyscallNumber(names.ArchI386, "openat")
		b.Arch, b.Syscall, b.Rule, b.Names, b.Dir = names.ArchI386, uint32(nr), 2, OneName, "/var/lib/db/data"
	}
	files := func(b *Behaviour) { inDir("/var/lib/db/data/base")(b); b.Rule = 1 }
	for name, c := range map[string]struct {
		of   []Behaviour
		want []string // lines, each change with the rules it quiets behind it
	}{
		"openings by folder, with the family that the rule has": {
			[]Behaviour{service("openat", files)},
			[]string{"-a never,exit -F arch=b64 -S open,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/sbin/db -F dir=/var/lib/db/data/base [1]"},
		},
		"both architectures in one": {
			[]Behaviour{service("openat", func(b *Behaviour) { i386open(b); b.Rule = 2 }), service("openat", func(b *Behaviour) { inDir("/var/lib/db/data")(b); b.Rule = 1 })},
			[]string{"-a never,exit -F arch=b64 -S open,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/sbin/db -F dir=/var/lib/db/data|" +
				"-a never,exit -F arch=b32 -S open,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/sbin/db -F dir=/var/lib/db/data [1 2]"},
		},
		"two folders in the one above": {
			[]Behaviour{service("openat", files), service("openat", func(b *Behaviour) { inDir("/var/lib/db/data/wal")(b); b.Rule = 1 })},
			[]string{"-a never,exit -F arch=b64 -S open,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/sbin/db -F dir=/var/lib/db/data [1]"},
		},
		"not a rare call beside": {
			[]Behaviour{service("openat", files), service("unlink", func(b *Behaviour) { files(b); b.Rule, b.Learnt = 3, Volume{1, 4, 100} })},
			[]string{"-a never,exit -F arch=b64 -S open,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/sbin/db -F dir=/var/lib/db/data/base [1]"},
		},
		"deletions beside, and the family of the rule of openings": {
			[]Behaviour{service("openat", files), service("unlink", func(b *Behaviour) { files(b); b.Rule = 3 })},
			[]string{"-a never,exit -F arch=b64 -S open,unlink,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/sbin/db -F dir=/var/lib/db/data/base [1 3]"},
		},
		"connections that are not waited for": {
			[]Behaviour{service("connect", func(b *Behaviour) { b.Rule, b.Family, b.Outcome, b.Errno = 4, 2, Failed, 115 }),
				service("connect", func(b *Behaviour) { b.Rule, b.Family = 4, 2 })},
			[]string{"-a never,exit -F arch=b64 -S connect -F auid=4294967295 -F uid=26 -F saddr_fam=2 -F exe=/usr/sbin/db [4]"},
		},
		"what fails, by its error": {
			[]Behaviour{service("openat", func(b *Behaviour) { files(b); b.Outcome, b.Errno = Failed, 2 })},
			[]string{"-a never,exit -F arch=b64 -S open,openat -F auid=4294967295 -F uid=26 -F exit=-2 -F exe=/usr/sbin/db [1]"},
		},
		"a call of two names has no folder": {
			[]Behaviour{service("rename", func(b *Behaviour) { b.Rule, b.Names, b.Dir = 3, MoreNames, "/var/lib/db/data" })},
			[]string{"-a never,exit -F arch=b64 -S rename -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/sbin/db [3]"},
		},
		"a file of a folder that must not be hidden": {
			[]Behaviour{service("openat", func(b *Behaviour) { files(b); b.File = "/var/lib/db/data/base/one" }),
				service("openat", func(b *Behaviour) { files(b); b.Wanted, b.File = true, "/var/lib/db/data/base/two" })},
			[]string{"-a never,exit -F arch=b64 -S open,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/sbin/db -F path=/var/lib/db/data/base/one [1]"},
		},
		"a file where nobody knows which one must be seen": {
			[]Behaviour{service("openat", func(b *Behaviour) { files(b); b.File = "/var/lib/db/data/base/one" }),
				service("openat", func(b *Behaviour) { files(b); b.Wanted = true })},
			nil,
		},
		"a file that a watch recorded": {
			[]Behaviour{service("openat", func(b *Behaviour) { inDir("/etc")(b); b.File = "/etc/shadow" }),
				service("openat", func(b *Behaviour) { inDir("/etc")(b); b.Wanted, b.File = true, "/etc/gshadow" })},
			nil,
		},
		"a file that is deleted": {
			[]Behaviour{service("unlink", func(b *Behaviour) { files(b); b.Rule, b.File = 3, "/var/lib/db/data/base/one" }),
				service("unlink", func(b *Behaviour) { files(b); b.Rule, b.Wanted, b.File = 3, true, "/var/lib/db/data/base/two" })},
			nil,
		},
		"a folder rather than its only file": {
			[]Behaviour{service("openat", func(b *Behaviour) { files(b); b.File = "/var/lib/db/data/base/one" })},
			[]string{"-a never,exit -F arch=b64 -S open,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=/usr/sbin/db -F dir=/var/lib/db/data/base [1]"},
		},
		"permissions without the setuid bit": {
			[]Behaviour{service("fchmod", func(b *Behaviour) { files(b); b.Rule, b.Plain = 3, true }), service("fchmod", func(b *Behaviour) { files(b); b.Rule, b.Wanted = 3, true })},
			[]string{"-a never,exit -F arch=b64 -S fchmod -F auid=4294967295 -F uid=26 -F success=1 -F a1<1024 -F exe=/usr/sbin/db -F dir=/var/lib/db/data/base [3]"},
		},
		"a call that older auditctls have no name for": {
			[]Behaviour{service("fchmodat2", func(b *Behaviour) { files(b); b.Rule, b.Plain = 3, true })},
			[]string{"-a never,exit -F arch=b64 -S 452 -F auid=4294967295 -F uid=26 -F success=1 -F a2<1024 -F exe=/usr/sbin/db -F dir=/var/lib/db/data/base [3]"},
		},
		"a person": {
			[]Behaviour{service("openat", func(b *Behaviour) { files(b); b.AUID = 1000 })},
			[]string{"-a never,exit -F arch=b64 -S open,openat -F auid=1000 -F uid=26 -F success=1 -F exe=/usr/sbin/db -F dir=/var/lib/db/data/base [1]"},
		},
		"a record of the kernel, and one of a program": {
			[]Behaviour{{Rule: -1, MsgType: "UNKNOWN[1399]", UID: noID, AUID: unset, Learnt: Volume{9, 9, 9000}}, {Rule: -1, MsgType: "CRYPTO_SESSION", UID: 0, AUID: unset,
				Exe: "/usr/sbin/sshd", Learnt: Volume{9, 9, 8000}}},
			[]string{"-a never,exclude -F msgtype=1399 []", "-a never,user -F msgtype=CRYPTO_SESSION []"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range c.of {
				c.of[i].Tested = c.of[i].Learnt
			}
			var got []string
			for _, p := range Propose(noiseOf(t, fileRules, c.of...), permissive{}, nil, Options{MinEvents: 1}).Proposals {
				got = append(got, fmt.Sprintf("%s %v", strings.Join(p.Change.Lines(), "|"), p.Change.Quiets))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// An exclusion above the first rule that it quiets takes from later rules, too, and says so; what an earlier rule records stays.
func TestCollateral(t *testing.T) {
	dir := inDir("/var/lib/db/data")
	n := noiseOf(t, fileRules,
		service("openat", func(b *Behaviour) { dir(b); b.Rule = 1 }),
		service("openat", func(b *Behaviour) { dir(b); b.Rule, b.Learnt, b.Tested = 3, Volume{1, 1, 100}, Volume{2, 2, 200} }),
		service("openat", func(b *Behaviour) { dir(b); b.Rule, b.Learnt, b.Tested = 0, Volume{1, 1, 100}, Volume{2, 2, 200} }))
	out := Propose(n, permissive{}, nil, Options{})
	if len(out.Proposals) != 1 {
		t.Fatalf("got %d proposals", len(out.Proposals))
	}
	p := &out.Proposals[0]
	if want := []RuleLoss{{3, Volume{3, 3, 300}}}; !slices.Equal(p.Collateral, want) || !slices.Equal(p.Change.Quiets, []int{1}) {
		t.Errorf("quiets %v with the collateral %v, want %v", p.Change.Quiets, p.Collateral, want)
	}
	if want := (Volume{101, 401, 90_100}); p.Learnt != want {
		t.Errorf("saves %v, want %v", p.Learnt, want)
	}
}

func TestWhatIsRefused(t *testing.T) {
	files := func(b *Behaviour) { inDir("/var/lib/db/data")(b); b.Rule = 1 }
	for name, c := range map[string]struct {
		of    []Behaviour
		grade Grader
		guard Guard
		o     Options
		why   string
		needs Risk
	}{
		"a name that no rule can hold": {[]Behaviour{service("connect", func(b *Behaviour) { b.Rule, b.Exe = 4, "/tmp/x\n-D\n" })}, permissive{}, nil, Options{}, "0x0a", Forbidden},
		"a name that is not whole":     {[]Behaviour{service("connect", func(b *Behaviour) { b.Rule, b.Exe = 4, "/usr//bin/x" })}, permissive{}, nil, Options{}, "plain name", Forbidden},
		"what must be seen":            {[]Behaviour{service("openat", files), service("openat", func(b *Behaviour) { files(b); b.Wanted = true })}, permissive{}, nil, Options{}, "still be seen", Forbidden},
		"what the grader says":         {[]Behaviour{service("openat", files)}, gradedAs(Medium), nil, Options{}, "because", Medium},
		"forbidden at any risk":        {[]Behaviour{service("openat", files)}, gradedAs(Forbidden), nil, Options{MaxRisk: Forbidden}, "because", Forbidden},
		"what a detection says":        {[]Behaviour{service("openat", files)}, permissive{}, blinding{true}, Options{}, "would blind it: of it", Forbidden},
		"what cannot be written":       {[]Behaviour{service("openat", files)}, permissive{}, nil, Options{Check: func(*Change) error { return errors.New("not so") }}, "not so", Forbidden},
		"noise of the past":            {[]Behaviour{service("openat", func(b *Behaviour) { files(b); b.Tested = Volume{} }), service("unlink", nil)}, gradedAs(Low), nil, Options{Max: 1, Target: 0.01}, "past", Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			out := Propose(noiseOf(t, fileRules, c.of...), c.grade, c.guard, c.o)
			for _, p := range out.Proposals {
				if name != "noise of the past" || p.Change.Cond("dir") != "" {
					t.Errorf("proposed: %q", p.Change.Lines())
				}
			}
			if len(out.Refusals) == 0 || !strings.Contains(out.Refusals[0].Why, c.why) || out.Refusals[0].Risk != c.needs || out.Refusals[0].Saves.Bytes == 0 {
				t.Errorf("got %+v", out.Refusals)
			}
		})
	}
}

// gradedAs is a Grader that says the same of everything.
type gradedAs Risk

func (r gradedAs) Grade(*Change, []*Behaviour) Grade {
	return Grade{Risk: Risk(r), Reasons: []string{"because"}}
}

// blinding is a Guard that sees one detection blinded by everything.
type blinding struct{ hard bool }

func (b blinding) Blinds(*Change) []Blinded {
	return []Blinded{{Name: "it", Why: "of it", Hard: b.hard}}
}

func TestSoftDetectionsAreNamed(t *testing.T) {
	n := noiseOf(t, fileRules, service("openat", func(b *Behaviour) { inDir("/var/lib/db/data")(b); b.Rule = 1 }))
	out := Propose(n, permissive{}, blinding{}, Options{Mandated: []int{1}, Describe: func(p *Proposal) { p.Caveats = []string{"mind"} }})
	if len(out.Proposals) != 1 || len(out.Proposals[0].Blinds) != 1 || !slices.Equal(out.Proposals[0].Shadows, []int{1}) || len(out.Proposals[0].Caveats) != 1 {
		t.Errorf("got %+v", out.Proposals)
	}
}

// In less than three days the tested part is no whole day: what runs at night is no noise of the past.
func TestNoiseOfANightIsProposed(t *testing.T) {
	n := noiseOf(t, fileRules, service("openat", func(b *Behaviour) { inDir("/var/lib/db/data")(b); b.Rule, b.Tested = 1, Volume{} }), service("unlink", nil))
	n.Split.CoveredSec = 3*daySec - 1
	if out := Propose(n, permissive{}, nil, Options{}); len(out.Proposals) == 0 || out.Proposals[0].Change.Cond("dir") == "" {
		t.Errorf("got %+v", out)
	}
}

// Types of records that events can go without come last, when whole events are not enough.
func TestThinnedTypesComeLast(t *testing.T) {
	b := service("openat", func(b *Behaviour) { inDir("/var/lib/db/data")(b); b.Rule = 1 })
	b.Thin[0] = Parts{Volume{100, 100, 9_000}, Volume{50, 50, 4_500}}
	other := service("connect", func(b *Behaviour) { b.Rule, b.Exe = 4, "" })
	other.Thin[0] = Parts{Volume{100, 100, 8_000}, Volume{50, 50, 4_000}}
	out := Propose(noiseOf(t, fileRules, b, other), permissive{}, nil, Options{Target: 1})
	if len(out.Proposals) != 2 || out.Proposals[1].Change.MsgType != "PROCTITLE" || out.Proposals[1].Learnt != (Volume{0, 100, 8_000}) ||
		out.Proposals[1].Tested != (Volume{0, 50, 4_000}) {
		t.Errorf("got %+v", out.Proposals)
	}
}

func TestDoubtsAreSaid(t *testing.T) {
	n := noiseOf(t, fileRules, service("connect", func(b *Behaviour) { b.Rule = 4 }))
	if out := Propose(n, permissive{}, nil, Options{}); len(out.Doubts) != 0 {
		t.Errorf("two days of two hosts: %q", out.Doubts)
	}
	n.Split, n.Total.Tested = Split{CoveredSec: daySec - 1, Hosts: 1}, Volume{}
	if out := Propose(n, permissive{}, nil, Options{}); len(out.Doubts) != 3 {
		t.Errorf("a short log of one host, not tested: %q", out.Doubts)
	}
}

// A proposal says what else it takes: distinct behaviours, the rarest, those that are new in the tested part.
func TestWhatIsGivenUpIsSaid(t *testing.T) {
	var of []Behaviour
	for n := range 8 {
		of = append(of, service("openat", func(b *Behaviour) {
			inDir(fmt.Sprintf("/var/lib/db/%d", n))(b)
			b.Rule, b.Learnt.Events, b.Tested.Events = 1, uint64(20-n), uint64(n)*10
			if n == 0 {
				b.Learnt.Events, b.Tested.Events = 0, 3
			}
		}), service("openat", func(b *Behaviour) { // the same for who looks at it
			inDir(fmt.Sprintf("/var/lib/db/%d", n))(b)
			b.Rule, b.Errno, b.EUID, b.Learnt.Events, b.Tested.Events = 1, 0, 27, 0, 1
		}))
	}
	out := Propose(noiseOf(t, fileRules, of...), permissive{}, nil, Options{})
	if len(out.Proposals) != 1 {
		t.Fatalf("got %d proposals", len(out.Proposals))
	}
	p := &out.Proposals[0]
	if p.Behaviours != 8 || p.NewTested != 1 || len(p.Rarest) != 5 || p.Rarest[0] != (Lost{"/usr/sbin/db", "/var/lib/db/0", 26, 4}) ||
		p.Rarest[4] != (Lost{"/usr/sbin/db", "/var/lib/db/4", 26, 57}) {
		t.Errorf("got %d behaviours, %d new, %+v", p.Behaviours, p.NewTested, p.Rarest)
	}
}

// Of candidates that would have saved the same, one is told of as refused: that which is nearest to be allowed.
func TestRefusalsAreFew(t *testing.T) {
	n := noiseOf(t, fileRules,
		service("openat", func(b *Behaviour) { inDir("/var/lib/db/a")(b); b.Rule = 1 }),
		service("openat", func(b *Behaviour) { inDir("/var/lib/db/b")(b); b.Rule = 1 }))
	out := Propose(n, gradedBy{"/var/lib/db": Forbidden, "/var/lib/db/a": High, "/var/lib/db/b": High}, nil, Options{})
	var got []string
	for _, r := range out.Refusals {
		got = append(got, r.Change.Cond("dir"))
	}
	if !slices.Equal(got, []string{"/var/lib/db/a", "/var/lib/db/b"}) {
		t.Errorf("got %q", got)
	}
	if out := Propose(n, gradedBy{"/var/lib/db": Forbidden, "/var/lib/db/a": High, "/var/lib/db/b": High}, nil, Options{MaxRefusals: 1}); len(out.Refusals) != 1 {
		t.Errorf("got %d refusals, at most one was asked for", len(out.Refusals))
	}
}

// A few events are no noise, however large a part of a small log they are.
func TestAFewEventsAreNoNoise(t *testing.T) {
	n := noiseOf(t, fileRules, service("connect", func(b *Behaviour) { b.Rule, b.Learnt.Events = 4, 49 }))
	if out := Propose(n, permissive{}, nil, Options{}); len(out.Proposals)+len(out.Refusals) > 0 {
		t.Errorf("got %+v", out)
	}
}
