package event

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// The functions of this file read a body whose fields come in a known order: each takes the body and the place where its value begins, and
// returns the place where the next name begins, which is len(b) at the end. Where a value is not as the kernel writes it, they return a
// place behind that, odd(b), at which no name is found any more. What is read that way to the very end is what package record would find
// field by field, and takes a fifth of the time.

func odd(b []byte) int { return len(b) + 1 }

// is reports whether name, which ends with =, stands at place at.
func is(b []byte, at int, name string) bool {
	return at+len(name) <= len(b) && string(b[at:at+len(name)]) == name
}

// pass returns the place behind the blank after a value that ends before place at.
func pass(b []byte, at int) int {
	switch {
	case at == len(b):
		return at
	case b[at] == ' ':
		return at + 1
	}
	return odd(b)
}

// decimal reads a number of up to 19 digits, which always fit.
func decimal(b []byte, at int) (n uint64, next int) {
	first := at
	if at+8 <= len(b) {
		n, next = decimalWord(binary.LittleEndian.Uint64(b[at:]))
		if at += next; next < 8 {
			if next == 0 {
				return 0, odd(b)
			}
			return n, pass(b, at)
		}
	}
	for at < len(b) {
		d := b[at] - '0'
		if d > 9 {
			break
		}
		n = n*10 + uint64(d)
		at++
	}
	if d := at - first; d == 0 || d > 19 {
		return 0, odd(b)
	}
	return n, pass(b, at)
}

// decimal32 reads a number of 32 bits.
func decimal32(b []byte, at int) (n uint32, next int) {
	if at+1 < len(b) && b[at+1] == ' ' && b[at]-'0' <= 9 { // most are 0
		return uint32(b[at] - '0'), at + 2
	}
	wide, next := decimal(b, at)
	if wide > math.MaxUint32 {
		return 0, odd(b)
	}
	return uint32(wide), next
}

// signed reads a number with or without a minus.
func signed(b []byte, at int) (n int64, next int) {
	negative := at < len(b) && b[at] == '-'
	if negative {
		at++
	}
	wide, next := decimal(b, at)
	if wide > math.MaxInt64 {
		return 0, odd(b)
	}
	if negative {
		return -int64(wide), next
	}
	return int64(wide), next
}

// hex64 reads a hexadecimal number of up to 16 digits, which the kernel writes in lower case.
func hex64(b []byte, at int) (n uint64, next int) {
	if at+1 < len(b) && b[at+1] == ' ' && hexDigit[b[at]] <= 15 { // most are 0
		return uint64(hexDigit[b[at]]), at + 2
	}
	n, end := hexDigits(b, at)
	if d := end - at; d == 0 || d > 16 {
		return 0, odd(b)
	}
	return n, pass(b, end)
}

// hex32 reads a hexadecimal number of 32 bits.
func hex32(b []byte, at int) (n uint32, next int) {
	wide, next := hex64(b, at)
	if wide > math.MaxUint32 {
		return 0, odd(b)
	}
	return uint32(wide), next
}

// oct32 reads an octal number of 32 bits.
func oct32(b []byte, at int) (n uint32, next int) {
	first, wide := at, uint64(0)
	for at < len(b) && b[at]-'0' <= 7 {
		wide = wide<<3 | uint64(b[at]-'0')
		at++
	}
	if d := at - first; d == 0 || d > 20 || wide > math.MaxUint32 {
		return 0, odd(b)
	}
	return uint32(wide), pass(b, at)
}

// deviceAt reads a device number, ff:fff.
func deviceAt(b []byte, at int) (major, minor uint32, next int) {
	high, colon := hexDigits(b, at)
	if d := colon - at; d == 0 || d > 8 || colon >= len(b) || b[colon] != ':' {
		return 0, 0, odd(b)
	}
	minor, next = hex32(b, colon+1)
	return uint32(high), minor, next
}

// text reads a value in quotes or bare.
func text(b []byte, at int) (v record.Value, next int) {
	if at < len(b) && b[at] == '"' {
		at++
		n := bytes.IndexByte(b[at:], '"')
		if n < 0 {
			return v, odd(b)
		}
		return record.Value{Text: b[at : at+n], Quote: '"'}, pass(b, at+n+1)
	}
	first := at
	for at < len(b) && !endsText[b[at]] {
		at++
	}
	return record.Value{Text: b[first:at]}, pass(b, at)
}

// endsText has what a bare value ends at, and the quotes, which it does not have.
var endsText = [256]bool{' ': true, '"': true, '\'': true}

// hexDigits reads lower-case digits from place at on and returns the place behind them; n is sound for up to 16.
func hexDigits(b []byte, at int) (n uint64, next int) {
	for at+8 <= len(b) {
		word, digits := hexWord(binary.LittleEndian.Uint64(b[at:]))
		n = n<<(4*digits) | word
		if at += digits; digits < 8 {
			return n, at
		}
	}
	for at < len(b) {
		d := hexDigit[b[at]]
		if d > 15 {
			break
		}
		n = n<<4 | uint64(d)
		at++
	}
	return n, at
}

// hexDigit is the value of a lower-case digit, 255 for other bytes.
var hexDigit = func() (value [256]uint8) {
	for c := range value {
		value[c] = 255
		if n := bytes.IndexByte([]byte("0123456789abcdef"), byte(c)); n >= 0 {
			value[c] = uint8(n)
		}
	}
	return value
}()
