//go:build linux && amd64

package matchtest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/record"
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

// RuleFile is the rules as a file, a line each, in the form of the log.
func (l *Log) RuleFile(form KeyForm) string {
	var b strings.Builder
	for _, r := range l.Rules {
		line := r.Line
		if form == NoKeys {
			keyless := *r.Rule
			keyless.Keys = nil
			line = keyless.String()
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// Truth is one line per event that a rule recorded, in the order of the log: timestamp:serial TAB file:line.
func (l *Log) Truth(file string) string {
	var b strings.Builder
	seen := map[string]bool{}
	for line := range bytes.Lines(l.Text) {
		if !bytes.HasPrefix(line, []byte("type=SYSCALL ")) && !bytes.HasPrefix(line, []byte("type=URINGOP ")) {
			continue
		}
		_, _, index, ok := uniqueKey(line)
		id := stamp(line)
		if ok && index < len(l.Rules) && !seen[id] {
			seen[id] = true
			fmt.Fprintf(&b, "%s\t%s:%d\n", id, file, index+1)
		}
	}
	return b.String()
}

// stamp is the timestamp:serial of a line.
func stamp(line []byte) string {
	_, after, _ := bytes.Cut(line, []byte("msg=audit("))
	id, _, _ := bytes.Cut(after, []byte(")"))
	return string(id)
}
