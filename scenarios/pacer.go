package scenarios

import "fmt"

// Pacer says when operations start.
type Pacer interface {
	// Due is when operation i, from 0, is to start, in ns after the start of the run. With scheduled false it starts when the one before it
	// has ended. The latency of a scheduled operation counts from Due, however late it really started: otherwise one stall would hide the
	// waiting of all operations behind it (coordinated omission).
	Due(i uint64) (ns int64, scheduled bool)
	// String names the pace for people.
	String() string
}

// ClosedLoop starts each operation when the one before it has ended.
type ClosedLoop struct{}

// Due schedules nothing.
func (ClosedLoop) Due(uint64) (int64, bool) { return 0, false }

func (ClosedLoop) String() string { return "closed loop" }

// ConstantRate starts operations at equal distances: operation i at (i+1)/OpsPerSecond seconds, so that n operations take at least
// n/OpsPerSecond seconds.
type ConstantRate struct {
	OpsPerSecond float64 // more than 0, of all workers together
	Part         *Part   // whose operations these are; nil: all
	turns        *turns  // of the user whose operations these are; nil: all
}

// Due is computed from i alone, so rounding does not add up.
func (p ConstantRate) Due(i uint64) (int64, bool) {
	if p.Part != nil {
		i = i*uint64(p.Part.Of) + uint64(p.Part.Index)
	}
	if p.turns != nil {
		i = p.turns.number(i)
	}
	return int64(float64(i+1) / p.OpsPerSecond * 1e9), true
}

func (p ConstantRate) String() string { return fmt.Sprintf("%g per second", p.OpsPerSecond) }

// choosePacer takes the rate of the spec, then the scenario's own, then none.
func choosePacer(info Info, s Spec) Pacer {
	var own *turns
	if s.User > 0 {
		own = &info.Users.turns()[s.User-1]
	}
	for _, rate := range []float64{s.OpsPerSecond, info.OpsPerSecond} {
		if rate > 0 {
			return ConstantRate{rate, s.Part, own}
		}
	}
	return ClosedLoop{}
}
