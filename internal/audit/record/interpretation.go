package record

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Between the kernel's text and auditd's interpretation stands the byte 0x1D. On their way some logs lose it: audisp-syslog writes a blank
// (audit-userspace audisp/plugins/syslog/audisp-syslog.c:write_syslog), rsyslog #035, and copies through a terminal nothing at all, so that
// the kernel's last value and the first interpreted name run together: key=(null)ARCH=x86_64.

// interpreted are the names that an interpretation can begin with (audit-userspace src/auditd-event.c:add_simple_field and lib/enriched
// fields: those of type uid, gid, syscall, arch and socket address).
var interpreted = []string{"ARCH=", "SYSCALL=", "SADDR=", "UID=", "GID=", "ID="}

// mayHideInterpretation reports whether a line without 0x1D can end with an interpretation: with NAME="…" or a SADDR={ … }. It looks at the
// last value only.
func mayHideInterpretation(line []byte) bool {
	n := len(line) - 1
	if n < 0 || line[n] == '}' {
		return n > 0
	}
	if line[n] != '"' {
		return false
	}
	open := lastQuote(line[:n])
	return open >= 2 && line[open-1] == '=' && line[open-2] >= 'A' && line[open-2] <= 'Z'
}

// lastQuote is bytes.LastIndexByte of a double quote, eight bytes at a time.
func lastQuote(b []byte) int {
	const every, top = 0x0101010101010101, 0x8080808080808080
	for len(b) >= 8 {
		word := binary.LittleEndian.Uint64(b[len(b)-8:]) ^ '"'*every
		if quotes := ^((word&^top + ^uint64(top)) | word) & top; quotes != 0 {
			return len(b) - 1 - bits.LeadingZeros64(quotes)/8
		}
		b = b[:len(b)-8]
	}
	return bytes.LastIndexByte(b, '"')
}

// findInterpretation returns where the kernel's text ends and the interpretation begins, -1 where there is none: at the first of the names
// above that stands outside of quotes.
func findInterpretation(body []byte) (end, begin int) {
	quoted := false
	for n, c := range body {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '=' && !quoted:
			if begin = nameBegin(body, n); begin >= 0 {
				return textEnd(body, begin), begin
			}
		}
	}
	return -1, -1
}

// nameBegin is the place where the interpreted name that ends at the = at place n begins, -1 where that is none.
func nameBegin(body []byte, n int) int {
	for _, name := range interpreted {
		at := n + 1 - len(name)
		if at < 1 || string(body[at:n+1]) != name {
			continue
		}
		switch name {
		case "UID=", "GID=", "ID=": // AUID, FSUID, SAUID, NEW_GID, OLD-AUID …: all capitals before it are the name's
			for at > 1 && (body[at-1] >= 'A' && body[at-1] <= 'Z' || body[at-1] == '_' || body[at-1] == '-') {
				at--
			}
		}
		return at
	}
	return -1
}

// textEnd is the end of the kernel's text before place begin: without the blank or #035 that the separator became.
func textEnd(body []byte, begin int) int {
	const escaped = "#035"
	text := body[:begin]
	if bytes.HasSuffix(text, []byte(escaped)) {
		return begin - len(escaped)
	}
	return len(bytes.TrimRight(text, " "))
}

// splitInterpretation divides a body whose separator was lost.
func (p *parts) splitInterpretation(line []byte) {
	if body := line[p.bodyLo:p.bodyHi]; mayHideInterpretation(body) {
		if end, begin := findInterpretation(body); begin >= 0 {
			p.richLo, p.richHi = p.bodyLo+uint32(begin), p.bodyHi
			p.bodyHi = p.bodyLo + uint32(end)
		}
	}
}
