package analyze

// Window is the time that a log covers.
type Window struct {
	FirstSec int64  `json:"first_sec"` // seconds since 1970 of the earliest event, 0 without any
	LastSec  int64  `json:"last_sec"`
	Boots    uint64 `json:"boots"` // series of serials, one for each boot and host
	Hosts    []Host `json:"hosts"` // by name; hosts beyond the first 1024 are together in one called (other)
	HostsCut uint64 `json:"hosts_cut"`
	Silence  Hole   `json:"silence"` // the longest time without an event of a host
	Holes    []Hole `json:"holes"`   // the longest first
}

// Host is one writer of the log: by node=, or the one without it.
type Host struct {
	Name       string `json:"name"`
	FirstSec   int64  `json:"first_sec"`
	LastSec    int64  `json:"last_sec"`
	CoveredSec int64  `json:"covered_sec"` // from first to last without the holes
	Holes      uint64 `json:"holes"`
	Count
}

// Hole is a time without an event on one host. In Holes it is one across which serials are missing or begin anew: a part of the log is not
// there, or the host was down. A silence with the next serial behind it is a host at rest, and covered.
type Hole struct {
	Host    string `json:"host"`
	FromSec int64  `json:"from_sec"`
	ToSec   int64  `json:"to_sec"`
}

// Sec is the length of the hole in seconds.
func (h Hole) Sec() int64 { return h.ToSec - h.FromSec }

const daySec = 24 * 60 * 60

// PerDay is the mean volume of one host and day, over the hosts whose log covers at least 24 hours, and how many these are. ok is false where
// there is none: a busy host's rotated logs hold seconds, and a day is no multiple of a busy minute.
func (w *Window) PerDay() (day Rates, hosts int, ok bool) {
	var sum Count
	var sec float64
	for _, h := range w.Hosts {
		if h.CoveredSec < daySec {
			continue
		}
		hosts++
		sum.add(h.Count)
		sec += float64(h.CoveredSec)
	}
	if hosts == 0 {
		return Rates{}, 0, false
	}
	per := func(n uint64) float64 { return float64(n) / sec * daySec }
	return Rates{Events: per(sum.Events), Records: per(sum.Records), Bytes: per(sum.Bytes)}, hosts, true
}

// Rates is a volume per unit of time.
type Rates struct {
	Events, Records, Bytes float64
}

// CoveredSec is how many seconds the log covers, all hosts together.
func (w *Window) CoveredSec() (sec int64) {
	for _, h := range w.Hosts {
		sec += h.CoveredSec
	}
	return sec
}
