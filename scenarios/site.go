package scenarios

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
)

// Site is what a workload gets to work with.
type Site struct {
	// Dir is an empty directory of the workload's own; it is removed afterwards.
	Dir string
	// Rand is the only source of chance, from the seed of the spec and the scenario's name.
	Rand *rand.Rand

	rate    float64 // of the spec: operations per second, 0 for the scenario's own pace
	tallies []tally
	trouble map[string]string
}

type tally struct {
	kind string
	n    *uint64
}

func newSite(dir string, s Spec) *Site {
	h := fnv.New64a()
	h.Write([]byte(s.Scenario))
	if s.User > 0 { // users who did the same in the same order would meet at the kernel's locks all the time
		fmt.Fprintf(h, " of user %d", s.User)
	}
	return &Site{Dir: dir, rate: s.OpsPerSecond, Rand: rand.New(rand.NewPCG(s.Seed, h.Sum64()))}
}

// Count announces a kind of operation and returns its counter, to be raised with each one done.
func (s *Site) Count(kind string) *uint64 {
	n := new(uint64)
	s.tallies = append(s.tallies, tally{kind, n})
	return n
}

func (s *Site) counts() []uint64 {
	var now []uint64
	for _, t := range s.tallies {
		now = append(now, *t.n)
	}
	return now
}

// since is what was counted after before, an earlier result of counts. Kinds that did not happen are there with 0.
func (s *Site) since(before []uint64) map[string]uint64 {
	m := make(map[string]uint64, len(s.tallies))
	for i, t := range s.tallies {
		m[t.kind] = *t.n - before[i]
	}
	return m
}

// Trouble tells why a kind of operation could not be done where that ends nothing.
func (s *Site) Trouble(kind string, err error) {
	if s.trouble == nil {
		s.trouble = map[string]string{}
	}
	s.trouble[kind] = err.Error()
}
