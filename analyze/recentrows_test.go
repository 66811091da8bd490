package analyze

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"testing"
)

// What is counted does not depend on whether a row was met shortly before: not when tables are full and ids move, nor after Forget.
func TestRecentRowsAreCountedAlike(t *testing.T) {
	seed := maphash.MakeSeed()
	rules := []RuleID{{"a.rules", 1, "-a always,exit -S all"}, {"a.rules", 2, "-a always,exit -S open"}, {"a.rules", 3, "-a always,exit -S read"}}
	for _, l := range []limits{wide, narrow} {
		g := newRandomRow(9, 5, len(rules))
		plain, recent := newTally(rules, l), newTally(rules, l)
		for n := range 20_000 {
			g.wild = 3 + n/100%40 // sometimes more than the tables hold
			r := *g.next()
			r.Syscall %= 7
			if g.IntN(50) == 0 {
				r.Key = quoted("key-1\x01key-2")
			}
			plain.Add(&r)
			r.who = maphash.String(seed, fmt.Sprint(r.Has, r.Arch, r.Syscall, r.UID, r.AUID, r.Ses, string(r.Exe.Text), string(r.Key.Text))) | 1
			recent.Add(&r)
			if n == 9_999 {
				plain.Forget()
				recent.Forget()
			}
		}
		want, err := json.Marshal(plain.Profile())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(recent.Profile()); err != nil || !bytes.Equal(got, want) {
			t.Errorf("limits %+v, error %v:\n%s\n%s", l, err, got, want)
		}
	}
}
