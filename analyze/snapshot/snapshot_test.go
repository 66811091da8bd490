package snapshot

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// tree makes a small root: /real/dir/file, /short → real, /real/latest → dir, /abs → /short/latest, /loop → loop.
func tree(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "real/dir"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "real/dir/file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"short": "real", "real/latest": "dir", "abs": "/short/latest", "loop": "loop", "real/up": "../real/dir/../dir"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(root, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestPath(t *testing.T) {
	l := newLooker(tree(t))
	for _, c := range []struct {
		path, real, followed string
		kind, followedKind   match.SnapshotKind
	}{
		{"/real/dir/file", "/real/dir/file", "/real/dir/file", match.SnapshotFile, match.SnapshotFile},
		{"/short/dir", "/real/dir", "/real/dir", match.SnapshotDir, match.SnapshotDir},
		{"/short/latest", "/real/latest", "/real/dir", match.SnapshotSymlink, match.SnapshotDir},
		{"/abs/", "/abs", "/real/dir", match.SnapshotSymlink, match.SnapshotDir},
		{"/abs/file", "/real/dir/file", "/real/dir/file", match.SnapshotFile, match.SnapshotFile},
		{"/real/up/file", "/real/dir/file", "/real/dir/file", match.SnapshotFile, match.SnapshotFile},
		{"/short/new", "/real/new", "", match.SnapshotMissing, ""},
		{"/none/new", "", "", match.SnapshotMissing, ""},
		{"/real/dir/file/x", "/real/dir/file/x", "", match.SnapshotMissing, ""},
		{"/loop", "/loop", "", match.SnapshotSymlink, ""},
		{"/loop/x", "", "", match.SnapshotMissing, ""},
		{"/pipe", "/pipe", "/pipe", match.SnapshotOther, match.SnapshotOther},
		{"/", "/", "/", match.SnapshotDir, match.SnapshotDir},
	} {
		got, ok := l.path(c.path)
		if !ok || got.Kind != c.kind || got.Real != c.real || got.Followed != c.followed || got.FollowedKind != c.followedKind {
			t.Errorf("%s: %+v %v", c.path, got, ok)
		}
		if (got.Inode != 0) != (c.kind != match.SnapshotMissing) {
			t.Errorf("%s: inode %d", c.path, got.Inode)
		}
	}
	if _, ok := l.path("/bad\xff"); ok || len(l.remarks) != 1 {
		t.Errorf("a name that JSON cannot hold is kept: %q", l.remarks)
	}
	want := []match.SnapshotLink{{Path: "/abs", Target: "/real/dir"}, {Path: "/real/latest", Target: "/real/dir"}, {Path: "/real/up", Target: "/real/dir"}, {Path: "/short", Target: "/real"}}
	if got := l.links(); !slices.Equal(got, want) {
		t.Errorf("links %v, want %v", got, want)
	}
}

func TestCommonLinks(t *testing.T) {
	l := newLooker(tree(t))
	l.commonLinks()
	if got := l.links(); !slices.Contains(got, match.SnapshotLink{Path: "/short", Target: "/real"}) {
		t.Errorf("%v", got)
	}
}

func TestMount(t *testing.T) {
	for line, want := range map[string]match.SnapshotMount{
		`36 35 98:0 /mnt1 /mnt\0402 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`: {Path: "/mnt 2", Root: "/mnt1", Type: "ext3", DevMajor: 98},
		`22 28 0:20 / /proc rw,nosuid shared:5 shared:6 - proc proc rw`:                      {Path: "/proc", Root: "/", Type: "proc", DevMinor: 20},
	} {
		if got, ok := mount(line); !ok || got != want {
			t.Errorf("%s: %+v %v", line, got, ok)
		}
	}
	for _, line := range []string{"", "1 2 3 4 5 6", "36 35 98 /a /b rw - x y z", "36 35 9:x /a /b rw - x y z", "36 35 9:1 /a b rw - x y z"} {
		if got, ok := mount(line); ok {
			t.Errorf("%q: %+v", line, got)
		}
	}
}

// A PATH record has the device of the superblock, which stat does not give on btrfs.
func TestDevice(t *testing.T) {
	l := &looker{mounts: []match.SnapshotMount{
		{Path: "/", Type: "ext4", DevMajor: 8, DevMinor: 1}, {Path: "/data", Type: "btrfs", DevMinor: 40}, {Path: "/data", Type: "tmpfs", DevMinor: 50},
		{Path: "/sub", Type: "btrfs", DevMinor: 41},
	}}
	for path, want := range map[string][2]uint32{"/x": {0x103, 0x205}, "/sub/x": {0, 41}, "/data/x": {0x103, 0x205}, "/subx": {0x103, 0x205}} {
		if major, minor := l.device(path, 0x210305); major != want[0] || minor != want[1] {
			t.Errorf("%s: %#x:%#x, want %#x", path, major, minor, want)
		}
	}
}

func TestReadAccounts(t *testing.T) {
	a := readAccounts("root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/false\nbad:x:y:0\n\n:x:1:1\nann:x:1000:1000::/:\n", "root:x:0:\nweb:x:33:\nadm:x:4:ann,web\nssl:x:110:ann\nshort:x\n")
	want := []match.SnapshotUser{{Name: "root", Home: "/root", Shell: "/bin/sh"}, {Name: "web", UID: 33, GID: 33, Groups: []uint32{4}, Home: "/", Shell: "/bin/false"},
		{Name: "ann", UID: 1000, GID: 1000, Groups: []uint32{4, 110}, Home: "/"}}
	if !reflect.DeepEqual(a.users, want) || len(a.groups) != 4 || len(a.remarks) != 0 {
		t.Errorf("%+v", a)
	}
	if a := readAccounts("", ""); len(a.remarks) != 1 {
		t.Errorf("no database at all: %q", a.remarks)
	}
	long := strings.Repeat("u:x:1:1\n", maxUsers+1)
	if a := readAccounts(long, ""); len(a.users) != maxUsers || len(a.remarks) != 1 {
		t.Errorf("%d users, %q", len(a.users), a.remarks)
	}
}

// What Take gives can be written and read back.
func TestTake(t *testing.T) {
	s, remarks := Take(Wanted{Paths: []string{"/etc/passwd", "/", "/etc/passwd"}, Users: []string{"root", "no-such-user"}, Groups: []string{"root"}})
	var b bytes.Buffer
	if err := s.Encode(&b); err != nil {
		t.Fatal(err)
	}
	back, err := match.DecodeSnapshot(&b)
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Paths) != 2 || len(back.Mounts) == 0 || !slices.ContainsFunc(back.Users, func(u match.SnapshotUser) bool { return u.Name == "root" && u.UID == 0 }) {
		t.Errorf("%+v", back)
	}
	if len(remarks) != 1 || !strings.Contains(remarks[0], "no-such-user") {
		t.Errorf("remarks %q", remarks)
	}
}
