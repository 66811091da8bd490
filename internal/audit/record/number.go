package record

import "math"

// Uint returns the decimal field called name: ids, inode, items, pid. ok is false where it is missing, no number or above 64 bits.
func (r *Record) Uint(name string) (n uint64, ok bool) { return r.unsigned(name, 10) }

// Hex returns the field called name that the kernel writes in hex without 0x: arch, per, a0 to a3 of SYSCALL, capabilities.
func (r *Record) Hex(name string) (n uint64, ok bool) { return r.unsigned(name, 16) }

// Oct returns the field called name that the kernel writes in octal: mode, oflag.
func (r *Record) Oct(name string) (n uint64, ok bool) { return r.unsigned(name, 8) }

// Int returns the signed decimal field called name: exit.
func (r *Record) Int(name string) (n int64, ok bool) {
	text, ok := r.Field(name)
	if !ok {
		return 0, false
	}
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	u, ok := parseUint(text, 10)
	switch {
	case !ok:
		return 0, false
	case negative && u <= 1<<63:
		return -int64(u), true
	case !negative && u <= math.MaxInt64:
		return int64(u), true
	}
	return 0, false
}

func (r *Record) unsigned(name string, base uint64) (uint64, bool) {
	text, ok := r.Field(name)
	if !ok {
		return 0, false
	}
	return parseUint(text, base)
}

// parseUint is strconv.ParseUint on bytes, which would have to be made a string first.
func parseUint(text []byte, base uint64) (n uint64, ok bool) {
	if len(text) == 0 {
		return 0, false
	}
	for _, c := range text {
		d := digit(c)
		if d >= base || n > (math.MaxUint64-d)/base {
			return 0, false
		}
		n = n*base + d
	}
	return n, true
}

func digit(c byte) uint64 {
	switch {
	case isDigit(c):
		return uint64(c - '0')
	case c >= 'a' && c <= 'f':
		return uint64(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return uint64(c-'A') + 10
	}
	return math.MaxUint64
}
