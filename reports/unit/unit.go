package unit

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// None stands for a number that is absent or not finite.
const None = "-"

// Scale is a unit with its size in base units.
type Scale struct {
	Name string
	Size float64
}

// Times are the scales of a duration given in nanoseconds, Sizes those of bytes; the smallest first.
var (
	Times = []Scale{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}
	Sizes = []Scale{{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}}
)

// Pick is the largest scale in which the number, rounded to three digits, is at least 1.
func Pick(scales []Scale, base float64) Scale {
	best := scales[0]
	for _, s := range scales[1:] {
		if round3(math.Abs(base)/s.Size) >= 1 {
			best = s
		}
	}
	return best
}

// Time prints nanoseconds: "1.72 us". Unicode gives "1.72 µs".
func Time(ns float64) string { return scaled(Times, ns) }

// Bytes prints bytes: "12.5 MiB".
func Bytes(bytes float64) string { return scaled(Sizes, bytes) }

// Unicode writes the micro sign in what Time printed.
func Unicode(s string) string { return strings.ReplaceAll(s, " us", " µs") }

func scaled(scales []Scale, base float64) string {
	if !finite(base) {
		return None
	}
	s := Pick(scales, base)
	return Digits(base/s.Size) + " " + s.Name
}

// Digits prints a number with three significant digits, all of them from 100 on, and an exponent below 0.001 and from ten million on: never
// more than 9 characters.
func Digits(v float64) string {
	switch a := math.Abs(v); {
	case !finite(v):
		return None
	case a == 0:
		return "0"
	case a < 0.0009995 || a >= 9999999.5:
		return strconv.FormatFloat(v, 'e', 1, 64)
	case a >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	default:
		decimals := 2 - int(math.Floor(math.Log10(round3(a))))
		return strconv.FormatFloat(v, 'f', decimals, 64)
	}
}

// Ratio prints a ratio: "1.24", "12.3", "0.98".
func Ratio(r float64) string {
	if a := math.Abs(r); a >= 0.095 && a < 9.995 {
		return strconv.FormatFloat(r, 'f', 2, 64)
	}
	return Digits(r)
}

// Percent prints a share (0..1) as a percentage: "91.2 %"; what is not 0 but below 0.1 % is "<0.1 %".
func Percent(share float64) string {
	switch p := share * 100; {
	case !finite(share):
		return None
	case p > 0 && p < 0.05:
		return "<0.1 %"
	case math.Abs(p) >= 99.95 || p == 0:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	default:
		return strconv.FormatFloat(p, 'f', 1, 64) + " %"
	}
}

// Change prints a ratio as a signed percentage: 1.27 is "+27 %", 0.955 is "-4.5 %".
func Change(ratio float64) string {
	if !finite(ratio) {
		return None
	}
	p, sign := (ratio-1)*100, "+"
	if p < 0 {
		p, sign = -p, "-"
	}
	if p < 9.95 {
		return sign + strconv.FormatFloat(p, 'f', 1, 64) + " %"
	}
	return sign + Digits(math.Round(p)) + " %"
}

// Count prints a whole number with its thousands apart: "13,112,604".
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Long prints a duration of seconds and more in words: "2 min 11 s"; below a minute as Time does.
func Long(d time.Duration) string {
	if d < time.Minute {
		return Time(float64(d))
	}
	d = d.Round(time.Second)
	h, m, s := int64(d/time.Hour), int64(d/time.Minute)%60, int64(d/time.Second)%60
	if h > 0 {
		return Count(h) + " h " + strconv.FormatInt(m, 10) + " min"
	}
	return strconv.FormatInt(m, 10) + " min " + strconv.FormatInt(s, 10) + " s"
}

// round3 rounds to three significant digits: 999.6 ns is 1.00 us, not 1000 ns.
func round3(v float64) float64 {
	if v == 0 || !finite(v) {
		return v
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 2, 64), 64)
	if err != nil {
		return v
	}
	return r
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
