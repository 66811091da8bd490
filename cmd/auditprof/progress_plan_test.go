package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/result"
)

func TestThePlanIsPrinted(t *testing.T) {
	f := bench.Forecast{Slots: 130, Expected: 4 * time.Minute, DiskBytes: 1 << 20, Ops: map[string]uint64{"s": 1, "t": 2}, Arms: 5, Rounds: 12,
		Protocol: result.Protocol{Tests: 6, Alpha: 0.05, Noise: result.Noise{LoopNs: 20e6, Variation: 0.02, Steal: 0.001, Pressure: 3}, Detectable: 1.06}}
	for _, c := range []struct {
		change func(*bench.Forecast)
		want   []string
	}{
		{func(*bench.Forecast) {}, []string{"5 arms on 2 workloads, 12 rounds; 130 slots, about 4 min", "6 verdicts at 5.0 % together; finds changes of about +6.0 % or more at best", "loop varies by 2.0 %"}},
		{func(f *bench.Forecast) { f.Rounds, f.Protocol.Detectable = 3, 0 }, []string{"too few rounds for a verdict among so many: 8 can give all of them"}},
		{func(f *bench.Forecast) { f.Rounds = 7 }, []string{"7 rounds cannot give all 6 verdicts: --rounds 8 can"}},
	} {
		g := f
		c.change(&g)
		var out bytes.Buffer
		newProgress(&out, false).Planned(g)
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("lacks %q:\n%s", want, out.String())
			}
		}
		out.Reset()
		if newProgress(&out, true).Planned(g); out.Len() > 0 {
			t.Errorf("--quiet prints %q", out.String())
		}
	}
}

func TestPlantFlags(t *testing.T) {
	var o bench.Options
	err := controlFlags{[]string{"cpu=2%", "wall=5%", "cpu=2%"}}.into(&o)
	if got := o.Plants; err != nil || len(got) != 2 || got[0].CPU != 0.02 || got[1].Wall != 0.05 {
		t.Errorf("%+v %v", got, err)
	}
	for _, bad := range [][]string{{"cpu"}, {"cpu=1%", "cpu=2%", "cpu=3%", "cpu=4%", "cpu=5%"}} {
		if err := (controlFlags{bad}).into(&o); err == nil || !strings.Contains(err.Error(), "--plant") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
