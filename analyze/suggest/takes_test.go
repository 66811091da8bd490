package suggest

import (
	"slices"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/names"
)

func TestTakes(t *testing.T) {
	rules := rulesOf(t, fileRules)
	exit := Change{Kind: Exit, Quiets: []int{3, 1}, Calls: []Calls{{"b64", []string{"openat", "unlink", "rename"}}},
		Conds: []Cond{{"auid", "=", "4294967295"}, {"uid", "=", "26"}, {"success", "=", "1"}, {"exe", "=", "/usr/sbin/db"}, {"dir", "=", "/var/lib/db"}}}
	with := func(change func(*Behaviour)) Behaviour {
		return service("openat", func(b *Behaviour) { b.Rule = 1; inDir("/var/lib/db/base")(b); change(b) })
	}
	for name, c := range map[string]struct {
		b          Behaviour
		takes, may bool
	}{
		"all as it says":                    {with(func(b *Behaviour) {}), true, true},
		"a later rule's":                    {with(func(b *Behaviour) { b.Rule = 4 }), true, true},
		"an earlier rule's":                 {with(func(b *Behaviour) { b.Rule = 0 }), false, false},
		"the folder itself":                 {with(func(b *Behaviour) { b.Dir = "/var/lib/db" }), true, true},
		"a folder whose name begins so":     {with(func(b *Behaviour) { b.Dir = "/var/lib/db2" }), false, false},
		"the folder above":                  {with(func(b *Behaviour) { b.Dir = "/var/lib" }), false, false},
		"something below the folder above":  {with(func(b *Behaviour) { b.Dir, b.Deeper = "/var/lib", true }), false, true},
		"something below another":           {with(func(b *Behaviour) { b.Dir, b.Deeper = "/srv", true }), false, false},
		"one of two names":                  {with(func(b *Behaviour) { b.Names, b.Dir = MoreNames, "/srv" }), false, true},
		"nobody knows where":                {with(func(b *Behaviour) { b.Names, b.Dir = Unlocatable, "" }), false, true},
		"no file":                           {with(func(b *Behaviour) { b.Names, b.Dir = NoName, "" }), false, false},
		"failed":                            {with(func(b *Behaviour) { b.Outcome, b.Errno = Failed, 13 }), false, false},
		"another user":                      {with(func(b *Behaviour) { b.UID = 27 }), false, false},
		"somebody logged in":                {with(func(b *Behaviour) { b.AUID = 1000 }), false, false},
		"another program":                   {with(func(b *Behaviour) { b.Exe = "/usr/sbin/db2" }), false, false},
		"another architecture":              {with(func(b *Behaviour) { b.Arch = names.ArchI386 }), false, false},
		"another call":                      {with(func(b *Behaviour) { b.Syscall = 2 }), false, false},
		"a record of the kernel beside it":  {with(func(b *Behaviour) { b.MsgType = "AVC" }), false, false},
		"what had no room":                  {with(func(b *Behaviour) { b.Other = true }), false, false},
		"two names, of which one is inside": {with(func(b *Behaviour) { b.Names = MoreNames }), true, true},
	} {
		taker, ok := newTaker(&exit, rules, names.ArchX86_64)
		if !ok {
			t.Fatal("behaviours do not tell")
		}
		if takes, may := taker.takes(&c.b), taker.mayTake(&c.b); takes != c.takes || may != c.may {
			t.Errorf("%s: takes %v, may take %v", name, takes, may)
		}
	}
}

func TestFailuresAreNotInAFolder(t *testing.T) {
	c := Change{Kind: Exit, Quiets: []int{1}, Calls: []Calls{{"b64", []string{"openat"}}}, Conds: []Cond{{"dir", "=", "/var"}}}
	taker, _ := newTaker(&c, rulesOf(t, fileRules), names.ArchX86_64)
	b := service("openat", func(b *Behaviour) { b.Rule = 1; inDir("/var/lib")(b); b.Outcome, b.Errno = Failed, 2 })
	if taker.takes(&b) || !taker.mayTake(&b) {
		t.Error("a name that led nowhere is below no folder, and one that was refused may be")
	}
}

