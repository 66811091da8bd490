package match

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

func TestSnapshotReadsWhatItWrites(t *testing.T) {
	want := &Snapshot{
		Version: SnapshotVersion, Host: "h", Taken: "2026-01-02T03:04:05Z", Kernel: "6.12.1",
		Paths: []SnapshotPath{
			{Path: "/var/run/utmp", Kind: SnapshotFile, Real: "/run/utmp", Followed: "/run/utmp", FollowedKind: SnapshotFile, Inode: 7, DevMajor: 0, DevMinor: 23},
			{Path: "/gone", Kind: SnapshotMissing},
		},
		Links:  []SnapshotLink{{Path: "/var/run", Target: "/run"}},
		Users:  []SnapshotUser{{Name: "u", UID: 5, GID: 6, Groups: []uint32{7, 8}, Home: "/home/u", Shell: "/bin/sh"}},
		Groups: []SnapshotGroup{{Name: "g", GID: 6}},
		Mounts: []SnapshotMount{{Path: "/", Root: "/", Type: "ext4", DevMajor: 254}},
		Files: []SnapshotAccess{{Path: "/srv/x", Kind: SnapshotDir, Real: "/data/x", UID: 7, GID: 8, Mode: 0o1777, WritableBy: "/data/x",
			Owners: []uint32{7}, Shared: true}},
	}
	var text bytes.Buffer
	if err := want.Encode(&text); err != nil {
		t.Fatal(err)
	}
	got, err := DecodeSnapshot(&text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestSnapshotRefusesJunk(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "1:1: not a snapshot",
		"\n{\"version\":1,\n]":   "3:2: not a snapshot",
		"\x7fELF":                "1:2: not a snapshot",
		`{"version":1,"nope":1}`: "not a snapshot",
		`{"version":9}`:          "version 9",
		`{"version":0}`:          "versions 1 to 2",
		`{"version":2,"files":[{"path":"x","kind":"file"}]}`:    "not absolute",
		`{"version":2,"files":[{"path":"/x","kind":"window"}]}`: "unknown kind",
		`{"version":1} {}`: "more behind the end",
		`{"version":1,"paths":[{"path":"etc","kind":"file"}]}`:  "not absolute",
		`{"version":1,"paths":[{"path":"/etc","kind":"door"}]}`: `unknown kind "door"`,
		`{"version":1,"links":[{"path":"a","target":"/b"}]}`:    "not absolute",
		`{"version":"1"}`: "1:15: not a snapshot",
	} {
		_, err := DecodeSnapshot(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want one with %q", text, err, want)
		}
	}
}

// What an older auditprof wrote is read.
func TestSnapshotOfVersion1(t *testing.T) {
	s, err := DecodeSnapshot(strings.NewReader(`{"version":1,"host":"h","paths":[{"path":"/etc","kind":"dir"}],"users":[{"name":"u","uid":5,"gid":6,"groups":[7]}]}`))
	if err != nil || len(s.Paths) != 1 || len(s.Users) != 1 || s.Users[0].Home != "" || s.Files != nil {
		t.Errorf("%+v, %v", s, err)
	}
}

func FuzzDecodeSnapshot(f *testing.F) {
	f.Add([]byte(`{"version":1,"host":"h","paths":[{"path":"/etc","kind":"dir","real":"/etc"}],"users":[{"name":"u","uid":1,"groups":[2]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := DecodeSnapshot(bytes.NewReader(text))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := s.Encode(&again); err != nil {
			t.Fatal(err)
		}
		if _, err := DecodeSnapshot(&again); err != nil {
			t.Fatalf("what it wrote is refused: %v", err)
		}
	})
}
