package detect

import (
	"net/netip"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// matches tells whether an event is one of those that the condition describes.
func (c *Condition) matches(s *sight) Answer {
	most := Yes
	for i := range c.tests {
		if most = min(most, c.tests[i].matches(s)); most == No {
			return No
		}
	}
	for i := range c.not {
		if most = min(most, c.not[i].matches(s).not()); most == No {
			return No
		}
	}
	return most
}

func (t *test) matches(s *sight) Answer {
	a := t.holds(s)
	if t.not {
		return a.not()
	}
	return a
}

// holds is the answer of a test without its not.
func (t *test) holds(s *sight) Answer {
	switch t.field {
	case ofType:
		return t.ofTypes(s)
	case ofExe:
		return t.ofProgram(s)
	case ofUID:
		return t.ofNumber(s, s.uid)
	case ofAUID:
		return t.ofNumber(s, s.auid)
	case ofUser:
		return max(t.ofNumber(s, s.uid), t.ofNumber(s, s.auid), t.ofNumber(s, s.euid))
	case ofComm:
		return t.ofComm(s)
	case ofField:
		return t.ofRecordField(s)
	case ofText:
		return t.anywhere(s)
	case ofUnknown:
		return Maybe
	}
	if s.call == nil {
		return No
	}
	return t.ofCall(s)
}

// ofCall is the answer of a test that only a system call can pass.
func (t *test) ofCall(s *sight) Answer {
	c := s.call
	switch t.field {
	case ofCalls:
		return t.ofCalls(s)
	case ofPath:
		return t.ofFiles(s)
	case ofNameType:
		return t.ofNameTypes(s)
	case ofEUID:
		return t.ofNumber(s, s.euid)
	case ofOutcome:
		return t.ofOutcome(c)
	case ofKeys:
		return t.ofTexts(s.keys()...)
	case ofCwd:
		cwd := s.text(c.Cwd, c.Has&event.HasCwd != 0)
		if !cwd.ok {
			return Maybe
		}
		return answer(t.any(cwd.bytes))
	case ofFamily:
		if c.Family < 0 {
			return No
		}
		return answer(t.nums.has(uint32(c.Family)))
	case ofPort, ofAddress:
		return t.ofSocket(s)
	case ofRegister:
		if c.Has&(event.HasA0<<t.n) == 0 {
			return Maybe
		}
		return answer(t.hasNumber(uint32(c.A[t.n])))
	case ofArgument, ofAnyArg, ofCommand:
		return t.ofArguments(s)
	}
	return Maybe
}

func (t *test) hasNumber(n uint32) bool {
	for _, b := range t.bits {
		if n&b != 0 {
			return true
		}
	}
	return t.nums.has(n)
}

func (t *test) ofNumber(s *sight, n number) Answer {
	switch {
	case n.ok:
		return answer(t.nums.has(n.n))
	case s.call != nil:
		return Maybe
	}
	return No
}

func (t *test) ofOutcome(c *event.Call) Answer {
	n := uint32(0)
	if c.Success {
		n = 1
	}
	return answer(c.Has&event.HasSuccess != 0 && t.nums.has(n))
}

// any tells whether one of the texts is this one.
func (t *test) any(text []byte) bool {
	for i := range t.texts {
		if t.texts[i].match(text) {
			return true
		}
	}
	return false
}

func (t *test) ofTexts(texts ...string) Answer {
	for _, x := range texts {
		if t.any([]byte(x)) {
			return Yes
		}
	}
	return No
}

func (t *test) ofCalls(s *sight) Answer {
	switch {
	case !s.known:
		return Maybe
	case !t.calls.has(s.arch, s.nr):
		return No
	case t.access == 0 || s.access&t.access != 0:
		return Yes
	case s.unsure:
		return Maybe
	}
	return No
}

func (t *test) ofTypes(s *sight) Answer {
	for i := range s.ev.Records {
		nr, ok := names.RecordTypeNumber(string(s.ev.Records[i].Type))
		if ok && t.nums.has(uint32(nr)) {
			return Yes
		}
	}
	return No
}

// ofProgram is about exe=, with and without the known links.
func (t *test) ofProgram(s *sight) Answer {
	exe := s.exe()
	if !exe.ok {
		if s.call != nil {
			return Maybe
		}
		return No
	}
	if t.any(exe.bytes) {
		return Yes
	}
	if s.via.first(exe.bytes, true) > 0 {
		return t.ofTexts(s.via.follow(string(exe.bytes), len(exe.bytes)))
	}
	return No
}

func (t *test) ofComm(s *sight) Answer {
	comm := s.comm()
	return answer(comm.ok && t.any(comm.bytes))
}

// ofFiles is about the names of the event. One of which the log has the end only is known by that where the pattern has any folder in front.
func (t *test) ofFiles(s *sight) Answer {
	files := s.names()
	most := No
	if len(s.call.Names) == 0 && s.call.Items > 0 {
		most = Maybe // the PATH records are missing
	}
	for i := range files {
		if most = max(most, t.ofFile(&files[i])); most == Yes {
			return Yes
		}
	}
	return most
}

func (t *test) ofFile(f *file) Answer {
	switch f.told {
	case toldNothing:
		return Maybe
	case toldAll:
		return answer(t.any(f.typed) || t.any(f.real))
	}
	for i := range t.texts {
		p := &t.texts[i]
		if p.match(f.typed) || p.re == nil && len(p.toks) > 0 && p.toks[0].kind == tokAny && p.match(append([]byte("/"), f.typed...)) {
			return Yes
		}
	}
	return Maybe
}

func (t *test) ofNameTypes(s *sight) Answer {
	for i := range s.call.Names {
		if t.any([]byte(s.call.Names[i].Type.String())) {
			return Yes
		}
	}
	return No
}

// ofSocket is about the internet address of a SOCKADDR record (include/uapi/linux/in.h: sockaddr_in, in6.h: sockaddr_in6).
func (t *test) ofSocket(s *sight) Answer {
	b := s.socket()
	if len(b) < 8 || s.call.Family != familyInet && s.call.Family != familyInet6 {
		return No
	}
	if t.field == ofPort {
		return answer(t.nums.has(uint32(b[2])<<8 | uint32(b[3])))
	}
	var addr netip.Addr
	switch {
	case s.call.Family == familyInet:
		addr, _ = netip.AddrFromSlice(b[4:8])
	case len(b) >= 24:
		addr, _ = netip.AddrFromSlice(b[8:24])
	}
	for _, n := range t.nets {
		if n.Contains(addr) || n.Contains(addr.Unmap()) {
			return Yes
		}
	}
	return No
}

func (t *test) ofArguments(s *sight) Answer {
	args, all := s.arguments()
	otherwise := No
	if !all {
		otherwise = Maybe
	}
	switch {
	case t.field == ofAnyArg:
		return max(otherwise, t.ofTexts(args...))
	case t.field == ofCommand:
		return max(otherwise, t.ofTexts(strings.Join(args, " ")))
	case t.n < len(args):
		return t.ofTexts(args[t.n])
	}
	return otherwise
}

func (t *test) ofRecordField(s *sight) Answer {
	for i := range s.ev.Records {
		if text, ok := s.ev.Records[i].Text(t.name); ok && t.any([]byte(text)) {
			return Yes
		}
	}
	return No
}

// anywhere looks for a text in the lines as they are, and in the arguments of a program as it had them.
func (t *test) anywhere(s *sight) Answer {
	for i := range s.ev.Records {
		if t.any(s.ev.Records[i].Raw) {
			return Yes
		}
	}
	args, _ := s.arguments()
	return t.ofTexts(strings.Join(args, " "))
}
