package scenarios

import (
	"maps"
	"os"
	"strings"
	"syscall"
	"testing"
)

func crewSpec(t *testing.T, text string) Spec {
	t.Helper()
	f, err := parse("together", text)
	must(t, err)
	return Spec{Scenario: f.Name, Definition: text, Dir: workDir(t, os.Geteuid()), Seed: 7}
}

// startCrew starts a defined scenario; the pids are those of its workers.
func startCrew(t *testing.T, spec Spec) (*process, []int) {
	t.Helper()
	p := launch(t, "/proc/self/exe", spec.Scenario, DefinedWord)
	p.tell(spec)
	r := p.reply()
	if r.Ready == nil {
		t.Fatalf("not ready: %+v", r.Failure)
	}
	return p, r.Ready.Servers
}

// TestWorkersShareTheOperations: all of them together do what was ordered, no more and no less, each latency is there, and the seed decides.
func TestWorkersShareTheOperations(t *testing.T) {
	const text = "workers: 3\nmix: {create: 1, unlink: 1, stat: 2, tcp-accepted: 1}\nfiles: {count: 5}\n"
	var first map[string]uint64
	for range 2 {
		spec := crewSpec(t, text)
		p, pids := startCrew(t, spec)
		if len(pids) != 3 {
			t.Fatalf("workers %v", pids)
		}
		for _, ops := range []uint64{100, 1, 2} {
			o := p.order(ops)
			done := uint64(0)
			for _, n := range o.Expected {
				done += n
			}
			if o.Ops != ops || done != ops || o.LatencyCount != int64(ops) || o.WallNs <= 0 || o.CPUNs <= 0 || o.LatencyMaxNs < o.LatencyP50Ns {
				t.Errorf("%d operations: %+v", ops, o)
			}
			if ops == 100 && first != nil && !maps.Equal(first, o.Expected) {
				t.Errorf("the same seed did %v, then %v", first, o.Expected)
			} else if ops == 100 {
				first = o.Expected
			}
		}
		p.end(0)
		wantEmpty(t, spec.Dir)
	}
}

// TestWorkersShareTheRate: the rate is that of all together, so that 100 operations at 1,000 a second take 100 ms however many do them.
func TestWorkersShareTheRate(t *testing.T) {
	p, _ := startCrew(t, crewSpec(t, "workers: 4\nrate: 1000\nmix: {getppid: 1}\n"))
	if o := p.order(100); o.LatencyCount != 100 || o.WallNs < 90e6 {
		t.Errorf("100 operations at 1,000 a second took %d ns, %d latencies", o.WallNs, o.LatencyCount)
	}
	p.end(0)
	due := map[int64]bool{}
	for k := range 4 {
		pace := ConstantRate{OpsPerSecond: 1000, Part: &Part{k, 4}}
		for i := range (Part{k, 4}).count(10) {
			ns, _ := pace.Due(i)
			due[ns] = true
		}
	}
	for i := range int64(10) {
		if !due[(i+1)*1e6] {
			t.Errorf("nobody does operation %d: %v", i, due)
		}
	}
}

// TestWorkersWorkAtOnce: sleeps of four workers overlap: one after the other they would take as long as all latencies together.
func TestWorkersWorkAtOnce(t *testing.T) {
	p, _ := startCrew(t, crewSpec(t, "workers: 4\ncommand: [sleep, '0.05']\n"))
	if o := p.order(8); o.WallNs < 100e6 || float64(o.WallNs) >= 0.95*float64(o.LatencyP50Ns)*8 {
		t.Errorf("8 sleeps of 50 ms by 4 workers took %d ns, one %d", o.WallNs, o.LatencyP50Ns)
	}
	p.end(0)
}

func TestWorkersEndMidway(t *testing.T) {
	spec := crewSpec(t, "workers: 3\nmix: {create: 1, unlink: 1}\n")
	p, _ := startCrew(t, spec)
	p.write(Order(10_000_000))
	p.end(0)
	wantEmpty(t, spec.Dir)
}

func TestWorkerThatIsKilled(t *testing.T) {
	spec := crewSpec(t, "workers: 2\nrate: 100\nmix: {stat: 1}\n")
	p, pids := startCrew(t, spec)
	p.write(Order(200))
	must(t, syscall.Kill(pids[1], syscall.SIGKILL))
	p.failure("worker 2", "ended without a word")
	wantEmpty(t, spec.Dir)
}

func TestWorkerThatCannotSetUp(t *testing.T) {
	spec := crewSpec(t, "workers: 2\ncommand: ['false']\n")
	p := launch(t, "/proc/self/exe", spec.Scenario, DefinedWord)
	p.tell(spec)
	p.failure("worker 1", "false")
	wantEmpty(t, spec.Dir)
}

func TestPartsAreChecked(t *testing.T) {
	for _, p := range []Part{{0, 0}, {-1, 2}, {2, 2}, {0, maxWorkers + 1}} {
		err := Spec{Scenario: "x", Dir: "/x", Part: &p}.check("x")
		if err == nil || !strings.Contains(err.Error(), "workers") {
			t.Errorf("%+v: %v", p, err)
		}
	}
}
