package rule

import (
	"math/bits"
	"strings"
)

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// startsNumber tells a number with or without a minus sign, as auditctl tells it from a name.
func startsNumber(s string) bool {
	return startsWithDigit(s) || len(s) > 1 && s[0] == '-' && startsWithDigit(s[1:])
}

// cNumber reads a number as strtoul does: base 0 takes 0x and a leading 0 for hexadecimal and octal, whatever follows the digits is
// ignored, no digits are 0. It reports false where 64 bits are not enough.
func cNumber(s string, base int) (n uint64, fits bool) {
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative, s = s[0] == '-', s[1:]
	}
	hex := len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' && digit(s[2]) < 16
	switch {
	case hex && (base == 0 || base == 16):
		base, s = 16, s[2:]
	case base == 0 && s != "" && s[0] == '0':
		base = 8
	case base == 0:
		base = 10
	}
	for ; s != "" && digit(s[0]) < base; s = s[1:] {
		over, low := bits.Mul64(n, uint64(base))
		sum, carry := bits.Add64(low, uint64(digit(s[0])), 0)
		if over != 0 || carry != 0 {
			return 1<<64 - 1, false
		}
		n = sum
	}
	if negative {
		n = -n
	}
	return n, true
}

// unsigned32 is a number as auditctl stores what strtoul gives: the low 32 bits, all ones where 64 bits are not enough.
func unsigned32(s string) uint32 {
	n, _ := cNumber(s, 0)
	return uint32(n)
}

// signed32 is a number as auditctl stores what strtol gives: the low 32 bits of it, or of the greatest or least number of 64 bits.
func signed32(s string) uint32 {
	if digits, negative := strings.CutPrefix(s, "-"); negative {
		if n, _ := cNumber(digits, 0); n < 1<<63 {
			return -uint32(n)
		}
		return 0
	}
	if n, _ := cNumber(s, 0); n < 1<<63 {
		return uint32(n)
	}
	return 1<<32 - 1
}

// digit is the value of a digit of a base up to 16, 99 for anything else.
func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return 99
}
