package main

import (
	"testing"

	"github.com/auditprof/auditprof/bench"
)

func TestRulePricesAreAskedFor(t *testing.T) {
	typed, not := func() bool { return true }, func() bool { return false }
	for _, c := range []struct {
		name           string
		flags          priceFlags
		quick          bool
		prices, ablate bool
		refused        bool
	}{
		{"by default", priceFlags{prices: true, asked: not}, false, true, false, false},
		{"not with --quick", priceFlags{prices: true, asked: not}, true, false, false, false},
		{"but where it is typed", priceFlags{prices: true, asked: typed}, true, true, false, false},
		{"not where it is refused", priceFlags{asked: typed}, false, false, false, false},
		{"--ablate needs them", priceFlags{prices: true, ablate: true, asked: not}, true, true, true, false},
		{"and says so", priceFlags{ablate: true, asked: typed}, false, false, false, true},
	} {
		o := bench.Options{Quick: c.quick}
		err := c.flags.into(&o)
		if (err != nil) != c.refused || o.RulePrices != c.prices || o.Ablate != c.ablate {
			t.Errorf("%s: prices %t, ablate %t, %v", c.name, o.RulePrices, o.Ablate, err)
		}
	}
}
