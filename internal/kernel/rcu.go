package kernel

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// rcuPath makes RCU grace periods short while it is 1. Deleting a rule waits for one: 12 ms, or 40 µs expedited.
const rcuPath = "/sys/kernel/rcu_expedited"

// readRCU is the switch's text, "" on a kernel without one.
func readRCU() (string, error) {
	b, err := os.ReadFile(rcuPath)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read %s: %w", rcuPath, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// writeRCU puts the switch to a text read before.
func writeRCU(value string) error {
	now, err := readRCU()
	if err != nil || value == "" || now == value {
		return err
	}
	if err := os.WriteFile(rcuPath, []byte(value), 0); err != nil {
		return fmt.Errorf("write %s: %w", rcuPath, err)
	}
	return nil
}

// expedited runs f with short grace periods and puts the switch back to found. It disturbs every CPU, so it is never
// on while something is measured. Where the switch cannot be set f is only slower.
func expedited(found string, f func() error) error {
	if found != "" {
		_ = writeRCU("1") // read-only sysfs: slower, not wrong
	}
	err := f()
	return errors.Join(err, writeRCU(found))
}
