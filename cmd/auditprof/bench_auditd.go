package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/bench"
	"github.com/spf13/cobra"
)

// auditdFlags say what the private auditd is like: its configuration is an arm, its limits hold in all.
type auditdFlags struct {
	confs  []string
	cpus   float64
	memory string
}

func (f *auditdFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringArrayVar(&f.confs, "auditd-conf", nil, "auditd.conf to measure each rule set under, for flush, freq, log_format, q_depth, priority_boost (may be repeated; default: the host's)")
	fl.Float64Var(&f.cpus, "auditd-cpus", 0, "processors that the private auditd may use at the most, as 0.5, by a cgroup")
	fl.StringVar(&f.memory, "auditd-memory", "", "memory that the private auditd may use at the most, as 64M, by a cgroup")
}

// into checks the flags. All need the private auditd: the host's own is left as it is.
func (f *auditdFlags) into(o *bench.Options) error {
	if o.Auditd == bench.AuditdRunning && (len(f.confs) > 0 || f.cpus != 0 || f.memory != "") {
		return errors.New("--auditd-conf, --auditd-cpus and --auditd-memory go with a private auditd, not with --auditd running: the host's own is left as it is")
	}
	if math.IsNaN(f.cpus) || f.cpus != 0 && (f.cpus < 0.01 || f.cpus > 1024) {
		return fmt.Errorf("--auditd-cpus %g: 0.01 to 1024 processors", f.cpus)
	}
	bytes, err := parseMemory(f.memory)
	if err != nil {
		return err
	}
	o.AuditdLimits = bench.AuditdLimits{CPUs: f.cpus, MemoryBytes: bytes}
	seen := map[string]bool{}
	for _, path := range f.confs {
		st, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("--auditd-conf: %w", err)
		}
		if !st.Mode().IsRegular() {
			return fmt.Errorf("--auditd-conf %s: no file", path)
		}
		name := unique(seen, strings.TrimSuffix(filepath.Base(path), ".conf"))
		o.AuditdConfs = append(o.AuditdConfs, bench.AuditdConf{Name: name, Path: path})
	}
	return nil
}

// leastMemory is less than any auditd runs in: a limit below it kills every one.
const leastMemory = 4 << 20

// parseMemory reads 67108864, 65536K, 64M or 1G as bytes; "" is 0, no limit.
func parseMemory(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	number, unit := s, int64(1)
	for suffix, factor := range map[string]int64{"K": 1 << 10, "M": 1 << 20, "G": 1 << 30} {
		if n, ok := strings.CutSuffix(s, suffix); ok {
			number, unit = n, factor
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || n > math.MaxInt64/unit || n*unit < leastMemory {
		return 0, fmt.Errorf("--auditd-memory %q: a number of bytes, or with K, M or G, and 4M at the least: as 64M", s)
	}
	return n * unit, nil
}
