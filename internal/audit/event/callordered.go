package event

import (
	"bytes"
	"math"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// ordered reads a body whose fields come in a known order, each asked for once and in turn. What is read that way, without odd and to
// the end, is what package record would find field by field, and takes a fifth of the time.
type ordered struct {
	b   []byte
	at  int
	odd bool // not as the kernel writes it: the fields have to be looked for
}

// is passes over name, which ends with =, where it comes next.
func (o *ordered) is(name string) bool {
	if len(o.b)-o.at < len(name) || string(o.b[o.at:o.at+len(name)]) != name {
		return false
	}
	o.at += len(name)
	return true
}

// done reports whether everything was read and nothing was odd.
func (o *ordered) done() bool { return o.at == len(o.b) && !o.odd }

// next passes over the blank behind a value that ended before place at.
func (o *ordered) next(at int) {
	if at < len(o.b) {
		if o.b[at] != ' ' {
			o.odd = true
		}
		at++
	}
	o.at = at
}

// uint32 reads a decimal number.
func (o *ordered) uint32() uint32 {
	n := o.uint64()
	if n > math.MaxUint32 {
		o.odd = true
	}
	return uint32(n)
}

// uint64 reads a decimal number of up to 19 digits, which always fit.
func (o *ordered) uint64() uint64 {
	b, at := o.b, o.at
	n := uint64(0)
	for at < len(b) && b[at]-'0' <= 9 {
		n = n*10 + uint64(b[at]-'0')
		at++
	}
	if d := at - o.at; d == 0 || d > 19 {
		o.odd = true
	}
	o.next(at)
	return n
}

// int64 reads a signed decimal number.
func (o *ordered) int64() int64 {
	negative := o.at < len(o.b) && o.b[o.at] == '-'
	if negative {
		o.at++
	}
	n := o.uint64()
	if n > math.MaxInt64 {
		o.odd = true
	}
	if negative {
		return -int64(n)
	}
	return int64(n)
}

// hex reads a hexadecimal number of up to 16 digits, which the kernel writes in lower case.
func (o *ordered) hex() uint64 {
	n, at := hexDigits(o.b, o.at)
	if d := at - o.at; d == 0 || d > 16 {
		o.odd = true
	}
	o.next(at)
	return n
}

// hex32 reads a hexadecimal number of 32 bits.
func (o *ordered) hex32() uint32 {
	n := o.hex()
	if n > math.MaxUint32 {
		o.odd = true
	}
	return uint32(n)
}

// oct reads an octal number of 32 bits.
func (o *ordered) oct() uint32 {
	at := o.at
	n := uint64(0)
	for at < len(o.b) && o.b[at]-'0' <= 7 {
		n = n<<3 | uint64(o.b[at]-'0')
		at++
	}
	if d := at - o.at; d == 0 || d > 20 || n > math.MaxUint32 {
		o.odd = true
	}
	o.next(at)
	return uint32(n)
}

// device reads a device number, ff:fff.
func (o *ordered) device() (major, minor uint32) {
	high, at := hexDigits(o.b, o.at)
	if d := at - o.at; d == 0 || d > 8 || at >= len(o.b) || o.b[at] != ':' {
		o.odd = true
		return 0, 0
	}
	o.at = at + 1
	return uint32(high), o.hex32()
}

// value reads text, in quotes or bare.
func (o *ordered) value() record.Value {
	if o.at < len(o.b) && o.b[o.at] == '"' {
		return o.quoted()
	}
	at := o.at
	for at < len(o.b) && o.b[at] != ' ' {
		if c := o.b[at]; c == '"' || c == '\'' {
			o.odd = true
		}
		at++
	}
	v := record.Value{Text: o.b[o.at:at]}
	o.next(at)
	return v
}

func (o *ordered) quoted() record.Value {
	text := o.b[o.at+1:]
	n := bytes.IndexByte(text, '"')
	if n < 0 {
		o.odd = true
		return record.Value{}
	}
	o.next(o.at + n + 2)
	return record.Value{Text: text[:n], Quote: '"'}
}

// hexDigits reads lower-case digits from place at on and returns the place behind them; n is sound for up to 16.
func hexDigits(b []byte, at int) (n uint64, next int) {
	for at < len(b) {
		c := b[at]
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c-'a' <= 5:
			c -= 'a' - 10
		default:
			return n, at
		}
		n = n<<4 | uint64(c)
		at++
	}
	return n, at
}
