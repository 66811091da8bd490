package biglog

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// line is a line of the recorded log with the place of its stamp: head SEC.MMM:SERIAL tail.
type line struct {
	head, tail  []byte
	sec         int64
	milli       int
	serial      uint64
	isFromAudit bool // false: auditd's own record, whose serials are not the kernel's
}

// source is a log to be repeated.
type source struct {
	lines    []line
	secSpan  int64  // seconds from the first to behind the last stamp
	serSpan  uint64 // serials from the first to behind the last of the kernel's
	textSize int64
}

func parse(text []byte) (*source, error) {
	s := &source{textSize: int64(len(text))}
	var first, last line
	r := record.NewReader(bytes.NewReader(text))
	for at := 0; r.Scan(); {
		rec := r.Record()
		if rec.Bad != record.Good {
			return nil, fmt.Errorf("line %d of the recorded log is no audit record (%s): take the corpus as it was made", rec.Line, rec.Bad)
		}
		raw := text[at : at+len(rec.Raw)]
		at += int(rec.Length)
		l := split(raw, rec)
		s.lines = append(s.lines, l)
		if !l.isFromAudit {
			continue
		}
		if first.serial == 0 {
			first, last = l, l
		}
		first.sec, last.sec = min(first.sec, l.sec), max(last.sec, l.sec)
		first.serial, last.serial = min(first.serial, l.serial), max(last.serial, l.serial)
	}
	if len(s.lines) == 0 {
		return nil, fmt.Errorf("the recorded log is empty: take the corpus as it was made")
	}
	s.secSpan, s.serSpan = last.sec-first.sec+1, last.serial-first.serial+1
	return s, nil
}

// split finds the stamp in a good line.
func split(raw []byte, rec *record.Record) line {
	open := bytes.Index(raw, []byte("msg=audit(")) + len("msg=audit(")
	end := open + bytes.IndexByte(raw[open:], ')')
	return line{head: raw[:open], tail: raw[end:], sec: rec.Sec, milli: rec.Milli, serial: rec.Serial,
		isFromAudit: !bytes.HasPrefix(rec.Type, []byte("DAEMON_"))}
}

// append appends the line as it is in repetition n, with its newline.
func (s *source) append(dst []byte, l *line, n int64) []byte {
	dst = append(dst, l.head...)
	dst = strconv.AppendInt(dst, l.sec+n*s.secSpan, 10)
	dst = append(dst, '.', byte('0'+l.milli/100), byte('0'+l.milli/10%10), byte('0'+l.milli%10), ':')
	serial := l.serial
	if l.isFromAudit {
		serial += uint64(n) * s.serSpan
	}
	dst = strconv.AppendUint(dst, serial, 10)
	return append(append(dst, l.tail...), '\n')
}
