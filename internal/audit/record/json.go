package record

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	maxJSONDepth  = 32
	maxCandidates = 16
)

// rawLineKeys are the last parts of the names under which exporters keep the line as auditd wrote it: event.original and log.original
// (Elastic Common Schema), auditd.messages (Auditbeat), _raw (Splunk), message, MESSAGE (journald), log (Docker, Fluent Bit),
// full_log (Wazuh), line (Loki), textPayload (Google Cloud).
var rawLineKeys = []string{"original", "messages", "_raw", "raw", "message", "MESSAGE", "msg", "log", "full_log", "line", "textPayload", "body"}

// span is a part of a line; the zero value is none.
type span struct{ lo, hi int }

func (s span) of(line []byte) []byte { return line[s.lo:s.hi] }

// candidate is a value that may be the line of a record: a string without its quotes, or a list of strings with its brackets.
type candidate struct {
	span
	list bool
}

// jsonLine is what one pass over a line of JSON found.
type jsonLine struct {
	candidates [maxCandidates]candidate
	count      int
	fields     [fieldCount]candidate // of a journal entry: strings, or lists of numbers
	journal    bool
	host       span
}

// beginsJSON reports whether a line can be an object in JSON, alone or as a part of a list over many lines. journalctl -o json-seq puts
// the byte 0x1E before each, -o json-sse the word data.
func beginsJSON(line []byte) bool {
	line = trimJSON(line)
	return len(line) > 0 && line[0] == '{'
}

func trimJSON(line []byte) []byte {
	line = bytes.TrimPrefix(bytes.TrimPrefix(line, []byte("\x1e")), []byte("data: "))
	return bytes.TrimLeft(line, " \t[,")
}

// unwrapJSON looks for records in a line of JSON.
func (r *Reader) unwrapJSON(line []byte) {
	j := &r.json
	text := trimJSON(line)
	if !j.scan(text) {
		r.reject(line, BadJSON)
		return
	}
	if j.journal {
		r.entry.fromJSON(j, text)
		r.giveEntry(line, r.rec.Length)
		return
	}
	for _, c := range j.candidates[:j.count] {
		decoded, ok := appendStrings(r.text[:0], c, text)
		r.text = decoded
		if decoded = bytes.Trim(decoded, "\r\n"); !ok || !r.isRecord(decoded) {
			continue
		}
		r.host = nil
		if h := j.host.of(text); isHost(h) {
			r.host = h
		}
		r.form = JSON
		r.give(decoded)
		return
	}
	r.reject(line, NoRawLine)
}

// isRecord reports whether the first line of text is a record, plain or behind the head of a syslog line.
func (r *Reader) isRecord(text []byte) bool {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	r.unwrapLine(first)
	return r.rec.Bad == Good
}

// scan goes through an object once. It reports false where it is none that ends, or one that is nested too deeply.
func (j *jsonLine) scan(b []byte) bool {
	*j = jsonLine{}
	s := scanner{b: b}
	for s.next() {
		if !s.inList {
			j.take(&s, candidate{span: s.value, list: s.kind == jsonList})
		}
	}
	return s.whole
}

// take notes a string, or a list that holds no objects.
func (j *jsonLine) take(s *scanner, c candidate) {
	key := s.key.of(s.b)
	if s.depth == 1 {
		if n := fieldNumber(key); n >= 0 {
			j.fields[n] = c
		}
		j.journal = j.journal || string(key) == "__REALTIME_TIMESTAMP" || string(key) == "_TRANSPORT"
	}
	last := key[bytes.LastIndexByte(key, '.')+1:]
	for _, k := range rawLineKeys {
		if string(last) == k && j.count < maxCandidates {
			j.candidates[j.count] = c
			j.count++
		}
	}
	if j.host == (span{}) && !c.list && isHostKey(key, s.parent.of(s.b)) {
		j.host = c.span
	}
}

// isHostKey reports whether a value names the host of the log: _HOSTNAME, host, hostname, host.name, or name within host.
func isHostKey(key, parent []byte) bool {
	switch string(key) {
	case "_HOSTNAME", "hostname", "host.name", "host.hostname", "host":
		return true
	case "name":
		return string(parent) == "host"
	}
	return false
}

// appendStrings appends a string, or the strings of a list as lines, decoded. It reports false where the value is neither.
func appendStrings(dst []byte, c candidate, line []byte) ([]byte, bool) {
	text := c.of(line)
	if !c.list {
		return appendUnescaped(dst, text), true
	}
	s := scanner{b: text}
	for n := 0; s.next(); n++ {
		if s.kind != jsonString {
			if s.kind == jsonList && s.value == (span{0, len(text)}) {
				return dst, n > 0
			}
			return dst, false
		}
		if n > 0 {
			dst = append(dst, '\n')
		}
		dst = appendUnescaped(dst, s.value.of(text))
	}
	return dst, false
}

// appendUnescaped appends a JSON string without its escapes (RFC 8259, 7). What is no proper escape is kept as it stands.
func appendUnescaped(dst, s []byte) []byte {
	for n := 0; n < len(s); n++ {
		if s[n] != '\\' || n+1 == len(s) {
			dst = append(dst, s[n])
			continue
		}
		n++
		switch s[n] {
		case 'n':
			dst = append(dst, '\n')
		case 't':
			dst = append(dst, '\t')
		case 'r':
			dst = append(dst, '\r')
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'u':
			var used int
			dst, used = appendRune(dst, s[n:])
			n += used - 1
		default:
			dst = append(dst, s[n])
		}
	}
	return dst
}

// appendRune appends the rune of an escape that begins with u, of two where they are a surrogate pair, and returns how many bytes they took.
func appendRune(dst, s []byte) ([]byte, int) {
	high, ok := hex4(s)
	if !ok {
		return append(dst, 'u'), 1
	}
	if !utf16.IsSurrogate(high) {
		return utf8.AppendRune(dst, high), 5
	}
	if len(s) > 6 && s[5] == '\\' {
		if low, ok := hex4(s[6:]); ok && utf16.DecodeRune(high, low) != utf8.RuneError {
			return utf8.AppendRune(dst, utf16.DecodeRune(high, low)), 11
		}
	}
	return utf8.AppendRune(dst, utf8.RuneError), 5
}

// hex4 reads uXXXX.
func hex4(s []byte) (rune, bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	n, ok := parseUint(s[1:5], 16)
	return rune(n), ok
}
