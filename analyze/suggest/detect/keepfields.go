package detect

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
	"go.yaml.in/yaml/v3"
)

// conditionReader makes conditions of the fields of a YAML mapping.
type conditionReader struct {
	document
	host    *Host
	machine machine
	via     links
}

// keepField is a field of a condition in YAML: how one value of it is read into its test.
type keepField struct {
	name  string
	field field
	n     int
	value func(r *conditionReader, t *test, text string) error
}

// keepFields are all of them, in the order in which messages list them.
var keepFields = []keepField{
	{"exe", ofExe, 0, (*conditionReader).pathValue},
	{"comm", ofComm, 0, (*conditionReader).textValue},
	{"syscall", ofCalls, 0, (*conditionReader).callValue},
	{"path", ofPath, 0, (*conditionReader).pathValue},
	{"access", ofCalls, 0, (*conditionReader).accessValue},
	{"user", ofUser, 0, (*conditionReader).userValue},
	{"uid", ofUID, 0, (*conditionReader).userValue},
	{"euid", ofEUID, 0, (*conditionReader).userValue},
	{"auid", ofAUID, 0, (*conditionReader).userValue},
	{"success", ofOutcome, 0, (*conditionReader).outcomeValue},
	{"key", ofKeys, 0, (*conditionReader).exactValue},
	{"type", ofType, 0, (*conditionReader).typeValue},
	{"arg", ofAnyArg, 0, (*conditionReader).textValue},
	{"a0", ofRegister, 0, (*conditionReader).registerValue},
	{"a1", ofRegister, 1, (*conditionReader).registerValue},
	{"a2", ofRegister, 2, (*conditionReader).registerValue},
	{"a3", ofRegister, 3, (*conditionReader).registerValue},
	{"family", ofFamily, 0, (*conditionReader).familyValue},
	{"port", ofPort, 0, (*conditionReader).portValue},
	{"address", ofAddress, 0, (*conditionReader).addressValue},
}

func keepFieldNames() string {
	var list []string
	for i := range keepFields {
		list = append(list, keepFields[i].name)
	}
	return strings.Join(list, ", ")
}

// readField makes a test of a field; nil where it is wrong.
func (r *conditionReader) readField(key, value *yaml.Node) *test {
	i := slices.IndexFunc(keepFields, func(f keepField) bool { return f.name == key.Value })
	if i < 0 {
		r.fail(key, "%s is no field: there are name, about, mitre, any, %s", printable(key.Value), keepFieldNames())
		return nil
	}
	f := &keepFields[i]
	t := &test{field: f.field, n: f.n}
	var said []string
	for _, v := range r.scalars(value, f.name) {
		if err := f.value(r, t, v.Value); err != nil {
			r.fail(v, "%s: %v", f.name, err)
		}
		said = append(said, printable(v.Value))
	}
	t.said = f.name + " " + strings.Join(said, " or ")
	return t
}

