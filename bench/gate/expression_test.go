package gate

import (
	"math"
	"strings"
	"testing"
)

func TestParseExpression(t *testing.T) {
	for text, want := range map[string]Expression{
		"latency_p99 < 5ms":                    {Metric: "latency_p99", Op: Below, Bound: Quantity{5e6, Time}},
		"log_bytes/op<4KiB":                    {Metric: "log_bytes_per_op", Op: Below, Bound: Quantity{4096, Size}},
		" slowdown <= 5% ":                     {Metric: "slowdown", Op: AtMost, Bound: Quantity{0.05, Change}},
		"slowdown <= 1.05":                     {Metric: "slowdown", Op: AtMost, Bound: Quantity{1.05, Plain}},
		"filter_tax/op <= 300 ns":              {Metric: "filter_tax", Op: AtMost, Bound: Quantity{300, Time}},
		"cpu_per_op/op <= 1us":                 {Metric: "cpu_per_op", Op: AtMost, Bound: Quantity{1000, Time}},
		"ops_per_second >= 1e3/s":              {Metric: "ops_per_second", Op: AtLeast, Bound: Quantity{1000, Plain}},
		"rules_passed/openat <= 40":            {Metric: "rules_passed/openat", Op: AtMost, Bound: Quantity{40, Plain}},
		"log_bytes/op <= baseline + 10%":       {Metric: "log_bytes_per_op", Op: AtMost, Relative: true, Bound: Quantity{0.1, Change}},
		"events/op == baseline":                {Metric: "events_per_op", Op: Equal, Relative: true},
		"ops_per_second > baseline-1.5e-1%":    {Metric: "ops_per_second", Op: Above, Relative: true, Less: true, Bound: Quantity{0.0015, Change}},
		"log_bytes/op <= baseline + 1.5 MiB  ": {Metric: "log_bytes_per_op", Op: AtMost, Relative: true, Bound: Quantity{1.5 * (1 << 20), Size}},
	} {
		got, err := ParseExpression(text)
		want.Text = strings.TrimSpace(text)
		got.Bound.Value = math.Round(got.Bound.Value*1e9) / 1e9
		if err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestParseExpressionRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "no operator",
		"latency_p99":                   "no operator",
		"latency_p99 = 5ms":             "the operator = is not known",
		"latency_p99 <":                 "no bound",
		"latency p99 < 5ms":             "no name of a metric",
		"< 5ms":                         "no name of a metric",
		"a/b/c < 1":                     "no name of a metric",
		"lost <= NaN":                   "no number",
		"lost <= Inf":                   "no number",
		"lost <= 1e999":                 "no number that can be held",
		"log_bytes <= 1e305TiB":         "too large",
		"lost <= -1":                    "no number",
		"lost <= 5 parsec":              "one of %, ns",
		"lost <= 0x10":                  "unit",
		"lost <= baseline * 2":          "baseline + 10%",
		"lost <= baseline + ":           "no number",
		"lost <= 5ms\x1b[31m":           `\x1b`,
		strings.Repeat("a", 300) + "<1": "the longest has",
	} {
		_, err := ParseExpression(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("%.40q: got %v, want %q", text, err, want)
		}
	}
}

func TestBoundsOfDimensions(t *testing.T) {
	for _, c := range []struct {
		text string
		of   Dimension
		base float64
		want float64 // NaN: it does not fit
	}{
		{"slowdown <= 5%", Ratio, 0, 1.05},
		{"slowdown <= 1.05", Ratio, 0, 1.05},
		{"slowdown <= baseline + 10%", Ratio, 1.2, 1.32},
		{"log_bytes/op <= baseline - 1KiB", Size, 4096, 3072},
		{"log_bytes/op <= baseline", Size, 4096, 4096},
		{"log_bytes <= 0", Size, 0, 0},
		{"latency_p99 <= 5KiB", Time, 0, math.NaN()},
		{"latency_p99 <= 5", Time, 0, math.NaN()},
		{"latency_p99 <= 5%", Time, 0, math.NaN()},
		{"lost <= 5ms", Plain, 0, math.NaN()},
	} {
		e, err := ParseExpression(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if fit := e.fits(c.of) == nil; fit == math.IsNaN(c.want) {
			t.Errorf("%s of %s: fits %v", c.text, c.of, fit)
		} else if got := e.bound(c.of, c.base); fit && math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: bound %v, want %v", c.text, got, c.want)
		}
	}
}

func FuzzParseExpression(f *testing.F) {
	for _, s := range []string{"latency_p99 < 5ms", "log_bytes/op <= baseline + 10%", "a==1e-3µs", "x/op>=.5GiB", "lost<=\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseExpression(text)
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || r > '~' && r != 'µ' }) {
				t.Errorf("the error of %q has bytes that a terminal acts on: %q", text, err)
			}
			return
		}
		if v := e.Bound.Value; math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			t.Errorf("%q has the bound %v", text, v)
		}
		again, err := ParseExpression(e.Text)
		if err != nil || again != e {
			t.Errorf("%q reads as %+v, and what it says of itself as %+v (%v)", text, e, again, err)
		}
		if name, err := parseMetric(shown(e.Metric)); err != nil || name != e.Metric && shown(name) != shown(e.Metric) {
			t.Errorf("%q is shown as %q, which is %q, %v", e.Metric, shown(e.Metric), name, err)
		}
	})
}
