package scenarios

import (
	"fmt"
	"strings"
)

// Session kinds: how the process of a scenario looks to rules with auid fields.
const (
	SessionService = "service" // login uid unset, as a daemon started by init
	SessionLogin   = "login"   // login uid set, as everything below a login
)

// Info says what a scenario is and how to run it.
type Info struct {
	Name     string `json:"name"`
	Imitates string `json:"imitates"` // one sentence
	Hurts    string `json:"hurts"`    // one sentence: why audit rules hurt here
	Op       string `json:"op"`       // what one operation is
	Session  string `json:"session"`  // SessionService or SessionLogin
	// Account is the user that it must run as; "" is whatever unprivileged one the harness has.
	Account string `json:"account,omitempty"`
	// Needs is what must be installed for it, "" for nothing.
	Needs string `json:"needs,omitempty"`
	// Prepared: its first set-up makes data that stay for the processes that follow; rules may name them.
	Prepared bool `json:"prepared,omitempty"`

	// PilotOps is a number of operations that takes roughly 20 to 50 ms without audit; with FixedTime, the operations of every slot.
	PilotOps uint64 `json:"pilot_ops"`
	// MaxOps is the most that one order may ask for.
	MaxOps uint64 `json:"max_ops"`
	// Timed scenarios measure the latency of each operation; in the others reading the clock would cost as much as the operation.
	Timed bool `json:"timed"`
	// FixedTime scenarios take as long as their own pace says, whatever the rules are.
	FixedTime bool `json:"fixed_time"`
	// OpsPerSecond is the scenario's own pace; 0 is a closed loop, one operation after the other.
	OpsPerSecond float64 `json:"ops_per_second,omitempty"`
}

// Workload is a scenario at work. Setup is called once and first, Teardown last and also after a Setup that failed.
type Workload interface {
	Setup(*Site) error
	// Do performs one operation.
	Do() error
	Teardown() error
}

// scenario is a description and the way to make its workload: a mix, or Go code where a mix cannot express it.
type scenario struct {
	Info
	workload func() Workload
}

// all returns the scenarios in the order in which they are shown and run.
func all() []scenario {
	return []scenario{
		dbChurn,
		connectStorm,
		execStorm,
		execStormLogin,
		fileChurn,
		fileChurnLogin,
		nullSyscall,
		idle,
	}
}

// All returns the descriptions of all scenarios, always in the same order.
func All() []Info {
	var infos []Info
	for _, s := range all() {
		infos = append(infos, s.Info)
	}
	return infos
}

// Optional returns the descriptions of the scenarios that are run only where they are asked for by name: they need what not every machine has.
func Optional() []Info { return []Info{pgbench.Info} }

// Places are files and folders besides its own program and work directory that a scenario uses, as far as a rule may name them. dataDir is where
// its data lie.
func Places(name, dataDir string) []string {
	if name == pgbench.Name {
		return (&postgres{}).places(dataDir)
	}
	return nil
}

// Lookup finds a scenario by its name. The error lists the legal names.
func Lookup(name string) (Info, error) {
	s, err := choose(append(all(), pgbench), name)
	if err == nil && name == pgbench.Name {
		_, err = postgresPrograms()
	}
	return s.Info, err
}

// find knows the canaries too, which nobody chooses.
func find(name string) (scenario, error) {
	if name == CanaryName {
		return canaries, nil
	}
	return choose(append(all(), pgbench), name)
}

func choose(from []scenario, name string) (scenario, error) {
	var names []string
	for _, s := range from {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return scenario{}, fmt.Errorf("unknown scenario %.60q: the scenarios are %s", name, strings.Join(names, ", "))
}
