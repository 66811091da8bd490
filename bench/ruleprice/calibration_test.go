package ruleprice

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

var testFiles = Files{Dir: "/srv/apart", Neighbour: "/srv/files/33", Exe: "/srv/apart/none-"}

// everyField is a set with a field of every group.
func everyField(t *testing.T) []rule.Wire {
	return wiresOf(t,
		"-a always,exit -F arch=b64 -S openat -F a1=1 -F auid>=1000 -F uid=0 -F gid=0 -F ppid=1 -F pers=1 -F exit=-EACCES -F success=0 -F perm=wa -F dir=/opt -F exe=/bin/sh -F filetype=file -C uid!=euid",
		"-w /etc/passwd -p wa")
}

// TestFitFindsTheCosts makes times of known costs and finds these again: exactly where the times are, and nearly where they are disturbed.
func TestFitFindsTheCosts(t *testing.T) {
	settings := Settings(everyField(t), testFiles)
	truth := Costs(newCounts())
	rng := rand.New(rand.NewPCG(1, 2))
	for s := range truth {
		truth[s] = 2 + 20*rng.Float64()
	}
	base := map[string]float64{LoopNothing: 350, LoopName: 1600}
	for _, c := range []struct {
		name          string
		noise, within float64
	}{{"exact", 0, 1e-6}, {"disturbed by 0.2 %", 0.002, 1.2}} {
		t.Run(c.name, func(t *testing.T) {
			var ns []float64
			for _, s := range settings {
				ns = append(ns, (base[s.Loop]+truth.Of(s.Steps))*(1+c.noise*rng.NormFloat64()))
			}
			got, residual := Fit(settings, ns)
			if residual > 2*c.noise+1e-9 {
				t.Errorf("residual %v", residual)
			}
			seen := newCounts()
			for _, s := range settings {
				seen.add(s.Steps)
			}
			for s := range truth {
				one := Step(s) == Walk || Step(s) == Name // in one call of a setting once, a rule's steps 32 times and more
				if seen[s] == 0 {
					continue
				}
				if d := math.Abs(got[s] - truth[s]); d > c.within && !one || one && d > c.within*20 {
					t.Errorf("%s costs %.2f ns, want %.2f", Step(s), got[s], truth[s])
				}
			}
		})
	}
}

// TestEveryFieldInUseHasASetting, so that no price rests on another field's.
func TestEveryFieldInUseHasASetting(t *testing.T) {
	rules := everyField(t)
	seen := newCounts()
	for _, s := range Settings(rules, testFiles) {
		seen.add(s.Steps)
	}
	for _, s := range fieldsOf(rules) {
		if seen[s] == 0 {
			t.Errorf("%s is in use and is not measured", s)
		}
	}
}

func TestFieldsWithoutASettingCostTheMedian(t *testing.T) {
	settings := Settings(nil, testFiles)
	truth := Costs(newCounts())
	for s := range truth {
		truth[s] = 3
	}
	truth[FieldStep(fieldArg0)] = 12
	var ns []float64
	for _, s := range settings {
		ns = append(ns, 350+truth.Of(s.Steps))
	}
	got, _ := Fit(settings, ns)
	if k := got[FieldStep(fieldPerm)]; math.Abs(k-12) > 1e-6 {
		t.Errorf("perm costs %v, want what the one known field does, 12", k)
	}
}

// TestSettingsRecordNothing walks the loops' own calls through every set: no rule matches, the steps are those that the setting says, and
// the kernel takes the rules, as no two are the same.
func TestSettingsRecordNothing(t *testing.T) {
	host := match.Host{Machine: names.ArchX86_64, Kernel: match.Version{Major: 6, Minor: 18, Patch: 44}}
	for _, s := range Settings(everyField(t), testFiles) {
		t.Run(s.Name, func(t *testing.T) {
			for i, w := range s.Rules {
				for _, o := range s.Rules[:i] {
					if w.Equal(o) {
						t.Fatalf("rule %d is there twice", i)
					}
				}
			}
			counter, err := NewCounter(s.Rules, host, func(int) int { return 1 })
			if err != nil {
				t.Fatal(err)
			}
			call := callOf(t, 110, "success=yes exit=1")
			if s.Loop == LoopName {
				call = callOf(t, 262, "success=yes exit=0", pathOf("/srv/files/1", 33))
			}
			counter.Add(call)
			total, byRule := together(counter.PerOp(1))
			for _, r := range byRule {
				total.add(r)
			}
			for i := range total {
				if math.Abs(total[i]-s.Steps[i]) > 1e-9 {
					t.Errorf("%s: %g times by the rules, %g by the setting", Step(i), total[i], s.Steps[i])
				}
			}
		})
	}
}

// TestOwnIsASetThatNoLoopMeets: the same rules as many times, all different, none asked.
func TestOwnIsASetThatNoLoopMeets(t *testing.T) {
	rules := append(wiresOf(t, "-a always,exit -F arch=b64 -S unlink -k k", "-a always,exit -F arch=b64 -S rename -k k", // alike but for their masks
		"-a always,exclude -F msgtype=CWD"), everyField(t)...)
	own := Own("set", rules)
	if len(own.Rules) != len(rules)-1 {
		t.Fatalf("%d rules of %d", len(own.Rules), len(rules))
	}
	for i, w := range own.Rules {
		for _, o := range own.Rules[:i] {
			if w.Equal(o) {
				t.Errorf("rule %d is there twice", i)
			}
		}
	}
	counter, err := NewCounter(own.Rules, match.Host{Machine: names.ArchX86_64}, func(int) int { return 1 })
	if err != nil {
		t.Fatal(err)
	}
	counter.Add(callOf(t, 110, "success=yes exit=1"))
	total := newCounts()
	_, byRule := together(counter.PerOp(1))
	for _, r := range byRule {
		total.add(r)
	}
	if got, want := words(total), "rule in a walk of 32 3"; got != want {
		t.Errorf("a loop's call makes %s, want %s", got, want)
	}
	k := Costs(newCounts())
	k[Walk] = 2
	if with := k.WithWalk(own, 300, 308, 400); with[firstRule] != 2 || with[firstField-1] != 2 || k[firstRule] != 0 {
		t.Errorf("3 rules and a walk in 8 ns: %v each, want 2; before %v", with[firstRule], k[firstRule])
	}
	if none := k.WithWalk(Own("none", nil), 300, 308, 308); none[firstRule] != 0 {
		t.Errorf("no rules, each %v", none[firstRule])
	}
	// A load that lay badly: the same rules, some of them asked besides, took less.
	if capped := k.WithWalk(own, 300, 380, 314); capped[firstRule] != 4 {
		t.Errorf("passed by in 80 ns, the whole set in 14: %v each, want 4", capped[firstRule])
	}
}
