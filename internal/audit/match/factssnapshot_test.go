package match

import (
	"fmt"
	"strings"
	"testing"
)

// TestSnapshotAnswersWhatALogLeavesOpen asks about one event under rules of a host of which there is a snapshot.
func TestSnapshotAnswersWhatALogLeavesOpen(t *testing.T) {
	snap := &Snapshot{
		Version: SnapshotVersion, Host: "web1.example.org",
		Links: []SnapshotLink{{Path: "/bin", Target: "/usr/bin"}, {Path: "/srv/link", Target: "/srv/real"}},
		Paths: []SnapshotPath{
			{Path: "/bin/ls", Kind: SnapshotFile, Real: "/usr/bin/ls", Followed: "/usr/bin/ls", FollowedKind: SnapshotFile, Inode: 7, DevMajor: 0xfe},
			{Path: "/srv/link", Kind: SnapshotSymlink, Real: "/srv/link", Followed: "/srv/real", FollowedKind: SnapshotDir, Inode: 8, DevMajor: 0xfe},
			{Path: "/srv/link/", Kind: SnapshotSymlink, Real: "/srv/link", Followed: "/srv/real", FollowedKind: SnapshotDir, Inode: 8, DevMajor: 0xfe},
			{Path: "/opt/x", Kind: SnapshotDir, Real: "/opt/x", Followed: "/opt/x", FollowedKind: SnapshotDir, Inode: 9, DevMajor: 0xfe},
			{Path: "/opt/sbin/ip", Kind: SnapshotFile, Real: "/opt/sbin/ip", Followed: "/opt/sbin/ip", FollowedKind: SnapshotFile, Inode: 10, DevMajor: 0xfe},
			{Path: "/gone", Kind: SnapshotMissing},
		},
		Users: []SnapshotUser{{Name: "u", UID: 1000, GID: 100, Groups: []uint32{27}}, {Name: "v", UID: 1001, GID: 101}},
	}
	for _, tc := range []struct{ ask, event, want string }{
		{"path /bin/ls", "open; NORMAL /usr/bin/ls 99", "true"},
		{"path /bin/ls", "fchmod; NORMAL - 7", "true"},
		{"exe /bin/ls", "open exe=/usr/bin/ls; NORMAL /etc/passwd 5", "true"},
		{"path /srv/link", "open; NORMAL /srv/link 77d", "false"},
		{"dir /srv/link", "open; NORMAL /srv/link/f 5", "false"},
		{"dir /srv/link/", "open; NORMAL /srv/link/f 5", "true"},
		{"dir /srv/link/", "open; NORMAL /srv/real/f 5", "true"},
		{"dir /opt/x", "fchmod; NORMAL - 9d", "true"},
		{"dir /opt/x", "fchmod; NORMAL - 99", "open"},
		{"form /opt/x", "fchmod; NORMAL - 99", "true"},
		{"form /srv/link", "fchmod; NORMAL - 99", "true"},
		{"path /opt/sbin/ip", "open; NORMAL /usr/sbin/ip 5", "false"},
		{"path /opt/sbin/ip", "open node=web1; NORMAL /usr/sbin/ip 5", "false"},
		{"path /opt/sbin/ip", "open node=web2; NORMAL /usr/sbin/ip 5", "open"},
	} {
		m := &Matcher{paths: newPathSet(), host: Host{Snapshot: snap}}
		ref := refOf(m.paths, tc.ask)
		f := NewFacts(m)
		c := script(t, 1, tc.event)
		f.Learn(c)
		for _, facts := range []*Facts{f, f.Again()} {
			p := newPlaces(m.paths, facts)
			p.reset(c)
			if got := p.read(ref, 0).String(); got != tc.want {
				t.Errorf("%s, %s: %s, want %s", tc.ask, tc.event, got, tc.want)
			}
		}
	}
}

// TestSnapshotTellsGroups asks whether a process of user 1000 is in a group, as it is logged in and as another user.
func TestSnapshotTellsGroups(t *testing.T) {
	snap := &Snapshot{Version: SnapshotVersion, Users: []SnapshotUser{{Name: "u", UID: 1000, GID: 100, Groups: []uint32{27}}, {Name: "v", UID: 1001, GID: 101}}}
	m := &Matcher{paths: newPathSet(), host: Host{Snapshot: snap}, names: []nameID{{"v", false}}}
	f := NewFacts(m)
	p := newPlaces(m.paths, f)
	for _, tc := range []struct {
		uid, gid uint32
		want     string
	}{{1000, 27, "true"}, {1000, 100, "true"}, {1000, 28, "false"}, {1001, 27, "open"}} {
		ids := strings.ReplaceAll("auid=1000 uid=U euid=U suid=U fsuid=U", "U", fmt.Sprint(tc.uid))
		p.reset(callOf(t, sysRecord+"syscall=2 success=yes items=0 "+ids))
		if got := p.inGroup(tc.gid).String(); got != tc.want {
			t.Errorf("uid %d in group %d: %s, want %s", tc.uid, tc.gid, got, tc.want)
		}
	}
	if id, known := p.userID("v", false); !known || id != 1001 {
		t.Errorf("v is %d, %v", id, known)
	}
}
