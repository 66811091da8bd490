package bench

import (
	"context"
	"io"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/scenarios"
)

// Kernel is the live audit system as a run sees it.
type Kernel interface {
	// Apply makes the kernel hold exactly these rules in this order, under these limits, with auditing on.
	Apply(rules []rule.Wire, lim kernel.Limits) error
	// Check is nil while the kernel holds what Apply made it hold; else an ErrDisturbed.
	Check() error
	Status() (kernel.Status, error)
	// Mark sends a user message that ends up in the log, behind everything recorded before it.
	Mark(text string) error
}

// Daemon is the auditd that writes the slots' log.
type Daemon interface {
	PID() int
	// Alive is nil while it is the same process and not stopped.
	Alive() error
	LogPath() string
	// Truncate empties the log.
	Truncate() error
}

// Launch says how a workload is started.
type Launch struct {
	Scenario scenarios.Info
	// As is the workload whose program and account do it, "" for the scenario's own.
	As   string
	Seed uint64
	// Arm is the arm that it runs under; NoContext: it must have no audit context.
	Arm       string
	NoContext bool
	// OpsPerSecond is the arrival rate in open loop, 0 for the scenario's own pace.
	OpsPerSecond float64
	// Marked starts it with the personality bit that the no-context rule and the attribution slots look for.
	Marked bool
	// Plant is a known slowdown that the workload makes.
	Plant scenarios.Plant
}

// Workload is one started process, set up and waiting.
type Workload interface {
	// PIDs are the processes whose events, with those of their children, are the workload's.
	PIDs() []int
	// Run does the operations. When ctx ends first the process is killed and the error is ctx's.
	Run(ctx context.Context, ops uint64) (scenarios.Outcome, error)
	// Close ends the process and waits for it.
	Close() error
}

// Workloads starts processes whose fork the loaded rules see.
type Workloads interface {
	Start(ctx context.Context, l Launch) (Workload, error)
	// Probe runs a process that makes one marked system call and ends.
	Probe(ctx context.Context, marked bool) error
}

// Sampler reads the CPU and memory of the processes that a slot pays for.
type Sampler interface {
	// Begin resets what has a peak; Read gives cumulative figures.
	Begin() error
	Read() (Counters, error)
	// Gauge watches auditd within a slot.
	Gauge() (Gauge, error)
}

// Gauge reads auditd's CPU since it began and its resident memory, many times within a slot: it must neither wait nor open a file.
type Gauge interface {
	Read() (cpuNs, residentBytes int64, err error)
	Close() error
}

// Counters are cumulative, but for RSSPeakBytes and PressureCPU.
type Counters struct {
	AuditdCPUNs, KauditdCPUNs, ReadersCPUNs, HarnessCPUNs int64
	WriteCalls                                            int64
	RSSPeakBytes                                          int64
	CPUTotalSec, CPUStealSec                              float64
	PressureCPU                                           float64
	StalledSec                                            float64 // PSI cpu "some" total
}

// Attributor gives every byte of an attribution slot's log to its origin.
type Attributor interface {
	Attribute(log io.Reader, in AttributionInput) (result.Attribution, result.Books, error)
}

// AttributionInput is what is known of the slot besides its log.
type AttributionInput struct {
	Scenario, Arm string
	Ops           uint64
	Rules         []result.Rule
	// Wires are the rules in the kernel's form, without extra keys, by the same index; Machine and Kernel are what decides: an
	// AUDIT_ARCH_*, 0 where it is not known, and a release.
	Wires   []rule.Wire
	Machine uint32
	Kernel  string
	// KeyPrefix and the rule's index make the extra key of each rule.
	KeyPrefix string
	// Personality is the value of per= that marks the workload's events.
	Personality uint64
	// PIDs are processes of the workload that cannot carry it.
	PIDs []int
	// FullKeys are the rules that had no room for the extra key, by the key they have.
	FullKeys map[string]int
	// FirstSerial and LastSerial are those of the slot's marks, 0 where a mark was dropped.
	FirstSerial, LastSerial uint64
	// Marks is the text that all of the harness's own user messages carry.
	Marks string
	// HarnessPIDs are auditprof's own processes.
	HarnessPIDs []int
}

// Recorder keeps what was measured, as the run goes.
type Recorder interface {
	Slot(result.Slot) error
	Run(*result.Run) error
}

// Observer is told how the run goes. All methods return at once.
type Observer interface {
	// Planned is called once, when the work of every slot is known.
	Planned(Forecast)
	// Step is called as each slot begins: done of total, and what it is.
	Step(done, total int, what string)
}
