package scenarios

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// draws deals n cards of three kinds with weights 5, 3 and 2.
func draws(t *testing.T, seed uint64, n int) []int {
	t.Helper()
	site := newSite("", Spec{Scenario: "test", Seed: seed})
	kinds := []*uint64{site.Count("a"), site.Count("b"), site.Count("c")}
	var cards []counted
	for i, weight := range []int{5, 3, 2} {
		for range weight {
			cards = append(cards, counted{n: kinds[i]})
		}
	}
	d := newDeck(cards, site.Rand)
	var out []int
	for range n {
		out = append(out, slices.Index(kinds, d.draw().n))
	}
	return out
}

func TestDeck(t *testing.T) {
	first := draws(t, 1, 1000)
	for i := 0; i < len(first); i += 10 {
		var n [3]int
		for _, kind := range first[i : i+10] {
			n[kind]++
		}
		if n != [3]int{5, 3, 2} {
			t.Fatalf("cards %d to %d have shares %v", i, i+9, n)
		}
	}
	if !slices.Equal(first, draws(t, 1, 1000)) {
		t.Error("same seed, other order")
	}
	if slices.Equal(first, draws(t, 2, 1000)) {
		t.Error("other seed, same order")
	}
}

func TestMixRefused(t *testing.T) {
	pool := filePool{dirs: 1, files: 1, minBytes: 1, maxBytes: 1}
	for name, c := range map[string]struct {
		mix  mix
		want string
	}{
		"unknown operation": {mix{ops: []weighted{{"mknod", 1}}}, "one of create, append"},
		"one unknown":       {mix{ops: []weighted{{"tcp-refused", 1}, {"exec", 1}, {"mknod", 1}}}, "mknod"},
		"no weight":         {mix{ops: []weighted{{"getppid", 0}}}, "weight must be 1 to 1000"},
		"huge weight":       {mix{ops: []weighted{{"getppid", 1001}}}, "weight must be 1 to 1000"},
		"empty":             {mix{}, "without operations"},
		"no pool":           {mix{ops: []weighted{{"create", 1}}}, "file pool"},
		"only removal":      {mix{files: pool, ops: []weighted{{"unlink", 1}, {"read", 1}}}, "no file left"},
	} {
		w := c.mix.workload()
		err := w.Setup(newSite(t.TempDir(), Spec{}))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
		if err := w.Teardown(); err != nil {
			t.Errorf("%s: teardown %v", name, err)
		}
		if _, err := os.Stdin.Stat(); err != nil {
			t.Fatalf("%s: a family that was never set up closed descriptor 0: %v", name, err)
		}
	}
}

// TestFilePoolLevel runs the mix long enough to show that the pool neither empties nor grows.
func TestFilePoolLevel(t *testing.T) {
	fileMix := shippedMix(t, "file-churn")
	w := fileMix.workload().(*mixWorkload)
	must(t, w.Setup(newSite(t.TempDir(), Spec{Seed: 5})))
	pool := w.used[0].(*files)
	decks := 100
	for range decks * len(w.deck.cards) {
		must(t, w.Do())
	}
	if len(pool.live) != fileMix.files.files || len(pool.empty) != spareDirs {
		t.Errorf("%d files and %d empty directories after %d whole decks", len(pool.live), len(pool.empty), decks)
	}
	must(t, w.Teardown())
}

// shippedMix is the mix of an embedded scenario.
func shippedMix(t *testing.T, name string) mix {
	t.Helper()
	text, err := Source(name)
	must(t, err)
	f, err := parse(name, text)
	must(t, err)
	return f.mix
}

type failing struct{ after int }

func (f *failing) Setup(*Site) error { return nil }
func (f *failing) Teardown() error   { return nil }
func (f *failing) Do() error {
	if f.after--; f.after < 0 {
		return errors.New("disk full")
	}
	return nil
}

func TestRunStopsAtTheFirstError(t *testing.T) {
	r := runner{work: &failing{after: 3}, site: newSite("", Spec{}), pacer: ClosedLoop{}, stop: new(atomic.Bool)}
	_, err := r.run(10)
	if err == nil || err.Error() != "operation 4 of 10: disk full" {
		t.Errorf("error %v", err)
	}
}

func TestPacers(t *testing.T) {
	if _, scheduled := (ClosedLoop{}).Due(3); scheduled {
		t.Error("a closed loop schedules")
	}
	rate := ConstantRate{OpsPerSecond: 3}
	for i, want := range []int64{333333333, 666666666, 1000000000} {
		if ns, scheduled := rate.Due(uint64(i)); !scheduled || ns != want {
			t.Errorf("operation %d at %d, want %d", i, ns, want)
		}
	}
	for _, c := range []struct {
		own, asked float64
		want       string
	}{{0, 0, "closed loop"}, {100, 0, "100 per second"}, {0, 7, "7 per second"}, {100, 7, "7 per second"}} {
		if got := choosePacer(Info{OpsPerSecond: c.own}, Spec{OpsPerSecond: c.asked}).String(); got != c.want {
			t.Errorf("own rate %v, asked %v: %s, want %s", c.own, c.asked, got, c.want)
		}
	}
}

func TestLatency(t *testing.T) {
	l := newLatency()
	for range 97 {
		l.record(1000)
	}
	l.record(stallNs)     // the limit itself is no stall
	l.record(stallNs + 1) // this is
	l.record(2 * longestNs)
	var o Outcome
	must(t, l.fill(&o))
	if o.LatencyCount != 100 || o.Stalls10ms != 2 || o.LatencyMaxNs != 2*longestNs || o.LatencyP50Ns != 1000 || o.LatencyP90Ns != 1000 {
		t.Errorf("%+v", o)
	}
	if p99 := float64(o.LatencyP99Ns); p99 < stallNs || p99 > 1.001*stallNs {
		t.Errorf("p99 %v", p99)
	}
	h, err := hdrhistogram.Decode([]byte(o.Latency))
	if err != nil || h.TotalCount() != 100 {
		t.Errorf("histogram %v, %v", h, err)
	}
}

// TestCPUCountsChildren: what the kernel says a waited-for child used must be in the difference.
func TestCPUCountsChildren(t *testing.T) {
	before, err := cpuNs()
	must(t, err)
	cmd := exec.Command("/bin/sh", "-c", "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done")
	must(t, cmd.Run())
	after, err := cpuNs()
	must(t, err)
	used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	child := used.Utime.Nano() + used.Stime.Nano()
	if after-before < child-2000 { // user and system time are each cut to a microsecond
		t.Errorf("%d ns counted, the child alone used %d", after-before, child)
	}
}

// BenchmarkUntimed is what the engine adds to each operation of null-syscall.
func BenchmarkUntimed(b *testing.B) { benchmarkEngine(b, nil) }

// BenchmarkTimed is what it adds to operations whose latency is measured.
func BenchmarkTimed(b *testing.B) { benchmarkEngine(b, newLatency()) }

func benchmarkEngine(b *testing.B, lat *latency) {
	w := mix{ops: []weighted{{"nothing", 1}}}.workload()
	if err := w.Setup(newSite(b.TempDir(), Spec{})); err != nil {
		b.Fatal(err)
	}
	r := runner{work: w, pacer: ClosedLoop{}, stop: new(atomic.Bool)}
	clk, err := startClock()
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if err := r.operations(uint64(b.N), clk, lat); err != nil {
		b.Fatal(err)
	}
}
