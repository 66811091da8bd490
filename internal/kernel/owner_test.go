package kernel

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// ownerCommand runs the test binary as a small owner of a lease, to be killed from outside.
const ownerCommand = "__owner"

// ownerMain acquires a lease in args[0] with the watchdog's limit args[1], says "acquired", and then, as args[2] says:
// "work" applies rules, starts an auditd and a workload again and again, beating; "host" does the same with the auditd
// that runs; "hang" applies once and beats no more;
// "flood" fills the backlog and beats no more.
func ownerMain(args []string) int {
	limit, err := time.ParseDuration(args[1])
	if err != nil {
		return 2
	}
	fmt.Println("started")
	l, err := Acquire(context.Background(), Options{RunDir: args[0], WatchdogAfter: limit, AllowAuditd: args[2] == "host"})
	if err != nil {
		fmt.Println("acquire:", err)
		return 1
	}
	fmt.Println("acquired", l.guard.cmd.Process.Pid, l.watchdog.cmd.Process.Pid)
	if args[2] == "hang" {
		if err := l.Apply(harmless(3), Limits{}); err != nil {
			fmt.Println("apply:", err)
		}
		fmt.Println("hanging")
		select {}
	}
	if args[2] == "flood" {
		fmt.Println("flooding", flood(l, args[0]))
		select {}
	}
	for i := 0; ; i++ {
		if err := ownerRound(l, args[0], i, args[2] == "host"); err != nil {
			fmt.Println("round:", err)
			_, err := l.Restore()
			fmt.Println("restore:", err)
			return 1
		}
		fmt.Println("round", i)
	}
}

// ownerRound is what a bench does between two beats: rules, auditd, a workload of two processes.
func ownerRound(l *Lease, dir string, i int, host bool) error {
	wait := uint32(50)
	if err := l.Apply(harmless(5+i%7), Limits{BacklogWaitTime: &wait}); err != nil {
		return err
	}
	a, err := ownerAuditd(l, dir, host)
	if err != nil {
		return err
	}
	cmd := exec.Command("sh", "-c", "sleep "+workloadMark+"& wait")
	if err := l.Start(cmd, i%2 == 0); err != nil {
		return err
	}
	time.Sleep(20 * time.Millisecond)
	l.Beat()
	identified := mustIdentify(cmd.Process.Pid)
	identified.killTree()
	_ = cmd.Wait()
	if err := l.Untrack(cmd.Process.Pid); err != nil {
		return err
	}
	return a.Stop()
}

func ownerAuditd(l *Lease, dir string, host bool) (interface{ Stop() error }, error) {
	if host {
		return HostAuditd(l, HostOptions{})
	}
	return StartAuditd(l, AuditdOptions{Dir: filepath.Join(dir, "auditd")})
}

// workloadMark is a sleep that no one else asks for: tests look for it among the processes.
const workloadMark = "98765.4321"

// harmless are n rules that match nothing: a user id nobody has.
func harmless(n int) []rule.Wire {
	var rules []rule.Wire
	for i := range n {
		w := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{
			{Type: fieldArch, Op: rule.OpEqual, Value: 0xc000003e},
			{Type: 1, Op: rule.OpEqual, Value: 61500 + uint32(i)}}}
		w.Mask[257/32] |= 1 << (257 % 32)
		w, _ = w.WithExtraKey(fmt.Sprintf("harmless-%d", i))
		rules = append(rules, w)
	}
	return rules
}

// workloads are processes of ownerRound that are still there.
func workloads() []int {
	var left []int
	for _, pid := range pids() {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && string(b) == "sleep\x00"+workloadMark+"\x00" && mustIdentify(pid).alive() {
			left = append(left, pid)
		}
	}
	return left
}
