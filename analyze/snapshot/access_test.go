package snapshot

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"reflect"
	"syscall"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/livetest"
)

// ownedTree makes folders and files whose owners and modes matter, below a root of root's.
func ownedTree(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		livetest.Missing(t, "root, to set who owns what")
	}
	root := t.TempDir()
	for _, f := range []struct {
		name     string
		mode     uint32
		uid, gid int
	}{
		{"", 0o755 | syscall.S_IFDIR, 0, 0},
		{"usr", 0o755 | syscall.S_IFDIR, 0, 0},
		{"usr/prog", 0o4755, 0, 0},
		{"usr/staff", 0o775, 0, 50},
		{"usr/wheel", 0o775, 0, 0},
		{"usr/alices", 0o755, 1000, 1000},
		{"usr/listed", 0o755, 0, 0},
		{"tmp", 0o1777 | syscall.S_IFDIR, 0, 0},
		{"tmp/prog", 0o755, 0, 0},
		{"home", 0o755 | syscall.S_IFDIR, 0, 0},
		{"home/alice", 0o700 | syscall.S_IFDIR, 1000, 1000},
		{"home/alice/prog", 0o755, 0, 0},
	} {
		p := filepath.Join(root, f.name)
		var err error
		switch {
		case f.name == "":
		case f.mode&syscall.S_IFDIR != 0:
			err = os.Mkdir(p, 0o755)
		default:
			err = os.WriteFile(p, nil, 0o600)
		}
		for _, e := range []error{err, os.Chown(p, f.uid, f.gid), syscall.Chmod(p, f.mode&0o7777)} {
			if e != nil {
				t.Fatal(e)
			}
		}
	}
	for link, target := range map[string]string{"usr/link": "prog", "usr/far": "../tmp/prog", "tmp/back": "/usr/prog", "usr/loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestFiles(t *testing.T) {
	l := newLooker(ownedTree(t))
	for _, want := range []match.SnapshotAccess{
		{Path: "/usr/prog", Kind: match.SnapshotFile, Real: "/usr/prog", Mode: 0o4755},
		{Path: "/usr/link", Kind: match.SnapshotFile, Real: "/usr/prog", Mode: 0o4755},
		{Path: "/usr/wheel", Kind: match.SnapshotFile, Real: "/usr/wheel", Mode: 0o775},
		{Path: "/usr/staff", Kind: match.SnapshotFile, Real: "/usr/staff", GID: 50, Mode: 0o775, WritableBy: "/usr/staff", Shared: true},
		{Path: "/usr/alices", Kind: match.SnapshotFile, Real: "/usr/alices", UID: 1000, GID: 1000, Mode: 0o755, WritableBy: "/usr/alices", Owners: []uint32{1000}},
		{Path: "/usr/far", Kind: match.SnapshotFile, Real: "/tmp/prog", Mode: 0o755, WritableBy: "/tmp", Shared: true},
		{Path: "/tmp/back", Kind: match.SnapshotFile, Real: "/usr/prog", Mode: 0o4755, WritableBy: "/tmp", Shared: true},
		{Path: "/home/alice/prog", Kind: match.SnapshotFile, Real: "/home/alice/prog", Mode: 0o755, WritableBy: "/home/alice", Owners: []uint32{1000}},
		{Path: "/home/alice", Kind: match.SnapshotDir, Real: "/home/alice", UID: 1000, GID: 1000, Mode: 0o700, WritableBy: "/home/alice", Owners: []uint32{1000}},
		{Path: "/usr/gone", Kind: match.SnapshotMissing},
		{Path: "/tmp/gone/x", Kind: match.SnapshotMissing, WritableBy: "/tmp", Shared: true},
		{Path: "/usr/loop", Kind: match.SnapshotMissing},
		{Path: "/usr/../tmp/../usr/prog", Kind: match.SnapshotFile, Real: "/usr/prog", Mode: 0o4755, WritableBy: "/tmp", Shared: true},
	} {
		if got := l.access(want.Path); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	if got := files(l, []string{"usr", "/usr", "/usr", "/a\x00b"}); len(got) != 1 || got[0].Path != "/usr" {
		t.Errorf("%+v", got)
	}
}

// An access control list that lets a user write counts, one that lets read does not.
func TestFilesAccessControlList(t *testing.T) {
	l := newLooker(ownedTree(t))
	for rights, want := range map[uint16]bool{6: true, 4: false} {
		text := binary.LittleEndian.AppendUint32(nil, 2)
		for _, e := range []struct {
			tag, rights uint16
			id          uint32
		}{{1, 6, 1<<32 - 1}, {2, rights, 1000}, {4, 4, 1<<32 - 1}, {16, rights, 1<<32 - 1}, {32, 4, 1<<32 - 1}} {
			text = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(text, e.tag), e.rights), e.id)
		}
		if err := syscall.Setxattr(l.at("/usr/listed"), "system.posix_acl_access", text, 0); err != nil {
			t.Skipf("this file system has no access control lists: %v", err)
		}
		if got := l.aclGrantsWrite("/usr/listed"); got != want {
			t.Errorf("rights %d for a user: %v", rights, got)
		}
		if got := l.access("/usr/listed"); got.Shared != want {
			t.Errorf("rights %d: %+v", rights, got)
		}
	}
}
