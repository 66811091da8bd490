package unit

import (
	"math"
	"testing"
	"time"
)

func TestPrint(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		what func(float64) string
		in   float64
		want string
	}{
		{Time, 0, "0 ns"}, {Time, 0.31, "0.310 ns"}, {Time, 999, "999 ns"}, {Time, 999.6, "1.00 us"}, {Time, 1720, "1.72 us"},
		{Time, 19.7e6, "19.7 ms"}, {Time, 3e12, "3000 s"}, {Time, -1500, "-1.50 us"}, {Time, nan, "-"}, {Time, inf, "-"},
		{Bytes, 0, "0 B"}, {Bytes, 1023, "1023 B"}, {Bytes, 1024, "1.00 KiB"}, {Bytes, 12.8 * 1024, "12.8 KiB"}, {Bytes, 45 << 30, "45.0 GiB"},
		{Bytes, 1023.9 * 1024, "1.00 MiB"}, {Bytes, nan, "-"},
		{Digits, 2604, "2604"}, {Digits, 0.31, "0.310"}, {Digits, 9.996, "10.0"}, {Digits, 99.96, "100"}, {Digits, 0.00012, "1.2e-04"},
		{Digits, 12345678, "1.2e+07"}, {Digits, -2.5, "-2.50"}, {Digits, 0.0012345, "0.00123"}, {Digits, nan, "-"},
		{Ratio, 1.2, "1.20"}, {Ratio, 0.981, "0.98"}, {Ratio, 9.999, "10.0"}, {Ratio, 123, "123"}, {Ratio, 0.01, "0.0100"}, {Ratio, inf, "-"},
		{Percent, 0.912, "91.2 %"}, {Percent, 1, "100 %"}, {Percent, 0, "0 %"}, {Percent, 0.0001, "<0.1 %"}, {Percent, 0.9996, "100 %"}, {Percent, nan, "-"},
		{Change, 1.27, "+27.0 %"}, {Change, 1.024, "+2.4 %"}, {Change, 0.955, "-4.5 %"}, {Change, 4, "+300 %"}, {Change, 1, "+0.0 %"}, {Change, nan, "-"},
	} {
		if got := c.what(c.in); got != c.want {
			t.Errorf("%v: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCountAndLong(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 13112604: "13,112,604", -1234: "-1,234", math.MinInt64: "-9,223,372,036,854,775,808"} {
		if got := Count(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{131 * time.Second: "2 min 11 s", 1500 * time.Millisecond: "1.50 s", 2*time.Hour + 5*time.Minute: "2 h 5 min", 59999 * time.Millisecond: "60.0 s"} {
		if got := Long(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	if got := Unicode(Time(1720)); got != "1.72 µs" {
		t.Errorf("got %q", got)
	}
}

// A table column is as wide as the longest number: no number may surprise it.
func FuzzDigits(f *testing.F) {
	f.Add(1.5)
	f.Add(-0.00099951)
	f.Add(9999999.6)
	f.Fuzz(func(t *testing.T, v float64) {
		for _, s := range []string{Digits(v), Ratio(v)} {
			if len(s) > 9 || s == "" {
				t.Errorf("%v: %q", v, s)
			}
		}
	})
}
