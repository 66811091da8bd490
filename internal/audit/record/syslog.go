package record

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// maxHeadBytes bounds the head of a syslog line: time, host and tag are far shorter.
const maxHeadBytes = 512

// byteOrderMark is how UTF-8 is announced, by RFC 5424 before a message, by Windows at the beginning of a file.
var byteOrderMark = []byte("\xef\xbb\xbf")

// syslogMessage returns the message behind the head of a syslog line, the host and the tag without its [PID]; all nil where the line has
// no head. Heads: RFC 5424, RFC 3164 and what journalctl and dmesg print, with or without <PRI> and the length of RFC 6587; grep's FILE:.
// The message begins behind the first ": ", so that what a program logs further behind cannot pass for a record.
func syslogMessage(line []byte) (msg, host, tag []byte) {
	rest, hasPRI := afterPRI(line)
	if hasPRI && bytes.HasPrefix(rest, []byte("1 ")) {
		return structured(rest[2:])
	}
	if m := afterFileName(rest); m != nil {
		return m, nil, nil
	}
	head, msg := cutHead(rest)
	if msg == nil || !hasPRI && !beginsWithTime(head) && !isKernelTag(head) {
		return nil, nil, nil
	}
	host, tag = hostAndTag(head)
	return msg, host, tag
}

// afterPRI skips [LENGTH ]<PRI>.
func afterPRI(line []byte) (rest []byte, ok bool) {
	at := 0
	for at < len(line) && at < 6 && isDigit(line[at]) {
		at++
	}
	if at > 0 {
		if at == len(line) || line[at] != ' ' {
			return line, false
		}
		at++
	}
	if at == len(line) || line[at] != '<' {
		return line, false
	}
	n := bytes.IndexByte(line[at:min(len(line), at+5)], '>')
	if n < 2 {
		return line, false
	}
	return line[at+n+1:], true
}

// structured reads what follows the version of RFC 5424: TIME HOST APP PROCID MSGID, structured data, message.
func structured(b []byte) (msg, host, tag []byte) {
	for n := range 5 {
		var word []byte
		word, b, _ = bytes.Cut(b, []byte(" "))
		switch n {
		case 1:
			host = word
		case 2:
			tag = word
		}
	}
	for len(b) > 0 && b[0] == '[' {
		n := elementEnd(b)
		if n < 0 {
			return nil, nil, nil
		}
		b = b[n:]
	}
	b = bytes.TrimPrefix(b, []byte("-"))
	msg = bytes.TrimPrefix(bytes.TrimLeft(b, " "), byteOrderMark)
	if len(msg) == 0 {
		return nil, nil, nil
	}
	return msg, host, tag
}

// elementEnd is the place behind an element of structured data, [ID name="value"…], -1 where it does not end.
func elementEnd(b []byte) int {
	quoted := false
	for n := 1; n < len(b); n++ {
		switch {
		case b[n] == '\\' && quoted:
			n++
		case b[n] == '"':
			quoted = !quoted
		case b[n] == ']' && !quoted:
			return n + 1
		}
	}
	return -1
}

// afterFileName skips FILE: before a record, as grep prints it of several files.
func afterFileName(line []byte) []byte {
	word, _, _ := bytes.Cut(line[:min(len(line), maxHeadBytes)], []byte(" "))
	for _, mark := range []string{":" + typePrefix, ":" + nodePrefix} {
		if n := bytes.Index(word, []byte(mark)); n > 0 {
			return line[n+1:]
		}
	}
	return nil
}

// cutHead divides a line behind the first ": ", or before a record where some template left the colon out.
func cutHead(line []byte) (head, msg []byte) {
	b := line[:min(len(line), maxHeadBytes)]
	end, begin := bytes.Index(b, []byte(": ")), 2
	if end >= 0 {
		b = b[:end]
	}
	for _, mark := range []string{" " + typePrefix, " " + nodePrefix} {
		if n := bytes.Index(b, []byte(mark)); n >= 0 && (end < 0 || n < end) { // the record's own colon comes later
			end, begin = n, 1
		}
	}
	if end < 0 {
		return nil, nil
	}
	return line[:end], bytes.TrimLeft(line[end+begin:], " ")
}

// beginsWithTime reports whether a head begins with a time in one of the usual forms: "Nov 22 10:00:00", "2026-11-22T…",
// "Sun 2026-11-22 …", "1590476099.070000 ", "[   12.345678]".
func beginsWithTime(head []byte) bool {
	word, rest, _ := bytes.Cut(head, []byte(" "))
	switch {
	case len(word) == 0:
		return false
	case word[0] == '[':
		return true
	case isDigit(word[0]):
		return bytes.ContainsAny(word, "-.:/")
	case len(word) != 3 || word[0] < 'A' || word[0] > 'Z':
		return false
	}
	rest = bytes.TrimLeft(rest, " ")
	return len(rest) > 0 && isDigit(rest[0])
}

// isKernelTag reports whether a head is no more than the tag of the kernel's audit messages: journalctl -k -o cat, dmesg -t.
func isKernelTag(head []byte) bool { return string(head) == "audit" }

// hostAndTag takes the last two words of a head, the tag without [PID].
func hostAndTag(head []byte) (host, tag []byte) {
	before, tag := lastWord(head)
	_, host = lastWord(before)
	if n := bytes.IndexByte(tag, '['); n > 0 {
		tag = tag[:n]
	}
	return host, tag
}

func lastWord(b []byte) (before, word []byte) {
	b = bytes.TrimRight(b, " ")
	n := bytes.LastIndexByte(b, ' ')
	return b[:max(n, 0)], b[n+1:]
}

// kernelMessage reads a record as the kernel logs it, [[TIME] ][audit: ]type=1300 audit(…): …, and returns the type and what begins with
// audit(. stamp is nil where it is none. Kernels before 3.14 wrote no "audit: ".
func kernelMessage(msg []byte) (recordType int, stamp []byte) {
	if len(msg) > 0 && msg[0] == '[' {
		_, msg, _ = bytes.Cut(msg, []byte("] "))
	}
	msg = bytes.TrimPrefix(msg, []byte("audit: "))
	if !hasPrefixAt(msg, 0, typePrefix) {
		return 0, nil
	}
	n, at := number(msg, len(typePrefix), 1, 5, ' ')
	if at == 0 || !hasPrefixAt(msg, at, stampOpen) {
		return 0, nil
	}
	return int(n), msg[at:]
}

// appendType appends auditd's name of a record type.
func appendType(dst []byte, recordType int) []byte {
	return append(dst, names.RecordType(recordType)...)
}

// beginsWithType reports whether a message begins with a record type's name, as journald shows records (src/journal/journald-audit.c).
func beginsWithType(msg []byte) bool {
	word, _, ok := bytes.Cut(msg, []byte(" "))
	return ok && typeNumber(word) > 0
}

// typeNumber is the number of a record type as journald names it, AUDIT1334 where it knows no name; 0 where it is none.
func typeNumber(word []byte) int {
	if len(word) > maxTypeBytes {
		return 0
	}
	if nr, ok := names.RecordTypeNumber(string(word)); ok {
		return nr
	}
	if hasPrefixAt(word, 0, "AUDIT") {
		if n, ok := parseUint(word[len("AUDIT"):], 10); ok && n <= names.MaxRecordType {
			return int(n)
		}
	}
	return 0
}

// isLossMessage reports whether the kernel says that records did not reach its log: kernel/audit.c:audit_log_lost, and the rate limit
// of printk.
func isLossMessage(tag, msg []byte) bool {
	switch {
	case string(tag) != "kernel" && string(tag) != "audit" && !bytes.HasSuffix(tag, []byte("_printk_skb")):
		return false
	case bytes.Contains(msg, []byte("_printk_skb: ")), bytes.HasSuffix(tag, []byte("_printk_skb")):
		return bytes.Contains(msg, []byte(" callbacks suppressed"))
	}
	msg = bytes.TrimPrefix(msg, []byte("audit: "))
	for _, s := range []string{"audit_lost=", "backlog limit exceeded", "rate limit exceeded", "kauditd hold queue overflow", "printk limit exceeded"} {
		if bytes.HasPrefix(msg, []byte(s)) {
			return true
		}
	}
	return false
}
