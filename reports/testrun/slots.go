package testrun

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/auditprof/auditprof/bench/result"
)

// slots are the timed slots and those of the mute copies, in order of rounds.
func slots(scenarios []string, rounds int) []result.Slot {
	random := rand.New(rand.NewPCG(1, 2))
	drawn := map[[2]int]result.Slot{} // histograms take long to pack: one for each arm and weight of a scenario
	var list []result.Slot
	at := begin
	for round := range rounds {
		for i, scenario := range scenarios {
			for place, a := range arms {
				s := slot(random, scenario, i, a)
				h, ok := drawn[[2]int{place, i % 5}]
				if !ok {
					latencies(random, &h, math.Pow(a.slower, 1+0.2*float64(i%5)))
					drawn[[2]int{place, i % 5}] = h
				}
				s.Latency, s.LatencyCount, s.LatencyMaxNs = h.Latency, h.LatencyCount, h.LatencyMaxNs
				s.LatencyP50Ns, s.LatencyP90Ns, s.LatencyP99Ns = h.LatencyP50Ns, h.LatencyP90Ns, h.LatencyP99Ns
				s.Round, s.Place, s.Started = round, place, at
				at = at.Add(time.Duration(s.WallNs) + time.Second)
				list = append(list, s)
			}
		}
	}
	return list
}

func slot(random *rand.Rand, scenario string, i int, a arm) result.Slot {
	slower := math.Pow(a.slower, 1+0.2*float64(i%5)) * math.Exp(0.02*random.NormFloat64())
	s := result.Slot{Kind: result.SlotTimed, Scenario: scenario, Arm: a.name, Valid: true, Ops: 20000, OpsDone: 20000, WallNs: int64(2e9 * slower),
		WorkloadCPUNs: int64(1.8e9 * slower), HarnessCPUNs: 1e7, AuditdRSSPeakBytes: 4e6, EndedBy: "nonce"}
	if a.keeps {
		s.AuditdCPUNs, s.KauditdCPUNs = int64(4e8*slower), int64(1.2e8*slower)
		s.LogBytes, s.Records, s.Events = int64(1e5*float64(a.rules)), int64(400*a.rules), int64(100*a.rules)
		backlog(random, &s, slower)
	}
	return s
}

// latencies draws them log-normal with a tail that grows with the slowdown.
func latencies(random *rand.Rand, s *result.Slot, slower float64) {
	h := hdrhistogram.New(1, 600_000_000_000, 3)
	for range 400 {
		ns := 9e4 * slower * math.Exp(0.35*random.NormFloat64())
		if random.Float64() < 0.02*slower {
			ns *= 20
		}
		_ = h.RecordValue(int64(ns)) // far within its range
	}
	encoded, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		panic(err) // of a test's own histogram
	}
	s.Latency, s.LatencyCount = string(encoded), h.TotalCount()
	s.LatencyP50Ns, s.LatencyP90Ns, s.LatencyP99Ns, s.LatencyMaxNs = h.ValueAtPercentile(50), h.ValueAtPercentile(90), h.ValueAtPercentile(99), h.Max()
}

// together gives each result the latency of all its slots.
func together(run *result.Run, slots []result.Slot) {
	of := map[[2]string][]result.Slot{}
	for _, s := range slots {
		at := [2]string{s.Scenario, s.Arm}
		of[at] = append(of[at], s)
	}
	for i, r := range run.Results {
		run.Results[i].Latency = result.MergeLatency(of[[2]string{r.Scenario, r.Arm}])
	}
}

// backlog rises to a plateau and drains behind it.
func backlog(random *rand.Rand, s *result.Slot, slower float64) {
	n := 50
	series := &result.Series{StepNs: s.WallNs / int64(n-10), Values: make([]int64, n)}
	for i := range series.Values {
		level := 700 * slower * math.Min(float64(i)/12, 1)
		if i > n-10 {
			level *= float64(n-i) / 10
		}
		series.Values[i] = int64(level * (0.8 + 0.4*random.Float64()))
		s.BacklogPeak = max(s.BacklogPeak, series.Values[i])
	}
	s.BacklogSeries, s.BacklogMean, s.BacklogSamples = series, 500*slower, n
	s.AuditdCPUNsSeries = &result.Series{StepNs: series.StepNs, Values: make([]int64, n)}
	s.AuditdRSSBytesSeries = &result.Series{StepNs: series.StepNs, Values: make([]int64, n)}
	for i, waiting := range series.Values {
		s.AuditdCPUNsSeries.Values[i] = s.AuditdCPUNs / int64(n) * (900 + int64(i*37%200)) / 1000
		s.AuditdRSSBytesSeries.Values[i] = 3_600_000 + 500*waiting
	}
}
