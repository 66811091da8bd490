package record

import "bytes"

// interpSeparator stands between the kernel's text and auditd's interpretation (audit-userspace lib/libaudit.h: AUDIT_INTERP_SEPARATOR).
const interpSeparator = 0x1d

const (
	nodePrefix = "node="
	typePrefix = "type="
	msgPrefix  = " msg="
	stampOpen  = "audit("

	maxTypeBytes = 64
)

// Parse makes r the record of one line without its newline. It sets Bad, Raw and what follows it, leaves the line's place alone,
// and keeps line itself, not a copy.
func (r *Record) Parse(line []byte) {
	r.parseAfter(line, &stamp{}, true)
}

// parseAfter is Parse of a line that comes after one with the stamp last, and makes last its own. It may have the separator only where split
// is set.
func (r *Record) parseAfter(line []byte, last *stamp, split bool) {
	if !split && r.parseUsual(line, last) {
		return
	}
	r.Raw, r.at = line, parts{}
	if r.Bad = r.parse(line, last, split); r.Bad == Good {
		r.Sec, r.Milli, r.Serial = last.sec, last.milli, last.serial
	} else {
		r.at = parts{}
		r.Sec, r.Milli, r.Serial = 0, 0, 0
	}
	r.slice()
}

func (r *Record) parse(line []byte, last *stamp, split bool) Bad {
	at, ok := r.parseType(line)
	if !ok {
		return badHeader(line)
	}
	end, ok := last.parse(line, at)
	if !ok {
		return badStamp(line[at:])
	}
	r.parseBody(line, end, split)
	return Good
}

// badHeader says why a line does not begin as a record.
func badHeader(line []byte) Bad {
	switch {
	case len(line) == 0 || len(line) == 1 && line[0] == '\r':
		return Empty
	case bytes.IndexByte(line, 0) >= 0:
		return NUL
	}
	return NoHeader
}

// parseType reads [node=NAME ]type=TYPE msg= and returns where the message begins.
func (r *Record) parseType(line []byte) (at int, ok bool) {
	if hasPrefixAt(line, 0, nodePrefix) {
		n := bytes.IndexByte(line, ' ')
		if n <= len(nodePrefix) {
			return 0, false
		}
		r.at.nodeLo, r.at.nodeHi = uint32(len(nodePrefix)), uint32(n)
		at = n + 1
	}
	if !hasPrefixAt(line, at, typePrefix) {
		return 0, false
	}
	at += len(typePrefix)
	n := at
	for n < len(line) && n-at <= maxTypeBytes && isTypeByte[line[n]] {
		n++
	}
	if n == at || !hasPrefixAt(line, n, msgPrefix) {
		return 0, false
	}
	r.at.typeLo, r.at.typeHi = uint32(at), uint32(n)
	return n + len(msgPrefix), true
}

// parseUsual is what parseAfter makes of most lines. It reports false, and leaves r alone, for one that it does not know.
func (r *Record) parseUsual(line []byte, last *stamp) bool {
	head := usualHead(line)
	if head == 0 {
		return false
	}
	at, ok := last.parse(line, head)
	if !ok || at+2 > len(line) || string(line[at:at+2]) != ": " || line[len(line)-1] == '\r' {
		return false
	}
	at += len(": ")
	if mayHideInterpretation(line[at:]) {
		return false
	}
	r.Bad, r.Raw = Good, line
	r.Sec, r.Milli, r.Serial = last.sec, last.milli, last.serial
	typeHi := head - len(msgPrefix)
	r.at = parts{typeLo: uint32(len(typePrefix)), typeHi: uint32(typeHi), bodyLo: uint32(at), bodyHi: uint32(len(line))}
	r.Node, r.Type, r.Body, r.Enriched = nil, line[len(typePrefix):typeHi], line[at:], nil
	return true
}

// usualHead is the length of what most lines begin with, up to the stamp: 0 where it is something else.
func usualHead(line []byte) int {
	if len(line) < len("type=PROCTITLE msg=") {
		return 0
	}
	switch {
	case string(line[:17]) == "type=SYSCALL msg=":
		return 17
	case string(line[:14]) == "type=PATH msg=":
		return 14
	case string(line[:13]) == "type=CWD msg=":
		return 13
	case string(line[:19]) == "type=PROCTITLE msg=":
		return 19
	case string(line[:18]) == "type=SOCKADDR msg=":
		return 18
	}
	return 0
}

// parseBody takes what follows the stamp: ": fields", and for some DAEMON_CONFIG of old auditd " fields" without the colon.
func (r *Record) parseBody(line []byte, at int, split bool) {
	hi := len(line)
	if line[hi-1] == '\r' {
		hi-- // a log that went through Windows
	}
	if at < hi && line[at] == ':' {
		at++
	}
	if at < hi && line[at] == ' ' {
		at++
	}
	r.at.bodyLo, r.at.bodyHi = uint32(at), uint32(hi)
	if split {
		if n := bytes.IndexByte(line[at:hi], interpSeparator); n >= 0 {
			r.at.bodyHi = uint32(at + n)
			r.at.richLo, r.at.richHi = uint32(at+n+1), uint32(hi)
			return
		}
	}
	r.at.splitInterpretation(line)
}

// badStamp tells a date of ausearch -i, audit(02/06/2023 …) or as another locale has it, from nonsense.
func badStamp(msg []byte) Bad {
	if !hasPrefixAt(msg, 0, stampOpen) {
		return BadHeader
	}
	date := msg[len(stampOpen):]
	n := 0
	for n < len(date) && isDigit(date[n]) {
		n++
	}
	if n >= 1 && n <= 4 && len(date) > n+3 && (date[n] == '/' || date[n] == '.' || date[n] == '-') && date[n+3] == date[n] {
		return Interpreted
	}
	return BadHeader
}

func hasPrefixAt(line []byte, at int, prefix string) bool {
	return len(line)-at >= len(prefix) && string(line[at:at+len(prefix)]) == prefix
}

// isTypeByte has the bytes of record types: SYSCALL, UNKNOWN[1337].
var isTypeByte = func() (is [256]bool) {
	for c := range is {
		c := byte(c)
		is[c] = c >= 'A' && c <= 'Z' || c == '_' || isDigit(c) || c == '[' || c == ']' || c >= 'a' && c <= 'z'
	}
	return is
}()

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
