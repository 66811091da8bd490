package snapshot

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// maxMounts bounds what is kept of the mounts: a host full of containers has thousands.
const maxMounts = 20_000

// mounts reads a mountinfo in its order, nil where it cannot be read.
func mounts(name string) []match.SnapshotMount {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	var out []match.SnapshotMount
	for s := bufio.NewScanner(f); s.Scan() && len(out) < maxMounts; {
		if m, ok := mount(s.Text()); ok {
			out = append(out, m)
		}
	}
	return out
}

// mount reads one line: ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAGS…] - TYPE SOURCE SUPER (proc_pid_mountinfo(5)).
func mount(line string) (match.SnapshotMount, bool) {
	var m match.SnapshotMount
	before, after, ok := strings.Cut(line, " - ")
	f := strings.Fields(before)
	if !ok || len(f) < 6 {
		return m, false
	}
	major, minor, ok := strings.Cut(f[2], ":")
	a, err1 := strconv.ParseUint(major, 10, 32)
	b, err2 := strconv.ParseUint(minor, 10, 32)
	if !ok || err1 != nil || err2 != nil {
		return m, false
	}
	m.DevMajor, m.DevMinor = uint32(a), uint32(b)
	m.Root, m.Path = unescape(f[3]), unescape(f[4])
	m.Type, _, _ = strings.Cut(after, " ")
	return m, utf8.ValidString(m.Path) && utf8.ValidString(m.Root) && strings.HasPrefix(m.Path, "/")
}

// unescape undoes what the kernel writes for blanks and backslashes: \ and three octal digits (fs/seq_file.c: mangle_path).
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// device is the device of the file system that a path is on, as dev= of a PATH record has it: the superblock's, which stat does not
// give on btrfs. Where two mounts are on one point the later one counts.
func (l *looker) device(p string, dev uint64) (major, minor uint32) {
	best := -1
	for i, m := range l.mounts {
		below := m.Path == "/" || p == m.Path || strings.HasPrefix(p, m.Path+"/")
		if below && (best < 0 || len(m.Path) >= len(l.mounts[best].Path)) {
			best = i
		}
	}
	if best >= 0 && l.mounts[best].Type == "btrfs" {
		return l.mounts[best].DevMajor, l.mounts[best].DevMinor
	}
	return uint32(dev >> 8 & 0xfff), uint32(dev&0xff | dev>>12&0xfff00)
}
