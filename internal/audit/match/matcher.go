package match

import (
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Matcher is a rule set, compiled. It does not change, and many goroutines may ask it, each through a Judge of its own.
type Matcher struct {
	host   Host
	quirks quirks
	rules  []Rule
	paths  *pathSet

	forms  []form           // all forms of all rules of the exit and io_uring lists, in the order of the rules
	index  map[uint32]*arch // by arch= of the record; see otherArch
	other  *arch            // for every arch that no rule names
	uring  *arch            // of the io_uring list, by operation
	before map[rule.List][]form
	tasks  []form // rules of the task list

	always    map[string]bool // keys of the rules that can record, "" among them where one has none
	keys      map[string]bool // of all rules of the lists that are asked for system calls and tasks
	names     []nameID
	twins     []bool   // by pathRef.id: another spelling of the watch's path is loaded later
	taskRules bool     // some rule of the task list can record
	socket    bool     // SOCKADDR records may have been excluded
	bounds    []Moment // at which rules came or went
	pids      bool     // some rule asks for a pid
	single    bool     // all rules that record have a key, or none has: no key is another rule's
}

// nameID is a user or a group of a rule without a known number.
type nameID struct {
	name  string
	group bool
}

// New compiles rules for a host. The rules are in the kernel's order of priority. It refuses what no kernel can hold; errors name the rule.
func New(rules []Rule, host Host) (*Matcher, error) {
	m := &Matcher{
		host: host, quirks: host.Kernel.quirks(), rules: rules, paths: newPathSet(),
		before: map[rule.List][]form{}, always: map[string]bool{}, keys: map[string]bool{},
	}
	c := compiler{m: m, questions: map[question]int32{}, names: map[nameID]int32{}}
	for i := range rules {
		if len(rules[i].Forms) == 0 {
			return nil, fmt.Errorf("%s: rule without a form: give each at least one", rules[i].Pos)
		}
		for n := range rules[i].Forms {
			if err := c.add(i, n); err != nil {
				return nil, fmt.Errorf("%s: %w", rules[i].Pos, err)
			}
		}
	}
	m.socket = m.mayExclude(recordSockaddr)
	m.single = m.oneKind()
	m.bounds, m.pids = boundsOf(rules), asksPIDs(rules)
	m.buildIndex()
	m.findTwins()
	return m, nil
}

// Rules are the rules that the matcher was made of. They must not be changed.
func (m *Matcher) Rules() []Rule { return m.rules }

// Judge is a judge that knows what facts say; f may be nil. A Judge is for one goroutine and reuses its memory.
func (m *Matcher) Judge(f *Facts) *Judge {
	j := &Judge{m: m, places: newPlaces(m.paths, f)}
	j.worlds.bars = j.bars
	return j
}

// oneKind tells whether all rules that record have a key, or none has.
func (m *Matcher) oneKind() bool {
	keyed, keyless := false, false
	for i := range m.forms {
		if f := &m.forms[i]; !f.never {
			keyed, keyless = keyed || f.key != "", keyless || f.key == ""
		}
	}
	return !keyed || !keyless
}
