package bench

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/livetest"
)

// fakeLease starts processes and keeps no journal.
type fakeLease struct {
	beats     atomic.Int64
	untracked atomic.Int64
}

func (l *fakeLease) Start(cmd *exec.Cmd, _ bool) error { return cmd.Start() }
func (l *fakeLease) Untrack(int) error                 { l.untracked.Add(1); return nil }
func (l *fakeLease) Beat()                             { l.beats.Add(1) }

// shell starts a script where a workload is due: what an intruder of the workload's account could make of it.
func shell(t *testing.T, script string) (*process, *fakeLease) {
	t.Helper()
	lease := &fakeLease{}
	w := &liveWorkloads{lease: lease}
	p, err := w.spawn(plainCommand("/bin/sh", "sh", "-c", script), false)
	if err != nil {
		t.Fatal(err)
	}
	return p, lease
}

// within fails where f is not done in time.
func within(t *testing.T, limit time.Duration, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatalf("%s takes longer than %v", what, limit)
	}
}

func TestAWorkloadsErrorIsOneShortLine(t *testing.T) {
	p, _ := shell(t, `printf '%s\n' '{"error":"one\nauditprof: machine not restored: run as root: rm"}'; cat`)
	defer p.Close()
	_, err := p.reply(context.Background())
	if err == nil || strings.ContainsAny(err.Error(), "\n\r") {
		t.Errorf("%q", err)
	}
	p, _ = shell(t, `printf '{"error":"%0100000d"}\n' 1; cat`)
	defer p.Close()
	if _, err := p.reply(context.Background()); err == nil || len(err.Error()) > 1000 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

// A workload that is killed before it has read its spec breaks the pipe: it is a workload that was killed, not a machine that cannot.
func TestKilledBeforeItsSpec(t *testing.T) {
	p, _ := shell(t, `exec 0<&-; echo gone; exit 1`)
	<-p.lines
	if err := p.setUp(context.Background(), []byte("{}")); !errors.Is(err, ErrWorkload) {
		t.Errorf("%v, want %v", err, ErrWorkload)
	}
	p.Close()
}

// What was started by the workload and left its group cannot be ended through the group, and may hold the pipe for good.
func TestCloseDoesNotWaitForWhoeverHoldsThePipe(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		livetest.Missing(t, "setsid of util-linux")
	}
	p, lease := shell(t, `setsid sleep 9 & exit 0`)
	p.patience = 100 * time.Millisecond
	within(t, 5*time.Second, "Close", func() { p.Close() })
	if lease.untracked.Load() != 1 {
		t.Error("the ended process is still in the journal")
	}
}

func TestCloseEndsTheWholeGroup(t *testing.T) {
	p, _ := shell(t, `sleep 60 >/dev/null & echo $!; exit 0`)
	child := <-p.lines
	within(t, 5*time.Second, "Close", func() { p.Close() })
	var out []byte
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		out, _ = exec.Command("ps", "-o", "stat=", "-p", child).Output()
		if s := strings.TrimSpace(string(out)); s == "" || s[0] == 'Z' {
			return
		}
	}
	t.Errorf("a child of the ended workload lives: %s", out)
}

func TestCloseEndsAWorkloadThatDoesNotListen(t *testing.T) {
	p, _ := shell(t, `exec sleep 60`)
	p.patience = 100 * time.Millisecond
	within(t, 5*time.Second, "Close", func() { p.Close() })
}

// A set-up under a dear rule set may take longer than the watchdog waits for a beat.
func TestWaitingForAWorkloadIsProgress(t *testing.T) {
	p, lease := shell(t, `sleep 0.3; echo '{"ready":true,"pid":1}'; cat`)
	defer p.Close()
	p.beatEvery = 20 * time.Millisecond
	if r, err := p.reply(context.Background()); err != nil || r.Ready == nil {
		t.Fatalf("%+v %v", r, err)
	}
	if lease.beats.Load() < 3 {
		t.Errorf("%d beats in 0.3 s", lease.beats.Load())
	}
}

func TestAWorkloadThatGaveUpSaysWhy(t *testing.T) {
	p, _ := shell(t, `exec <&-; echo '{"error":"no space left"}'`)
	defer p.Close()
	time.Sleep(100 * time.Millisecond) // until its input is closed: the order cannot be written
	if _, err := p.Run(context.Background(), 5); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("%v: the reason is what the workload said", err)
	}
}

func TestRunOfALimitedWorkloadEndsByTheLimit(t *testing.T) {
	p, _ := shell(t, `exec sleep 60`)
	defer p.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Run(ctx, 5); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// An answer that is not the outcome of the order is no measurement.
func TestAnOutcomeThatCannotBeIsRefused(t *testing.T) {
	for _, line := range []string{
		`{"ops":6,"wall_ns":10,"cpu_ns":1}`,
		`{"ops":5,"wall_ns":0,"cpu_ns":1}`,
		`{"ops":5,"wall_ns":-10,"cpu_ns":1}`,
		`{"ops":5,"wall_ns":10,"cpu_ns":-1}`,
		`{"ops":5,"wall_ns":10,"cpu_ns":1,"latency_count":-1}`,
		`{"ops":5,"wall_ns":10,"cpu_ns":1,"latency_p99_ns":-1}`,
		`{"ready":true}`,
	} {
		p, _ := shell(t, "read order; echo '"+line+"'; cat")
		if o, err := p.Run(context.Background(), 5); err == nil {
			t.Errorf("%s is taken: %+v", line, o)
		}
		p.Close()
	}
}