func TestTakesAFile(t *testing.T) {
	c := Change{Kind: Exit, Quiets: []int{1}, Calls: []Calls{{"b64", []string{"openat"}}}, Conds: []Cond{{"path", "=", "/a/b/f"}}}
	taker, _ := newTaker(&c, rulesOf(t, fileRules), names.ArchX86_64)
	for name, x := range map[string]struct {
		b          Behaviour
		takes, may bool
	}{
		"it":                       {Behaviour{Names: OneName, Dir: "/a/b", File: "/a/b/f"}, true, true},
		"another":                  {Behaviour{Names: OneName, Dir: "/a/b", File: "/a/b/g"}, false, false},
		"any of the folder":        {Behaviour{Names: OneName, Dir: "/a/b"}, false, true},
		"any of the folder above":  {Behaviour{Names: OneName, Dir: "/a"}, false, false},
		"any below the one above":  {Behaviour{Names: OneName, Dir: "/a", Deeper: true}, false, true},
		"one that cannot be found": {Behaviour{Names: Unlocatable}, false, true},
		"two":                      {Behaviour{Names: MoreNames, Dir: "/x"}, false, true},
		"none":                     {Behaviour{}, false, false},
		"it, in vain":              {Behaviour{Names: OneName, Dir: "/a/b", File: "/a/b/f", Outcome: Failed}, false, true},
	} {
		x.b.Rule, x.b.Arch, x.b.Syscall = 1, names.ArchX86_64, openat
		if takes, may := taker.takes(&x.b), taker.mayTake(&x.b); takes != x.takes || may != x.may {
			t.Errorf("%s: takes %v, may take %v", name, takes, may)
		}
	}
}

func TestConditionsThatBehavioursDoNotTell(t *testing.T) {
	for _, c := range []Cond{{"gid", "=", "5"}, {"uid", "!=", "5"}, {"uid", "=", "root"}, {"a0", "=", "1"}} {
		change := Change{Kind: User, MsgType: "USER_ACCT", Conds: []Cond{c}}
		if _, ok := newTaker(&change, nil, names.ArchX86_64); ok {
			t.Errorf("%s is taken for known", c)
		}
	}
	for _, calls := range []Calls{{"b64", []string{"nosuchcall"}}, {"ppc", []string{"open"}}} {
		change := Change{Kind: Exit, Quiets: []int{0}, Calls: []Calls{calls}}
		if _, ok := newTaker(&change, nil, names.ArchX86_64); ok {
			t.Errorf("%v is taken for known", calls)
		}
	}
}

// What two candidates remove together is the same in any order.
func TestRemovalsCommute(t *testing.T) {
	b := service("openat", func(b *Behaviour) { b.Rule = 1; inDir("/var/lib/db")(b) })
	b.Thin = [2]Parts{{Volume{100, 100, 9_000}, Volume{50, 50, 4_500}}, {Volume{90, 90, 5_000}, Volume{40, 40, 2_500}}}
	s := newSearch(noiseOf(t, fileRules, b), permissive{}, nil, Options{})
	s.candidates()
	whole := slices.IndexFunc(s.found, func(x *candidate) bool { return x.thin < 0 })
	thin := slices.IndexFunc(s.found, func(x *candidate) bool { return x.thin == 0 })
	if whole < 0 || thin < 0 {
		t.Fatalf("%d candidates", len(s.found))
	}
	for _, order := range [][2]int{{whole, thin}, {thin, whole}, {thin, thin}} {
		r := newRemoval(s)
		sum := r.apply(s.found[order[0]])
		sum.join(r.apply(s.found[order[1]]))
		want := Parts{b.Learnt, b.Tested}
		if order == [2]int{thin, thin} {
			want = Parts{Volume{0, 100, 9_000}, Volume{0, 50, 4_500}}
		}
		if sum != want {
			t.Errorf("%v: got %v, want %v", order, sum, want)
		}
	}
}
