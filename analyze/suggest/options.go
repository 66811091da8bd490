package suggest

import "github.com/auditprof/auditprof/internal/audit/names"

// Options are what the user may choose. The zero value of a number means its default.
type Options struct {
	Target      float64 // share of the removable bytes to remove, 0 to 1; default 0.9
	Max         int     // proposals; default 10
	MaxRisk     Risk    // the highest grade that is proposed; Forbidden is never
	MinShare    float64 // of all bytes learnt from, 0 to 1: what saves less is neither proposed nor shown as refused; default 0.01
	MinEvents   uint64  // learnt from: what has fewer is no noise, however large they are; default 50
	MaxRefusals int     // default 20
	Mandated    []int   // rules that stay as they are: never narrowed; exclusions that shadow one are marked
	Machine     uint32  // AUDIT_ARCH_* that b64 is for; default names.ArchX86_64

	// These three may be nil. Narrow gives the lines of a rule in a narrower form, and an error where there is none; Check refuses a change that
	// cannot be written; Describe fills what a proposal costs and its caveats.
	Narrow   func(rule int, n Narrowing) ([]string, error)
	Check    func(*Change) error
	Describe func(*Proposal)
}

// Narrowing is what a narrower form of a rule leaves out. One of the fields is set.
type Narrowing struct {
	Perms   string // what -p or -F perm= becomes: a part of the letters that it has
	Login   bool   // auid>=1000 and auid!=unset: what people do who logged in
	Success bool   // success=1
	Calls   string // what -S becomes: a part of the syscalls that it has, with commas between them
}

func (o Options) withDefaults() Options {
	if o.Target <= 0 {
		o.Target = 0.9
	}
	if o.Max <= 0 {
		o.Max = 10
	}
	if o.MinShare <= 0 {
		o.MinShare = 0.01
	}
	if o.MinEvents == 0 {
		o.MinEvents = 50
	}
	if o.MaxRefusals <= 0 {
		o.MaxRefusals = 20
	}
	if o.Machine == 0 {
		o.Machine = names.ArchX86_64
	}
	o.MaxRisk = min(o.MaxRisk, High)
	return o
}

// Result is what Propose found.
type Result struct {
	Proposals []Proposal // heaviest first, thinned record types last; none is an answer: nothing is worth excluding
	Refusals  []Refusal  // heaviest first
	Removable Parts      // what all changes together remove that may be proposed
	Saved     Parts      // what the proposals remove, by what was learnt: the proof says it exactly
	Total     Parts      // all of the log
	// Doubts are why confidence is low, none where it is not.
	Doubts []string
}
