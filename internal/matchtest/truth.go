//go:build linux && amd64

package matchtest

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/record"
	"golang.org/x/sys/unix"
)

var keyMark = []byte(` key="` + KeyPrefix)

// uniqueKey finds the unique key of a line: its place, and the rule that it names.
func uniqueKey(line []byte) (from, to, index int, ok bool) {
	from = bytes.LastIndex(line, keyMark)
	if from < 0 {
		return 0, 0, 0, false
	}
	digits := line[from+len(keyMark):]
	end := bytes.IndexByte(digits, '"')
	if end < 0 {
		return 0, 0, 0, false
	}
	index, err := strconv.Atoi(string(digits[:end]))
	return from, from + len(keyMark) + end + 1, index, err == nil
}

// KeyForm says which keys a log with truth is given.
type KeyForm int

// The forms of a log: the keys that the rules had, or none.
const (
	OwnKeys KeyForm = iota
	NoKeys
)

// Rewrite is the log as it would be without the unique keys.
func (l *Log) Rewrite(form KeyForm) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(l.Text) {
		from, to, index, ok := uniqueKey(line)
		if !ok || index >= len(l.Rules) {
			out.Write(line)
			continue
		}
		out.Write(line[:from])
		out.WriteString(" key=" + l.loggedKey(index, form))
		out.Write(line[to:])
	}
	return out.Bytes()
}

func (l *Log) loggedKey(index int, form KeyForm) string {
	key := l.Rules[index].Wire.Key()
	if form == NoKeys || key == "" {
		return "(null)"
	}
	return record.EncodeUntrusted(key)
}

// Case is the log without the unique keys, with the rules and what the kernel said.
func (l *Log) Case(form KeyForm) *Case {
	c := &Case{Log: l.Rewrite(form), Truth: map[string]int{}, Removed: map[int]string{}, Kernel: kernelRelease()}
	for _, r := range l.Rules {
		line := r.Line
		if form == NoKeys {
			keyless := *r.Rule
			keyless.Keys = nil
			line = keyless.String()
		}
		c.Rules = append(c.Rules, line)
	}
	for line := range bytes.Lines(l.Text) {
		_, _, index, ok := uniqueKey(line)
		if !ok || index >= len(l.Rules) {
			index = NoRule
		}
		switch id := stamp(line); {
		case bytes.HasPrefix(line, []byte("type=SYSCALL ")), bytes.HasPrefix(line, []byte("type=URINGOP ")):
			c.Truth[id] = index
		case index != NoRule && isRemoval(line):
			c.Removed[index] = id
		}
	}
	return c
}

// stamp is the timestamp:serial of a line.
func stamp(line []byte) string {
	_, after, _ := bytes.Cut(line, []byte("msg=audit("))
	id, _, _ := bytes.Cut(after, []byte(")"))
	return string(id)
}

// kernelRelease is the version of the running kernel without what a distribution adds to it.
func kernelRelease() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return ""
	}
	version, _, _ := strings.Cut(unix.ByteSliceToString(u.Release[:]), "-")
	return version
}
