package kernel

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/cgroup"
)

// CgroupPrefix begins the name of every cgroup that a lease's owner makes: no other is ever removed.
const CgroupPrefix = "auditprof-"

// Cgroup names a cgroup that the owner is about to make: a restore ends the processes in it and below it, then removes it. dir must be a clean
// absolute path whose last element begins with CgroupPrefix.
func (l *Lease) Cgroup(dir string) error {
	if err := checkCgroup(dir); err != nil {
		return err
	}
	return l.changeJournal(func(j *journal) {
		if !slices.Contains(j.Cgroups, dir) {
			j.Cgroups = append(slices.Clone(j.Cgroups), dir)
		}
	})
}

func checkCgroup(dir string) error {
	if !filepath.IsAbs(dir) || filepath.Clean(dir) != dir || !strings.HasPrefix(filepath.Base(dir), CgroupPrefix) {
		return fmt.Errorf("cgroup %q: want a clean absolute path that ends in %s…", dir, CgroupPrefix)
	}
	return nil
}

// inCgroups are the processes in the lease's cgroups: also those that left their group, their session and their environment behind.
func (s settlement) inCgroups() []process {
	var found []process
	for _, dir := range s.journal.Cgroups {
		if checkCgroup(dir) != nil {
			continue
		}
		inside, err := cgroup.PIDs(dir)
		if err != nil {
			continue // none was made, or it is gone
		}
		for _, pid := range inside {
			if p, err := identify(pid); err == nil {
				found = append(found, p)
			}
		}
	}
	return found
}

// removeCgroups is, as removeScratch, no reason to keep the machine from anybody.
func (s settlement) removeCgroups() {
	for _, dir := range s.journal.Cgroups {
		err := checkCgroup(dir)
		if err == nil {
			err = cgroup.RemoveTree(dir)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "auditprof: remove what the run made: %v\n", err)
		}
	}
}
