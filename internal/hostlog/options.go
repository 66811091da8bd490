package hostlog

import "math/rand/v2"

// Start is when the logs begin: 2023-11-13 00:00:00 UTC, a Monday.
const Start = 1_699_833_600

// MeanEventBytes is about how long an event is in the log, node= not counted.
const MeanEventBytes = 740

// Options say what log it is.
type Options struct {
	Seed   uint64
	Hosts  int     // 0 is 1
	Named  bool    // with node=
	Days   float64 // from Start on; 0 is 1
	PerDay int     // events of each host's own a day; 0 is 20,000, and with Bytes what fills the days
	Bytes  int64   // the log ends with the event that reaches them; 0 is no bound
	Guests []Guest
}

// Guest is somebody whose events happen among those of a host, evenly spread.
type Guest struct {
	Host       int     // from 0
	From, Till float64 // days since Start
	Events     int
	// Make is the i-th of them. It is asked once for each, in order.
	Make func(i int, r *rand.Rand) Event
}

func (o Options) complete() Options {
	o.Hosts = max(o.Hosts, 1)
	if o.Days == 0 {
		o.Days = 1
	}
	if o.PerDay == 0 {
		o.PerDay = 20_000
		if o.Bytes > 0 {
			o.PerDay = max(1, int(float64(o.Bytes)/MeanEventBytes/o.Days/float64(o.Hosts)))
		}
	}
	return o
}
