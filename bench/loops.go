package bench

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/auditprof/auditprof/bench/ruleprice"
	"golang.org/x/sys/unix"
)

// LoopWord is the first argument that makes the auditprof binary the process of the calibration; the file that it looks up follows.
const LoopWord = "__loops"

// Bounds of one batch, which nothing but the system call fills. A batch of a millisecond is over before most disturbances come, and of many
// batches the fastest was disturbed least.
const (
	maxBatchCalls = 1_000_000
	maxBatches    = 1000
)

// LoopMain is the process of the calibration. Each line of in names a loop, the calls of a batch and how many batches; the answer is the
// time of one call in the fastest batch, in nanoseconds. It ends with in.
func LoopMain(path string, in io.Reader, out io.Writer) int {
	runtime.LockOSThread()
	name, err := unix.BytePtrFromString(path)
	if err != nil {
		fmt.Fprintln(out, "error:", err)
		return 1
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		loop, calls, batches, err := readOrder(lines.Text())
		if err != nil {
			fmt.Fprintln(out, "error:", err)
			return 1
		}
		call := nothing
		if loop == ruleprice.LoopName {
			call = func() { lookUp(name) }
		}
		fmt.Fprintln(out, strconv.FormatFloat(fastest(call, calls, batches), 'f', -1, 64))
	}
	return 0
}

// readOrder reads "getppid 1000 20".
func readOrder(line string) (loop string, calls, batches int, err error) {
	f := strings.Fields(line)
	if len(f) == 3 && (f[0] == ruleprice.LoopNothing || f[0] == ruleprice.LoopName) {
		var err1, err2 error
		calls, err1 = strconv.Atoi(f[1])
		batches, err2 = strconv.Atoi(f[2])
		if err1 == nil && err2 == nil && calls > 0 && calls <= maxBatchCalls && batches > 0 && batches <= maxBatches {
			return f[0], calls, batches, nil
		}
	}
	return "", 0, 0, fmt.Errorf("order %.40q: want a loop, calls and batches", line)
}

// nothing and lookUp bypass the runtime, which would look after its threads around each call.
func nothing() { unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0) }

func fastest(call func(), calls, batches int) float64 {
	best := math.Inf(1)
	for range batches {
		began := time.Now()
		for range calls {
			call()
		}
		best = min(best, float64(time.Since(began).Nanoseconds())/float64(calls))
	}
	return best
}
