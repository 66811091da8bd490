package suggest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
)

const randomRules = `-w /etc/passwd -p rwxa -k identity
-a always,exit -F arch=b64 -S connect -k net
-a always,exit -F arch=b64 -S open,openat,unlink,rename -k files
-a always,exit -F arch=b32 -S open,openat -k files
-a always,exit -F arch=b64 -S all -F uid=26 -k rest
`

// calls of random behaviours, by name.
var randomCalls = []string{"openat", "openat", "openat", "open", "connect", "unlink", "rename", "execve", "ftruncate"}

// randomNoise is some services in some folders, with a little of everybody else.
func randomNoise(rng *rand.Rand, rules []match.Rule) *Noise {
	n := &Noise{Rules: rules, Split: Split{CoveredSec: 3 * daySec, Hosts: 3}}
	for range 5 + rng.IntN(120) {
		b := randomBehaviour(rng, rules)
		n.Total.join(Parts{b.Learnt, b.Tested})
		n.Behaviours = append(n.Behaviours, b)
	}
	return n
}

func randomBehaviour(rng *rand.Rand, rules []match.Rule) Behaviour {
	if rng.IntN(10) == 0 {
		b := Behaviour{Rule: -1, MsgType: []string{"BPF", "USER_AUTH", "SERVICE_START", "UNKNOWN[1399]"}[rng.IntN(4)], UID: noID, AUID: unset, Family: -1}
		b.Learnt, b.Tested = randomVolume(rng), randomVolume(rng)
		return b
	}
	service := rng.IntN(4)
	b := Behaviour{
		Arch: names.ArchX86_64, Exe: fmt.Sprintf("/usr/sbin/service%d", service), UID: uint32(20 + service), EUID: uint32(20 + service),
		AUID: unset, Outcome: Outcome(rng.IntN(3)), Names: Names(rng.IntN(4)), Family: -1, Wanted: rng.IntN(40) == 0, Other: rng.IntN(40) == 0, Hosts: 1,
	}
	if rng.IntN(5) == 0 {
		b.AUID = 1000
	}
	if b.Outcome == Failed {
		b.Errno = int32(rng.IntN(3))
	}
	name := randomCalls[rng.IntN(len(randomCalls))]
	nr, _ := names.SyscallNumber(b.Arch, name)
	b.Syscall = uint32(nr)
	for b.Rule = rng.IntN(len(rules)); rules[b.Rule].Forms[0].Mask[nr/32]&(1<<(nr%32)) == 0; {
		b.Rule = rng.IntN(len(rules))
	}
	if name == "connect" {
		b.Family = int32(1 + rng.IntN(2))
	}
	if b.Names == OneName || b.Names == MoreNames {
		b.Dir = "/var/lib/" + fmt.Sprint("service", service) + strings.Repeat("/d", rng.IntN(3)) + fmt.Sprint("/", rng.IntN(3))
		b.Deeper = rng.IntN(20) == 0
	}
	b.Learnt, b.Tested = randomVolume(rng), randomVolume(rng)
	b.Thin[0].Learnt = Volume{b.Learnt.Events, b.Learnt.Events, b.Learnt.Bytes / 8}
	b.Thin[1].Tested = Volume{b.Tested.Events, b.Tested.Events, b.Tested.Bytes / 9}
	return b
}

func randomVolume(rng *rand.Rand) Volume {
	events := uint64(rng.IntN(1 + 1<<rng.IntN(12)))
	return Volume{events, 4 * events, 800*events + uint64(rng.IntN(10))}
}

// randomly is a Grader and a Guard that says something of each change, always the same of the same.
type randomly struct{ seed uint64 }

func (r randomly) dice(c *Change) *rand.Rand {
	sum := r.seed
	for _, b := range []byte(c.key()) {
		sum = sum*1099511628211 + uint64(b)
	}
	return rand.New(rand.NewPCG(sum, sum))
}

func (r randomly) Grade(c *Change, of []*Behaviour) Grade {
	return Grade{Risk: [...]Risk{Low, Low, Low, Medium, High, Forbidden}[r.dice(c).IntN(6)], Reasons: []string{"by dice"}}
}

func (r randomly) Blinds(c *Change) []Blinded {
	if d := r.dice(c); d.IntN(50) > 40 {
		return []Blinded{{Name: "dice", Hard: d.IntN(2) == 0}}
	}
	return nil
}

// each runs a test on many random noises.
func eachRandom(t *testing.T, test func(t *testing.T, rng *rand.Rand, n *Noise, r randomly)) {
	rules := rulesOf(t, randomRules)
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 7))
		n := randomNoise(rng, rules)
		t.Run(fmt.Sprint(seed), func(t *testing.T) { test(t, rng, n, randomly{seed}) })
	}
}
