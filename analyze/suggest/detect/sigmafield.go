package detect

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/auditprof/auditprof/internal/audit/names"
	"go.yaml.in/yaml/v3"
)

// sigmaField is one field of a search with its modifiers.
type sigmaField struct {
	reader    *sigmaReader
	name, key string
	registers bool

	before, behind string // * where the modifiers say so
	all, re, cidr  bool
	cased          bool
	reFlags        string
	compare        uint32 // operator of lt, lte, gt and gte
}

var comparisons = map[string]uint32{"lt": opLess, "lte": opLessOrEqual, "gt": opGreater, "gte": opGreaterOrEqual}

// modify reads the modifiers behind a field's name; false where one is not understood.
func (f *sigmaField) modify(list string) bool {
	for list != "" {
		var m string
		m, list, _ = strings.Cut(list, "|")
		switch m {
		case "contains":
			f.before, f.behind = "*", "*"
		case "startswith":
			f.behind = "*"
		case "endswith":
			f.before = "*"
		case "all":
			f.all = true
		case "re":
			f.re = true
		case "i", "m", "s":
			f.reFlags += m
		case "cidr":
			f.cidr = true
		case "cased":
			f.cased = true
		default:
			if f.compare = comparisons[m]; f.compare == 0 {
				return false
			}
		}
	}
	return true
}

// sigmaFields are the fields of Sigma rules and what of an event they are about. Names of auditd's own records come first, then those of the
// categories.
var sigmaFields = map[string]field{
	"type": ofType, "SYSCALL": ofCalls, "syscall": ofCalls, "exe": ofExe, "comm": ofComm, "key": ofKeys, "name": ofPath, "nametype": ofNameType, "cwd": ofCwd,
	"uid": ofUID, "euid": ofEUID, "auid": ofAUID, "success": ofOutcome, "cmdline": ofCommand,
	"Image": ofExe, "CommandLine": ofCommand, "CurrentDirectory": ofCwd, "User": ofUID, "TargetFilename": ofPath, "SourceFilename": ofPath,
	"DestinationIp": ofAddress, "DestinationPort": ofPort,
}

// fieldOf is what the field is about.
func (f *sigmaField) fieldOf() (field, int) {
	if of, ok := sigmaFields[f.name]; ok {
		return of, 0
	}
	switch f.name {
	case "":
		return ofText, 0
	case "Initiated":
		return ofCalls, 0
	}
	if digits, ok := strings.CutPrefix(f.name, "a"); ok && digits != "" && len(digits) < 5 {
		if n, err := strconv.ParseUint(digits, 10, 16); err == nil {
			if f.registers && n < 4 {
				return ofRegister, int(n)
			}
			return ofArgument, int(n)
		}
	}
	if f.reader.source == auditd && f.name == strings.ToLower(f.name) {
		return ofField, 0
	}
	return ofUnknown, 0
}

// test is true of events in which the field has one of the values.
func (f *sigmaField) test(values []*yaml.Node) test {
	t := test{name: f.name}
	t.field, t.n = f.fieldOf()
	for _, v := range values {
		t.said = said(t.said, f.key, v.Value)
		if v.Tag == "!!null" || v.Value == "" || len(v.Value) > maxPattern || !f.value(&t, v.Value) {
			return f.reader.doubt(f.key + ": " + v.Value)
		}
	}
	return t
}

