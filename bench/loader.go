package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Ways to load the lines of a candidate.
const (
	// LoadCompiled makes the binary form itself, as the auditctl of Options.Target would.
	LoadCompiled = "compiled"
	// LoadAuditctl runs the installed auditctl for every line.
	LoadAuditctl = "auditctl"
)

// lineLoader loads one rule line into the kernel and gives what is loaded then.
type lineLoader func(ctx context.Context, loaded []loadedRule, r *rule.Rule) ([]loadedRule, error)

// loader is the one that the user asked for, and its name for the environment.
func (s *session) loader() (lineLoader, string, error) {
	if s.Load == LoadAuditctl {
		return s.loadByAuditctl, "auditctl " + auditctlVersion(), nil
	}
	version := s.Target
	if version == "" {
		version = auditctlVersion()
	}
	dialect, err := rule.DialectOf(version)
	if err != nil {
		return nil, "", fmt.Errorf("%w: name a version with --target auditctl=VERSION, or load with --loader auditctl", err)
	}
	machine, ok := machines[runtime.GOARCH]
	if !ok {
		return nil, "", fmt.Errorf("rules cannot be compiled for %s: load with --loader auditctl", runtime.GOARCH)
	}
	env := rule.Env{Machine: machine, Dialect: dialect, User: userID, Group: groupID, IsDir: isDir}
	return func(_ context.Context, loaded []loadedRule, r *rule.Rule) ([]loadedRule, error) {
		return s.loadCompiled(loaded, r, env)
	}, "compiled as auditctl " + dialect.String(), nil
}

// machines are those whose rules can be compiled: the kernel's own machine decides what b64 and b32 mean.
var machines = map[string]uint32{"amd64": names.ArchX86_64, "arm64": names.ArchAArch64}

// loadCompiled compiles a rule and gives it to the kernel.
func (s *session) loadCompiled(loaded []loadedRule, r *rule.Rule, env rule.Env) ([]loadedRule, error) {
	w, _, err := rule.Compile(r, env)
	if err != nil {
		return loaded, err
	}
	l := loadedRule{r, w}
	switch r.Flag {
	case "-d", "-W":
		if err := s.control.c.Delete(w); err != nil {
			return loaded, kernelSays(err)
		}
		i := slices.IndexFunc(loaded, func(o loadedRule) bool { return o.wire.Equal(w) })
		if i < 0 {
			return loaded, errors.New("the kernel deleted a rule that was never loaded")
		}
		return slices.Delete(loaded, i, i+1), nil
	case "-A":
		if err := s.control.c.AddFirst(w); err != nil {
			return loaded, kernelSays(err)
		}
		return place(loaded, l, true), nil
	}
	if err := s.control.c.Add(w); err != nil {
		return loaded, kernelSays(err)
	}
	return place(loaded, l, false), nil
}

// kernelSays gives the kernel's errno its meaning for a rule (kernel/auditfilter.c: audit_add_rule, audit_data_to_entry).
func kernelSays(err error) error {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err
	}
	why := map[syscall.Errno]string{
		syscall.EEXIST: "the same rule is loaded already",
		syscall.ENOENT: "a path in it is not there: dir= must exist, and so must the folder of path= and exe= (and a rule to delete must be loaded)",
		syscall.EINVAL: "a field, its value or their combination is nothing this kernel takes",
	}[errno]
	if why == "" {
		return fmt.Errorf("the kernel refuses it: %w", errno)
	}
	return fmt.Errorf("the kernel refuses it: %w: %s", errno, why)
}

// listedBack fails where the kernel does not list what was compiled, rule by rule and byte by byte: then it must not be measured.
func (s *session) listedBack(loaded []loadedRule) error {
	got, err := s.control.c.Rules()
	if err != nil {
		return err
	}
	if len(got) != len(loaded) {
		return fmt.Errorf("%d rules were loaded and the kernel lists %d", len(loaded), len(got))
	}
	for i, l := range loaded {
		if !got[i].Equal(l.wire) {
			return fmt.Errorf("%s: the kernel lists it otherwise than it was compiled: load with --loader auditctl, and report the line", l.rule.Pos)
		}
	}
	return nil
}

func isDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}
