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

	secEnd int // bytes of text up to the point behind the seconds
}

// parse makes s the stamp that begins at place at, and returns the place behind it. Where there is none it leaves s alone.
func (s *stamp) parse(line []byte, at int) (end int, ok bool) {
	rest := line[at:]
	if s.size > 0 && len(rest) >= s.size && string(rest[:s.size]) == string(s.text[:s.size]) {
		return at + s.size, true
	}
	if !hasPrefixAt(rest, 0, stampOpen) {
		return 0, false
	}
	sec, next := uint64(s.sec), s.secEnd
	if next == 0 || len(rest) < next || string(rest[:next]) != string(s.text[:next]) {
		sec, next = number(rest, len(stampOpen), 1, maxSecDigits, '.')
	}
	secEnd := next
	milli, next := number(rest, next, milliDigits, milliDigits, ':')
	serial, next := number(rest, next, 1, maxSerDigits, ')')
	if next == 0 || serial > math.MaxUint32 {
		return 0, false
	}
	s.sec, s.milli, s.serial, s.secEnd = int64(sec), int(milli), serial, secEnd
	s.size = copy(s.text[:], rest[:next])
	return at + next, true
}

// number reads minDigits to maxDigits decimal digits at place at and the byte end behind them, and returns the place behind that: 0 where they
// are not there, or at is 0 already.
func number(b []byte, at, minDigits, maxDigits int, end byte) (n uint64, next int) {
	if at == 0 {
		return 0, 0
	}
	digits := b[at:min(len(b), at+maxDigits)]
	count := 0
	for count < len(digits) && digits[count]-'0' <= 9 {
		n = n*10 + uint64(digits[count]-'0')
		count++
	}
	if next = at + count; count < minDigits || next >= len(b) || b[next] != end {
		return 0, 0
	}
	return n, next + 1
}
