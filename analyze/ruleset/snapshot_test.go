package ruleset

import (
	"slices"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

const snapshotRules = "-w /link -p w\n-w /file -p w\n-w /gone -p w\n-a always,exit -F exe=/usr/bin/x -S 1 -F uid=chrony -F gid=wheel -F auid=nobody\n"

func TestWithSnapshot(t *testing.T) {
	s := &match.Snapshot{
		Users: []match.SnapshotUser{{Name: "chrony", UID: 994}}, Groups: []match.SnapshotGroup{{Name: "wheel", GID: 10}},
		Paths: []match.SnapshotPath{
			{Path: "/link", Kind: match.SnapshotSymlink, FollowedKind: match.SnapshotDir}, {Path: "/gone", Kind: match.SnapshotMissing},
			{Path: "/file", Kind: match.SnapshotFile, FollowedKind: match.SnapshotFile},
		},
	}
	set := compile(t, snapshotRules, Options{}.WithSnapshot(s))
	for i, want := range [][]uint32{{rule.FieldDir}, {rule.FieldWatch}, {rule.FieldWatch, rule.FieldDir}} {
		var got []uint32
		for _, w := range set.Rules[i].Forms {
			got = append(got, kindOf(w))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", set.Rules[i].Text, got, want)
		}
	}
	last := set.Rules[3]
	if f := last.Forms[0].Fields; f[1].Value != 994 || f[2].Value != 10 {
		t.Errorf("ids of the snapshot became %v", f)
	}
	if want := []match.UnknownID{{Field: 3, Name: "nobody"}}; !slices.Equal(last.Unknown, want) {
		t.Errorf("unknown %v, want %v", last.Unknown, want)
	}
}

func TestNamesAndPaths(t *testing.T) {
	set := compile(t, snapshotRules, Options{})
	users, groups := set.Names()
	if !slices.Equal(users, []string{"chrony", "nobody"}) || !slices.Equal(groups, []string{"wheel"}) {
		t.Errorf("users %q, groups %q", users, groups)
	}
	if got := set.Paths(); !slices.Equal(got, []string{"/link", "/file", "/gone", "/usr/bin/x"}) {
		t.Errorf("paths %q", got)
	}
}
