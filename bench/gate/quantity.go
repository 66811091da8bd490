package gate

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Dimension is what a number is of: limits and figures must have the same.
type Dimension uint8

// The dimensions. Plain numbers are counts and rates; a ratio is written as one too.
const (
	Plain  Dimension = iota // records, events, rules, 1/s
	Time                    // nanoseconds
	Size                    // bytes
	Ratio                   // 1 is the same
	Change                  // a percentage: of a ratio what is above 1, of a baseline its part
)

// String is the dimension as an error names it.
func (d Dimension) String() string {
	return [...]string{"a number", "a time (ns, us, ms, s)", "a size (B, KiB, MiB, GiB, KB, MB, GB)", "a ratio (1.05) or a percentage (5%)", "a percentage"}[d]
}

// scales are the units of limits in base units.
var scales = map[string]struct {
	size float64
	of   Dimension
}{
	"": {1, Plain}, "/s": {1, Plain}, "%": {0.01, Change},
	"ns": {1, Time}, "us": {1e3, Time}, "µs": {1e3, Time}, "ms": {1e6, Time}, "s": {1e9, Time}, "min": {60e9, Time},
	"B": {1, Size}, "KiB": {1 << 10, Size}, "MiB": {1 << 20, Size}, "GiB": {1 << 30, Size}, "TiB": {1 << 40, Size},
	"KB": {1e3, Size}, "kB": {1e3, Size}, "MB": {1e6, Size}, "GB": {1e9, Size}, "TB": {1e12, Size},
}

// unitNames are the units in the order in which an error lists them.
const unitNames = "%, ns, us, ms, s, min, B, KiB, MiB, GiB, TiB, KB, MB, GB, TB, /s or none"

// Quantity is a number in base units: nanoseconds, bytes, a share of 1 for Change.
type Quantity struct {
	Value float64
	Of    Dimension
}

// parseQuantity reads a number with its unit. It refuses what is not finite, and numbers below zero.
func parseQuantity(text string) (Quantity, error) {
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '.' || exponent(text, end)) {
		end++
	}
	if end == 0 {
		return Quantity{}, fmt.Errorf("%s is no number: write digits and a unit, as 5ms, 4KiB or 5%%", quote(text))
	}
	v, err := strconv.ParseFloat(text[:end], 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return Quantity{}, fmt.Errorf("%s is no number that can be held: write digits and a unit, as 5ms, 4KiB or 5%%", quote(text[:end]))
	}
	unit := strings.TrimSpace(text[end:])
	s, known := scales[unit]
	if !known {
		return Quantity{}, fmt.Errorf("the unit %s is not known: one of %s", quote(unit), unitNames)
	}
	v *= s.size
	if math.IsInf(v, 0) {
		return Quantity{}, fmt.Errorf("%s is too large", quote(text))
	}
	return Quantity{v, s.of}, nil
}

// exponent tells whether the byte at i is of an exponent that digits follow: 1e6, 1e-3.
func exponent(text string, i int) bool {
	digit := func(i int) bool { return i < len(text) && text[i] >= '0' && text[i] <= '9' }
	switch text[i] {
	case 'e', 'E':
		return i > 0 && (digit(i-1) || text[i-1] == '.') && (digit(i+1) || i+1 < len(text) && (text[i+1] == '-' || text[i+1] == '+') && digit(i+2))
	case '-', '+':
		return i > 1 && (text[i-1] == 'e' || text[i-1] == 'E') && digit(i+1)
	}
	return false
}

// quote makes a hostile text fit for an error: on one line, and short.
func quote(s string) string {
	const most = 80
	if len(s) > most {
		s = s[:most] + "..."
	}
	return strconv.QuoteToASCII(s)
}
