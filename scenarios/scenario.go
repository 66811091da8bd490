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
	// AuditWrite scenarios send user messages: their process keeps CAP_AUDIT_WRITE, and no other capability.
	AuditWrite bool `json:"audit_write,omitempty"`
	// Batching scenarios do many operations at once, in a program of their own, at its pace.
	Batching bool `json:"batching,omitempty"`
	// Definition is the YAML text of a scenario that does not ship; its workload process reads it again.
	Definition string `json:"-"`
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
	// Workers do it at the same time, each in a process of its own; 0 is one.
	Workers int `json:"workers,omitempty"`
	// Users do it at the same time, each in a process of its own that the harness starts; none where there is one user, Account.
	Users Users `json:"-"` // they are in Definition
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

// All returns the descriptions of all scenarios that need nothing installed, always in the same order.
func All() []Info { return described(func(s scenario) bool { return s.Needs == "" }) }

// Defaults are the first eight of All: those that are run where nobody names one.
func Defaults() []Info { return All()[:defaults] }

// Optional returns the descriptions of the scenarios that are run only where they are asked for by name: they need what not every machine has.
func Optional() []Info { return described(func(s scenario) bool { return s.Needs != "" }) }

func described(which func(scenario) bool) (infos []Info) {
	for _, s := range library() {
		if which(s) {
			infos = append(infos, s.Info)
		}
	}
	return infos
}

// Places are files and folders besides its own program and work directory that a scenario uses, as far as a rule may name them. dataDir is where
// its data lie.
func Places(name, dataDir string) []string {
	if name == pgbench.Name {
		return (&postgres{}).places(dataDir)
	}
	return nil
}

// find knows the canaries too, which nobody chooses. A rate behind the name is the spec's to say.
func find(name string) (scenario, error) {
	if name == CanaryName {
		return canaries, nil
	}
	return shippedScenario(baseName(name))
}

// shippedScenario reads that one alone. The error lists the legal names.
func shippedScenario(name string) (scenario, error) {
	var names []string
	for _, s := range shipped {
		if s.name == name {
			return load(s.name, s.code), nil
		}
		names = append(names, s.name)
	}
	err := fmt.Errorf("unknown scenario %.60q: the scenarios are %s", name, strings.Join(names, ", "))
	if hint := unknown(name, names); strings.HasPrefix(hint, "did") {
		err = fmt.Errorf("%w: %s", err, hint)
	}
	return scenario{}, err
}
