package suggest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestNarrower(t *testing.T) {
	narrow := func(r int, n Narrowing) ([]string, error) {
		if n.Success {
			return nil, errors.New("no such form")
		}
		return []string{fmt.Sprintf("rule %d %+v", r, n)}, nil
	}
	n := noiseOf(t, fileRules,
		service("openat", func(b *Behaviour) { inDir("/etc")(b); b.Exe, b.Access = "", ReadAccess }),
		service("openat", func(b *Behaviour) { inDir("/etc")(b); b.Exe, b.Learnt.Bytes = "", 100 }))
	out := Propose(n, permissive{}, nil, Options{Narrow: narrow, Target: 0.5})
	if len(out.Proposals) != 1 || !slices.Equal(out.Proposals[0].Change.Text, []string{"rule 0 {Perms:wa Login:false Success:false Calls:}"}) ||
		out.Proposals[0].Learnt.Bytes != 90_000 {
		t.Errorf("got %+v", out.Proposals)
	}
	out = Propose(n, permissive{}, nil, Options{Narrow: narrow, Mandated: []int{0}})
	if len(out.Proposals) != 0 || len(out.Refusals) == 0 || !strings.Contains(out.Refusals[0].Why, "mandated") {
		t.Errorf("a mandated rule: got %+v", out)
	}
}

func TestARuleWithoutItsNoisyCalls(t *testing.T) {
	var got []string
	narrow := func(r int, n Narrowing) ([]string, error) {
		if n.Calls != "" {
			got = append(got, fmt.Sprint(r, " ", n.Calls))
		}
		return nil, errors.New("not asked for")
	}
	n := noiseOf(t, fileRules+"-a always,exit -F arch=b64 -S all -k all\n",
		service("unlink", func(b *Behaviour) { b.Rule = 3 }),
		service("fchmod", func(b *Behaviour) { b.Rule, b.Learnt.Bytes = 3, 10 }),
		service("connect", func(b *Behaviour) { b.Rule = 4 }),
		service("openat", func(b *Behaviour) { b.Rule = 5 }),
		service("openat", func(b *Behaviour) { b.Rule = 0 }))
	Propose(n, permissive{}, nil, Options{Narrow: narrow})
	if want := []string{"3 rename,fchmod"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