// value adds a value to a test; false where it is not understood.
func (f *sigmaField) value(t *test, text string) bool {
	switch t.field {
	case ofUnknown:
		return false
	case ofType:
		return f.typeValue(t, text)
	case ofCalls:
		return f.callValue(t, text)
	case ofUID, ofEUID, ofAUID:
		return f.idValue(t, text)
	case ofPort:
		return f.numberValue(t, text, 10)
	case ofRegister:
		return f.numberValue(t, text, 16)
	case ofOutcome:
		return f.outcomeValue(t, text)
	case ofAddress:
		net, err := parseNet(text)
		t.nets = append(t.nets, net)
		return err == nil
	}
	if f.cidr || f.compare != 0 {
		return false
	}
	p, ok := f.pattern(text)
	t.texts = append(t.texts, p)
	if ok && p.anchored() && (t.field == ofPath || t.field == ofExe) && !strings.Contains(text, `\`) {
		if to := f.reader.via.follow(p.text, len(p.lead)); to != p.text {
			t.texts = append(t.texts, pattern{glob: parseText(to, !f.cased)})
		}
	}
	return ok
}

// pattern is that of a text. Sigma compares without regard to case, but for regular expressions.
func (f *sigmaField) pattern(text string) (pattern, bool) {
	if f.re {
		if f.reFlags != "" {
			text = "(?" + f.reFlags + ")" + text
		}
		re, err := regexp.Compile(text)
		return pattern{re: re}, err == nil
	}
	if f.name == "" { // words anywhere: |all
		return f.reader.word(text), true
	}
	return pattern{glob: parseText(f.before+text+f.behind, !f.cased)}, true
}

// Record types with a name lie between these numbers (include/uapi/linux/audit.h).
const firstType, lastType = 1000, 2999

func (f *sigmaField) typeValue(t *test, text string) bool {
	p, ok := f.pattern(text)
	if !ok {
		return false
	}
	found := false
	for name, nr := range recordTypes() {
		if p.match([]byte(name)) {
			t.nums = t.nums.union(oneNumber(nr))
			found = true
		}
	}
	return found
}

// recordTypes are the record types that have a name.
var recordTypes = sync.OnceValue(func() map[string]uint32 {
	out := map[string]uint32{}
	for nr := firstType; nr <= lastType; nr++ {
		if name := names.RecordType(nr); !strings.HasPrefix(name, "UNKNOWN[") {
			out[name] = uint32(nr)
		}
	}
	return out
})

func (f *sigmaField) callValue(t *test, text string) bool {
	m := f.reader.machine
	if f.name == "Initiated" {
		table, ok := initiated[strings.ToLower(text)]
		t.addCalls(m.words(table))
		return ok
	}
	if nr, err := strconv.ParseUint(text, 10, 16); err == nil && nr/32 < uint64(len(mask{})) {
		var c calls
		for i := range m.arch {
			c.by[i][nr/32] |= 1 << (nr % 32)
		}
		t.addCalls(c)
		return true
	}
	if c, unknown := m.named(strings.ToLower(text)); f.plain() && len(unknown) == 0 {
		t.addCalls(c)
		return true
	}
	p, ok := f.pattern(text)
	var c calls
	for i, arch := range m.arch {
		for nr := range maskBits {
			if name, known := names.Syscall(arch, int(nr)); ok && known && p.match([]byte(name)) {
				c.by[i][nr/32] |= 1 << (nr % 32)
			}
		}
	}
	t.addCalls(c)
	return !c.empty()
}

func (f *sigmaField) idValue(t *test, text string) bool {
	if strings.EqualFold(text, "unset") {
		t.nums = t.nums.union(oneNumber(unset))
		return true
	}
	if id, ok := f.reader.host.user(text); ok && f.plain() {
		t.nums = t.nums.union(oneNumber(id))
		return true
	}
	return f.numberValue(t, text, 10)
}

// initiated are the calls of connections that the host opens, and of those that it takes.
var initiated = map[string]string{"true": "connect sendto sendmsg sendmmsg socketcall", "false": "accept accept4 socketcall"}

// plain tells whether there is no modifier that changes what a value means.
func (f *sigmaField) plain() bool {
	return f.before+f.behind == "" && !f.re && !f.cidr && f.compare == 0
}

func (f *sigmaField) numberValue(t *test, text string, base int) bool {
	n, err := strconv.ParseUint(strings.TrimPrefix(text, "0x"), base, 32)
	if err != nil || f.before+f.behind != "" || f.re || f.cidr {
		return false
	}
	op := f.compare
	if op == 0 {
		op = opEqual
	}
	t.nums = t.nums.union(spansOf(op, uint32(n)))
	return true
}

func (f *sigmaField) outcomeValue(t *test, text string) bool {
	switch strings.ToLower(text) {
	case "yes", "true", "1":
		t.nums = t.nums.union(oneNumber(1))
	case "no", "false", "0":
		t.nums = t.nums.union(oneNumber(0))
	default:
		return false
	}
	return f.plain()
}
