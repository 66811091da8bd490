package detect

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// Condition describes events: those of which all tests are true and none of Not is.
type Condition struct {
	tests []test
	not   []Condition

	calls calls // that it can be about: see reach
	named bool  // it is about names of files
}

// field is what of an event a test is about.
type field uint8

const (
	ofUnknown  field = iota // nothing that is understood: always maybe
	ofCalls                 // which system call: calls, with access where only some of its uses are meant
	ofType                  // it has a record of one of these types: numbers
	ofExe                   // the program: texts
	ofComm                  // its short name: texts
	ofPath                  // a file that it names: texts
	ofNameType              // what it did with one: texts
	ofCwd                   // the working directory: texts
	ofKeys                  // a key of the rule that recorded it: texts
	ofUID                   // numbers
	ofEUID                  // numbers
	ofAUID                  // numbers
	ofUser                  // one of uid, euid and auid: numbers
	ofOutcome               // numbers: 1 is success, 0 is not
	ofFamily                // of the socket address: numbers
	ofPort                  // of the internet address: numbers
	ofAddress               // nets
	ofRegister              // argument n of the call, low 32 bits: numbers, bits
	ofArgument              // argument n of the new program: texts
	ofAnyArg                // one of the arguments of the new program: texts
	ofCommand               // all of them with blanks between: texts
	ofField                 // a field of a record by its name: texts
	ofText                  // somewhere in the event: texts
)

// test is one question about an event. It is true where one of its values is the event's.
type test struct {
	field  field
	n      int    // of ofRegister and ofArgument
	name   string // of ofField
	not    bool
	access Access // of ofCalls: 0 is any use
	calls  *calls // of ofCalls
	texts  []pattern
	nums   spans
	bits   []uint32 // of ofRegister: true too where the number has a bit of one of these
	nets   []netip.Prefix
	said   string // as a report says it
}

// addCalls makes these calls some of the test's.
func (t *test) addCalls(c calls) {
	if t.calls != nil {
		c = c.union(t.calls)
	}
	t.calls = &c
}

// pattern is a glob or a regular expression.
type pattern struct {
	glob
	re *regexp.Regexp
}

func (p *pattern) match(text []byte) bool {
	if p.re != nil {
		return p.re.Match(text)
	}
	return p.glob.match(text)
}

// below tells whether the pattern may be that of a name in dir or of dir itself. Of a regular expression nobody says no.
func (p *pattern) below(dir string) bool { return p.re != nil || p.glob.below(dir) }

// anchored tells whether the pattern is one of whole names.
func (p *pattern) anchored() bool { return p.re == nil && p.glob.anchored() }

func (p *pattern) String() string {
	if p.re != nil {
		return "/" + p.re.String() + "/"
	}
	return p.text
}

// String is the condition on one line, for a report.
func (c *Condition) String() string {
	var parts []string
	for i := range c.tests {
		parts = append(parts, c.tests[i].String())
	}
	for i := range c.not {
		parts = append(parts, "not ("+c.not[i].String()+")")
	}
	return strings.Join(parts, ", ")
}

func (t *test) String() string {
	if t.not {
		return "not " + t.said
	}
	return t.said
}

// aboutCalls tells whether only a system call can be meant: its messages have none of these fields.
func (c *Condition) aboutCalls() bool {
	for i := range c.tests {
		switch t := &c.tests[i]; t.field {
		case ofCalls, ofPath, ofNameType, ofCwd, ofKeys, ofEUID, ofOutcome, ofFamily, ofPort, ofAddress, ofRegister, ofArgument, ofAnyArg, ofCommand, ofComm:
			if !t.not {
				return true
			}
		case ofType:
			if !t.not && t.onlyOfCalls() {
				return true
			}
		}
	}
	return false
}

// onlyOfCalls tells whether all record types of a test are those of system calls.
func (t *test) onlyOfCalls() bool {
	for _, s := range t.nums {
		for nr := uint64(s.lo); nr <= uint64(s.hi); nr++ {
			if !names.PartOfCall(uint32(nr)) {
				return false
			}
		}
	}
	return len(t.nums) > 0
}
