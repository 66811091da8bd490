package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// maxLineBytes bounds every line of the protocol, in both directions: a compressed latency histogram is the longest, a few KiB.
const maxLineBytes = 256 << 10

// LoginUIDUnset is the login uid of a process that no login started: (uid_t) -1, kernel include/linux/audit.h, audit_loginuid_set.
const LoginUIDUnset = uint32(4294967295)

// Spec tells a workload process what to be. It is its first line of standard input.
type Spec struct {
	Scenario string `json:"scenario"`
	// Definition is the YAML text of a scenario that does not ship, Info.Definition; "" for those that do.
	Definition string `json:"definition,omitempty"`
	// Dir is the data directory: absolute, made by the harness, owned by the user of the workload, writable by nobody else.
	Dir string `json:"dir"`
	// Binary is the absolute path that stage 1 executes as stage 2; "" is the binary that runs now.
	Binary string `json:"binary,omitempty"`
	// UID and GID are the user of the workload, with no supplementary groups. UID 0 changes nothing.
	UID uint32 `json:"uid,omitempty"`
	GID uint32 `json:"gid,omitempty"`
	// LoginUID is written to loginuid before anything else; LoginUIDUnset unsets it, nil leaves it.
	LoginUID *uint32 `json:"login_uid,omitempty"`
	// AuditWrite leaves the process CAP_AUDIT_WRITE and no other capability.
	AuditWrite bool   `json:"audit_write,omitempty"`
	Seed       uint64 `json:"seed"`
	// KeepWork leaves the work directory where it is, emptied before and afterwards: a rule with dir= on it would go with it
	// (kernel/audit_tree.c: audit_tree_freeing_mark).
	KeepWork bool `json:"keep_work,omitempty"`
	// OpsPerSecond in 1 to 1,000,000 runs at that rate, timed from the scheduled starts; 0 runs at the scenario's own pace.
	OpsPerSecond float64 `json:"ops_per_second,omitempty"`
	// Part makes it one of several workers; nil: all operations are its own, or its workers'.
	Part *Part `json:"part,omitempty"`
	// User is which of the scenario's users it is, from 1; 0 where the scenario has one user.
	User int `json:"user,omitempty"`
	// Plant is a known slowdown that this workload makes.
	Plant Plant `json:"plant,omitzero"`
}

// parseSpec reads a spec and checks it against the scenario named on the command line.
func parseSpec(line []byte, name string) (Spec, error) {
	var s Spec
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Spec{}, fmt.Errorf("spec line: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Spec{}, errors.New("spec line: more than one JSON value")
	}
	return s, s.check(name)
}

func (s Spec) check(name string) error {
	switch {
	case s.Scenario != name:
		return fmt.Errorf("spec is for scenario %.60q, the command line says %.60q: both must name the same", s.Scenario, name)
	case !filepath.IsAbs(s.Dir) || filepath.Clean(s.Dir) != s.Dir:
		return fmt.Errorf("data directory %.200q: must be a clean absolute path", s.Dir)
	case s.Binary != "" && !filepath.IsAbs(s.Binary):
		return fmt.Errorf("binary %.200q: must be an absolute path", s.Binary)
	case len(s.Definition) > MaxFileBytes:
		return fmt.Errorf("definition of %d bytes: at most %d", len(s.Definition), MaxFileBytes)
	case s.OpsPerSecond != 0 && !(s.OpsPerSecond >= 1 && s.OpsPerSecond <= 1e6):
		return fmt.Errorf("ops_per_second %v: must be 0 or 1 to 1000000", s.OpsPerSecond)
	}
	if s.Part != nil {
		if err := s.Part.check(); err != nil {
			return err
		}
	}
	return s.Plant.check()
}

// scenario is what the spec describes: sc, unless the text in it defines another.
func (s Spec) scenario(sc scenario) (scenario, error) {
	if s.Definition != "" {
		f, err := parse(s.Scenario, s.Definition)
		if err != nil {
			return scenario{}, err
		}
		sc = f.scenario()
	}
	if n := len(sc.Users.List()); s.User < 0 || s.User > n || (s.User == 0) != (n == 0) {
		return scenario{}, fmt.Errorf("user %d of %d: a scenario with users is started once for each, counted from 1", s.User, n)
	}
	if s.OpsPerSecond > 0 {
		sc.Timed = true // its pace leaves time to read the clock
	}
	return sc, nil
}

// readLine reads up to the next newline, one byte at a time: what follows must stay in the pipe for stage 2.
func readLine(r io.Reader) ([]byte, error) {
	var line []byte
	b := make([]byte, 1)
	for len(line) < maxLineBytes {
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, err
		}
		if b[0] == '\n' {
			return line, nil
		}
		line = append(line, b[0])
	}
	return nil, fmt.Errorf("line longer than %d bytes", maxLineBytes)
}
