package scenarios

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestEndOfFileMidway(t *testing.T) {
	for _, name := range []string{"db-churn", "connect-storm", "exec-storm", "file-churn", "null-syscall", "idle"} {
		t.Run(name, func(t *testing.T) {
			dir := workDir(t, os.Geteuid())
			info, err := Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			p := start(t, Spec{Scenario: name, Dir: dir})
			p.write(Order(info.MaxOps))
			p.end(0)
			wantEmpty(t, dir)
		})
	}
}

func TestEndOfFileBeforeAnything(t *testing.T) {
	launch(t, "/proc/self/exe", "idle").end(0)
	dir := workDir(t, os.Geteuid())
	start(t, Spec{Scenario: "file-churn", Dir: dir}).end(0)
	wantEmpty(t, dir)
}

func TestBadOrders(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"go 0\n", "1 to 36000"},
		{"go 36001\n", "1 to 36000"},
		{"go -1\n", "go N"},
		{"stop\n", "go N"},
		{strings.Repeat("go 1\n", 3*maxWaitingOrders), "too many orders"},
	} {
		dir := workDir(t, os.Geteuid())
		p := start(t, Spec{Scenario: "idle", Dir: dir})
		p.write(c.line)
		r := p.reply()
		for r.Outcome != nil {
			r = p.reply()
		}
		if r.Failure == nil || !strings.Contains(r.Failure.Error, c.want) {
			t.Errorf("%.20q: %+v, want an error with %q", c.line, r.Failure, c.want)
		}
		p.end(1)
		wantEmpty(t, dir)
	}
}

// TestKilledPredecessor kills a workload at work and starts the next in the same directory.
func TestKilledPredecessor(t *testing.T) {
	for _, name := range []string{"db-churn", "connect-storm", "file-churn"} {
		t.Run(name, func(t *testing.T) {
			dir := workDir(t, os.Geteuid())
			p := start(t, Spec{Scenario: name, Dir: dir})
			p.write(Order(100_000))
			p.cmd.Process.Kill()
			p.cmd.Wait()
			if _, err := os.Stat(filepath.Join(dir, WorkName)); err != nil {
				t.Fatalf("the killed workload left nothing to survive: %v", err)
			}
			next := start(t, Spec{Scenario: name, Dir: dir})
			next.order(10)
			next.end(0)
			wantEmpty(t, dir)
		})
	}
}

// TestParentDies holds the workload's stdin open itself, so only the signal can end it.
func TestParentDies(t *testing.T) {
	dir := workDir(t, os.Geteuid())
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	parent := exec.Command("/proc/self/exe", parentWord, "file-churn")
	parent.Stdin = r
	stdout, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, `{"scenario":"file-churn","dir":%q,"seed":1}`+"\n", dir)
	line, err := readLine(stdout)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := ParseReply(line)
	if err != nil || reply.Ready == nil {
		t.Fatalf("reply %s, %v", line, err)
	}
	if !alive(reply.Ready.PID) {
		t.Fatal("the workload is not there to begin with")
	}
	parent.Process.Kill()
	parent.Wait()
	deadline := time.Now().Add(20 * time.Second)
	for alive(reply.Ready.PID) {
		if time.Now().After(deadline) {
			t.Fatalf("workload %d outlives its parent", reply.Ready.PID)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// alive tells whether a process exists and is no zombie (proc(5), stat: the state follows the name in parentheses).
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := bytes.Cut(stat, []byte(") "))
	return !bytes.HasPrefix(rest, []byte("Z"))
}

// TestFloodLastsAsLongAsItsVictim: at another rate of the victim the flood would else be over before it, or the slot wait for it.
func TestFloodLastsAsLongAsItsVictim(t *testing.T) {
	for rate, want := range map[float64]float64{0: 5000, 10: 200, 1000: 20_000, 1e6: 1e6} {
		spec := (&flooded{}).flood(newSite("", Spec{OpsPerSecond: rate}))
		if spec.OpsPerSecond != want {
			t.Errorf("victim at %v: flood at %v, want %v", rate, spec.OpsPerSecond, want)
		}
	}
}
