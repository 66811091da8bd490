package scenarios

import (
	"fmt"
	"math"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Plant is a known slowdown of a workload: a control that a measurement must find. Shares are of what the operations themselves took: CPU 0.02
// is 2 % more CPU time, Wall 0.05 is 5 % more wall time, slept. 0 for none.
type Plant struct {
	CPU  float64 `json:"cpu,omitempty"`
	Wall float64 `json:"wall,omitempty"`
}

// maxPlant is the largest share that can be planted: what is larger needs no control.
const maxPlant = 1

// ParsePlant reads "cpu=2%" or "wall=5%", above 0 and at most 100 %.
func ParsePlant(text string) (Plant, error) {
	what, share, _ := strings.Cut(text, "=")
	number, percent := strings.CutSuffix(share, "%")
	v, err := strconv.ParseFloat(number, 64)
	p := Plant{}
	switch what {
	case "cpu":
		p.CPU = v / 100
	case "wall":
		p.Wall = v / 100
	default:
		err = fmt.Errorf("no such slowdown")
	}
	if err != nil || !percent || v <= 0 || p.check() != nil {
		return Plant{}, fmt.Errorf("a planted slowdown %.40q: must be cpu=N%% or wall=N%%, N above 0 and at most 100", text)
	}
	return p, nil
}

func (p Plant) check() error {
	for _, share := range []float64{p.CPU, p.Wall} {
		if !(share >= 0 && share <= maxPlant) {
			return fmt.Errorf("planted share %v: must be 0 to %d", share, maxPlant)
		}
	}
	return nil
}

// String is the form that ParsePlant reads; "" for no slowdown.
func (p Plant) String() string {
	var parts []string
	for _, s := range []struct {
		name  string
		share float64
	}{{"cpu", p.CPU}, {"wall", p.Wall}} {
		if s.share > 0 {
			parts = append(parts, s.name+"="+strconv.FormatFloat(math.Round(1e6*s.share)/1e4, 'g', -1, 64)+"%")
		}
	}
	return strings.Join(parts, " ")
}

// slow does the slowdown, behind the operations and inside the window that is timed: then it is a known share of what they took in this very
// slot, whatever that was.
func (p Plant) slow(cpuNs int64, clk clock) error {
	wall := clk.now()
	if p.CPU > 0 {
		if err := burn(int64(p.CPU * float64(cpuNs))); err != nil {
			return err
		}
	}
	if p.Wall > 0 {
		return clk.sleepUntil(wall + int64(p.Wall*float64(wall)))
	}
	return nil
}

// burn uses so much CPU time, by the thread's own clock: a neighbour on the same processor makes it longer and not more.
func burn(ns int64) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began, err := threadCPUNs()
	if err != nil {
		return err
	}
	for x := uint64(1); ; {
		for range 2000 { // some microseconds between two readings
			x = x*6364136223846793005 + 1442695040888963407
		}
		spun = x
		now, err := threadCPUNs()
		if err != nil || now-began >= ns {
			return err
		}
	}
}

// spun keeps the compiler from leaving burn's work out.
var spun uint64

// threadCPUNs is the CPU time of the calling thread (clock_gettime(2), CLOCK_THREAD_CPUTIME_ID).
func threadCPUNs() (int64, error) {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		return 0, fmt.Errorf("read the thread's CPU time: %w", err)
	}
	return ts.Nano(), nil
}
