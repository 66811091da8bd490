package scenarios

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sys/unix"
)

func TestInfo(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		if seen[s.Name] {
			t.Errorf("%s is there twice", s.Name)
		}
		seen[s.Name] = true
		for _, text := range []string{s.Imitates, s.Hurts} {
			if strings.Count(text, ".") != 1 || !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q is not one sentence", s.Name, text)
			}
		}
		if s.Session != SessionService && s.Session != SessionLogin {
			t.Errorf("%s: session %q", s.Name, s.Session)
		}
		if strings.HasSuffix(s.Name, "-login") && s.Session != SessionLogin {
			t.Errorf("%s: session %q does not fit the name", s.Name, s.Session)
		}
		if s.Op == "" || s.PilotOps < 1 || s.PilotOps > s.MaxOps {
			t.Errorf("%s: op %q, pilot %d, max %d", s.Name, s.Op, s.PilotOps, s.MaxOps)
		}
		if len(s.Name) > 15 && s.Session == SessionService {
			t.Errorf("%s: the kernel cuts a command name (comm) at 15 bytes", s.Name)
		}
		got, err := Lookup(s.Name)
		if err != nil || got != s {
			t.Errorf("Lookup(%s) = %+v, %v", s.Name, got, err)
		}
	}
	for _, name := range []string{"db-churn", "connect-storm", "exec-storm", "exec-storm-login", "file-churn", "file-churn-login", "null-syscall", "idle"} {
		if !seen[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

// compiler is compile-cc where there is a compiler.
func compiler(t *testing.T) []Info {
	t.Helper()
	info, err := Lookup("compile-cc")
	if err != nil {
		t.Logf("compile-cc is not run: %v", err)
		return nil
	}
	return []Info{info}
}

// opsFor keeps the tests short: enough for several decks and for each rare kind of work.
func opsFor(s Info) uint64 {
	if s.OpsPerSecond > 0 && s.Name != "idle" {
		return 50
	}
	switch s.Name {
	case "compile-cc":
		return 2
	case "compile", "interp-start", "mixed":
		return 130
	case "tree-walk", "stat-storm", "package-install", "perm-churn":
		return 100
	case "auth-noise":
		return 30
	case "idle":
		return 5
	case "exec-storm", "exec-storm-login":
		return 10
	case "db-churn":
		return 64
	}
	return 500
}

func TestEveryScenario(t *testing.T) {
	for _, info := range append(All(), compiler(t)...) {
		t.Run(info.Name, func(t *testing.T) {
			t.Parallel()
			ops := opsFor(info)
			spec := specFor(t, info)
			dir := spec.Dir
			p := start(t, spec)
			first := p.order(ops)
			checkOutcome(t, info, first, ops)
			checkOutcome(t, info, p.order(ops), ops)
			p.end(0)
			wantEmpty(t, dir)

			again := start(t, spec)
			if got := again.order(ops); !maps.Equal(got.Expected, first.Expected) {
				t.Errorf("same seed, other work: %v, then %v", first.Expected, got.Expected)
			}
			again.end(0)
			wantEmpty(t, dir)
		})
	}
}

// specFor is as the harness has it: what needs rights is not run as root, and what root may do is.
func specFor(t *testing.T, info Info) Spec {
	t.Helper()
	spec := Spec{Scenario: info.Name, Seed: 11, Dir: workDir(t, os.Geteuid())}
	if unix.Geteuid() == 0 && (info.AuditWrite || slices.Contains([]string{"failed-access", "mixed"}, info.Name)) {
		spec.Binary, spec.Dir, spec.UID, spec.GID, spec.AuditWrite = copyBinary(t, info.Name), workDir(t, nobody), nobody, nobody, info.AuditWrite
	} else if info.AuditWrite {
		needRoot(t)
	}
	return spec
}

func checkOutcome(t *testing.T, info Info, o Outcome, ops uint64) {
	t.Helper()
	if o.Ops != ops || o.WallNs <= 0 || o.CPUNs <= 0 {
		t.Errorf("outcome %+v", o)
	}
	var done uint64
	for kind, n := range o.Expected {
		switch kind {
		case "checkpoint", "reconnect", "spilling-sort", "flood": // beside the transactions
			if n == 0 {
				t.Errorf("%s never happened", kind)
			}
		default:
			done += n
		}
	}
	if done != ops {
		t.Errorf("%d operations counted of %d: %v", done, ops, o.Expected)
	}
	if !info.Timed {
		if o.LatencyCount != 0 || o.Latency != "" {
			t.Errorf("latency of a scenario that is not timed: %+v", o)
		}
		return
	}
	checkLatency(t, o)
	if info.FixedTime && float64(o.WallNs) < float64(ops)/info.OpsPerSecond*1e9 {
		t.Errorf("%d operations in %d ns: too fast for %v per second", ops, o.WallNs, info.OpsPerSecond)
	}
}

func checkLatency(t *testing.T, o Outcome) {
	t.Helper()
	if o.LatencyCount != int64(o.Ops) {
		t.Errorf("%d latencies of %d operations", o.LatencyCount, o.Ops)
	}
	if o.LatencyP50Ns > o.LatencyP90Ns || o.LatencyP90Ns > o.LatencyP99Ns || o.LatencyP99Ns > o.LatencyMaxNs || o.LatencyMaxNs > o.WallNs {
		t.Errorf("latencies out of order: %+v", o)
	}
	h, err := hdrhistogram.Decode([]byte(o.Latency))
	if err != nil {
		t.Fatal(err)
	}
	if h.TotalCount() != o.LatencyCount || min(h.ValueAtPercentile(50), o.LatencyMaxNs) != o.LatencyP50Ns {
		t.Errorf("histogram of %d with median %d does not fit %+v", h.TotalCount(), h.ValueAtPercentile(50), o)
	}
}

func TestUnknownScenario(t *testing.T) {
	p := launch(t, "/proc/self/exe", "mine-bitcoin")
	p.failure("mine-bitcoin", "db-churn", "connect-storm", "idle")
}

func TestRate(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	p := start(t, Spec{Scenario: "file-churn", Dir: dir, OpsPerSecond: 1000})
	if o := p.order(50); o.WallNs < 50e6 {
		t.Errorf("50 operations at 1000 per second took %d ns", o.WallNs)
	}
	p.end(0)
}
