package hostlog

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// host is one machine: its processes, and who of them acts how often.
type host struct {
	*rand.Rand
	node     string
	milli    int64 // of its latest event
	serial   uint64
	perDay   float64
	backends []uint32 // pids of postgres
	session  uint32
	temp     int // temporary files so far
	odds     [24][]float64
	started  bool
}

func newHost(o Options, i int) *host {
	h := &host{Rand: rand.New(rand.NewPCG(o.Seed, uint64(i))), perDay: float64(o.PerDay), serial: 1000, session: 3}
	if o.Named {
		h.node = fmt.Sprintf("db%d.example", i+1)
	}
	for n := range 40 {
		h.backends = append(h.backends, uint32(2100+n))
	}
	for hour := range h.odds {
		sum := 0.0
		for _, a := range acts {
			sum += a.share * a.when(hour)
			h.odds[hour] = append(h.odds[hour], sum)
		}
	}
	return h
}

func hourOf(milli int64) int { return int(milli / 3_600_000 % 24) }

// byDay is how much more goes on in an hour than in the mean one: three times as much at 14:00 as at 02:00.
func byDay(hour int) float64 { return 1 - 0.5*math.Cos(float64(hour-2)/24*2*math.Pi) }

// gap is how long it is until the host's next act, in milliseconds.
func (h *host) gap(now int64) int64 {
	const perAct = 1.18 // events
	mean := 86_400_000 / h.perDay * perAct / byDay(hourOf(now))
	return int64(h.ExpFloat64()*mean) + 1
}

// events are those of the host's next act.
func (h *host) events(now int64) []Event {
	if !h.started {
		h.started = true
		return h.boot()
	}
	odds := h.odds[hourOf(now)]
	at := h.Float64() * odds[len(odds)-1]
	for i, sum := range odds {
		if at < sum {
			return acts[i].make(h)
		}
	}
	return acts[0].make(h)
}

// boot is what says which auditd and which kernel write the log.
func (h *host) boot() []Event {
	return []Event{{Message: "DAEMON_START op=start ver=3.0.9 format=raw kernel=6.1.0-28-amd64 auid=4294967295 pid=612 uid=0 ses=4294967295 res=success"}}
}

// act is something that happens on a host again and again.
type act struct {
	name  string
	share float64                // of all acts, in an hour in which when is 1
	when  func(hour int) float64 // how much more of it there is than of others
	make  func(h *host) []Event
}

func always(int) float64 { return 1 }

// during is an hour of the day, and nothing of it in all others.
func during(at int) func(int) float64 {
	return func(hour int) float64 {
		if hour == at {
			return 24
		}
		return 0
	}
}

// working are the hours in which people are there.
func working(hour int) float64 {
	if hour >= 8 && hour < 18 {
		return 2
	}
	return 0.05
}

// one is an act of one event.
func one(f func(h *host) Event) func(*host) []Event {
	return func(h *host) []Event { return []Event{f(h)} }
}
