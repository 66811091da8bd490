package scenarios

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Ready is the first line a workload prints: its data is set up, it waits for an order.
type Ready struct {
	Ready bool `json:"ready"`
	PID   int  `json:"pid"`
	// Servers are processes whose children work for it too.
	Servers []int `json:"servers,omitempty"`
}

// Failure is the last line of a workload that gave up; it then exits with 1.
type Failure struct {
	Error string `json:"error"`
}

// Outcome is what one order came to.
type Outcome struct {
	Ops uint64 `json:"ops"`
	// WallNs is monotonic time around the operations, set-up and clean-up left out.
	WallNs int64 `json:"wall_ns"`
	// BeganNs is CLOCK_MONOTONIC before the first operation.
	BeganNs int64 `json:"began_ns,omitempty"`
	// CPUNs is user and system time of the process and its waited-for children over the same window.
	CPUNs int64 `json:"cpu_ns"`
	// Latency of single operations in ns; all zero where the scenario does not time them.
	LatencyP50Ns int64 `json:"latency_p50_ns"`
	LatencyP90Ns int64 `json:"latency_p90_ns"`
	LatencyP99Ns int64 `json:"latency_p99_ns"`
	LatencyMaxNs int64 `json:"latency_max_ns"`
	LatencyCount int64 `json:"latency_count"`
	// Stalls10ms counts operations that took longer than 10 ms.
	Stalls10ms int64 `json:"stalls_10ms"`
	// Latency is the HdrHistogram of the operations, V2 compressed and base64; "" where there is none.
	Latency string `json:"latency,omitempty"`
	// Expected is how many operations of each kind were done. Equal seeds and orders give equal maps.
	Expected map[string]uint64 `json:"expected"`
	// Trouble is why an operation of a kind could not be done, where that ended nothing.
	Trouble map[string]string `json:"trouble,omitempty"`
}

// possible tells whether a clock and a counter can say so. Figures that pass may still be invented.
func (o Outcome) possible() bool {
	return o.WallNs > 0 && min(o.CPUNs, o.LatencyP50Ns, o.LatencyP90Ns, o.LatencyP99Ns, o.LatencyMaxNs, o.LatencyCount, o.Stalls10ms) >= 0
}

// maxServers is the most that a workload has: its workers.
const maxServers = maxWorkers

// Reply is one line from a workload: exactly one of the three is set.
type Reply struct {
	Ready   *Ready
	Outcome *Outcome
	Failure *Failure
}

// ParseReply reads a line that a workload printed. The line is hostile: a process of another user wrote it.
func ParseReply(line []byte) (Reply, error) {
	if len(line) > maxLineBytes {
		return Reply{}, fmt.Errorf("workload line of %d bytes: the limit is %d", len(line), maxLineBytes)
	}
	var wire struct {
		Error *string `json:"error"`
		Ready bool    `json:"ready"`
		PID   int     `json:"pid"`
		// Servers as in Ready.
		Servers []int `json:"servers"`
		Outcome
	}
	if err := json.Unmarshal(line, &wire); err != nil {
		return Reply{}, fmt.Errorf("workload line %.80q: %w", line, err)
	}
	switch {
	case wire.Error != nil:
		return Reply{Failure: &Failure{*wire.Error}}, nil
	case len(wire.Servers) > maxServers:
		return Reply{}, fmt.Errorf("workload line %.80q: %d servers, %d are the limit", line, len(wire.Servers), maxServers)
	case wire.Ready:
		return Reply{Ready: &Ready{true, wire.PID, wire.Servers}}, nil
	case wire.Ops > 0 && !wire.Outcome.possible():
		return Reply{}, fmt.Errorf("workload line %.80q: its times and counts cannot be", line)
	case wire.Ops > 0:
		return Reply{Outcome: &wire.Outcome}, nil
	}
	return Reply{}, fmt.Errorf("workload line %.80q is neither ready, outcome nor error", line)
}

// Order is the line that makes a workload run ops operations, newline included.
func Order(ops uint64) string { return "go " + strconv.FormatUint(ops, 10) + "\n" }

func parseOrder(line string, maxOps uint64) (uint64, error) {
	digits, ok := strings.CutPrefix(line, "go ")
	ops, err := strconv.ParseUint(digits, 10, 64)
	if !ok || err != nil {
		return 0, fmt.Errorf("order %.80q: must be \"go N\"", line)
	}
	if ops == 0 || ops > maxOps {
		return 0, fmt.Errorf("order for %d operations: this scenario does 1 to %d", ops, maxOps)
	}
	return ops, nil
}