// pathValue takes a pattern of absolute names.
func (r *conditionReader) pathValue(t *test, text string) error {
	if !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "~/") && !strings.HasPrefix(text, "**") {
		return fmt.Errorf("%q is no pattern of absolute names: begin it with /, with ~/ (any home directory) or with **", text)
	}
	if strings.ContainsAny(text, "\x00") || len(text) > 1 && strings.HasSuffix(text, "/") {
		return fmt.Errorf("%q ends with a slash or holds a NUL, which no name does: for all below a directory write %q", text, strings.TrimRight(text, "/")+"/**")
	}
	for _, one := range r.host.tilde(text) {
		g, err := parsePath(one)
		if err != nil {
			return err
		}
		if to := r.via.follow(one, len(g.lead)); to != one && !strings.Contains(one, `\`) {
			g, err = parsePath(to)
		}
		if err != nil {
			return err
		}
		t.texts = append(t.texts, pattern{glob: g})
	}
	return nil
}

// textValue takes a pattern in which * is anything.
func (r *conditionReader) textValue(t *test, text string) error {
	if len(text) > maxPattern {
		return fmt.Errorf("%d bytes, at most %d are compared", len(text), maxPattern)
	}
	t.texts = append(t.texts, pattern{glob: parseText(text, false)})
	return nil
}

func (r *conditionReader) exactValue(t *test, text string) error {
	if len(text) > maxPattern {
		return fmt.Errorf("%d bytes, at most %d are compared", len(text), maxPattern)
	}
	t.texts = append(t.texts, pattern{glob: exactly(text)})
	return nil
}

func (r *conditionReader) callValue(t *test, text string) error {
	known := false
	for _, arch := range []uint32{names.ArchX86_64, names.ArchI386, names.ArchAArch64, names.ArchARM} {
		if _, ok := names.SyscallNumber(arch, text); ok {
			known = true
		}
	}
	if !known {
		return fmt.Errorf("%q is no system call: give its name, as in ausyscall --dump", text)
	}
	c, _ := r.machine.named(text)
	t.addCalls(c)
	return nil
}

func (r *conditionReader) accessValue(t *test, text string) error {
	a, ok := accessWords[text]
	if !ok {
		return fmt.Errorf("%q is none: there are read, write, attr, exec and delete", text)
	}
	t.access |= a
	t.addCalls(r.machine.accessCalls(a))
	return nil
}

// firstPerson is the least number of a user who is a person (login.defs(5): UID_MIN).
const firstPerson = 1000

func (r *conditionReader) userValue(t *test, text string) error {
	switch text {
	case "unset":
		t.nums = t.nums.union(oneNumber(unset))
		return nil
	case "set":
		t.nums = t.nums.union(oneNumber(unset).complement())
		return nil
	case "people":
		t.nums = t.nums.union(spans{{firstPerson, unset - 1}})
		return nil
	}
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		return t.addNumbers(text, unset)
	}
	id, ok := r.host.user(text)
	if !ok {
		return fmt.Errorf("nobody knows the number of user %q: give the number, or a snapshot of the host (auditprof snapshot) that knows the name", text)
	}
	t.nums = t.nums.union(oneNumber(id))
	return nil
}

// addNumbers takes a number or a range of numbers, A-B.
func (t *test) addNumbers(text string, most uint64) error {
	first, last, ranged := strings.Cut(text, "-")
	lo, err := strconv.ParseUint(first, 0, 32)
	hi := lo
	if err == nil && ranged {
		hi, err = strconv.ParseUint(last, 0, 32)
	}
	if err != nil || lo > hi || hi > most {
		return fmt.Errorf("%q is neither a number from 0 to %d nor a range of them, such as 1-999", text, most)
	}
	t.nums = t.nums.union(spans{{uint32(lo), uint32(hi)}})
	return nil
}

func (r *conditionReader) outcomeValue(t *test, text string) error {
	switch text {
	case "true":
		t.nums = t.nums.union(oneNumber(1))
	case "false":
		t.nums = t.nums.union(oneNumber(0))
	default:
		return fmt.Errorf("%q is neither true nor false", text)
	}
	return nil
}

func (r *conditionReader) typeValue(t *test, text string) error {
	nr, ok := names.RecordTypeNumber(text)
	if !ok {
		return fmt.Errorf("%q is no record type: give it as in the log, such as USER_CMD, SYSCALL or UNKNOWN[1334]", text)
	}
	t.nums = t.nums.union(oneNumber(uint32(nr)))
	return nil
}

// registerValue takes a number, a range, or & and bits of which one is set.
func (r *conditionReader) registerValue(t *test, text string) error {
	if bits, ok := strings.CutPrefix(text, "&"); ok {
		n, err := strconv.ParseUint(bits, 0, 32)
		if err != nil || n == 0 {
			return fmt.Errorf("%q is no set of bits of 32, such as &06000", text)
		}
		t.bits = append(t.bits, uint32(n))
		return nil
	}
	return t.addNumbers(text, unset)
}

var families = map[string]uint64{"unix": familyUnix, "inet": familyInet, "inet6": familyInet6}

func (r *conditionReader) familyValue(t *test, text string) error {
	if n, ok := families[text]; ok {
		text = strconv.FormatUint(n, 10)
	}
	if err := t.addNumbers(text, 1<<16-1); err != nil {
		return fmt.Errorf("%q is no address family: give unix, inet, inet6 or a number", text)
	}
	return nil
}

func (r *conditionReader) portValue(t *test, text string) error { return t.addNumbers(text, 1<<16-1) }

func (r *conditionReader) addressValue(t *test, text string) error {
	net, err := parseNet(text)
	t.nets = append(t.nets, net)
	return err
}

// parseNet reads an address, or a network as ADDRESS/BITS.
func parseNet(text string) (netip.Prefix, error) {
	if net, err := netip.ParsePrefix(text); err == nil {
		return net, nil
	}
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.Zone() != "" {
		return netip.Prefix{}, fmt.Errorf("%q is neither an address nor a network, such as 192.0.2.0/24", text)
	}
	return netip.PrefixFrom(addr, addr.BitLen()), nil
}
