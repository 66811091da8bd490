package html

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// none stands where there is no figure.
const none = "–"

// figure keeps a number with its unit on one line, and writes units as print does.
func figure(s string) string {
	if s == unit.None {
		return none
	}
	return strings.ReplaceAll(unit.Unicode(s), " ", "\u00a0")
}

func timeOf(ns float64) string       { return figure(unit.Time(ns)) }
func bytesOf(n float64) string       { return figure(unit.Bytes(n)) }
func ratioOf(r float64) string       { return figure(unit.Ratio(r)) }
func digitsOf(v float64) string      { return figure(unit.Digits(v)) }
func percentOf(share float64) string { return figure(unit.Percent(share)) }

// countOf prints a whole number; what no counter of ours reaches prints as any large number does.
func countOf[T int | int64 | uint64](n T) string {
	if uint64(n) > math.MaxInt64 && n > 0 {
		return digitsOf(float64(n))
	}
	return unit.Count(int64(n))
}

// shareOf is a part of a whole as a percentage, none where there is no whole.
func shareOf(part, whole float64) string {
	if whole <= 0 {
		return none
	}
	return percentOf(part / whole)
}

// between prints an interval.
func between(low, high float64) string {
	return "[" + ratioOf(low) + ", " + ratioOf(high) + "]"
}

// plural gives "1 rule", "2 rules".
func plural[T int | int64 | uint64](n T, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return countOf(n) + "\u00a0" + noun
}

// metric gives the named metric, false where it is absent or no number.
func metric(r result.Result, name string) (result.Metric, bool) {
	m, ok := r.Shown(name)
	return m, ok && finite(m.Value)
}

// value is the metric's value, 0 where it is absent.
func value(r result.Result, name string) float64 {
	m, ok := metric(r, name)
	if !ok {
		return 0
	}
	return m.Value
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// at prints a place in a drawing, which a hostile file must not put outside of it.
func at(v float64) string {
	if !finite(v) {
		v = 0
	}
	return strconv.FormatFloat(math.Round(min(max(v, -1e4), 1e4)*100)/100, 'f', -1, 64)
}

// percentAt is a place as a part of the width, 0 to 1.
func percentAt(part float64) string { return at(min(max(part, 0), 1)*100) + "%" }

// sentence joins the parts that are not empty.
func sentence(sep string, parts ...string) string {
	var list []string
	for _, p := range parts {
		if p != "" {
			list = append(list, p)
		}
	}
	return strings.Join(list, sep)
}

func place(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }
