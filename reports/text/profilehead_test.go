package text

import (
	"math"
	"testing"
	"time"
)

// A clock that is set by an attacker makes a long time, never a short one.
func TestSecondsNeverWrapAround(t *testing.T) {
	for _, c := range []struct {
		sec  int64
		want string
	}{
		{-5, "less than a second"}, {math.MinInt64, "less than a second"}, {0, "less than a second"},
		{3600, "1 h 0 min"}, {250_000_000_000, "2,562,047 h 47 min"}, {math.MaxInt64, "2,562,047 h 47 min"},
	} {
		if got := hours(seconds(c.sec)); got != c.want {
			t.Errorf("%d seconds: %q", c.sec, got)
		}
	}
	if got := seconds(292 * 365 * 24 * 3600); got != 292*365*24*time.Hour {
		t.Errorf("292 years are %v", got)
	}
}
