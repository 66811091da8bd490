package match

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// SnapshotVersion is the version of the snapshot's JSON form that this package writes. It reads version 1 too, which has no files, and no home
// and shell of users.
const SnapshotVersion = 2

// MaxSnapshotBytes bounds what DecodeSnapshot reads.
const MaxSnapshotBytes = 32 << 20

// Snapshot is what the host that loaded the rules, and wrote the log, knows of the names in them, and a log does not: what the paths of
// the rules are, and which groups users have. `auditprof snapshot` makes one.
type Snapshot struct {
	Version int              `json:"version"` // SnapshotVersion
	Host    string           `json:"host"`    // as node= of the log would have it
	Taken   string           `json:"taken"`   // RFC 3339
	Kernel  string           `json:"kernel"`  // uname -r
	Paths   []SnapshotPath   `json:"paths"`   // of dir=, path=, exe= and -w, each text once
	Links   []SnapshotLink   `json:"links"`   // symlinks met on the way to them
	Users   []SnapshotUser   `json:"users"`
	Groups  []SnapshotGroup  `json:"groups"`
	Mounts  []SnapshotMount  `json:"mounts"`
	Files   []SnapshotAccess `json:"files,omitempty"` // whatever was asked for: programs, folders of services
}

// SnapshotKind is what a path is.
type SnapshotKind string

// The kinds: of the path itself, a symlink at its end not followed.
const (
	SnapshotMissing SnapshotKind = "missing"
	SnapshotFile    SnapshotKind = "file"
	SnapshotDir     SnapshotKind = "dir"
	SnapshotSymlink SnapshotKind = "symlink"
	SnapshotOther   SnapshotKind = "other" // device, pipe, socket
)

func (k SnapshotKind) known() bool {
	switch k {
	case SnapshotMissing, SnapshotFile, SnapshotDir, SnapshotSymlink, SnapshotOther:
		return true
	}
	return false
}

// SnapshotPath is one path of a rule.
type SnapshotPath struct {
	Path string       `json:"path"` // as the rule has it
	Kind SnapshotKind `json:"kind"`
	// Real is the path with the symlinks of its parents resolved, and the last component as it is: what path= and exe= are bound to
	// (kernel/audit_watch.c: audit_get_nd). Empty where a parent is missing.
	Real string `json:"real,omitempty"`
	// Followed is the path with all symlinks resolved: what a program finds that opens it, and what dir= with a slash at its end is
	// bound to. Empty where it leads nowhere.
	Followed     string       `json:"followed,omitempty"`
	FollowedKind SnapshotKind `json:"followed_kind,omitempty"` // of Followed
	Inode        uint64       `json:"inode,omitempty"`         // of Real; 0 where it is missing
	DevMajor     uint32       `json:"dev_major,omitempty"`     // of the file system of Real, as PATH's dev= has it
	DevMinor     uint32       `json:"dev_minor,omitempty"`
}

// SnapshotLink is a symlink: the path of the link with its parents resolved, and the path of what it leads to with all resolved.
type SnapshotLink struct {
	Path   string `json:"path"`
	Target string `json:"target"`
}

// SnapshotUser is a user with all groups that a login gives.
type SnapshotUser struct {
	Name   string   `json:"name"`
	UID    uint32   `json:"uid"`
	GID    uint32   `json:"gid"`
	Groups []uint32 `json:"groups"` // supplementary; GID may be among them
	Home   string   `json:"home,omitempty"`
	Shell  string   `json:"shell,omitempty"`
}

// SnapshotGroup is a group's name.
type SnapshotGroup struct {
	Name string `json:"name"`
	GID  uint32 `json:"gid"`
}

// SnapshotMount is one line of /proc/self/mountinfo: what is mounted where.
type SnapshotMount struct {
	Path     string `json:"path"` // mount point
	Root     string `json:"root"` // directory of the file system that is mounted; not / for a bind mount
	Type     string `json:"type"`
	DevMajor uint32 `json:"dev_major"`
	DevMinor uint32 `json:"dev_minor"`
}

