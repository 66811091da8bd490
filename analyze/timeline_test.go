package analyze

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Buckets hold what lies in them, however wide they had to become and in whatever order events came.
func TestSeriesHoldsEveryEventInItsBucket(t *testing.T) {
	for _, span := range []int64{1, 100, 512, 5000, 1e6, 1 << 39} {
		for seed := range uint64(20) {
			g := rand.New(rand.NewPCG(seed, uint64(span)))
			line := newTimeline(2, 2)
			var secs []int64
			for range 300 {
				sec := 1<<39 + g.Int64N(span)
				secs = append(secs, sec)
				line.add(sec, int(sec&1), 10)
			}
			s := line.series()
			if len(s.Events) > seriesBuckets || s.WidthSec&(s.WidthSec-1) != 0 || s.StartSec%s.WidthSec != 0 {
				t.Fatalf("span %d: %d buckets of %d s from %d", span, len(s.Events), s.WidthSec, s.StartSec)
			}
			want := make([]uint64, len(s.Events))
			wantOdd := make([]uint64, ruleBuckets+1)
			wide := ruleWidth * s.WidthSec
			for _, sec := range secs {
				want[(sec-s.StartSec)/s.WidthSec]++
				if sec&1 == 1 {
					wantOdd[sec/wide-s.StartSec/wide]++
				}
			}
			if !slices.Equal(want, s.Events) {
				t.Fatalf("span %d, seed %d: %v, want %v", span, seed, s.Events, want)
			}
			if line.byRule[1] == nil {
				continue // a span without an odd second
			}
			if got := line.rule(1, s); !slices.Equal(got, wantOdd[:len(got)]) || slices.Max(append(wantOdd[len(got):], 0)) > 0 {
				t.Fatalf("span %d, seed %d: rule %v, want %v", span, seed, got, wantOdd)
			}
		}
	}
}

func TestAShortLogHasSeconds(t *testing.T) {
	line := newTimeline(0, 0)
	for sec := range int64(400) {
		line.add(1000+sec, NoRule, 1)
	}
	if s := line.series(); s.WidthSec != 1 || len(s.Events) != 400 || s.StartSec != 1000 {
		t.Errorf("%d buckets of %d s from %d", len(s.Events), s.WidthSec, s.StartSec)
	}
}

func TestBursts(t *testing.T) {
	b := newBursts(3)
	add := func(sec int64, rule, n int) {
		for range n {
			b.add(sec, rule)
		}
	}
	add(6000, 1, 5)
	add(6001, 0, 3)
	add(6065, 2, 20)
	add(6002, 0, 4) // late, by a minute
	add(6600, NoRule, 7)
	for i := range int64(40) {
		add(12000+60*i, 0, 1)
	}
	r := b.rate()
	want := []Burst{{6060, 20, 2, 20}, {6000, 12, 0, 7}, {6600, 7, NoRule, 0}, {12000, 1, 0, 1}, {12060, 1, 0, 1}}
	if r.PeakSec != 6065 || r.PeakEvents != 20 || !slices.Equal(r.Bursts, want) {
		t.Errorf("%+v, want %+v", r, want)
	}
}

func TestHoles(t *testing.T) {
	h := newHosts()
	at := func(node string, sec int64, serial uint64) {
		h.add(&Row{Node: node, Serial: serial}, sec, Count{1, 1, 1})
	}
	at("a", 1000, 500_000)
	at("a", 1001, 500_002) // a little out of order
	at("a", 1001, 500_001)
	at("a", 9001, 500_003) // at rest
	at("a", 9500, 500_010) // a part is missing
	at("a", 9500, 500_011)
	at("a", 20_000, 3) // down
	at("a", 20_010, 4)
	at("a", 30_010, 5) // at rest
	at("b", 1000, 1)
	at("b", 1000+2*daySec, 2)
	w := h.window()
	if len(w.Hosts) != 2 || w.Hosts[0].CoveredSec != 29010-499-10500 || w.Hosts[0].Holes != 2 || w.Hosts[1].CoveredSec != 2*daySec {
		t.Errorf("hosts %+v", w.Hosts)
	}
	if want := []Hole{{"a", 9500, 20000}, {"a", 9001, 9500}}; !slices.Equal(w.Holes, want) {
		t.Errorf("holes %+v, want %+v", w.Holes, want)
	}
	if w.Silence != (Hole{"b", 1000, 1000 + 2*daySec}) {
		t.Errorf("silence %+v", w.Silence)
	}
	day, hosts, ok := w.PerDay()
	if !ok || hosts != 1 || day.Events != 1 {
		t.Errorf("%+v a day over %d hosts, %v", day, hosts, ok)
	}
	w.Hosts = w.Hosts[:1]
	if _, _, ok := w.PerDay(); ok {
		t.Error("a figure per day from less than a day")
	}
}
