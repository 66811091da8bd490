package record

import "math"

const (
	maxSecDigits = 12 // the year 33658
	maxSerDigits = 10 // kernel/audit.c:audit_serial: 32 bits, and so auditd's own
	milliDigits  = 3  // kernel/audit.c:audit_log_start: "audit(%llu.%03lu:%u): "

	maxStampBytes = len(stampOpen) + maxSecDigits + 1 + milliDigits + 1 + maxSerDigits + 1
)

// stamp is audit(SEC.MMM:SERIAL) as text and in numbers. The records of an event share theirs and mostly follow one another, and comparing
// text is quicker than reading numbers.
type stamp struct {
	sec    int64
	milli  int
	serial uint64

	text [maxStampBytes]byte
	size int // bytes of text
}

// parse makes s the stamp that begins at place at, and returns the place behind it. Where there is none it leaves s alone.
func (s *stamp) parse(line []byte, at int) (end int, ok bool) {
	if rest := line[at:]; s.size > 0 && len(rest) >= s.size && string(rest[:s.size]) == string(s.text[:s.size]) {
		return at + s.size, true
	}
	if !hasPrefixAt(line, at, stampOpen) {
		return 0, false
	}
	sec, end, ok := number(line, at+len(stampOpen), 1, maxSecDigits, '.')
	if !ok {
		return 0, false
	}
	milli, end, ok := number(line, end, milliDigits, milliDigits, ':')
	if !ok {
		return 0, false
	}
	serial, end, ok := number(line, end, 1, maxSerDigits, ')')
	if !ok || serial > math.MaxUint32 {
		return 0, false
	}
	s.sec, s.milli, s.serial = int64(sec), int(milli), serial
	s.size = copy(s.text[:], line[at:end])
	return end, true
}

// number reads minDigits to maxDigits decimal digits at place at and the byte end behind them, and returns the place behind that.
func number(line []byte, at, minDigits, maxDigits int, end byte) (n uint64, next int, ok bool) {
	first := at
	for at < len(line) && isDigit(line[at]) {
		if at-first == maxDigits {
			return 0, 0, false
		}
		n = n*10 + uint64(line[at]-'0')
		at++
	}
	if at-first < minDigits || at >= len(line) || line[at] != end {
		return 0, 0, false
	}
	return n, at + 1, true
}