// SnapshotAccess says who may change a file, or what is in a folder: the file itself and every folder and symlink on the way to it count.
type SnapshotAccess struct {
	Path string       `json:"path"`           // as asked for
	Kind SnapshotKind `json:"kind"`           // symlinks followed; SnapshotMissing where it leads nowhere
	Real string       `json:"real,omitempty"` // all symlinks resolved
	UID  uint32       `json:"uid"`            // of Real
	GID  uint32       `json:"gid"`
	Mode uint32       `json:"mode"` // permissions with setuid (04000), setgid and sticky bit
	// WritableBy is the first component on the way, itself included, that somebody other than root may write: another owner (who may always
	// give himself the right), a group other than root's, everybody, or an access control list. A sticky bit does not help: who may make
	// files there may be first. Empty where root alone may.
	WritableBy string `json:"writable_by,omitempty"`
	// Owners are the users other than root who own a component, in order.
	Owners []uint32 `json:"owners,omitempty"`
	// Shared is set where a group other than root's, everybody or an access control list may write a component.
	Shared bool `json:"shared,omitempty"`
}

// Encode writes the snapshot as JSON.
func (s *Snapshot) Encode(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	return enc.Encode(s)
}

// DecodeSnapshot reads what Encode wrote. It refuses what is no snapshot of this version, with the line and column where it ends to
// be one, and more than MaxSnapshotBytes.
func DecodeSnapshot(r io.Reader) (*Snapshot, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxSnapshotBytes+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read the snapshot: %w", err)
	}
	if len(text) > MaxSnapshotBytes {
		return nil, fmt.Errorf("the snapshot has more than %d bytes: it is none, or made of another file", MaxSnapshotBytes)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	s := new(Snapshot)
	if err := dec.Decode(s); err != nil {
		return nil, fmt.Errorf("%s: not a snapshot as auditprof snapshot writes it: %w", placeIn(text, jsonOffset(err, dec)), err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("%s: there is more behind the end of the snapshot: give one file only", placeIn(text, dec.InputOffset()))
	}
	return s, s.check()
}

// check refuses what JSON allows and a snapshot does not.
func (s *Snapshot) check() error {
	if s.Version < 1 || s.Version > SnapshotVersion {
		return fmt.Errorf("the snapshot has version %d, and this auditprof reads versions 1 to %d: make it again with this one", s.Version, SnapshotVersion)
	}
	for i, p := range s.Paths {
		if !strings.HasPrefix(p.Path, "/") || p.Real != "" && p.Real[0] != '/' || p.Followed != "" && p.Followed[0] != '/' {
			return fmt.Errorf("path %d of the snapshot, %q, is not absolute: make the snapshot again", i, p.Path)
		}
		if !p.Kind.known() {
			return fmt.Errorf("path %d of the snapshot, %q, has the unknown kind %q: make the snapshot again", i, p.Path, p.Kind)
		}
	}
	for i, f := range s.Files {
		if !strings.HasPrefix(f.Path, "/") || !f.Kind.known() {
			return fmt.Errorf("file %d of the snapshot, %q of kind %q, is not absolute or of an unknown kind: make the snapshot again", i, f.Path, f.Kind)
		}
	}
	for i, l := range s.Links {
		if !strings.HasPrefix(l.Path, "/") || !strings.HasPrefix(l.Target, "/") {
			return fmt.Errorf("link %d of the snapshot, %q, is not absolute: make the snapshot again", i, l.Path)
		}
	}
	return nil
}

// jsonOffset is where an error of a decoder is, in bytes of its input.
func jsonOffset(err error, dec *json.Decoder) int64 {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset
	case errors.As(err, &typ):
		return typ.Offset
	}
	return dec.InputOffset()
}

// placeIn is line:column of a byte of a text, both from 1.
func placeIn(text []byte, offset int64) string {
	before := text[:min(int(offset), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	col := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("%d:%d", line, col)
}
