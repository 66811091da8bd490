package scenarios

import (
	"runtime"
	"testing"
)

func TestParsePlant(t *testing.T) {
	for text, want := range map[string]Plant{"cpu=2%": {CPU: 0.02}, "wall=5%": {Wall: 0.05}, "wall=0.5%": {Wall: 0.005}, "cpu=100%": {CPU: 1}} {
		got, err := ParsePlant(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%q: %+v (%s), %v", text, got, got, err)
		}
	}
	for _, text := range []string{"", "cpu", "cpu=2", "cpu=0%", "cpu=-1%", "cpu=101%", "cpu=NaN%", "wall=Inf%", "time=2%", "cpu=2%%", "cpu=2%,wall=5%"} {
		if got, err := ParsePlant(text); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// What is planted is a lower bound that no machine can undercut: the clocks themselves are read.
func TestPlantTakesWhatItSays(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := threadCPUNs()
	if err != nil {
		t.Fatal(err)
	}
	clk, err := startClock()
	if err != nil {
		t.Fatal(err)
	}
	if err := (Plant{CPU: 0.5}).slow(10e6, clk); err != nil {
		t.Fatal(err)
	}
	after, _ := threadCPUNs()
	if used := after - before; used < 5e6 {
		t.Errorf("%d ns of CPU, planted 5 ms", used)
	}
	from := clk.now()
	if err := (Plant{Wall: 1}).slow(0, clk); err != nil {
		t.Fatal(err)
	}
	if slept := clk.now() - from; slept < from {
		t.Errorf("slept %d ns after %d ns of work, planted as much", slept, from)
	}
}
