package cgroup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Limits are what a group may use at the most; 0 is no limit.
type Limits struct {
	CPUs        float64 // 0.5 is half of one processor
	MemoryBytes int64
}

// ErrNoLimits: this machine has no group in which the limit could be set.
var ErrNoLimits = errors.New("no limit can be set on this machine")

// period is over what a CPU limit counts, µs: the kernel's default (kernel/sched/fair.c, default_cfs_period).
const period = 100000

// setting is a file and what is written into it.
type setting struct{ name, value string }

// Place is a folder in which a group is to be made, and the limits that it is for.
type Place struct {
	Dir      string
	settings []setting
}

// LimitsIn says where groups with these limits can be made: with version 1 one for each controller, with version 2 one in the nearest folder
// above this process's own that hands the controllers on. ErrNoLimits where none does.
func LimitsIn(list []Hierarchy, l Limits) ([]Place, error) {
	var places []Place
	var v2 []setting
	var need []string
	add := func(controller string, old, new []setting) {
		if h, ok := with(list, controller); ok {
			places = append(places, Place{Dir: h.Own, settings: old})
			return
		}
		v2, need = append(v2, new...), append(need, controller)
	}
	if l.CPUs > 0 {
		quota := strconv.Itoa(max(1000, int(l.CPUs*period))) // 1 ms is the least that the kernel takes
		add("cpu", []setting{{"cpu.cfs_period_us", strconv.Itoa(period)}, {"cpu.cfs_quota_us", quota}},
			[]setting{{"cpu.max", quota + " " + strconv.Itoa(period)}})
	}
	if l.MemoryBytes > 0 {
		bytes := strconv.FormatInt(l.MemoryBytes, 10)
		add("memory", []setting{{"memory.limit_in_bytes", bytes}}, []setting{{"memory.max", bytes}})
	}
	if len(need) == 0 {
		return places, nil
	}
	h, ok := unified(list)
	if !ok {
		return nil, fmt.Errorf("%w: no cgroup hierarchy has the controller %s: mount cgroup2, or cgroup with it", ErrNoLimits, strings.Join(need, " or "))
	}
	dir, ok := handsOn(h, need)
	if !ok {
		return nil, fmt.Errorf("%w: no cgroup from %s up to %s hands on %s: write +%s into cgroup.subtree_control of %s", ErrNoLimits,
			h.Own, h.Mount, strings.Join(need, " and "), strings.Join(need, " +"), h.Mount)
	}
	return append(places, Place{Dir: dir, settings: v2}), nil
}

// handsOn is the nearest folder from this process's own upwards whose children have the controllers.
func handsOn(h Hierarchy, need []string) (string, bool) {
	for dir := h.Own; ; dir = filepath.Dir(dir) {
		b, err := os.ReadFile(filepath.Join(dir, "cgroup.subtree_control"))
		has := strings.Fields(string(b))
		if err == nil && !slices.ContainsFunc(need, func(c string) bool { return !slices.Contains(has, c) }) {
			return dir, true
		}
		if dir == h.Mount || len(dir) <= len(h.Mount) {
			return "", false
		}
	}
}

// Limited is a set of groups, one in each hierarchy, that limit together.
type Limited struct{ dirs []string }

// MakeLimited makes a group of that name in each place and sets its limits.
func MakeLimited(places []Place, name string) (*Limited, error) {
	l := &Limited{}
	for _, p := range places {
		dir := filepath.Join(p.Dir, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			return nil, errors.Join(fmt.Errorf("%w: make a cgroup: %w", ErrNoLimits, err), l.Remove())
		}
		l.dirs = append(l.dirs, dir)
		for _, s := range p.settings {
			if err := write(dir, s.name, s.value); err != nil {
				return nil, errors.Join(fmt.Errorf("%w: write %s into %s: %w", ErrNoLimits, s.value, s.name, err), l.Remove())
			}
		}
	}
	return l, nil
}

// Add moves a process into all of them.
func (l *Limited) Add(pid int) error {
	for _, dir := range l.dirs {
		if err := (&Group{Dir: dir}).Add(pid); err != nil {
			return err
		}
	}
	return nil
}

// Remove ends them. Their processes must have been ended.
func (l *Limited) Remove() error {
	var errs []error
	for _, dir := range l.dirs {
		errs = append(errs, RemoveTree(dir))
	}
	return errors.Join(errs...)
}
