package ruleset

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Target is the host that loaded the rules and wrote the log. A zero field is not known.
type Target struct {
	Auditctl rule.Dialect
	Kernel   match.Version
	Machine  uint32 // AUDIT_ARCH_* of the kernel: what b64, b32 and a rule without arch mean
}

// wantTarget is what a --target looks like.
const wantTarget = "auditctl=3.1.5,kernel=5.14,arch=x86_64, each once, all optional"

// ParseTarget reads --target. "" is the zero Target.
func ParseTarget(text string) (Target, error) {
	var t Target
	if text == "" {
		return t, nil
	}
	seen := map[string]bool{}
	for _, word := range strings.Split(text, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(word), "=")
		if !ok || value == "" || seen[name] {
			return Target{}, fmt.Errorf("target %q: want %s", text, wantTarget)
		}
		seen[name] = true
		if err := t.set(name, value); err != nil {
			return Target{}, fmt.Errorf("target %q: %w", text, err)
		}
	}
	return t, nil
}

func (t *Target) set(name, value string) (err error) {
	switch name {
	case "auditctl":
		t.Auditctl, err = rule.DialectOf(value)
	case "kernel":
		t.Kernel, err = match.ParseVersion(value)
	case "arch":
		nr, ok := names.ArchNumber(value)
		if !ok || !names.HasSyscalls(nr) {
			return fmt.Errorf("architecture %q: x86_64, i386, aarch64 or arm", value)
		}
		t.Machine = nr
	default:
		return fmt.Errorf("%q is nothing of a target: want %s", name, wantTarget)
	}
	return err
}

// Or is t with what it does not say taken from o.
func (t Target) Or(o Target) Target {
	if t.Auditctl == 0 {
		t.Auditctl = o.Auditctl
	}
	if t.Kernel.IsZero() {
		t.Kernel = o.Kernel
	}
	if t.Machine == 0 {
		t.Machine = o.Machine
	}
	return t
}

// Complete gives auditctl and the machine a value where they have none, and says so in a remark each. A kernel that is not known stays
// so: what depends on it stays open.
func (t Target) Complete() (Target, []string) {
	var remarks []string
	if t.Auditctl == 0 {
		t.Auditctl = usualAuditctl(t.Kernel)
		remarks = append(remarks, fmt.Sprintf("neither the log nor --target says which auditctl loaded the rules: read as %s would; syscalls that perm= adds to a rule depend on it", t.Auditctl))
	}
	if t.Kernel.IsZero() {
		remarks = append(remarks, "neither the log nor --target says which kernel decided: what depends on its version stays open")
	}
	if t.Machine == 0 {
		t.Machine = names.ArchX86_64
		remarks = append(remarks, "neither the log nor --target says of which architecture the host is: taken for x86_64")
	}
	return t, remarks
}

// usualAuditctl is the version that distributions ship with a kernel: Debian 12, Ubuntu 22.04 and older 3.0, RHEL 9 and Ubuntu 24.04
// 3.1, Debian 13 and RHEL 10 4.0. Of the last kind one without the defects of -A and perm is taken.
func usualAuditctl(kernel match.Version) rule.Dialect {
	switch {
	case kernel.IsZero():
		return 3_01_05
	case kernel.Less(match.Version{Major: 5, Minor: 14}):
		return rule.Dialect3_0
	case kernel.Less(match.Version{Major: 6, Minor: 12}):
		return 3_01_05
	}
	return 4_01_02
}
