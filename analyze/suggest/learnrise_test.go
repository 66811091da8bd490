package suggest

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
)

// risen is how many bytes stay where, by folder with a star behind those that stand for what is below; "" is the rest.
func risen(l *Learner, light uint64) map[string]uint64 {
	got := map[string]uint64{}
	for _, r := range l.foldBelow(light) {
		where := r.folder
		if r.keyFlags&keyDeeper != 0 {
			where += "*"
		}
		if got[where] != 0 {
			got["twice "+where]++
		}
		got[where] += r.volume.bytes()
	}
	return got
}

// oneByOne is the same in the plainest way: from the deepest folders up, each step to the folder above.
func oneByOne(bytes map[string]uint64, light uint64) map[string]uint64 {
	left := maps.Clone(bytes)
	depth := func(where string) int { return depthOf(strings.TrimSuffix(where, "*")) }
	for d := 40; d > 0; d-- {
		for _, where := range slices.Collect(maps.Keys(left)) {
			if depth(where) != d || left[where] >= light {
				continue
			}
			to := path.Dir(strings.TrimSuffix(where, "*")) + "*"
			if strings.TrimSuffix(where, "*") == "/" {
				to = ""
			}
			left[to] += left[where]
			delete(left, where)
		}
	}
	return left
}

// depthOf is how many folders deep a folder is: 1 for the root.
func depthOf(folder string) int {
	if len(folder) <= 1 {
		return len(folder)
	}
	return 1 + strings.Count(folder, "/")
}

func TestFoldingIsOneStepAfterTheOther(t *testing.T) {
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		l := NewLearner(LearnerOptions{})
		want := map[string]uint64{}
		for range 1 + rng.IntN(40) {
			folder := ""
			for range rng.IntN(5) {
				folder += "/" + []string{"a", "b", "a-b", "c"}[rng.IntN(4)]
			}
			if folder == "" {
				folder = "/"
			}
			e := entry{key: key{rule: 1, dir: l.dir([]byte(folder))}}
			e.volume.Learnt.Bytes = uint64(1 + rng.IntN(20))
			if rng.IntN(3) == 0 {
				e.keyFlags, folder = keyDeeper, folder+"*"
			}
			if want[folder] == 0 {
				want[folder] = e.volume.Learnt.Bytes
				l.entries = append(l.entries, e)
			}
		}
		light := uint64(rng.IntN(60))
		if got, want := risen(l, light), oneByOne(want, light); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d, light %d: got %v\nwant %v", seed, light, got, want)
		}
	}
}

func TestOrderOfFolders(t *testing.T) {
	want := []string{"/", "/a", "/a/b", "/a/b/c", "/a/c", "/a b", "/a-b", "/ab", "/b"}
	got := slices.Clone(want)
	rand.Shuffle(len(got), func(a, b int) { got[a], got[b] = got[b], got[a] })
	slices.SortFunc(got, compareFolders)
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	for _, a := range want {
		for _, b := range want {
			if x, y := compareFolders(a, b), compareFolders(b, a); cmp.Compare(x, 0) != -cmp.Compare(y, 0) || (x == 0) != (a == b) {
				t.Errorf("%s and %s: %d and %d", a, b, x, y)
			}
		}
	}
}

func TestCommonFolder(t *testing.T) {
	for _, c := range [][3]string{{"/a/b", "/a/c", "/a"}, {"/a", "/a/c", "/a"}, {"/a/c", "/a", "/a"}, {"/a", "/b", "/"}, {"/ab", "/a", "/"}, {"/a/b/c/d", "/a/b/x", "/a/b"}} {
		if got := commonFolder(c[0], c[1]); got != c[2] {
			t.Errorf("%s and %s: got %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// Learning is the same whatever the size of the table, but for what had no room.
func TestAFullTableHoldsTheSameHeavyFolders(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	big, small := NewLearner(LearnerOptions{}), NewLearner(LearnerOptions{MaxBehaviours: 300})
	row := *oneRow(t, openat, "", `"/"`, `name="/x/f"`+inode)
	row.Decision = analyze.Decision{Origin: analyze.Rules, Rule: 0}
	for range 30_000 {
		row.Path = fmt.Appendf(nil, "/srv/%d/f", rng.IntN(3))
		if rng.IntN(4) == 0 {
			row.Path = fmt.Appendf(nil, "/data/%d/%d/f", rng.IntN(30), rng.IntN(300))
		}
		if err := cmp.Or(big.Write(&row), small.Write(&row)); err != nil {
			t.Fatal(err)
		}
	}
	masses := func(l *Learner) map[string]uint64 {
		out := map[string]uint64{}
		n := l.Noise()
		for i := range n.Behaviours {
			if b := &n.Behaviours[i]; strings.HasPrefix(b.Dir, "/srv/") {
				out[b.Dir] += b.Learnt.Bytes + b.Tested.Bytes
			}
			if b := &n.Behaviours[i]; strings.HasPrefix(b.Dir, "/data") {
				out["/data"] += b.Learnt.Bytes + b.Tested.Bytes
			}
		}
		return out
	}
	a, b := masses(big), masses(small)
	if len(a) != 4 || !reflect.DeepEqual(a, b) {
		t.Errorf("with room %v, without %v", a, b)
	}
}
